"""Reads worth a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.money import split
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.organizations import queries as organizations
from weiyifang.people.models import Resident
from weiyifang.people.roles import Permission
from weiyifang.stage import rules
from weiyifang.stage.models import (
    Answer,
    Engagement,
    EngagementQuerySet,
    Income,
    Offer,
    Party,
    Performer,
    Split,
    State,
)
from weiyifang.timetable import queries as timetable
from weiyifang.timetable.subjects import Subject

Row = Engagement | Offer


def engagement(pk: UUID) -> Engagement:
    """One show by its id."""
    return Engagement.objects.get(pk=pk)


def performer(pk: UUID) -> Performer:
    """One place in a line-up by its id."""
    return Performer.objects.select_related("engagement").get(pk=pk)


def offers_by_id(ids: Iterable[UUID]) -> QuerySet[Offer]:
    """These answers, in order of their ids."""
    return Offer.objects.filter(pk__in=list(ids)).order_by("id")


def say_who_plays(rows: Iterable[Row]) -> None:
    """Let each know the organization that plays it, or was asked: `troupe` (one query)."""
    found = list(rows)
    known = organizations.named({row.organization for row in found if row.organization})
    for row in found:
        row.troupe = known.get(row.organization)


def held(of: str = "") -> EngagementQuerySet:
    """Shows that were held, the latest first; of one organization (a source) if asked. For everybody."""
    rows: EngagementQuerySet = Engagement.objects.filter(state=State.HELD)
    if of:
        rows = rows.filter(organization=of)
    return rows.defer("customer", "phone").order_by("-starts_at", "-id")


def listed(actor: Actor, words: str = "", state: str = "") -> EngagementQuerySet:
    """What the actor may see, the latest first; searched (also by who plays) and in one state if asked."""
    rows = rules.visible_to(actor)
    if state in State.values:
        rows = rows.filter(state=state)
    if words:
        by_troupe = organizations.sources_matching(words)
        rows = rows.matching(words) | rows.filter(organization__in=by_troupe)
    return rows.defer("customer", "phone").order_by("-starts_at", "-id")


def offers_of(engagement: Engagement, actor: Actor) -> list[Offer]:
    """Who was asked and what they said: the desk sees all of them, a leader their own."""
    found = Offer.objects.filter(engagement=engagement).order_by("asked_at", "id")
    rows = [row for row in found if rules.can_answer(actor, row)]
    say_who_plays(rows)
    return rows


def offers_to_answer(actor: Actor) -> QuerySet[Offer]:
    """What the troupes the actor leads were asked and have not answered. The desk asks, and answers for nobody."""
    scopes = actor.scopes(Permission.KEEP_SHOWS) or frozenset()
    rows = Offer.objects.filter(state=Answer.ASKED, organization__in=scopes, engagement__state=State.REQUESTED)
    return rows.select_related("engagement").order_by("asked_at", "id")


def line_up_of(engagement: Engagement) -> list[Performer]:
    """Who is on, by resident number."""
    rows = Performer.objects.live().filter(engagement=engagement).select_related("resident")
    return list(rows.defer("resident__phone", "resident__id_number").order_by("resident__number"))


class Member(NamedTuple):
    """Somebody who could be on, and whether they have something else at that hour."""

    resident: Resident
    is_free: bool


def members_for(engagement: Engagement) -> list[Member]:
    """Who belongs to the troupe and is not on yet, by resident number; whether they are free then (four queries)."""
    if not engagement.organization:
        return []
    on = Performer.objects.live().filter(engagement=engagement).values("resident")
    rows = organizations.members_of(organizations.organization(id_in(engagement.organization)))
    rows = rows.exclude(resident__in=on).filter(resident__left_on=None).order_by("resident__number")
    people = [row.resident for row in rows]
    busy = busy_at(engagement, people)
    return [Member(one, one.pk not in busy) for one in people]


def busy_at(engagement: Engagement, people: Sequence[Resident], *, but_for: Collection[str] = ()) -> set[UUID]:
    """Who of these has something else while the show lasts, `but_for` what these sources have."""
    subjects = [subject_of(one) for one in people]
    found = timetable.clashes(subjects, engagement.starts_at, engagement.ends_at) if subjects else []
    return {clash.subject.id for clash in found if clash.source not in but_for}


def subject_of(resident: Resident) -> Subject:
    """A resident in the timetable."""
    return Subject(id=resident.pk, kind="people.resident", name=resident.name)


def incomes_of(engagement: Engagement) -> list[Income]:
    """What was paid for it, the first first, each with its `parts` in the order of the parties (two queries)."""
    rows = list(Income.objects.filter(engagement=engagement).order_by("recorded_at", "id"))
    parts = Split.objects.filter(income__in=[row.pk for row in rows]).select_related("resident")
    by_income: dict[UUID, list[Split]] = {}
    for part in parts.defer("resident__phone", "resident__id_number").order_by("resident__number", "id"):
        by_income.setdefault(part.income_id, []).append(part)
    order = list(Party)
    for row in rows:
        row.parts = sorted(by_income.get(row.pk, []), key=lambda part: order.index(Party(part.whose)))
    return rows


def paid_for(engagement: Engagement) -> int:
    """Fen that were paid for it and not given back."""
    standing = Income.objects.standing().filter(engagement=engagement)
    return standing.aggregate(fen=Sum("amount_fen"))["fen"] or 0


def parts_due(engagement: Engagement, fen: int) -> dict[tuple[str, UUID | None], int]:
    """How an amount is shared out as was agreed: by party, and of the members by who was on, in equal parts.

    What cannot be divided among the members goes to the smaller resident numbers. Who has no share has no part.
    """
    shares = engagement.shares
    troupe, members, fund = split(fen, shares.all)
    due: dict[tuple[str, UUID | None], int] = {}
    if shares.troupe:
        due[Party.TROUPE, None] = troupe
    if shares.members:
        on = [row.resident_id for row in line_up_of(engagement)]
        due |= {(Party.MEMBER, one): part for one, part in zip(on, split(members, [1] * len(on)), strict=True)}
    if shares.fund:
        due[Party.FUND, None] = fund
    return due


class Total(NamedTuple):
    """What a party gets of all that stands."""

    whose: str
    resident: Resident | None
    fen: int

    @property
    def name(self) -> str:
        """Of a member their own."""
        return self.resident.name if self.resident else str(Party(self.whose).label)


def totals(incomes: Sequence[Income]) -> list[Total]:
    """For the statement: each party once, with its parts of what was not given back added up."""
    found: dict[tuple[str, UUID | None], Total] = {}
    for part in [part for row in incomes if not row.is_given_back for part in row.parts]:
        key = part.whose, part.resident_id
        before = found[key].fen if key in found else 0
        found[key] = Total(part.whose, part.resident, before + part.amount_fen)
    return list(found.values())


def my_places(resident_id: UUID) -> QuerySet[Performer]:
    """The line-ups somebody is in, of what is to come, the next first."""
    return Performer.objects.to_come().filter(resident_id=resident_id).select_related("engagement")


def my_past(resident_id: UUID) -> QuerySet[Performer]:
    """The shows somebody was on, the latest first."""
    rows = Performer.objects.live().filter(resident_id=resident_id, engagement__state=State.HELD)
    return rows.select_related("engagement").order_by("-engagement__starts_at", "-id")


def my_parts(resident_id: UUID, engagement_ids: Iterable[UUID]) -> dict[UUID, int]:
    """What somebody gets as a member, by show: fen of what was not given back (one query)."""
    rows = Split.objects.filter(
        resident_id=resident_id, income__engagement__in=list(engagement_ids), income__given_back_at=None
    )
    return dict(rows.order_by().values_list("income__engagement").annotate(fen=Sum("amount_fen")))


def sums_of(rows: Iterable[Engagement]) -> dict[UUID, tuple[int, int]]:
    """By show, fen that were paid and not given back, and the fund's part of them (one query)."""
    parts = Split.objects.filter(income__engagement__in=[row.pk for row in rows], income__given_back_at=None)
    funds = Sum("amount_fen", filter=Q(whose=Party.FUND), default=0)
    found = parts.order_by().values_list("income__engagement").annotate(paid=Sum("amount_fen"), fund=funds)
    return {pk: (paid, fund) for pk, paid, fund in found}


