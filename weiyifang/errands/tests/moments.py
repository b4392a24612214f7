"""Pages to look at when work takes long. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.browser.pages import BENCH, Moment, Visit
from tests.stage import Stage
from weiyifang.core import clock
from weiyifang.errands import services as errands
from weiyifang.errands.models import Errand


def long_work(stage: Stage) -> Iterator[Visit]:
    """Under way, begun again, standing still, done with its file, refused; who is running what; nothing yet."""
    wanted = {"wishes": {"text": "学府花园"}, "form": "xlsx", "sensitive": False}
    row = errands.ask(kind="residents_export", arguments=wanted, by=stage.cast["staff"])
    page = f"{BENCH}errands/{row.pk}/"

    def stands(name: str, **how: Any) -> Visit:
        Errand.objects.filter(pk=row.pk).update(**how)
        return Visit(name=f"long-work-{name}", address=page, who="staff")

    yield Visit(name="long-work-waiting", address=page, who="staff")
    yield stands("under-way", state="running", begun=1, done=8_460, total=22_001)
    yield stands("again", begun=2, why="stopped")
    yield stands("ending", cancel_asked_at=clock.now())
    long_ago = clock.now() - timedelta(minutes=25)
    yield stands("still", cancel_asked_at=None, moved_at=long_ago)
    yield Visit(name="long-work-overseen", address=f"{BENCH}errands/", who="secretary")
    yield Visit(name="long-work-on-the-day", address=BENCH, who="secretary")
    over = clock.now()
    yield stands("refused", state="failed", why="refused", ended_at=over, said="这个文件导入过了，或者放了一天多。")
    done = errands.ask(kind="residents_export", arguments={**wanted, "form": "csv"}, by=stage.cast["staff"])
    errands.carry_out(errand_id=done.pk)
    yield Visit(name="long-work-done", address=f"{BENCH}errands/{done.pk}/", who="staff")
    yield Visit(name="long-work-mine", address=f"{BENCH}errands/", who="staff")
    yield Visit(name="long-work-none", address=f"{BENCH}errands/", who="accountant")


MOMENTS: tuple[Moment, ...] = (long_work,)
