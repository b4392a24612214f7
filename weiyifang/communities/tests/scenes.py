"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import timedelta

from tests.stage import TODAY, Act, Acts, Cast, Paths
from weiyifang.activities.kinds import KINDS
from weiyifang.communities.services import set_rule
from weiyifang.core import clock
from weiyifang.organizations.models import Organization


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    bench, queue, by = "workbench/rules/", "activities.queue", cast["secretary"]
    since, why = clock.today() + timedelta(days=40), "居民议事会11月20日定的"
    own = set_rule(rule=queue, since=since, values={"closes_minutes": 120}, why=why, by=by)
    set_rule(rule=KINDS.name, since=since, values={"name": "龙门阵"}, why=why, by=by)
    body = {"since": str(TODAY + timedelta(days=1)), "closes_minutes": "90", "answer_minutes": "20", "why": why}
    paths[bench] = {"name": queue, "pk": own.pk}
    acts[f"POST {bench}<name>/"] = Act(by="secretary", body=body)
    paths[f"{bench} @words"] = {"name": KINDS.name}
    word = {"since": str(TODAY + timedelta(days=1)), "code": "", "name": "坝坝茶", "ended": "", "why": why}
    acts[f"POST {bench}<name>/ @words"] = Act(by="secretary", body=word)
    acts[f"POST {bench}own/<pk>/end/"] = Act(by="secretary")
