"""The table of a run, until whoever entered it signs it by handing it in."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.sources import LeadsNowhere
from weiyifang.core.states import ForbiddenMove, move
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.grants import events, queries, reading, rules
from weiyifang.grants.models import MOST_GRANTS, RUN_FLOW, GrantRun, RunningGrant, RunState
from weiyifang.grants.reading import Reading, Result
from weiyifang.organizations import queries as organizations


class YearTaken(Refused):
    """A year has one run."""

    sentence = _("There is a run of %(year)d already. Open it, or drop it while it is being entered.")


class NothingEntered(Refused):
    """A table without one organization that gets something."""

    sentence = _("Nobody in this table gets anything yet. Enter the results first.")


class TooManyGrants(Refused):
    """More lines than a run takes."""

    sentence = _("A run takes %(most)d organizations at most.")
    status = 422


class NotAYear(Refused):
    """No year, or one that lies in the future."""

    sentence = _("Write the year of the assessment, this one or an earlier one.")
    status = 422


FIRST_YEAR = 2000


def locked(run: GrantRun, by: Actor) -> GrantRun:
    """The row, locked, and as whoever acts has seen it."""
    row = GrantRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    versions.check(row, by)
    return row


def told(run: GrantRun) -> dict[str, Any]:
    """What every fact about a run says."""
    return {"subject": source_of(run), "number": run.number, "year": run.year}


@transaction.atomic
def begin_run(*, year: int, by: Actor) -> GrantRun:
    """Begin the run of a year; the rule of today holds for it. Raises `YearTaken`, `NotAYear`. Announces `RunBegun`."""
    require(rules.can_keep(by))
    if not FIRST_YEAR <= year <= clock.today().year:
        raise NotAYear()
    number = next_number("grant run")  # whoever begins one waits here, so a year is taken once
    if GrantRun.objects.filter(year=year).exclude(state=RunState.DROPPED).exists():
        raise YearTaken(year=year)
    run = GrantRun(number=number, year=year, ruled_on=clock.today(), begun_by_id=by.account_id)
    run.save(force_insert=True)
    announce(events.RunBegun(**told(run)), by=by)
    return run


@transaction.atomic
def bring_table(*, run: GrantRun, content: bytes, by: Actor) -> Reading:
    """Take a table in the place of what was entered, whole or not at all: with a wrong line nothing is written.

    Raises what `reading.read` raises, `TooManyGrants`. Announces `RunTableBrought`.
    """
    run = _open(run, by)
    found = reading.read(content, run.rule)
    if found.wrong:
        return found
    _refuse_too_many(len(found.results))
    RunningGrant.objects.filter(run=run).delete()
    rows = [_grant(run, result, place) for place, result in enumerate(found.results, 1)]
    fill_community(rows)
    RunningGrant.objects.bulk_create(rows)
    _changed(run)
    announce(events.RunTableBrought(**told(run), grants=len(rows)), by=by)
    return found


@transaction.atomic
def set_result(*, run: GrantRun, organization: str, tenths: int | None, grade: str, by: Actor) -> RunningGrant:
    """Enter or change the result of one organization. Raises `NotJudged`, `Disagree`, `TooManyGrants`."""
    run = _open(run, by)
    if organization not in dict(organizations.givers()):
        raise LeadsNowhere()
    result = reading.judged(organization, tenths, grade, run.rule)
    rows = RunningGrant.objects.filter(run=run)
    before = rows.filter(organization=organization).first()
    if before is None:
        _refuse_too_many(rows.count() + 1)
    last = rows.order_by("-place").values_list("place", flat=True).first() or 0
    grant = _grant(run, result, before.place if before else last + 1)
    if before is not None:
        before.tenths, before.grade, before.amount_fen = grant.tenths, grant.grade, grant.amount_fen
        before.save(update_fields=["tenths", "grade", "amount_fen"])
        grant = before
    else:
        grant.save(force_insert=True)
    _changed(run)
    announce(events.RunResultSet(**told(run), organization=organization, grade=result.grade), by=by)
    return grant


@transaction.atomic
def remove_result(*, grant: RunningGrant, by: Actor) -> None:
    """Take an organization out of a table that is being entered. Announces `RunResultRemoved`."""
    require(rules.can_keep(by))
    run = GrantRun.objects.select_for_update(of=("self",)).get(pk=grant.run_id)
    row = RunningGrant.objects.get(pk=grant.pk)
    versions.check(row, by)
    if run.state != RunState.DRAFT:
        raise ForbiddenMove()
    row.delete()
    _changed(run)
    announce(events.RunResultRemoved(**told(run), organization=grant.organization), by=by)


@transaction.atomic
def hand_in(*, run: GrantRun, by: Actor) -> GrantRun:
    """Sign the table: from now on it stays as it is, and another person confirms it. Announces `RunHandedIn`."""
    run = _open(run, by)
    found = queries.sums(run)
    if not found.fen:
        raise NothingEntered()
    move(run, RunState.HANDED_IN, flow=RUN_FLOW, handed_in_by_id=by.account_id, handed_in_at=clock.now(), reason="")
    announce(
        events.RunHandedIn(
            **told(run),
            grants=found.many,
            amount_fen=found.fen,
            digest=queries.digest_of(run),
            signer_id=by.account_id,
        ),
        by=by,
    )
    return run


@transaction.atomic
def take_up(*, run: GrantRun, by: Actor) -> GrantRun:
    """Whoever handed it in goes on changing it, before it is published. Announces `RunTakenUp`."""
    run = locked(run, by)
    require(rules.can_take_up(by, run))
    move(run, RunState.DRAFT, flow=RUN_FLOW, handed_in_by_id=None, handed_in_at=None)
    announce(events.RunTakenUp(**told(run)), by=by)
    return run


@transaction.atomic
def drop_run(*, run: GrantRun, by: Actor) -> GrantRun:
    """End a run that is being entered; the year can be begun anew. Announces `RunDropped`."""
    run = _open(run, by)
    move(run, RunState.DROPPED, flow=RUN_FLOW)
    announce(events.RunDropped(**told(run)), by=by)
    return run


def _open(run: GrantRun, by: Actor) -> GrantRun:
    run = locked(run, by)
    require(rules.can_keep(by))
    if run.state != RunState.DRAFT:
        raise ForbiddenMove()
    return run


def _grant(run: GrantRun, result: Result, place: int) -> RunningGrant:
    return RunningGrant(
        run=run,
        organization=result.organization,
        place=place,
        tenths=result.tenths,
        grade=result.grade,
        amount_fen=run.rule.fen_of(result.grade),
    )


def _changed(run: GrantRun) -> None:
    """Whoever decides on a page from before is told."""
    run.edits += 1
    run.save(update_fields=["edits"])


def _refuse_too_many(many: int) -> None:
    if many > MOST_GRANTS:
        raise TooManyGrants(most=MOST_GRANTS)
