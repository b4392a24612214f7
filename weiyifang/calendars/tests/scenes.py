"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from tests.stage import Act, Acts, Cast, Paths
from weiyifang.calendars import services
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """The leader's phone has the calendar of their organization."""
    leader = cast["leader"]
    assert leader.resident_id is not None
    link, secret = services.make(resident_id=leader.resident_id, of=source_of(led), by=leader)
    paths["me/calendars/"] = {"pk": link.pk}
    paths["calendars/"] = {"secret": secret}
    acts["POST me/calendars/"] = Act(by="resident", body={"of": "", "with_others": "on"})
    acts["POST me/calendars/<pk>/renewal/"] = Act(by="leader", repeats=True)
    acts["POST me/calendars/<pk>/end/"] = Act(by="leader")
