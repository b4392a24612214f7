"""A planned shift is changed: what, where, when, and its tasks; one date, or several of a series.

Whoever is in it stays, if their calendar, their papers and their age allow it; all of them are told. The others are
named, and their places are open again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce, announced_together
from weiyifang.core.look.wording import as_day
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.timetable import services as timetable
from weiyifang.timetable.subjects import Span, Subject
from weiyifang.volunteering import events, queries, rules
from weiyifang.volunteering.models import SLOT_FLOW, Need, Shift, Slot, SlotState
from weiyifang.volunteering.services import shifts, slots
from weiyifang.volunteering.services.shifts import Wanted

WORDS = ("what", "place", "note")
OF_A_TASK = ("role", "wanted", "skill", "certificate", "least_age")


class Scope(models.TextChoices):
    """Which dates of a series are meant."""

    THIS = "this", _("this date only")
    FOLLOWING = "following", _("this and the later ones")
    ALL = "all", _("every date that is still to come")


class TimeIsOver(Refused):
    """Moved to a time that is over."""

    sentence = _("That time is over. Choose one that is still to come.")
    status = 422


class MoreAreInIt(Refused):
    """A task is to take fewer people than do it now."""

    sentence = _("In %(role)s on %(when)s there are %(there)d by now. Take somebody out first, or tell them.")


@dataclass(frozen=True, kw_only=True)
class Change:
    """How the shift is to be. `tasks`: by the name that each has now; one that is not named stays as it is."""

    what: str
    place: str
    note: str
    starts_at: datetime
    ends_at: datetime
    tasks: Mapping[str, Wanted]
    more: Sequence[Wanted] = ()  # tasks it did not have


@dataclass(kw_only=True)
class Outcome:
    """What became of one date: who stays in it, and who cannot, each with a sentence why."""

    shift: Shift
    was_at: datetime
    changed: list[str] = field(default_factory=list)
    stay: list[Slot] = field(default_factory=list)
    out: list[tuple[Slot, str]] = field(default_factory=list)

    @property
    def is_moved(self) -> bool:
        """Is it at another time?"""
        return not {"starts_at", "ends_at"}.isdisjoint(self.changed)

    @property
    def changes_for_nobody(self) -> bool:
        """Only words are different: whoever took it on was fit for it then, and is not asked again."""
        return not self.is_moved and "tasks" not in self.changed


@transaction.atomic
def change(*, shift: Shift, to: Change, scope: str = Scope.THIS, by: Actor) -> list[Outcome]:
    """Let it be as `to` says; of the other dates that are meant, what is changed of this one. All of them, or none.

    Raises `TimesWrong`, `TimeIsOver`, `RoleTwice`, `NobodyNeeded`, `MoreAreInIt`, `ShiftOff`, `ShiftOver`. Announces
    `ShiftChanged` for each date that is different now; those are returned.
    """
    outcomes = _changed(shift, to, scope, by)
    with announced_together():
        for one in outcomes:
            announce(_fact(one), by=by)
    return outcomes


def foresee_change(*, shift: Shift, to: Change, scope: str = Scope.THIS, by: Actor) -> list[Outcome]:
    """What `change` would do now: it is done and undone, so the two cannot differ. Raises what `change` raises."""
    with transaction.atomic():
        outcomes = _changed(shift, to, scope, by)
        transaction.set_rollback(True)
    return outcomes


def _changed(shift: Shift, to: Change, scope: str, by: Actor) -> list[Outcome]:
    this, rows = _held(shift, scope, by)
    shifts.refuse_odd_times(to.starts_at, to.ends_at)
    said = cleaned(Shift, {name: getattr(to, name) for name in WORDS})
    words = {name: value for name, value in said.items() if getattr(this, name) != value}
    moves = (this.starts_at, this.ends_at) != (to.starts_at, to.ends_at)
    spans = {row.pk: _at(row, this, to) if moves else (row.starts_at, row.ends_at) for row in rows}
    needs = _needs(rows)
    tasks = _tasks(needs[this.pk].values(), to, by)
    outcomes = []
    for row in rows:
        one = Outcome(shift=row, was_at=row.starts_at)
        _write(one, words, spans[row.pk])
        if _retask(row, needs[row.pk], tasks, to.more):
            one.changed.append("tasks")
        outcomes.append(one)
    outcomes = [one for one in outcomes if one.changed]
    _look_after_people(outcomes, by)
    return outcomes


def _held(shift: Shift, scope: str, by: Actor) -> tuple[Shift, list[Shift]]:
    """This shift and all that are meant, in order of time, as they are now and locked."""
    ids: Iterable[UUID] = [shift.pk]
    if scope != Scope.THIS and shift.series is not None:
        ids = Shift.objects.filter(series=shift.series).values_list("pk", flat=True)
    rows = shifts.hold(ids)
    this = rows[shift.pk]
    require(rules.can_manage(by, queries.team(this.team_id)))
    versions.check(this, by)
    if this.is_off:
        raise shifts.ShiftOff()
    if this.has_begun:
        raise shifts.ShiftOver()
    since = this.starts_at if scope == Scope.FOLLOWING else clock.now()
    meant = [row for row in rows.values() if not row.is_off and not row.has_begun and row.starts_at >= since]
    return this, sorted(meant, key=lambda row: (row.starts_at, row.pk))


def _at(row: Shift, this: Shift, to: Change) -> Span:
    """As many days later as this one, from and to the same time of day."""
    days = as_day(to.starts_at) - as_day(this.starts_at)
    starts_at = clock.local(as_day(row.starts_at) + days, timezone.localtime(to.starts_at).time())
    return starts_at, starts_at + (to.ends_at - to.starts_at)


def _write(one: Outcome, words: Mapping[str, str], span: Span) -> None:
    values: dict[str, Any] = {**words, "starts_at": span[0], "ends_at": span[1]}
    shift = one.shift
    one.changed = [name for name, value in values.items() if getattr(shift, name) != value]
    if one.is_moved and span[0] <= clock.now():
        raise TimeIsOver()
    for name in one.changed:
        setattr(shift, name, values[name])
    if one.changed:
        shift.sequence += 1
        shift.save(update_fields=[*one.changed, "sequence"])


# --- tasks --------------------------------------------------------------------------------------------------------


def _needs(rows: Sequence[Shift]) -> dict[UUID, dict[str, Need]]:
    found: dict[UUID, dict[str, Need]] = {row.pk: {} for row in rows}
    for need in Need.objects.filter(shift__in=rows).order_by("id"):
        found[need.shift_id][need.role] = need
    return found


def _tasks(needs: Iterable[Need], to: Change, by: Actor) -> dict[str, Wanted]:
    """Those tasks of this shift that are to be different."""
    wanted = {}
    for need in needs:
        if need.role in to.tasks:
            versions.check(need, by)
            if to.tasks[need.role] != Wanted(*(getattr(need, name) for name in OF_A_TASK)):
                wanted[need.role] = to.tasks[need.role]
    return wanted


def _retask(shift: Shift, needs: dict[str, Need], tasks: Mapping[str, Wanted], more: Sequence[Wanted]) -> bool:
    """Write the tasks of one shift; False when there is nothing to write."""
    new = [one for one in more if one.role not in needs]
    changed = {role: wanted for role, wanted in tasks.items() if role in needs}
    for role, wanted in changed.items():
        (now,) = shifts.needed(shift, [wanted])
        need = needs[role]
        if wanted.wanted < need.taken:
            raise MoreAreInIt(role=role, when=shift.when, there=need.taken)
        if now.role != role and now.role in needs:
            raise shifts.RoleTwice(role=now.role)
        for name in OF_A_TASK:
            kept = name in ("skill", "certificate") and getattr(wanted, name) == getattr(
                need, name
            )  # no longer offered
            setattr(need, name, getattr(need if kept else now, name))
        need.save(update_fields=OF_A_TASK)
    if len({need.role for need in needs.values()}) < len(needs):
        raise shifts.RoleTwice(role=next(iter(changed.values())).role)
    if new:
        rows = shifts.needed(shift, new)
        if twice := {row.role for row in rows} & {need.role for need in needs.values()}:
            raise shifts.RoleTwice(role=min(twice))
        Need.objects.bulk_create(rows)
    return bool(changed or new)


# --- who is in it -------------------------------------------------------------------------------------------------


def _look_after_people(outcomes: Sequence[Outcome], by: Actor) -> None:
    """Who can stay stays, at the new time; the places of the others end."""
    of = {one.shift.pk: one for one in outcomes}
    rows = Slot.objects.live().filter(shift__in=of).select_related("need", "volunteer__resident")
    there = list(rows.order_by("id"))
    for slot in there:
        slot.shift = of[slot.shift_id].shift
    out = _unfit([slot for slot in there if not of[slot.shift_id].changes_for_nobody])
    moved = [slot for slot in there if of[slot.shift_id].is_moved]
    for slot in dict.fromkeys([*moved, *(slot for slot in there if slot.pk in out)]):
        timetable.release(source=source_of(slot), by=by)
    wanted = [_entry(slot) for slot in moved if slot.pk not in out]
    got = timetable.allocate_each(wanted=wanted, by=by) if wanted else set()
    for slot in moved:
        if source_of(slot) not in got:
            out.setdefault(slot.pk, gettext("has something else at that time"))
    _end([slot for slot in there if slot.pk in out])
    for slot in there:
        if slot.pk in out:
            of[slot.shift_id].out.append((slot, out[slot.pk]))
        else:
            of[slot.shift_id].stay.append(slot)


def _unfit(rows: Sequence[Slot]) -> dict[UUID, str]:
    """Which places ask for more than whose they are have: a paper, an age; and the sentence that says so."""
    out = {}
    for slot in rows:
        try:
            slots.refuse_unfit(slot.need, slot.shift, slot.volunteer)
        except Refused as refused:
            out[slot.pk] = str(refused)
    return out


def _entry(slot: Slot) -> tuple[Subject, datetime, datetime, str]:
    resident = slot.volunteer.resident
    subject = Subject(id=resident.pk, kind="people.resident", name=resident.name)
    return subject, slot.shift.starts_at, slot.shift.ends_at, source_of(slot)


def _end(rows: Sequence[Slot]) -> None:
    if not rows:
        return
    states.move_all(rows, SlotState.GIVEN_BACK, flow=SLOT_FLOW, ended_at=clock.now(), seeks_stand_in=False)
    for slot in rows:
        Need.objects.filter(pk=slot.need_id).update(taken=models.F("taken") - 1)


def _fact(one: Outcome) -> events.ShiftChanged:
    return events.ShiftChanged(
        **shifts.about(one.shift),
        changed=tuple(one.changed),
        was_at=one.was_at,
        starts_at=one.shift.starts_at,
        ends_at=one.shift.ends_at,
        stay=tuple(slot.volunteer.resident_id for slot in one.stay),
        slots=tuple(slot.pk for slot, _why in one.out),
        out=tuple(slot.volunteer.resident_id for slot, _why in one.out),
    )
