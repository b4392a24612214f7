"""A clock that jumps is noticed: nothing is booked or sealed at a moment that cannot be.

Once a minute the jobs process writes down what time it is. If the computer's clock is then found far ahead of that, or
behind it, somebody has to look before money moves or a month is sealed: what is written then cannot be taken away, and
a month sealed by mistake takes no postings any more. `weiyifang clock` says what is the matter.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.models import ClockMark
from weiyifang.core.refusals import Refused

AHEAD = timedelta(days=31)  # a program may have been switched off so long
BEHIND = timedelta(minutes=5)  # small corrections are a clock's business
TRUSTED = 60.0  # seconds for which a process believes what it has looked up
logger = logging.getLogger(__name__)


class ClockJumped(Refused):
    """The computer's clock says something that cannot be."""

    sentence = _(
        "The program's clock says %(now)s, and when it was looked at last it was %(seen)s. Until somebody has put it "
        "right nothing is booked or sealed. Please tell whoever looks after the computer; nothing is lost."
    )
    status = 503


class _Believed(NamedTuple):
    ticks: float
    moment: datetime


_believed: _Believed | None = None


def require() -> None:
    """Raise `ClockJumped` when the clock has jumped. Costs nothing while a process has looked within the minute.

    A replay and the demo live at times of their own.
    """
    global _believed  # noqa: PLW0603  what this process knows
    if settings.DEMO or clock.is_set():
        return
    here = _Believed(time.monotonic(), timezone.now())
    if _believed is not None and here.ticks - _believed.ticks < TRUSTED and not _has_jumped(_believed, here):
        return
    seen, in_database = _looked_up()
    if not (seen - BEHIND <= here.moment <= seen + AHEAD and abs(in_database - here.moment) <= BEHIND):
        raise ClockJumped(
            now=f"{timezone.localtime(here.moment):%Y-%m-%d %H:%M}", seen=f"{timezone.localtime(seen):%Y-%m-%d %H:%M}"
        )
    _believed = here


def is_right() -> bool:
    """Whether `require` would let things pass; a job asks, and comes again."""
    try:
        require()
    except ClockJumped as jumped:
        logger.error("%s", str(jumped))  # noqa: TRY400  what is the matter, not where
        return False
    return True


def note() -> None:
    """Write down what time it is, unless that cannot be."""
    if is_right():
        ClockMark.objects.filter(pk=1, seen_at__lt=timezone.now()).update(seen_at=timezone.now())


def accept() -> datetime:
    """Somebody has looked: what the clock says now is right. Gives it."""
    global _believed  # noqa: PLW0603  look again
    _believed = None
    now = timezone.now()
    ClockMark.objects.update_or_create(pk=1, defaults={"seen_at": now})
    return now


def _has_jumped(before: _Believed, now: _Believed) -> bool:
    """The clock on the wall and the ticks of the processor have parted."""
    return abs((now.moment - before.moment).total_seconds() - (now.ticks - before.ticks)) > TRUSTED / 2


def _looked_up() -> tuple[datetime, datetime]:
    """When the time was written down last (now, if it never was), and what time the database says it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT seen_at FROM core_clockmark WHERE id = 1), clock_timestamp()")
        seen, in_database = cursor.fetchone()
        if seen is None:
            cursor.execute(
                "INSERT INTO core_clockmark (id, seen_at) VALUES (1, %s) ON CONFLICT DO NOTHING", [timezone.now()]
            )
    return seen or timezone.now(), in_database
