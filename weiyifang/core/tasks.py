"""Jobs of the ground floor."""

from __future__ import annotations

import logging

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from weiyifang.core import journal, timekeeping
from weiyifang.core.server import backup
from weiyifang.core.server.backup_file import CannotBackUp
from weiyifang.core.server.jobs import job
from weiyifang.core.web import once

logger = logging.getLogger(__name__)

FAILED_KEPT = 30 * 24  # hours; a failed job is looked at by somebody, or by nobody


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Put back into the queue what a worker had begun when it, or its machine, died."""
    jobs = context.app.job_manager
    for stalled in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(stalled)
        except UniqueViolation:  # it was asked for again meanwhile: the one that waits does the work
            await jobs.finish_job(stalled, status=Status.FAILED, delete_job=True)


@app.periodic(cron="10 19 * * *")  # 3:10 at night in China
@app.task(queueing_lock="forget_failed", pass_context=True)
async def forget_failed(context: JobContext, timestamp: int) -> None:
    """Forget jobs that failed long ago: their arguments point at people."""
    await context.app.job_manager.delete_old_jobs(
        FAILED_KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )


@job(every="50 18 * * *")  # 2:50 at night in China
def forget_answers() -> None:
    """Forget the kept answers of requests nobody sends again."""
    once.forget_old()


@job(every="*/5 * * * *", due=journal.homes_with_new)
def seal_journal() -> None:
    """Write down in the journal what was added to append-only tables."""
    if timekeeping.is_right():
        journal.seal_new()


@job(every="* * * * *", outside=True)
def note_the_time() -> None:
    """Write down what time it is, so that a clock that jumps is noticed."""
    timekeeping.note()


@job(every="40 19 * * *", outside=True, attempts=5)  # 3:40 at night in China, after what is due is forgotten
def back_up() -> None:
    """Make the night's backup, where the settings name a folder. It takes no owner's rights (ADR 16)."""
    if settings.BACKUPS:
        try:
            backup.make_scheduled()
        except CannotBackUp as error:
            logger.error("%s", str(error))  # noqa: TRY400  why, not where
            raise
