"""Reads worth a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import id_in
from weiyifang.ledger import queries as ledger
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.models import ConsentText, Purpose, Resident
from weiyifang.people.roles import Permission
from weiyifang.volunteering import availability, kinds, rules
from weiyifang.volunteering.models import (
    Belonging,
    Certificate,
    HelpRequest,
    Hours,
    HoursQuerySet,
    HoursState,
    Need,
    Shift,
    ShiftState,
    Slot,
    Team,
    TimeGift,
    Volunteer,
    VolunteerQuerySet,
)

FIELDS = ("phone", "address")  # of a person, which whoever helps them may read; each time is noted
SOON = timedelta(days=30)  # within which a certificate's end is worth a word


def listed(words: str = "") -> QuerySet[Team]:
    """Teams at work with `member_count` and their leader, by number; searched if asked."""
    rows = Team.objects.at_work().matching(words).select_related("leader")
    return rows.with_member_count().order_by("number")


def say_whose(teams: Iterable[Team]) -> None:
    """Let each team know the organization it belongs to, `whose`; the committee's have none (one query)."""
    rows = list(teams)
    known = organizations.named({team.organizer for team in rows if team.organizer})
    for team in rows:
        team.whose = known.get(team.organizer)


def organizers_for(actor: Actor) -> list[tuple[str, str]]:
    """In whose name the actor may begin a team: organizations; "" for the committee is not among them."""
    return organizations.choices_for(actor, Permission.MANAGE_TEAMS)


def volunteer_of(resident_id: UUID | None) -> Volunteer | None:
    """Somebody's own record as a volunteer, as long as it stands."""
    return Volunteer.objects.active().filter(resident_id=resident_id).first() if resident_id else None


def words_of_consent() -> ConsentText | None:
    """What whoever signs up says yes to; None while the community has not published the words."""
    return people.current_texts().get(Purpose.VOLUNTEERING)


def teams_of(volunteer: Volunteer) -> QuerySet[Belonging]:
    """Where a volunteer belongs now."""
    return Belonging.objects.live().filter(volunteer=volunteer).select_related("team").order_by("since", "id")


def team(pk: UUID) -> Team:
    """One team by its id."""
    return Team.objects.get(pk=pk)


def were_in_until(team_id: UUID, day: date) -> list[UUID]:
    """The residents whose place in a team ended on a day."""
    rows = Belonging.objects.filter(team=team_id, until=day)
    return sorted(set(rows.values_list("volunteer__resident_id", flat=True)))


def members_of(team: Team) -> QuerySet[Belonging]:
    """Who is in it now, the longest-standing first."""
    rows = Belonging.objects.live().filter(team=team).select_related("volunteer__resident")
    return rows.defer("volunteer__resident__phone", "volunteer__resident__id_number").order_by(
        "since", "volunteer__resident__number"
    )


def volunteers(actor: Actor, words: str = "", skill: str = "") -> VolunteerQuerySet:
    """Whom the actor may see, by resident number; searched and with one skill if asked."""
    rows = rules.volunteers_of(actor).active().matching(words).select_related("resident")
    if skill in {word.code for word in kinds.SKILL.ever()}:
        rows = rows.filter(skills__contains=[skill])
    return rows.defer("resident__phone", "resident__id_number").order_by("resident__number")


def certificates_of(volunteer: Volunteer) -> QuerySet[Certificate]:
    """What stands, what is over last."""
    return Certificate.objects.standing().filter(volunteer=volunteer).order_by("-valid_until", "kind", "id")


def good_certificates(volunteer_ids: Iterable[UUID]) -> dict[UUID, list[Certificate]]:
    """By volunteer, those that hold today (one query)."""
    found: dict[UUID, list[Certificate]] = {}
    rows = Certificate.objects.good_on(clock.today()).filter(volunteer__in=list(volunteer_ids))
    for row in rows.order_by("kind", "-valid_until"):
        there = found.setdefault(row.volunteer_id, [])
        if row.kind not in {one.kind for one in there}:
            there.append(row)
    return found


def ending_soon(actor: Actor) -> QuerySet[Certificate]:
    """Certificates of those the actor sees that end within a month and that no later one replaces."""
    today = clock.today()
    later = Certificate.objects.standing().filter(
        volunteer=OuterRef("volunteer"), kind=OuterRef("kind"), valid_until__gt=OuterRef("valid_until")
    )
    rows = Certificate.objects.good_on(today).filter(
        ~Exists(later), valid_until__lte=today + SOON, volunteer__in=rules.volunteers_of(actor).active().values("pk")
    )
    rows = rows.select_related("volunteer__resident").order_by("valid_until", "id")
    return rows.defer("volunteer__resident__phone", "volunteer__resident__id_number")