def members_with_a_part(income_id: UUID) -> list[UUID]:
    """Whose part of an income there is."""
    rows = Split.objects.filter(income=income_id, whose=Party.MEMBER).order_by("resident")
    return [one for one in rows.values_list("resident_id", flat=True) if one]


def awaiting_income(actor: Actor) -> EngagementQuerySet:
    """Shows that were held and of whose price nothing was received, for whoever records income."""
    rows: EngagementQuerySet = Engagement.objects.filter(state=State.HELD)
    paid = Income.objects.standing().values("engagement")
    return rows.exclude(pk__in=paid).order_by("held_at", "id") if rules.can_record_income(actor) else rows.none()


# --- figures, and what other packages ask -------------------------------------------------------------------------


def shows_held(*, until: date) -> int:
    """Shows that were held by the end of a day."""
    return Engagement.objects.filter(state=State.HELD, ends_at__lt=clock.day_bounds(until)[1]).count()


def income_fen() -> int:
    """What was paid for shows and not given back."""
    return Income.objects.standing().aggregate(fen=Sum("amount_fen"))["fen"] or 0


def fund_share_fen() -> int:
    """The fund's part of it."""
    rows = Split.objects.filter(whose=Party.FUND, income__given_back_at=None)
    return rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0


def fund_parts() -> dict[str, int]:
    """The fund's part in fen of each income that stands, by the income's source."""
    rows = Split.objects.filter(whose=Party.FUND, income__given_back_at=None, amount_fen__gt=0).select_related("income")
    return {source_of(row.income): row.amount_fen for row in rows}
