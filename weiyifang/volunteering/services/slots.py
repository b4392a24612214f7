"""Who takes on which task: claimed or assigned, given back. Who does it instead: `standing_in`.

What is impossible is refused: the person has something else then, lacks the paper, is too young, the task has people
enough. What is unwise is doubted, and done if somebody is sure: no rest in between, much in one week, no such skill.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, ExpressionWrapper, F, QuerySet, Subquery, Sum
from django.db.models.fields import DurationField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, prepared, states
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.look.wording import as_day, in_hours
from weiyifang.core.prepared import Read
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident
from weiyifang.timetable import services as timetable
from weiyifang.timetable.subjects import Subject
from weiyifang.volunteering import events, limits, rules
from weiyifang.volunteering.models import SLOT_FLOW, Belonging, Certificate, Need, Shift, Slot, SlotState, Volunteer
from weiyifang.volunteering.services import helping, shifts


class EnoughPeople(Refused):
    """The task has all the people it takes."""

    sentence = _("%(role)s has people enough by now. Look at the other tasks and shifts.")


class OnItAlready(Refused):
    """The volunteer does a task of this shift already."""

    sentence = _("%(name)s is in this shift already. There is nothing to do.")


class NotInTheTeam(Refused):
    """Somebody claimed a task of a team they are not in."""

    sentence = _("Join the team %(team)s first, then you can take this on.")


class PaperMissing(Refused):
    """The task asks for a certificate that does not hold on that day."""

    sentence = _("%(role)s takes a %(paper)s that holds on that day, and none is noted. Show it to the team's leader.")


class YoungerThan(Refused):
    """Younger than the task allows, or nobody knows how old."""

    sentence = _("%(role)s is for people from %(age)s years on.")


class GivenBackAlready(Refused):
    """It was given back or called off before."""

    sentence = _("This place was given back already, or the shift was called off.")


class Doubtful(Refused):
    """Possible, but unwise: `doubts` are sentences. It is done with `sure`."""

    sentence = _("Think it over once more: %(doubts)s")

    def __init__(self, doubts: Iterable[str]) -> None:
        self.doubts = list(doubts)
        super().__init__(doubts=" ".join(self.doubts))


@transaction.atomic
def claim(*, need: Need, sure: bool = False, by: Actor) -> Slot:
    """Take on a task of one's own team. Announces `SlotTaken`.

    Raises `NotAVolunteer`, `NotInTheTeam`, `ShiftOff`, `ShiftOver`, `EnoughPeople`, `OnItAlready`, `PaperMissing`,
    `YoungerThan`, `timetable.services.Taken`; `Doubtful`, unless `sure`.
    """
    volunteer = helping.locked_of(by.resident_id)
    if volunteer is None:
        raise helping.NotAVolunteer(name=by.name)
    shift = shifts.locked(need.shift)
    versions.check(shift, by)
    if not _BELONGS(shift.team_id, volunteer.pk):
        raise NotInTheTeam(team=shift.team.name)
    if shift.has_begun:
        raise shifts.ShiftOver()
    return take(shift, need, volunteer, sure=sure, by=by)


@transaction.atomic
def assign(*, need: Need, resident: Resident, sure: bool = False, by: Actor) -> Slot:
    """The leader gives a task to a volunteer, of the team or not. Raises what `claim` raises. Announces `SlotTaken`."""
    volunteer = helping.locked_of(resident.pk)
    if volunteer is None:
        raise helping.NotAVolunteer(name=resident.name)
    shift = shifts.locked(need.shift)
    versions.check(shift, by)
    require(rules.can_manage(by, shift.team))
    if shift.is_over:
        raise shifts.ShiftOver()
    return take(shift, need, volunteer, sure=sure, by=by)


@transaction.atomic
def give_back(*, slot: Slot, by: Actor) -> Slot:
    """Before it begins, by oneself; while it lasts, by the leader. Raises `GivenBackAlready`, `ShiftOver`.

    Announces `SlotGivenBack`.
    """
    shift, slot = locked(slot)
    leads = rules.can_manage(by, shift.team)
    require(leads or rules.can_sign_up(by, slot.volunteer.resident))
    if shift.is_over or (shift.has_begun and not leads):
        raise shifts.ShiftOver()
    return end_place(shift, slot, by=by)


def free(*, volunteer: Volunteer, by: Actor) -> None:
    """Part of signing off: what they took on of what is to come is open to others again."""
    mine = Slot.objects.to_come().filter(volunteer=volunteer)
    held = shifts.hold(mine.values_list("shift_id", flat=True))
    for slot in mine.select_related("need", "volunteer__resident").order_by("id"):
        if slot.shift_id in held:
            end_place(held[slot.shift_id], slot, by=by)


def take(shift: Shift, need: Need, volunteer: Volunteer, *, sure: bool, by: Actor) -> Slot:
    """Part of every way into a shift, by whoever holds volunteer and shift. Announces `SlotTaken`."""
    slot = put(shift, need, volunteer, sure=sure, by=by)
    own = by.resident_id == volunteer.resident_id
    announce(events.SlotTaken(**about(slot, shift), need_id=need.pk, is_own_wish=own), by=by)
    return slot


def put(shift: Shift, need: Need, volunteer: Volunteer, *, sure: bool, by: Actor) -> Slot:
    """As `take`; what it means is announced by whoever calls it."""
    if shift.is_off:
        raise shifts.ShiftOff()
    need, resident = _standing(need, shift, volunteer), volunteer.resident
    if volunteer.until is not None:
        raise helping.NotAVolunteer(name=resident.name)
    if need.has_them:
        raise OnItAlready(name=resident.name)
    if need.left < 1:
        raise EnoughPeople(role=need.role)
    refuse_unfit(need, shift, volunteer)
    need.taken += 1
    own = by.resident_id == volunteer.resident_id
    slot = Slot(need=need, shift=shift, volunteer=volunteer, assigned_by_id=None if own else by.account_id)
    _write(slot)
    timetable.allocate(
        subjects=[Subject(id=resident.pk, kind="people.resident", name=resident.name)],
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        source=source_of(slot),
        by=by,
    )
    if not sure and (doubts := doubts_about(need, shift, volunteer)):
        raise Doubtful(doubts)
    slot.volunteer, slot.need = volunteer, need
    return slot


def _beside(
    pk: UUID, shift_id: UUID, volunteer_id: UUID, near: tuple[datetime, datetime], week: tuple[datetime, datetime]
) -> QuerySet[Need]:
    """A task, and what the volunteer has already: in its shift, near it, and in its week."""
    theirs = Slot.objects.live().filter(volunteer_id=volunteer_id)
    others = theirs.exclude(shift_id=shift_id)
    length = ExpressionWrapper(F("shift__ends_at") - F("shift__starts_at"), output_field=DurationField())
    that_week = others.filter(shift__starts_at__gte=week[0], shift__starts_at__lt=week[1]).order_by()
    beside = {
        "has_them": Exists(theirs.filter(shift_id=shift_id)),
        "is_near_another": Exists(others.filter(shift__ends_at__gt=near[0], shift__starts_at__lt=near[1])),
        "their_week": Subquery(that_week.values("volunteer_id").annotate(all=Sum(length)).values("all")),
    }
    return Need.objects.filter(pk=pk).annotate(**beside)


_MOMENTS = [datetime(2000, 1, day, tzinfo=UTC) for day in range(1, 5)]
_BESIDE = Read(
    lambda pk, shift_id, volunteer_id, *at: _beside(pk, shift_id, volunteer_id, at[:2], at[2:]),
    *(UUID(int=1), UUID(int=2), UUID(int=3), *_MOMENTS),
)
_BELONGS = Read(
    lambda team_id, volunteer_id: Belonging.objects.live().filter(team_id=team_id, volunteer_id=volunteer_id),
    *(UUID(int=1), UUID(int=2)),
)


def _standing(need: Need, shift: Shift, volunteer: Volunteer) -> Need:
    """The task as it is for this volunteer (see `_beside`); nobody moves it but who holds the shift."""
    rest = timedelta(minutes=limits.rule_on(as_day(shift.starts_at)).rest_minutes)
    near = (shift.starts_at - rest, shift.ends_at + rest)
    row = _BESIDE.one(need.pk, shift.pk, volunteer.pk, *near, *week_of(shift.starts_at))
    if row is None:
        raise Need.DoesNotExist
    return row


_COUNT = "UPDATE volunteering_need SET taken = taken + 1 WHERE community_id = %(community)s AND id = %(need)s"
_PUT = """
INSERT INTO volunteering_slot
    (id, community_id, need_id, shift_id, volunteer_id, state, seeks_stand_in, missed, assigned_by_id, taken_at)
