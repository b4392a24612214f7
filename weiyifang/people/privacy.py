"""Everything held on a person, for that person (个人信息保护法 art. 45).

Other packages add their part in `AppConfig.ready`: `exports_with("news", _("News"), _("What …"), collect)`,
where `collect(resident)` gives all they hold, the newest first. The page says it
in words, the file for programs plainly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from weiyifang.core import clock, money, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.look import wording
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import source_of
from weiyifang.people import browsers, queries
from weiyifang.people.models import RelationKind, Resident, TypedForm
from weiyifang.people.numbers import shown_phone
from weiyifang.people.roles import ROLE_NAMES, Role

Record = Mapping[str, Any]  # texts, numbers, yes or no, days, moments and amounts, never a code; words as keys
Collect = Callable[[Resident], Iterable[Record]]

OPEN = 5  # records of each kind that stand on the page; the others unfold


@dataclass(frozen=True)
class Amount:
    """Money in a record."""

    fen: int


@dataclass(frozen=True)
class Section:
    """One kind of records, the newest first: its key for programs, its title, what it is and how long it is kept."""

    key: str
    title: str
    about: str
    records: list[Record]
    is_one: bool = False  # one record, field by field, and no list

    @property
    def shown(self) -> list[dict[str, str]]:
        """The first records in words, without what is empty."""
        return [_in_words(record) for record in self.records[:OPEN]]

    @property
    def folded(self) -> list[dict[str, str]]:
        """The others."""
        return [_in_words(record) for record in self.records[OPEN:]]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """`shown`, each as its first words and the rest."""
        return [_line(record) for record in self.shown]

    @property
    def folded_lines(self) -> list[tuple[str, str]]:
        """`folded` in the same way."""
        return [_line(record) for record in self.folded]


_collectors: list[tuple[str, str | Promise, str | Promise, Collect]] = []


def exports_with(key: str, title: str | Promise, about: str | Promise, collect: Collect) -> None:
    """Register what another package holds on a person; `about` says what it is and how long it is kept."""
    _collectors.append((key, title, about, collect))


def export_person(resident: Resident) -> list[Section]:
    """Every record on this person in the community at hand, and on their account. Reads only."""
    return [
        Section(key, str(title), str(about), list(collect(resident)), is_one=collect in {_register, _account})
        for key, title, about, collect in (*_OWN, *_collectors)
    ]


def as_json(resident: Resident) -> dict[str, Any]:
    """The same for programs: days and moments as ISO writes them, amounts in yuan."""
    return {
        "made_at": _plain(clock.now()),
        **{
            section.key: [{str(name): _plain(value) for name, value in record.items()} for record in section.records]
            for section in export_person(resident)
        },
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Amount):
        return f"{Decimal(value.fen) / 100:.2f}"
    return str(value) if isinstance(value, Promise) else value


def _in_words(record: Record) -> dict[str, str]:
    return {str(name): words for name, value in record.items() if (words := _words(value))}


def _line(record: dict[str, str]) -> tuple[str, str]:
    (name, first), *rest = record.items()
    return first or name, " · ".join(_("%(name)s: %(words)s") % {"name": name, "words": words} for name, words in rest)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if isinstance(value, datetime):
        return wording.moment(value)
    if isinstance(value, date):
        return wording.full_day(value)
    if isinstance(value, Amount):
        return _("%(amount)s yuan") % {"amount": money.yuan(value.fen)}
    return str(value)


def _register(resident: Resident) -> Iterable[Record]:
    yield {
        _("no."): resident.number,
        pgettext("people", "name"): resident.name,
        _("gender"): resident.get_gender_display(),
        _("born on"): resident.born_written if resident.born_month_only else resident.born_on,
        _("phone"): shown_phone(resident.phone),
        _("identity number"): resident.id_number,
        pgettext("people", "address"): resident.household.address if resident.household else "",
        _("on the register since"): resident.joined_on,
        _("left on"): resident.left_on,
        _("activities are suggested"): resident.wants_suggestions,
        _("wrong claims of this record"): resident.claims_failed or None,
    }


def _account(resident: Resident) -> Iterable[Record]:
    account = resident.account
    if account is not None:
        yield {
            _("sign-in name"): account.username,
            pgettext("people", "name"): account.name,
            _("phone"): shown_phone(account.phone),
            _("made at"): account.made_at,
            _("phone shown to be yours at"): account.phone_proved_at,
            _("a sign-in noted at"): account.last_login,
            _("invited until"): account.invitation_until,
            _("second factors"): Authenticator.objects.filter(user=account).count(),
        }


def _sessions(resident: Resident) -> Iterable[Record]:
    mine = UserSession.objects.filter(user=resident.account).order_by("-last_seen_at") if resident.account else ()
    for session in mine:
        yield {
            _("browser"): browsers.words(session.user_agent),
            _("since"): session.created_at,
            _("last seen"): session.last_seen_at,
            _("internet address"): session.ip,
        }


def _forms(resident: Resident) -> Iterable[Record]:
    for form in TypedForm.objects.filter(account=resident.account) if resident.account else ():
        typed = " · ".join(value for _name, value in parse_qsl(form.body))
        yield {_("what you typed"): typed, _("when"): form.at}


def _relations(resident: Resident) -> Iterable[Record]:
    for relation in resident.helped_by.select_related("helper").order_by("-since", "-pk"):
        kind = RelationKind(relation.kind).label
        name = relation.helper.name
        yield {_("who"): name, _("is your"): kind, _("since"): relation.since, _("until"): relation.until}
    for relation in resident.helps.select_related("resident").order_by("-since", "-pk"):
        kind = RelationKind(relation.kind).label
        name = relation.resident.name
        yield {_("who"): name, _("you are their"): kind, _("since"): relation.since, _("until"): relation.until}


def _consents(resident: Resident) -> Iterable[Record]:
    for consent in resident.consents.select_related("text").order_by("-given_at"):
        yield {
            _("for"): consent.text.get_purpose_display(),
            _("version"): consent.text.version,
            pgettext("people", "words"): consent.text.text,
            _("given at"): consent.given_at,
            _("taken back at"): consent.withdrawn_at,
        }


def _duties(resident: Resident) -> Iterable[Record]:
    if resident.account is not None:
        for duty in queries.every_duty_of(resident.account.pk).order_by("-since", "-pk"):
            yield {_("duty"): str(ROLE_NAMES[Role(duty.role)]), _("since"): duty.since, _("until"): duty.until}


def _looks(resident: Resident) -> Iterable[Record]:
    for look in queries.who_looked(resident):
        why = look.get_reason_display()
        yield {_("what"): look.what, _("when"): look.at, _("who"): look.reader.name, _("why"): why}


def _erasures(resident: Resident) -> Iterable[Record]:
    for request in resident.erasure_requests.order_by("-asked_at"):
        yield {
            _("why"): request.get_reason_display(),
            _("asked at"): request.asked_at,
            _("confirmed at"): request.confirmed_at,
            _("due at"): request.due_at,
            _("taken back at"): request.taken_back_at,
        }


def _history(resident: Resident) -> Iterable[Record]:
    about = Q(subject=source_of(resident))
    if resident.account_id is not None:
        about |= Q(actor_account_id=resident.account_id)
    facts = TimelineEntry.objects.filter(about).order_by("-at", "-id").prefetch_related("remarks")
    anybody = Actor(community_id=resident.community_id)  # other people's names are not theirs to carry away
    for entry in timeline.with_titles(facts, anybody):
        yield {
            _("what"): entry.words or _("something that no longer has words"),
            _("when"): entry.at,
            _("about"): entry.about.title if entry.about else "",
            _("in words"): entry.remarked,
            _("by"): entry.actor_name,
        }


_OWN: list[tuple[str, str | Promise, str | Promise, Collect]] = [
    (
        "register",
        gettext_lazy("On the community's register"),
        gettext_lazy("What the office knows of you. Kept until you are forgotten."),
        _register,
    ),
    (
        "account",
        gettext_lazy("Your account"),
        gettext_lazy("How you sign in, here and in every community. Kept until you are forgotten."),
        _account,
    ),
    (
        "relations",
        gettext_lazy("Who stands by you, and by whom you stand"),
        gettext_lazy("Who may be called or act for you, and you for whom. Gone when one of you is forgotten."),
        _relations,
    ),
    (
        "consents",
        gettext_lazy("What you agreed to"),
        gettext_lazy("Each yes, to which words. It shows that you were asked, and is kept without your name."),
        _consents,
    ),
    (
        "duties",
        gettext_lazy("Your duties"),
        gettext_lazy("What you did here for the community. Kept: it explains who was allowed to do what, and when."),
        _duties,
    ),
    (
        "looks",
        gettext_lazy("Who looked at your numbers"),
        gettext_lazy("Your phone and identity number stay masked; whoever looks says why. Kept for good."),
        _looks,
    ),
    (
        "erasures",
        gettext_lazy("Your wish to be forgotten"),
        gettext_lazy("When it was asked that you be forgotten, and why. Kept, without your name."),
        _erasures,
    ),
    (
        "sessions",
        gettext_lazy("Where you are signed in"),
        gettext_lazy("Each is forgotten in the night after it ends. What was tried at the door is only counted."),
        _sessions,
    ),
    (
        "forms",
        gettext_lazy("A form that waits for you"),
        gettext_lazy("What you typed when you were signed out in the middle of it. Kept for an hour."),
        _forms,
    ),
    (
        "history",
        gettext_lazy("What happened"),
        gettext_lazy("What was done about you and by you. Kept for good; once you are forgotten it names nobody."),
        _history,
    ),
]
