"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from typing import Any

from tests.stage import TODAY, Act, Acts, Cast, Paths, home_of, picked
from weiyifang.core.actors import Actor, system
from weiyifang.files.tests.on_stage import papers_of
from weiyifang.organizations import services
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    me, bench = home_of(cast, "resident"), "workbench/organizations/"
    choir = make.in_status("filed", "南湖合唱团")
    asked = services.ask_to_join(organization=make.in_status("filed", "南湖棋社"), resident=me, by=cast["resident"])
    joined = make.in_status("filed", "南湖太极队")
    services.add_member(organization=joined, resident=me, by=system())
    applied = make.application("南湖诗社", leader=make.resident("申请人"))
    for variant, of, by in (("", choir, "staff"), (" @own", led, "leader")):
        member = services.add_member(organization=of, resident=make.resident("社员"), by=system())
        wants = make.resident("想来")
        oneself = Actor(community_id=of.community_id, resident_id=wants.pk)
        request = services.ask_to_join(organization=of, resident=wants, by=oneself)
        newcomer = make.resident("新来的")
        told = {"name": of.name, "kind": of.kind, "purpose": "一起做事。"}
        paths[f"organizations/{variant}"] = paths[f"api/organizations/{variant}"] = {"number": of.number}
        paths[f"{bench}{variant}"] = {"number": of.number, "pk": member.pk}
        paths[f"{bench}requests/{variant}"] = {"pk": request.pk}
        acts[f"POST {bench}requests/<pk>/acceptance/{variant}"] = Act(by=by)
        acts[f"POST {bench}requests/<pk>/refusal/{variant}"] = Act(by=by, body={"answer": "满员了"})
        acts[f"POST {bench}<number>/details/{variant}"] = Act(by=by, body=told)
        acts[f"POST {bench}<number>/members/{variant}"] = Act(by=by, body=picked(newcomer))
        acts[f"POST {bench}<number>/members/<pk>/end/{variant}"] = Act(by=by)
        acts[f"POST {bench}<number>/leader/{variant}"] = Act(by="staff", body={**picked(newcomer), "sure": "1"})
    paths["organizations/ @applied"] = paths["api/organizations/ @applied"] = {"number": applied.number}
    paths["organizations/<number>/requests/mine/"] = {"number": asked.organization.number}
    paths["organizations/<number>/membership/"] = {"number": joined.number}
    told = {"name": "南湖摄影队", "kind": "culture", "purpose": "一起拍照。"}
    acts["POST organizations/new/"] = Act(by="resident", body=told)
    acts["POST organizations/<number>/requests/"] = Act(by="resident", body={"words": "我也想来。"})
    acts["POST organizations/<number>/requests/mine/withdrawal/"] = Act(by="resident")
    acts["POST organizations/<number>/membership/end/"] = Act(by="resident")
    acts[f"POST {bench}new/"] = Act(by="staff", body=told)
    steps: dict[str, dict[str, Any]] = {
        "file": {"on": str(TODAY)},
        "register": {"on": str(TODAY), "credit_code": make.CREDIT_CODE},
        "dissolve": {"on": str(TODAY), "reason": "散了"},
    }
    for name, body in steps.items():
        of = applied if name == "file" else choir
        paths[f"{bench}<number>/<name>/ @{name}"] = {"number": of.number, "name": name}
        acts[f"POST {bench}<number>/<name>/ @{name}"] = Act(by="staff", body=body)
    papers_of(led, "statutes", " @own", by="leader", seed=4, about="documents", cast=cast, paths=paths, acts=acts)
