"""The verbs: keep the grids, say who looks after them, note a contact and a need. Nothing else writes.

Refusals stand before the verb that refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core import actors, clock, text
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.look.wording import full_day
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.outreach import events, kinds, limits, queries, rules
from weiyifang.outreach.models import Contact, Grid, GridBuilding, SpecialNeed
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.doors import as_counted
from weiyifang.people.models import Account, Duty, Purpose, Resident
from weiyifang.people.roles import Role

MOST_BUILDINGS = 500  # that are put in at once
_RANGE = re.compile(r"(\d{1,4})\s*[-－—~～]\s*(\d{1,4})")
_BETWEEN = re.compile(r"[,，、;；\s]+")


class GridNameTaken(Refused):
    """Another grid has this name."""

    sentence = _("Another grid is called “%(name)s”. Please choose another name.")


class BuildingNotThere(Refused):
    """Nobody on the register lives in such a building."""

    sentence = _("Nobody on the register lives in %(compound)s, building %(building)s. Please look at the doors again.")
    status = 422


class BuildingTaken(Refused):
    """The building belongs to a grid already."""

    sentence = _("%(compound)s, building %(building)s belongs to “%(grid)s”. Take it out there first.")


class NothingToPutIn(Refused):
    """No building of the compound is left."""

    sentence = _("No building of %(compound)s is left that is in no grid. Please look at the name of the compound.")
    status = 422


class ContactedMeanwhile(Refused):
    """Somebody else noted a contact after this page was opened."""

    sentence = _(
        "%(who)s noted a contact with %(name)s meanwhile: %(what)s. Look at it first; then note yours if it is another."
    )


class DayTooFar(Refused):
    """The day to come again is not ahead, or further than the rule allows."""

    sentence = _("The next time lies after today, and not after %(day)s.")
    status = 422


# --- grids --------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_grid(*, name: str, by: Actor) -> Grid:
    """A grid without buildings. Raises `GridNameTaken`, `text.Missing`. Announces `GridMade`."""
    require(rules.can_keep_grids(by))
    number = next_number("grid")  # whoever makes another waits, so a name is looked for once
    grid = Grid(number=number, name=_free_name(name))
    grid.save(force_insert=True)
    announce(events.GridMade(subject=source_of(grid), number=grid.number, name=grid.name), by=by)
    return grid


@transaction.atomic
def rename_grid(*, grid: Grid, name: str, by: Actor) -> Grid:
    """Another name. Raises `GridNameTaken`, `text.Missing`. Announces `GridRenamed`."""
    require(rules.can_keep_grids(by))
    grid = _locked(grid)
    versions.check(grid, by)
    said = _free_name(name, but=grid)
    if said == grid.name:
        return grid
    grid.name = said
    grid.save(update_fields=["name"])
    announce(events.GridRenamed(subject=source_of(grid), number=grid.number, name=grid.name), by=by)
    return grid


@transaction.atomic
def put_buildings_in(*, grid: Grid, compound: str, buildings: str = "", by: Actor) -> int:
    """Buildings of a compound, as somebody writes them (`1-6, 8`); nothing written: all that are in no grid yet.

    Gives how many. Raises `BuildingNotThere`, `BuildingTaken`, `NothingToPutIn`. Announces `GridBuildingsPutIn`.
    """
    require(rules.can_keep_grids(by))
    grid = _locked(grid)
    compound = text.line(compound)
    free = {building for _compound, building in queries.buildings_free(compound)}
    wanted = list(dict.fromkeys(_written(buildings))) or sorted(free, key=as_counted)
    if not wanted:
        raise NothingToPutIn(compound=compound)
    there = set(wanted) - free
    for building in wanted:
        if building in there:
            _refuse_building(compound, building)
    for building in wanted[:MOST_BUILDINGS]:
        row, is_new = GridBuilding.objects.get_or_create(
            community_id=grid.community_id, compound=compound, building=building, defaults={"grid": grid}
        )
        if not is_new:  # another grid got it a moment ago
            raise BuildingTaken(compound=compound, building=building, grid=row.grid.name)
    many = len(wanted[:MOST_BUILDINGS])
    announce(
        events.GridBuildingsPutIn(subject=source_of(grid), number=grid.number, name=grid.name, buildings=many), by=by
    )
    return many


@transaction.atomic
def take_building_out(*, building: GridBuilding, by: Actor) -> None:
    """It is in no grid any more. Twice is no harm. Announces `GridBuildingTakenOut`."""
    require(rules.can_keep_grids(by))
    grid = _locked(building.grid)
    gone, _tables = GridBuilding.objects.filter(pk=building.pk).delete()
    if gone:
        announce(events.GridBuildingTakenOut(subject=source_of(grid), number=grid.number, name=grid.name), by=by)


@transaction.atomic
def let_look_after(*, grid: Grid, account: Account, by: Actor) -> Duty:
    """Somebody looks after the grid from now on. Raises `people.OwnDuty`, `people.DutyHeld`, `people.NotProved`.

    Announces `people.DutyGiven`.
    """
    require(rules.can_keep_grids(by))
    if by.account_id == account.pk:
        raise people.OwnDuty()
    # it goes with the grid, so the program gives it
    return people.give_duty(account=account, role=Role.GRID_WORKER, scope=source_of(grid), by=actors.system())


@transaction.atomic
def end_looking_after(*, duty: Duty, by: Actor) -> Duty:
    """Somebody no longer looks after a grid. Raises `people.DutyOver`. Announces `people.DutyEnded`."""
    require(rules.can_keep_grids(by) and duty.role == Role.GRID_WORKER)
    return people.end_duty(duty=duty, by=actors.system())


def _locked(grid: Grid) -> Grid:
    return Grid.objects.select_for_update().get(pk=grid.pk)


def _free_name(name: str, but: Grid | None = None) -> str:
    said = str(cleaned(Grid, {"name": name})["name"])
    others = Grid.objects.filter(name=said)
    if (others.exclude(pk=but.pk) if but is not None else others).exists():
        raise GridNameTaken(name=said)
    return said


def _written(buildings: str) -> Iterator[str]:
    """The buildings that somebody wrote: `1-6, 8` are seven. A range may hold a hundred."""

    def spread(found: re.Match[str]) -> str:
        first, last = int(found[1]), int(found[2])
        return " ".join(str(one) for one in range(first, min(last, first + 99) + 1)) if first <= last else found[0]

    for one in _BETWEEN.split(_RANGE.sub(spread, text.number(buildings))):
        if one:
            yield one


def _refuse_building(compound: str, building: str) -> None:
    row = GridBuilding.objects.filter(compound=compound, building=building).select_related("grid").first()
    if row is not None:
        raise BuildingTaken(compound=compound, building=building, grid=row.grid.name)
    raise BuildingNotThere(compound=compound, building=building)


# --- contacts -----------------------------------------------------------------------------------------------------


@transaction.atomic
def note_contact(
    *, resident: Resident, outcome: str, again_on: date | None = None, after: UUID | None = None, by: Actor
) -> Contact:
    """Somebody visited, called or met a person. `after`: the last contact the one who notes it has seen, if any.

    Without a day to come again the rule says when (`kinds.rests_until`). Raises `ContactedMeanwhile`, `DayTooFar`,
    `wordlists.NoSuchWord`, `people.LivesElsewhere`. Announces `ResidentContacted`.
    """
    resident = people.locked_here(resident)
    require(rules.can_reach_in(by, queries.grid_of(resident)))
    last = Contact.objects.standing().filter(resident=resident).select_related("noted_by").first()
    if last is not None and last.pk != after:
        who = people_read.names_of([last.noted_by_id]).get(last.noted_by_id, "") if last.noted_by_id else ""
        raise ContactedMeanwhile(who=who or _("Somebody"), name=resident.name, what=last.outcome_name)
    kinds.OUTCOMES.choose(outcome)
    today = clock.today()
    until = again_on or kinds.rests_until(outcome, today)
    furthest = today + timedelta(days=limits.rule_on(today).no_days)
    if not today < until <= furthest:
        raise DayTooFar(day=full_day(furthest))
    if last is not None:
        last.is_last = False
        last.save(update_fields=["is_last"])
    contact = Contact(resident=resident, outcome=outcome, on=today, again_on=until, noted_by_id=by.account_id)
    contact.save(force_insert=True)
    fact = events.ResidentContacted(subject=source_of(resident), contact_id=contact.pk, outcome=outcome, again_on=until)
    announce(fact, by=by)
    return contact


# --- needs --------------------------------------------------------------------------------------------------------


class NotAgreed(Refused):
    """What somebody needs is noted of who agreed to it alone."""

    sentence = _(
        "%(name)s has not agreed that health and identity details are kept. Ask first: on their page, or at the desk, "
        "they can say yes."
    )


class NeedNotedAlready(Refused):
    """It stands there."""

    sentence = _("“%(need)s” is noted of %(name)s already.")


@transaction.atomic
def note_need(*, resident: Resident, need: str, by: Actor) -> SpecialNeed:
    """Note what somebody needs, who agreed to it. Raises `NotAgreed`, `NeedNotedAlready`, `wordlists.NoSuchWord`,
    `people.LivesElsewhere`. Announces `SpecialNeedNoted`.
    """
    resident = people.locked_here(resident)
    require(rules.can_reach_in(by, queries.grid_of(resident)))
    kinds.NEEDS.choose(need)
    if not people_read.has_consented(resident.pk, Purpose.SENSITIVE):
        raise NotAgreed(name=resident.name)
    if SpecialNeed.objects.filter(resident=resident, need=need).exists():
        raise NeedNotedAlready(need=kinds.NEEDS.name_of(need), name=resident.name)
    row = SpecialNeed(resident=resident, need=need, noted_by_id=by.account_id)
    row.save(force_insert=True)
    announce(events.SpecialNeedNoted(subject=source_of(resident), need_id=row.pk), by=by)
    return row


@transaction.atomic
def end_need(*, need: SpecialNeed, by: Actor) -> None:
    """It is over, or was a mistake. Twice is no harm. Announces `SpecialNeedEnded`."""
    resident = people.locked_here(need.resident)
    require(rules.can_reach_in(by, queries.grid_of(resident)))
    _end_needs(SpecialNeed.objects.filter(pk=need.pk), by)


@transaction.atomic
def end_needs_of(*, resident_id: UUID, by: Actor) -> None:
    """The yes was taken back, or the person is forgotten. Announces `SpecialNeedEnded`."""
    require(by.is_system)
    _end_needs(SpecialNeed.objects.filter(resident=resident_id), by)


def _end_needs(rows: QuerySet[SpecialNeed], by: Actor) -> None:
    for row in rows.select_for_update().order_by("pk"):
        SpecialNeed.objects.filter(pk=row.pk).delete()
        announce(events.SpecialNeedEnded(subject=f"people.resident:{row.resident_id}", need_id=row.pk), by=by)


@transaction.atomic
def forget_person(*, resident_id: UUID, by: Actor) -> None:
    """A person is forgotten: that anybody went there goes with them, and what they needed."""
    require(by.is_system)
    Contact.objects.filter(resident=resident_id).delete()
    end_needs_of(resident_id=resident_id, by=by)
