"""Who was not reached for long, who goes there, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.outreach import limits, rules
from weiyifang.outreach.kinds import MOVED
from weiyifang.outreach.models import Contact, Grid, GridBuilding, SpecialNeed
from weiyifang.outreach.queries.figures import DOOR
from weiyifang.people import doors, reaching
from weiyifang.people import queries as people
from weiyifang.people.models import Resident, ResidentQuerySet
from weiyifang.people.queries import HeldDuty


def unreached(actor: Actor, grid: Grid | None = None) -> ResidentQuerySet:
    """Whom no service reached for long and whom nobody was in contact with, where the actor goes to people.

    First who has a need, then elders who live alone, then the oldest. `is_alone`: nobody else lives behind the door.
    """
    others = reaching.everybody().filter(household=OuterRef("household")).exclude(pk=OuterRef("pk"))
    rows = _for_long(where(actor, grid)).annotate(is_alone=Q(household__isnull=False) & ~Exists(others))
    today = clock.today()
    elders = Q(is_alone=True, born_on__lte=_born_before(today, limits.rule_on(today).elders_from))
    rows = rows.annotate(has_need=Exists(SpecialNeed.objects.filter(resident=OuterRef("pk"))))
    first = Case(When(has_need=True, then=Value(0)), When(elders, then=Value(1)), default=Value(2))
    return rows.select_related("household").order_by(first, F("born_on").asc(nulls_last=True), "number")


def unreached_of_grid(grid: OuterRef) -> ResidentQuerySet:
    """The same of one grid, which a query of grids is at."""
    parts = GridBuilding.objects.filter(grid=OuterRef(grid), **DOOR)
    return _for_long(reaching.everybody().filter(Exists(parts))).order_by()


def _for_long(rows: ResidentQuerySet) -> ResidentQuerySet:
    today = clock.today()
    since = today - timedelta(days=limits.rule_on(today).unreached_days - 1)
    rests = Contact.objects.standing().filter(resident=OuterRef("pk"), again_on__gt=today)
    return reaching.not_reached(rows.filter(~Exists(rests)), since, today)


def where(actor: Actor, grid: Grid | None = None) -> ResidentQuerySet:
    """Who lives where the actor goes to people, or in one of their grids."""
    grids = rules.grids_of(actor)
    if grid is not None:
        grids = grids.filter(pk=grid.pk)
    elif rules.can_reach_everybody(actor):
        return reaching.everybody()
    return reaching.everybody().filter(Exists(GridBuilding.objects.filter(grid__in=grids, **DOOR)))


def _born_before(day: date, years: int) -> date:
    """The last birthday of those who are so old on that day."""
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def others_at_home(resident: Resident) -> bool:
    """Does somebody else live behind the door? Of whom no door is known nobody can say: as if so."""
    if resident.household_id is None:
        return True
    return reaching.everybody().filter(household=resident.household_id).exclude(pk=resident.pk).exists()


def grid_of(resident: Resident) -> Grid | None:
    """The grid somebody lives in."""
    home = resident.household
    if home is None:
        return None
    return Grid.objects.filter(buildings__compound=home.compound, buildings__building=home.building).first()


def last_contacts(resident_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Of each of them the last contact, if there was one."""
    return {row.resident_id: row for row in Contact.objects.standing().filter(resident__in=list(resident_ids))}


def contacts_of(resident: Resident) -> QuerySet[Contact]:
    """All with one person, the last first."""
    rows: QuerySet[Contact] = Contact.objects.filter(resident=resident)
    return rows.order_by("-noted_at", "-id")


def needs_of(resident: Resident) -> QuerySet[SpecialNeed]:
    """What somebody needs, as it was noted."""
    return SpecialNeed.objects.filter(resident=resident).order_by("since", "id")


def said_gone() -> QuerySet[Contact]:
    """Who stands on the register though somebody heard that they have moved away."""
    rows: QuerySet[Contact] = Contact.objects.standing().filter(outcome=MOVED, resident__left_on=None)
    return rows.filter(resident__erased_at=None)


def with_counts() -> QuerySet[Grid]:
    """The grids by number, each with how many buildings are in it."""
    return Grid.objects.annotate(many=Count("buildings")).order_by("number")


def workers_of(grid: Grid) -> list[HeldDuty]:
    """Who looks after a grid now."""
    return people.with_names(people.duties_held().filter(scope=source_of(grid)))


def buildings_free(compound: str = "") -> list[tuple[str, str]]:
    """Buildings of the register that are in no grid, of one compound or of all, in their order."""
    taken = GridBuilding.objects.filter(compound=OuterRef("compound"), building=OuterRef("building"))
    rows = doors.every().filter(~Exists(taken))
    if compound:
        rows = rows.filter(compound=compound)
    found = set(rows.values_list("compound", "building").distinct())
    return sorted(found, key=lambda one: (one[0], doors.as_counted(one[1])))
