"""Plays the steps of a year: each in one transaction, each marked done in it, each with its own clock, ids and dice."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.communities.models import Community
from weiyifang.core import clock, ids
from weiyifang.core.events import announced_together
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import in_community
from weiyifang.governance import services as oversight
from weiyifang.replay.models import Run

Progress = Callable[[int, int, str], None]  # steps done, steps in all, the name of the step just done


@dataclass(frozen=True, kw_only=True)
class Step:
    """A piece of the year: `do` gets dice that fall the same way each time."""

    name: str
    at: datetime
    do: Callable[[random.Random], None]


class OtherReplay(Refused):
    """The community lives another year already."""

    sentence = _(
        "This community already holds a replay with seed %(seed)s, scale %(scale)s, until %(last_day)s. "
        "Start with an empty database to replay another."
    )


@transaction.atomic
def begin(*, seed: int, scale: float, last_day: date) -> Run:
    """The run of the community at hand, made or found; raises `OtherReplay` when it was asked for other things."""
    run = Run.objects.first()
    if run is None:
        run = Run(seed=seed, scale=scale, last_day=last_day)
        run.save(force_insert=True)
    elif (run.seed, run.scale, run.last_day) != (seed, scale, last_day):
        raise OtherReplay(seed=run.seed, scale=run.scale, last_day=run.last_day)
    return run


def play(run: Run, community: Community, steps: Sequence[Step], progress: Progress) -> None:
    """Do the steps that are not done yet. Killed at any moment, the next call goes on with the step cut off."""
    with in_community(community):
        for number, step in enumerate(steps):
            if number < run.steps_done:
                continue
            name = f"{run.seed}:{number}:{step.name}"
            with transaction.atomic(), clock.at(step.at), ids.seeded(name), announced_together():
                _do_not_wait_for_the_disk()
                step.do(random.Random(name))  # noqa: S311  dice of a demo year
                run.steps_done = number + 1
                run.save(update_fields=["steps_done"])
            progress(run.steps_done, len(steps), step.name)
        if run.finished_at is None:
            oversight.anchor()  # outside the replay a job does it each night
            run.finished_at = clock.now()
            run.save(update_fields=["finished_at"])


def _do_not_wait_for_the_disk() -> None:
    """A power cut may take the last steps, whole and from the end; the next call does them again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
