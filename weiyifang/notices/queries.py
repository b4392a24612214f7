"""Reads: one's own messages, how somebody can be reached, the lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import ngettext

from weiyifang.communities import queries as communities
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import homes_with
from weiyifang.notices import kinds
from weiyifang.notices.kinds import Told
from weiyifang.notices.models import Delivery, DeliveryState, Notice, Route
from weiyifang.notices.routing import Reach
from weiyifang.people import queries as people
from weiyifang.people.models import Purpose
from weiyifang.people.numbers import is_mobile

TONES: dict[str, str] = {DeliveryState.SENT: "info", DeliveryState.TOLD: "ok", DeliveryState.FAILED: "no"}


@dataclass(frozen=True)
class Line:
    """A notice as it is read: in words, with the page it leads to."""

    notice: Notice
    told: Told
    words: str
    whose: str  # the name of whose affair it is; "" for the reader's own

    @property
    def is_new(self) -> bool:
        return self.notice.read_at is None

    @property
    def url(self) -> str:
        """The page it leads to. Only while a page is made: addresses are of a community."""
        return kinds.kind(self.notice.kind).url(self.told)


def of(actor: Actor) -> QuerySet[Notice]:
    """What the actor was told: as a resident, and with the duties they hold."""
    told = Q(account=actor.account_id) if actor.account_id else Q(pk=None)
    if actor.resident_id:
        told |= Q(resident=actor.resident_id)
    return Notice.objects.filter(told)


def inbox(actor: Actor, *, done: bool = False) -> QuerySet[Notice]:
    """Their messages, the newest first; with `done` those that were put away."""
    return of(actor).filter(done_at__isnull=not done).select_related("whose").order_by("-id")


def is_new_to(**whom: OuterRef) -> Exists:
    """Whether something is new to a `resident` or an `account`, as a column of their row (see `people.actors`)."""
    return Exists(Notice.objects.filter(read_at=None, **whom))


def was_told(kind: str, *, about: str, **values: str) -> bool:
    """Did anybody ever get a notice of this kind about that, with these values?"""
    return Notice.objects.filter(kind=kind, about=about, values__contains=values).exists()


def in_words(notices: Iterable[Notice]) -> list[Line]:
    """As they are read now."""
    rows = list(notices)
    titles = timeline.titles_of({row.about for row in rows})
    return [_line(row, titles.get(row.about, "")) for row in rows]


def _line(notice: Notice, title: str) -> Line:
    kind, told = kinds.kind(notice.kind), Told(title=title, values=notice.values)
    whose = notice.whose.name if notice.whose is not None else ""
    return Line(notice=notice, told=told, words=kind.words(told), whose=whose)


def text_of(notices: Sequence[Notice]) -> str:
    """One text message for all there is to tell one person, in the language of the place."""
    with translation.override(settings.LANGUAGE_CODE):
        home = communities.here()
        first, *others = in_words(notices)
        words = f"{first.whose}: {first.words}" if first.whose else first.words
        more = ngettext(
            "%(home)s: %(words)s And %(n)d more: see “Messages” on our pages.",
            "%(home)s: %(words)s And %(n)d more: see “Messages” on our pages.",
            len(others),
        )
        return more % {"home": home, "words": words, "n": len(others)} if others else f"{home}: {words}"


def short_of(notices: Sequence[Notice]) -> str:
    """What must reach them even where the whole text is cut: of the newest that has such a thing; "" mostly."""
    found = ((kinds.kind(one.kind).short, one) for one in sorted(notices, key=lambda one: one.pk, reverse=True))
    return next((short(Told(values=one.values)) for short, one in found if short is not None), "")


# --- how somebody can be reached ---------------------------------------------------------------------------------


def reach_of(notices: Sequence[Notice]) -> dict[UUID, Reach]:
    """How each of these can be taken to whom it is for: by the id of the notice (three queries at most)."""
    ids = {notice.resident_id for notice in notices if notice.resident_id}
    agreed = people.who_consented(ids, Purpose.MESSAGES)
    residents = people.reachable(ids)
    found = {}
    for notice in notices:
        if notice.resident_id is None:
            found[notice.pk] = Reach(signs_in=True, texts=is_mobile(number_of(notice)), phone=bool(number_of(notice)))
            continue
        resident = residents.get(notice.resident_id)
        if resident is None:  # gone since
            found[notice.pk] = Reach(signs_in=True)
            continue
        number = people.number_to_ring(resident)
        found[notice.pk] = Reach(
            signs_in=resident.account is not None and resident.account.is_proved,
            texts=notice.resident_id in agreed and is_mobile(number),
            phone=bool(number),
            door=resident.household_id is not None,
        )
    return found


def number_of(notice: Notice) -> str:
    """The number whom it is for can be rung at; "" when there is none."""
    if notice.resident is not None:
        return people.number_to_ring(notice.resident)
    assert notice.account is not None
    return notice.account.phone if notice.account.is_proved else ""


# --- the lists ----------------------------------------------------------------------------------------------------


def to_do(route: str) -> QuerySet[Delivery]:
    """Who has to be called, or told at the door: who cannot wait first."""
    waiting = Delivery.objects.filter(route=route, state=DeliveryState.DUE, due_at__lte=clock.now())
    open_ = waiting.filter(Q(notice__until=None) | Q(notice__until__gt=clock.now()))
    return _whole(open_).order_by("notice__until", "due_at", "id")


def dealt_with(route: str) -> QuerySet[Delivery]:
    """What was sent or told by this route, or could not be; the newest first."""
    return _whole(Delivery.objects.filter(route=route).exclude(done_at=None)).order_by("-done_at", "-id")


def _whole(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return deliveries.select_related("notice__resident__household", "notice__account", "notice__whose", "done_by")


@dataclass(frozen=True)
class Row:
    """A delivery with what is to be said, and to whom."""

    delivery: Delivery
    line: Line

    @property
    def name(self) -> str:
        """Of whom it is for."""
        notice = self.delivery.notice
        return notice.resident.name if notice.resident is not None else str(notice.account)

    @property
    def tone(self) -> str:
        """Of the badge that says its state."""
        return TONES.get(self.delivery.state, "")

    @property
    def can_be_put_back(self) -> bool:
        """Was it ticked by somebody, who may have been mistaken?"""
        return self.delivery.state == DeliveryState.TOLD and self.delivery.route != Route.SMS


def deliveries_in_words(deliveries: Iterable[Delivery]) -> list[Row]:
    """As the lists show them."""
    rows = list(deliveries)
    lines = in_words(row.notice for row in rows)
    return [Row(delivery, line) for delivery, line in zip(rows, lines, strict=True)]


def texts_sent_today() -> int:
    """How many notices went out as text messages today."""
    first, after = clock.day_bounds(clock.today())
    sent = Delivery.objects.filter(route=Route.SMS, state=DeliveryState.SENT)
    return sent.filter(done_at__gte=first, done_at__lt=after).count()


def homes_with_work() -> list[int]:
    """The communities where something is to be routed or sent now."""
    new = Notice.everywhere.filter(routed_at=None)  # everywhere: the clock's one question for all communities
    due = Delivery.everywhere.filter(  # everywhere: likewise
        route=Route.SMS, state=DeliveryState.DUE, due_at__lte=clock.now()
    )
    return homes_with(new, due)