def belongs(team: Team, resident_id: UUID | None) -> Belonging | None:
    """Somebody's place in a team now."""
    if resident_id is None:
        return None
    return Belonging.objects.live().filter(team=team, volunteer__resident_id=resident_id).first()


# --- shifts -------------------------------------------------------------------------------------------------------


def shift(pk: UUID) -> Shift:
    """One shift by its id, with its team."""
    return Shift.objects.select_related("team").get(pk=pk)


def my_slots(resident_id: UUID) -> QuerySet[Slot]:
    """What somebody took on and is not over, the next first."""
    rows = Slot.objects.to_come().filter(volunteer__resident_id=resident_id)
    return rows.select_related("shift__team", "need")


def shifts_for(resident_id: UUID) -> QuerySet[Any]:
    """Shifts to come of the teams somebody is in, that begin later and still seek people; with `sought`, how many.

    Those they are in already are left out. First those at hours at which they said they have time (`suits`).
    """
    mine = Belonging.objects.live().filter(volunteer__resident_id=resident_id).values("team")
    rows = Shift.objects.to_come().filter(team__in=mine, starts_at__gt=clock.now()).select_related("team")
    taken_on = Slot.objects.live().filter(volunteer__resident_id=resident_id).values("shift")
    rows = rows.exclude(pk__in=taken_on).annotate(suits=availability.suits(resident_id))
    return _counted(rows).filter(sought__gt=0).order_by("-suits", "starts_at", "id")


def stand_ins_for(resident_id: UUID) -> QuerySet[Slot]:
    """Places of others in the teams somebody is in, for which a stand-in is looked for: of all, or of them."""
    mine = Belonging.objects.live().filter(volunteer__resident_id=resident_id).values("team")
    rows = Slot.objects.to_come().filter(seeks_stand_in=True, shift__team__in=mine, shift__starts_at__gt=clock.now())
    rows = rows.filter(Q(asked=None) | Q(asked__resident_id=resident_id) | ~Q(asked__until=None))
    return rows.exclude(volunteer__resident_id=resident_id).select_related("shift__team", "need")


def open_to(resident_id: UUID, rows: Iterable[Slot]) -> list[Slot]:
    """Those of these places (with `asked`) that are sought for: by the team, or by name from them (`is_asked`)."""
    found = [slot for slot in rows if slot.seeks_stand_in and slot.volunteer.resident_id != resident_id]
    for slot in found:
        slot.is_asked = slot.asked is not None and slot.asked.resident_id == resident_id
    return [slot for slot in found if slot.is_asked or slot.asked is None or slot.asked.until is not None]


def swaps_offered(slot: Slot) -> QuerySet[Slot]:
    """What others would let somebody do instead of this place, while it is sought for."""
    rows = Slot.objects.to_come().filter(swap_for=slot, shift__starts_at__gt=clock.now())
    return rows.select_related("shift", "need")


def to_swap(resident_id: UUID, slot: Slot) -> QuerySet[Slot]:
    """What somebody took on and could offer for this place of another."""
    return my_slots(resident_id).filter(shift__starts_at__gt=clock.now()).exclude(pk=slot.pk)


def colleagues_named(team: Team, name: str) -> list[Volunteer]:
    """Who in a team has this name."""
    rows = Belonging.objects.live().filter(team=team, volunteer__resident__name=name)
    return [row.volunteer for row in rows.select_related("volunteer__resident").order_by("id")[:2]]


def shifts_of(actor: Actor, *, past: bool = False, team: str = "") -> QuerySet[Any]:
    """The shifts of the teams the actor looks after, to come or over, of one team if asked; counted."""
    rows = Shift.objects.filter(team__in=rules.manageable_by(actor).values("pk")).select_related("team")
    if team.isdecimal():
        rows = rows.filter(team__number=int(team[:9]))
    now = clock.now()
    if past:
        return _counted(rows.filter(ends_at__lte=now).order_by("-starts_at", "-id"))
    return _counted(rows.filter(ends_at__gt=now).order_by("starts_at", "id"))


def teams_at_work() -> int:
    return Team.objects.at_work().count()


def shifts_held(*, until: date) -> int:
    """Shifts that took place by the end of a day."""
    return Shift.objects.filter(state=ShiftState.PLANNED, ends_at__lt=clock.day_bounds(until)[1]).count()


def needs_of(shift: Shift) -> list[Need]:
    """The tasks of a shift, each with `people`: who does it now (two queries)."""
    needs = list(Need.objects.filter(shift=shift).order_by("id"))
    rows = Slot.objects.live().filter(shift=shift).select_related("volunteer__resident", "asked")
    rows = rows.defer("volunteer__resident__phone", "volunteer__resident__id_number").order_by("taken_at", "id")
    by_need: dict[UUID, list[Slot]] = {}
    for slot in rows:
        by_need.setdefault(slot.need_id, []).append(slot)
    for need in needs:
        need.people = by_need.get(need.pk, [])
        for slot in need.people:
            slot.need = need
    return needs


