"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from tests.stage import TODAY, Act, Acts, Cast, Paths, home_of
from weiyifang.core import clock, signed
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.fund import services as fund
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.stage import services
from weiyifang.stage.tests import make
from weiyifang.stage.views import THANKS

BENCH = "workbench/stage/"
WANTED = {
    "title": "新店开张",
    "customer": "花园路粮油店",
    "phone": "023-62800000",
    "place": "花园路口",
    "day": "2026-10-24",
    "begins": "15:00",
    "ends": "16:30",
    "budget": "3000",
    "is_purchase": "on",
    "note": "要热闹一点",
}


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """Shows in every state, of a troupe nobody of the cast leads and of the leader's; the resident is on in one."""
    fund.open_fund(by=system())
    troupe, me = organization.in_status("filed", "晚霞艺术团"), home_of(cast, "resident")
    organizations.add_member(organization=troupe, resident=me, by=system())
    (mine,) = services.put_in(engagement=make.agreed(troupe, days=8), residents=[me], by=system())
    paths["stage/performances/"] = {"pk": mine.pk}
    on = make.on_in_a_held_show(troupe, me)
    paths["stage/performances/<pk>/card/"] = {"pk": on.pk}
    paths["stage/cards/"] = {"code": signed.code(THANKS, on.pk)}
    acts["POST stage/performances/<pk>/end/"] = Act(by="resident")
    acts[f"POST {BENCH}new/"] = Act(by="staff", body=WANTED, repeats=True)
    asked = make.offer(troupe, days=20).engagement
    paths[f"{BENCH}<number>/offers/"] = {"number": asked.number}
    acts[f"POST {BENCH}<number>/offers/"] = Act(by="staff", body={"troupes": source_of(led)})
    paths[f"{BENCH}<number>/edit/"] = {"number": make.offer(troupe, days=22).engagement.number}
    acts[f"POST {BENCH}<number>/edit/"] = Act(by="staff", body={**WANTED, "day": "2026-10-25", "sure": "1"})
    program = {"title": "新店开张", "customer": "花园路粮油店", "place": "花园路口", "phone": "023-62800000"}
    program |= {"starts_at": "2026-10-24T15:00", "ends_at": "2026-10-24T16:00"}
    acts["POST api/stage/"] = Act(by="staff", body=program, repeats=True)
    acts["POST api/stage/<number>"] = Act(by="staff", body={**program, "place": "广场"})
    paths[f"{BENCH}offers/<pk>/choice/"] = {"pk": make.offer(troupe, days=21).pk}
    shares = {"troupe": "30", "members": "22", "fund": "48"}
    acts[f"POST {BENCH}offers/<pk>/choice/"] = Act(by="staff", body=shares)
    unpaid = make.held(troupe)
    paths[f"{BENCH}<number>/income/"] = {"number": unpaid.number}
    paid = {"amount": "2000", "method": "bank", "received_on": str(TODAY)}
    acts[f"POST {BENCH}<number>/income/"] = Act(by="accountant", body=paid)
    paths[f"{BENCH}income/<pk>/return/"] = {"pk": make.paid(troupe).pk}
    acts[f"POST {BENCH}income/<pk>/return/"] = Act(by="accountant", body={"amount": "300", "reason": "少演了一个节目"})
    for variant, of, by in (("", troupe, "staff"), (" @own", led, "leader")):
        show, other = make.agreed(of, days=12), make.member(of, "上场的")
        (on,) = services.put_in(engagement=show, residents=[make.member(of, "在场的")], by=system())
        paths[f"{BENCH}{variant}"] = {"number": show.number}
        paths[f"api/stage{variant}"] = {"number": show.number}
        acts[f"POST {BENCH}<number>/phone/{variant}"] = Act(by=by, repeats=True)
        paths[f"{BENCH}offers/{variant}"] = {"pk": make.offer(of, days=30, budget_fen=300_000).pk}
        paths[f"{BENCH}performers/{variant}"] = {"pk": on.pk}
        paths[f"{BENCH}<number>/held/{variant}"] = {"number": make.played(of).number}
        income = make.paid(of, shares=make.WITH_MEMBERS)
        paths[f"{BENCH}<number>/statement/{variant}"] = {"number": income.engagement.number}
        acts[f"POST {BENCH}offers/<pk>/{variant}"] = Act(by=by, body={"amount": "2500", "words": "十二个人，五个节目"})
        acts[f"POST {BENCH}offers/<pk>/refusal/{variant}"] = Act(by=by, body={"words": "那天排满了"})
        acts[f"POST {BENCH}<number>/people/{variant}"] = Act(by=by, body={"people": str(other.number)})
        acts[f"POST {BENCH}performers/<pk>/end/{variant}"] = Act(by=by)
        acts[f"POST {BENCH}<number>/held/{variant}"] = Act(by=by)
        acts[f"POST {BENCH}<number>/end/{variant}"] = Act(by=by, body={"reason": "下大雨"})
    assert clock.today() == TODAY
