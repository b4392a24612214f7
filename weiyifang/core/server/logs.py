"""What is written to the log: what failed and where, under which number. Never what somebody typed.

An exception's message may hold anything (a database's tells the phone that is there already), so may a line that a
library has put together (a job with its arguments, an address with its query). Written are: of an exception its type,
the places in the code it came through, and of a database's the names of what it speaks of; of a library's line the
text before the values went in; of a request its number, its method and its route. Our own lines are written whole, and
name rows by their ids.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.http import HttpRequest

from weiyifang.core.web import incidents

OURS = "weiyifang"  # the first name of our own loggers
DEEPEST = 30  # places written of one exception, the last ones
LEFT_OUT = "…"
TOLD_OF = ("constraint_name", "table_name", "column_name", "datatype_name")  # what a database's error speaks of
PLAIN = (int, float, bool, type(None))

logger = logging.getLogger(__name__)


class WithoutValues(logging.Formatter):
    """The formatter of everything that this program writes down."""

    def format(self, record: logging.LogRecord) -> str:
        """As `logging` asks."""
        said = " ".join(filter(None, [_said(record), *_about(record)]))
        lines = [f"{record.levelname} {record.name}: {said}"]
        if record.exc_info and record.exc_info[1] is not None:
            lines += trace_of(record.exc_info[1])
        return "\n".join(lines)


def trace_of(error: BaseException) -> Iterator[str]:
    """An exception and what it came from, a line for each and for each place, the first cause first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and before is not error:
        yield from trace_of(before)
    yield f"  {name_of(error)}"
    for place in traceback.extract_tb(error.__traceback__)[-DEEPEST:]:
        yield f"    {_short(place.filename)}:{place.lineno} {place.name}"
    for one in getattr(error, "exceptions", ()):  # of a group
        yield from trace_of(one)


def name_of(error: BaseException) -> str:
    """What an exception is, without what it says: `IntegrityError (23505, account_phone, people_account)`."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if not isinstance(error, psycopg.Error):
        return name
    told = [error.sqlstate, *(getattr(error.diag, one) for one in TOLD_OF)]
    return f"{name} ({', '.join(filter(None, told))})"


def _said(record: logging.LogRecord) -> str:
    """The text of a line. Of a library's only what it wrote before the values went in: a text without any is finished,
    and nobody knows of what it was made.
    """
    ours = record.name.partition(".")[0] == OURS or getattr(record, "ours", False)
    if not isinstance(record.msg, str) or not (ours or record.args):
        return f"{LEFT_OUT} ({_short(record.pathname)}:{record.lineno})"
    try:
        return record.msg % _plain(record.args, keep_text=ours) if record.args else record.msg
    except (TypeError, ValueError, KeyError):
        return record.msg


def _plain(values: Any, *, keep_text: bool) -> Any:
    if isinstance(values, dict):
        return {name: _plain((value,), keep_text=keep_text)[0] for name, value in values.items()}
    return tuple(_plainly(value, keep_text) for value in values)


def _plainly(value: object, keep_text: bool) -> object:
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, BaseException):
        return name_of(value)
    return str(value) if keep_text else LEFT_OUT


def _about(record: logging.LogRecord) -> Iterator[str]:
    """Which request, which job."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        match = request.resolver_match
        yield f"[{incidents.number_of(request.META)}] {request.method} {match.route if match else 'no route'}"
    job = getattr(record, "job", None)
    if isinstance(job, dict):
        yield f"[job {job.get('id')}] {job.get('task_name')}"


def _short(file: str) -> str:
    for root in (str(settings.BASE_DIR), *sys.path):
        if root and file.startswith(f"{root}/"):
            return file[len(root) + 1 :].rpartition("site-packages/")[2]
    return Path(file).name


# --- what does not go through a logger by itself ----------------------------------------------------------------


def take_over() -> None:
    """In a process that serves people: what Python would print itself, with all values, goes through the log too."""
    if settings.DEBUG:
        return
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # else a line that cannot be written is printed with its values
    sys.excepthook = lambda kind, error, trace: _unexpected(error)
    threading.excepthook = lambda told: _unexpected(told.exc_value)
    sys.unraisablehook = lambda told: _unexpected(told.exc_value)


def _unexpected(error: BaseException | None) -> None:
    if error is None or isinstance(error, SystemExit):
        return
    if isinstance(error, KeyboardInterrupt):
        logger.warning("Interrupted")
        return
    logger.critical("Nobody caught this", exc_info=error)