# --- requests for help ----------------------------------------------------------------------------------------------


def help_of(resident_id: UUID) -> QuerySet[HelpRequest]:
    """What somebody asked for, for themselves or for whom they act, the newest first."""
    whose = [one.pk for one in people.oneself_and_acted_for(resident_id)]
    rows = HelpRequest.objects.filter(resident__in=whose).select_related("resident", "shift__team")
    return rows.defer("resident__phone", "resident__id_number").order_by("-asked_at", "-id")


def help_wanted(resident_id: UUID | None) -> QuerySet[HelpRequest]:
    """What members of any team may take on: open, not one's own, the next first; nothing for who is in no team."""
    if resident_id is None or not Belonging.objects.live().filter(volunteer__resident_id=resident_id).exists():
        return HelpRequest.objects.none()
    return HelpRequest.objects.open().exclude(resident=resident_id)


def help_asked(*, past: bool = False) -> QuerySet[HelpRequest]:
    """For the office: what stands, the next first; or what is over, the newest first."""
    rows = HelpRequest.objects.select_related("resident", "shift__team")
    rows = rows.defer("resident__phone", "resident__id_number")
    if past:
        return rows.exclude(pk__in=HelpRequest.objects.standing().values("pk")).order_by("-starts_at", "-id")
    return rows.standing().order_by("starts_at", "id")


def my_teams(resident_id: UUID | None) -> list[Team]:
    """The teams somebody is in, by number."""
    if resident_id is None:
        return []
    mine = Belonging.objects.live().filter(volunteer__resident_id=resident_id)
    return list(Team.objects.at_work().filter(pk__in=mine.values("team")).order_by("number"))


def where_and_whom(request: HelpRequest, actor: Actor) -> tuple[str, str, str] | None:
    """Where it is, the address of the register and the phone: if the actor has just had it noted that they look."""
    if not rules.can_read_address(actor, request) or not people.is_looking_at(request.resident, FIELDS, actor):
        return None
    resident = people.resident(request.resident_id)
    assert resident is not None  # rows of people are never deleted
    return request.place, resident.household.address if resident.household else "", resident.phone


# --- hours --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Worked:
    """Approved minutes: of this month, of this year, of all years; and what still waits."""

    month: int
    year: int
    ever: int
    waiting: int


def worked(rows: HoursQuerySet) -> Worked:
    """What these hours add up to today (one query)."""
    today = clock.today()
    counts = Q(state=HoursState.APPROVED)
    month, year = (clock.day_bounds(first)[0] for first in (today.replace(day=1), today.replace(month=1, day=1)))
    sums = rows.aggregate(
        month=Coalesce(Sum("minutes", filter=counts & Q(came_at__gte=month)), 0),
        year=Coalesce(Sum("minutes", filter=counts & Q(came_at__gte=year)), 0),
        ever=Coalesce(Sum("minutes", filter=counts), 0),
        waiting=Coalesce(Sum("minutes", filter=Q(state=HoursState.NOTED)), 0),
    )
    return Worked(**sums)


def hours_of(resident_id: UUID) -> HoursQuerySet:
    """Somebody's hours, from every time they were a volunteer, the newest first."""
    rows: HoursQuerySet = Hours.objects.filter(volunteer__resident_id=resident_id)
    return rows.select_related("slot__shift__team", "slot__need").order_by("-came_at", "-id")


def by_team(rows: HoursQuerySet) -> list[tuple[str, int]]:
    """Names of teams and the approved minutes of these hours in each, the most first (one query)."""
    sums = rows.approved().order_by().values_list("slot__shift__team__name").annotate(sum=Sum("minutes"))
    return sorted(sums, key=lambda one: (-one[1], one[0]))


def by_person(rows: HoursQuerySet) -> QuerySet[Any]:
    """Who worked how much: name, number of the register, approved minutes, how often; the most first."""
    people = rows.approved().order_by().values("volunteer__resident__name", "volunteer__resident__number")
    sums = people.annotate(sum=Sum("minutes"), times=Count("pk"))
    return sums.order_by("-sum", "volunteer__resident__number")


def hours_in(team: Team, *, since: date | None = None, until: date | None = None) -> HoursQuerySet:
    """The hours of a team between two days, the newest first."""
    rows: HoursQuerySet = Hours.objects.filter(slot__shift__team=team)
    if since is not None:
        rows = rows.filter(came_at__gte=clock.day_bounds(since)[0])
    if until is not None:
        rows = rows.filter(came_at__lt=clock.day_bounds(until)[1])
    rows = rows.select_related("slot__shift__team", "slot__need", "volunteer__resident", "noted_by")
    return rows.defer("volunteer__resident__phone", "volunteer__resident__id_number").order_by("-came_at", "-id")


