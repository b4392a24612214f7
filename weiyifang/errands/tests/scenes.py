"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.errands import services as errands
from weiyifang.errands.models import Errand
from weiyifang.organizations.models import Organization


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """The staff member's: one that waits, one that is done and has its file, one that is not wanted any more."""
    by, bench = cast["staff"], "workbench/errands/<pk>/"

    def asked(text: str) -> Errand:
        wanted = {"wishes": {"text": text}, "form": "csv", "sensitive": False}
        return errands.ask(kind="residents_export", arguments=wanted, by=by)

    waiting, done, ended = asked("三号院"), asked(""), asked("四号院")
    errands.carry_out(errand_id=done.pk)
    errands.cancel(errand=ended, by=by)
    paths["workbench/errands/"] = {"pk": waiting.pk}
    paths[f"{bench}file/"] = {"pk": done.pk}
    paths[f"{bench}again/"] = {"pk": ended.pk}
    acts[f"POST {bench}end/"] = Act(by="staff")
    acts[f"POST {bench}again/"] = Act(by="staff")
    acts[f"POST {bench}file/"] = Act(by="staff", is_streamed=True)
