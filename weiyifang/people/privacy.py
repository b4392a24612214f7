"""Everything held on a person, for that person (个人信息保护法 art. 45).

Other packages add their part in `AppConfig.ready`: `exports_with("activities", _("Activities"), collect)`, where
`collect(resident)` gives all they hold, as plain values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from weiyifang.core import clock
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import source_of
from weiyifang.people import queries
from weiyifang.people.models import RelationKind, Resident
from weiyifang.people.numbers import shown_phone
from weiyifang.people.roles import ROLE_NAMES, Role

Record = Mapping[str, Any]
Collect = Callable[[Resident], Iterable[Record]]


@dataclass(frozen=True)
class Section:
    """One kind of records: its key in the JSON, its title on the page, the records with words as keys."""

    key: str
    title: str
    records: list[Record]


_collectors: list[tuple[str, str | Promise, Collect]] = []


def exports_with(key: str, title: str | Promise, collect: Collect) -> None:
    """Register what another package holds on a person."""
    _collectors.append((key, title, collect))


def export_person(resident: Resident) -> list[Section]:
    """Every record on this person in the community at hand, and on their account. Reads only."""
    return [
        Section(key, str(title), [_plain(record) for record in collect(resident)])
        for key, title, collect in (*_OWN, *_collectors)
    ]


def as_json(resident: Resident) -> dict[str, Any]:
    """The same for programs."""
    return {
        "made_at": clock.now().isoformat(),
        **{section.key: section.records for section in export_person(resident)},
    }


def _register(resident: Resident) -> Iterable[Record]:
    yield {
        _("no."): resident.number,
        pgettext("people", "name"): resident.name,
        _("gender"): resident.get_gender_display(),
        _("born on"): resident.born_on,
        _("phone"): shown_phone(resident.phone),
        _("identity number"): resident.id_number,
        pgettext("people", "address"): resident.household.address if resident.household else "",
        _("on the register since"): resident.joined_on,
        _("left on"): resident.left_on,
    }


def _account(resident: Resident) -> Iterable[Record]:
    account = resident.account
    if account is not None:
        yield {
            _("sign-in name"): account.username,
            pgettext("people", "name"): account.name,
            _("phone"): shown_phone(account.phone),
            _("made at"): account.made_at,
            _("last signed in"): account.last_login,
            _("second factors"): Authenticator.objects.filter(user=account).count(),
        }


def _sessions(resident: Resident) -> Iterable[Record]:
    for session in UserSession.objects.filter(user=resident.account) if resident.account else ():
        yield {
            _("since"): session.created_at,
            _("last seen"): session.last_seen_at,
            _("internet address"): session.ip,
            _("browser"): session.user_agent,
        }


def _relations(resident: Resident) -> Iterable[Record]:
    for relation in resident.helped_by.select_related("helper").order_by("since", "pk"):
        kind = RelationKind(relation.kind).label
        name = relation.helper.name
        yield {_("who"): name, _("is their"): kind, _("since"): relation.since, _("until"): relation.until}
    for relation in resident.helps.select_related("resident").order_by("since", "pk"):
        kind = RelationKind(relation.kind).label
        name = relation.resident.name
        yield {_("helps whom"): name, _("as"): kind, _("since"): relation.since, _("until"): relation.until}


def _consents(resident: Resident) -> Iterable[Record]:
    for consent in resident.consents.select_related("text").order_by("given_at"):
        yield {
            _("for"): consent.text.get_purpose_display(),
            _("version"): consent.text.version,
            pgettext("people", "words"): consent.text.text,
            _("given at"): consent.given_at,
            _("taken back at"): consent.withdrawn_at,
        }


def _duties(resident: Resident) -> Iterable[Record]:
    if resident.account is not None:
        for duty in queries.every_duty_of(resident.account.pk):
            yield {_("duty"): str(ROLE_NAMES[Role(duty.role)]), _("since"): duty.since, _("until"): duty.until}


def _looks(resident: Resident) -> Iterable[Record]:
    for look in queries.who_looked(resident):
        yield {_("when"): look.at, _("who"): look.reader, _("what"): look.what, _("why"): look.why}


def _erasures(resident: Resident) -> Iterable[Record]:
    for request in resident.erasure_requests.order_by("asked_at"):
        yield {
            _("asked at"): request.asked_at,
            _("due at"): request.due_at,
            _("taken back at"): request.taken_back_at,
        }


def _history(resident: Resident) -> Iterable[Record]:
    about = Q(subject=source_of(resident))
    if resident.account_id is not None:
        about |= Q(actor_account_id=resident.account_id)
    for entry in TimelineEntry.objects.filter(about).order_by("at", "id"):
        yield {_("when"): entry.at, _("what"): entry.words or entry.verb, _("by"): entry.actor_name}


def _plain(record: Record) -> Record:
    return {str(name): _value(value) for name, value in record.items()}


def _value(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (UUID, Promise)):
        return str(value)
    return value


_OWN: list[tuple[str, str | Promise, Collect]] = [
    ("register", gettext_lazy("On the community's register"), _register),
    ("account", gettext_lazy("Your account"), _account),
    ("relations", gettext_lazy("Who stands by you, and by whom you stand"), _relations),
    ("consents", gettext_lazy("What you agreed to"), _consents),
    ("duties", gettext_lazy("Your duties"), _duties),
    ("looks", gettext_lazy("Who looked at your numbers"), _looks),
    ("erasures", gettext_lazy("Your wish to be forgotten"), _erasures),
    ("sessions", gettext_lazy("Where you are signed in"), _sessions),
    ("history", gettext_lazy("What happened"), _history),
]