def hours_to_approve(actor: Actor) -> HoursQuerySet:
    """What waits and the actor may approve: neither noted by them nor their own."""
    rows: HoursQuerySet = Hours.objects.filter(state=HoursState.NOTED)
    if actor.account_id is not None:
        rows = rows.exclude(noted_by=actor.account_id).exclude(volunteer__resident__account=actor.account_id)
    if actor.resident_id is not None:
        rows = rows.exclude(volunteer__resident=actor.resident_id)
    return rows


def teams_with_hours_to_approve(actor: Actor) -> QuerySet[Any]:
    """Teams the actor looks after, with `waiting`, how many hours they may approve there, and `oldest`, since when."""
    waits = hours_to_approve(actor).filter(slot__shift__team=OuterRef("pk")).order_by().values("slot__shift__team")
    rows = rules.manageable_by(actor).annotate(
        waiting=Coalesce(Subquery(waits.annotate(many=Count("pk")).values("many")), 0),
        oldest=Subquery(waits.annotate(first=Min("noted_at")).values("first")),
    )
    return rows.filter(waiting__gt=0)


def was_there(shift: Shift) -> list[Slot]:
    """Who is in a shift, each with `noted`: the hours that wait or count (two queries)."""
    rows = Slot.objects.live().filter(shift=shift).select_related("need", "volunteer__resident")
    slots = list(rows.defer("volunteer__resident__phone", "volunteer__resident__id_number").order_by("taken_at", "id"))
    noted = {row.slot_id: row for row in Hours.objects.standing().filter(slot__in=slots)}
    for slot in slots:
        slot.noted = noted.get(slot.pk)
    return slots


def hours_noted(slot: Slot) -> Hours | None:
    """What waits or counts for one place."""
    return Hours.objects.standing().filter(slot=slot).first()


def worked_minutes() -> int:
    """All minutes that were approved."""
    return int(Hours.objects.approved().aggregate(sum=Coalesce(Sum("minutes"), 0))["sum"])


# --- the time bank ------------------------------------------------------------------------------------------------


COMMUNITY = "community"  # the account of what nobody in particular has


def person(resident_id: UUID) -> str:
    """Whose account in the time bank it is, as a source."""
    return f"people.resident:{resident_id}"


def saved_minutes(resident_id: UUID) -> int:
    """What somebody has in the time bank now."""
    return saved_by([resident_id])[resident_id]


def saved_by(resident_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What each of them has in the time bank now."""
    found = ledger.kept_for("credited", [person(pk) for pk in resident_ids])
    return {pk: found.get(person(pk), 0) for pk in resident_ids}


def saved_by_all() -> dict[UUID, int]:
    """Who has time in the time bank, and how many minutes."""
    return {id_in(party): amount for party, amount in ledger.kept_for("credited").items() if amount}


def community_minutes() -> int:
    """What the community has to give to whoever needs help."""
    book = ledger.book("credited")
    account = ledger.account_of(book, COMMUNITY) if book else None
    return ledger.balance(account) if account else 0


def with_time(*, least: int) -> list[Resident]:
    """Who has at least so many minutes in the time bank, by number."""
    return people.still_here([pk for pk, amount in saved_by_all().items() if amount >= least])


def gifts_of(resident_id: UUID) -> QuerySet[TimeGift]:
    """What somebody gave on and was given, the newest first."""
    rows = TimeGift.objects.filter(Q(giver=resident_id) | Q(receiver=resident_id))
    return rows.select_related("giver", "receiver").order_by("-given_at", "-id")


def gifts() -> QuerySet[TimeGift]:
    """All time that was given on, the newest first."""
    rows = TimeGift.objects.select_related("giver", "receiver", "given_by").order_by("-given_at", "-id")
    return rows.defer("giver__phone", "giver__id_number", "receiver__phone", "receiver__id_number")


def givers(resident_id: UUID) -> list[Resident]:
    """Whose time somebody may give on: their own first, then of those whose guardian or proxy they are."""
    return people.oneself_and_acted_for(resident_id)


def of_number(number: int, name: str) -> Resident | None:
    """Who lives here and has both this number on the register and this name."""
    return people.of_number(number, name)


def _counted(rows: QuerySet[Shift]) -> QuerySet[Any]:
    """`wanted`, `there` and `sought`: people, over all tasks of the shift."""
    return rows.annotate(
        wanted=Coalesce(Sum("needs__wanted"), 0),
        there=Coalesce(Sum("needs__taken"), 0),
        sought=Coalesce(Sum(F("needs__wanted") - F("needs__taken")), 0),
    )
