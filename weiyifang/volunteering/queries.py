"""Reads worth a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.models import ConsentText, Purpose
from weiyifang.people.roles import Permission
from weiyifang.volunteering import kinds, rules
from weiyifang.volunteering.models import (
    Belonging,
    Certificate,
    Need,
    Shift,
    ShiftState,
    Slot,
    Team,
    Volunteer,
    VolunteerQuerySet,
)

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

    Those they are in already are left out.
    """
    mine = Belonging.objects.live().filter(volunteer__resident_id=resident_id).values("team")
    rows = Shift.objects.to_come().filter(team__in=mine, starts_at__gt=clock.now()).select_related("team")
    taken_on = Slot.objects.live().filter(volunteer__resident_id=resident_id).values("shift")
    return _counted(rows.exclude(pk__in=taken_on)).filter(sought__gt=0)


def stand_ins_for(resident_id: UUID) -> QuerySet[Slot]:
    """Places of others in the teams somebody is in, for which a stand-in is looked for."""
    mine = Belonging.objects.live().filter(volunteer__resident_id=resident_id).values("team")
    rows = Slot.objects.to_come().filter(seeks_stand_in=True, shift__team__in=mine, shift__starts_at__gt=clock.now())
    return rows.exclude(volunteer__resident_id=resident_id).select_related("shift__team", "need")


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
    rows = Slot.objects.live().filter(shift=shift).select_related("volunteer__resident")
    rows = rows.defer("volunteer__resident__phone", "volunteer__resident__id_number").order_by("taken_at", "id")
    by_need: dict[UUID, list[Slot]] = {}
    for slot in rows:
        by_need.setdefault(slot.need_id, []).append(slot)
    for need in needs:
        need.people = by_need.get(need.pk, [])
    return needs


def _counted(rows: QuerySet[Shift]) -> QuerySet[Any]:
    """`wanted`, `there` and `sought`: people, over all tasks of the shift."""
    return rows.annotate(
        wanted=Coalesce(Sum("needs__wanted"), 0),
        there=Coalesce(Sum("needs__taken"), 0),
        sought=Coalesce(Sum(F("needs__wanted") - F("needs__taken")), 0),
    )