VALUES (%(id)s, %(community)s, %(need)s, %(shift)s, %(volunteer)s, %(state)s, false, false, %(by)s, %(at)s)
"""


def _write(slot: Slot) -> None:
    """The place, counted on its task; the database refuses one too many."""
    fill_community([slot])
    prepared.execute(_COUNT, {"community": slot.community_id, "need": slot.need_id})
    values = {
        "community": slot.community_id,
        "need": slot.need_id,
        "id": slot.pk,
        "shift": slot.shift_id,
        "volunteer": slot.volunteer_id,
        "state": str(slot.state),
        "by": slot.assigned_by_id,
        "at": slot.taken_at,
    }
    prepared.execute(_PUT, values)
    slot._state.adding = False


def refuse_unfit(need: Need, shift: Shift, volunteer: Volunteer) -> None:
    day = as_day(shift.ends_at)
    if need.certificate:
        papers = Certificate.objects.good_on(day).filter(volunteer=volunteer, kind=need.certificate)
        if not papers.exists():
            raise PaperMissing(role=need.role, paper=need.certificate_name)
    if need.least_age is not None:
        age = volunteer.resident.age_on(as_day(shift.starts_at))
        if age is None or age < need.least_age:
            raise YoungerThan(role=need.role, age=need.least_age)


def doubts_about(need: Need, shift: Shift, volunteer: Volunteer) -> list[str]:
    """What speaks against it without forbidding it, in sentences."""
    doubts, rule = [], limits.rule_on(as_day(shift.starts_at))
    if need.skill and need.skill not in volunteer.skills:
        doubts.append(gettext("%(skill)s is not among what was said one can do.") % {"skill": need.skill_name})
    if need.is_near_another:
        doubts.append(
            gettext("Between this shift and another there are not %(minutes)s minutes of rest.")
            % {"minutes": rule.rest_minutes}
        )
    if (need.their_week or timedelta()) + (shift.ends_at - shift.starts_at) > timedelta(minutes=rule.week_minutes):
        most = in_hours(rule.week_minutes // 60)
        doubts.append(gettext("In that week it would be more than %(most)s.") % {"most": most})
    return doubts


def week_of(moment: datetime) -> tuple[datetime, datetime]:
    """From Monday to Monday, where the community lives."""
    day = timezone.localtime(moment).date()
    monday = day - timedelta(days=day.weekday())
    return clock.local(monday, time.min), clock.local(monday + timedelta(days=7), time.min)


def end_place(shift: Shift, slot: Slot, *, by: Actor) -> Slot:
    """Part of every way out of a shift, by whoever holds it. Raises `GivenBackAlready`. Announces `SlotGivenBack`."""
    empty(slot, by=by)
    own = by.resident_id == slot.volunteer.resident_id
    announce(events.SlotGivenBack(**about(slot, shift), is_own_wish=own), by=by)
    return slot


def empty(slot: Slot, *, by: Actor) -> None:
    """As `end_place`; what it means is announced by whoever calls it."""
    if slot.state != SlotState.TAKEN:
        raise GivenBackAlready()
    Need.objects.filter(pk=slot.need_id).update(taken=F("taken") - 1)
    states.move(slot, SlotState.GIVEN_BACK, flow=SLOT_FLOW, ended_at=clock.now(), seeks_stand_in=False)
    timetable.release(source=source_of(slot), by=by)


def locked(slot: Slot) -> tuple[Shift, Slot]:
    """Its shift and the place, held until the transaction ends."""
    shift = shifts.locked(Shift(pk=slot.shift_id))
    rows = Slot.objects.select_for_update(of=("self",)).select_related("need", "volunteer__resident")
    return shift, rows.get(pk=slot.pk)


def about(slot: Slot, shift: Shift) -> dict[str, Any]:
    """What each fact about a place says."""
    return {
        "subject": source_of(slot),
        "shift_id": shift.pk,
        "number": shift.number,
        "volunteer_id": slot.volunteer_id,
        "resident_id": slot.volunteer.resident_id,
        "what": shift.what,
        "starts_at": shift.starts_at,
    }
