"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import timedelta

from tests.stage import TODAY, Act, Acts, Cast, Paths
from weiyifang.core.actors import system
from weiyifang.organizations.models import Organization
from weiyifang.outreach import services
from weiyifang.outreach.models import GridBuilding
from weiyifang.outreach.tests import make
from weiyifang.people import services as people
from weiyifang.people.models import Account, Duty
from weiyifang.people.roles import Role


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """Two neighbours whom nothing reached, one of them called before; a grid with a worker; buildings in no grid."""
    bench, grids = "workbench/outreach/", "workbench/outreach/grids/"
    one = make.resident("没人去过的", at=make.door("1", "2-2"))
    make.resident("两口人家", at=make.door("2", "1-1"))
    make.contact(make.resident("打过电话的", at=make.door("2", "1-1")), "away")
    mine = make.grid("一网格", buildings="1")
    home = people.make_account(username="wanggeyuan", name="网格员", phone="199 0000 8801", phone_verified=True)
    make.worker(mine, home)
    duty, building = Duty.objects.get(role=Role.GRID_WORKER), GridBuilding.objects.get()
    agrees = make.agreed("要人照料的", at=make.door("1", "3-3"))
    need = services.note_need(resident=agrees, need="care", by=system())
    paths[f"{bench}residents/<number>/needs/"] = {"number": agrees.number}
    paths[f"{bench}needs/"] = {"pk": need.pk}
    acts[f"POST {bench}residents/<number>/needs/"] = Act(by="staff", body={"need": "illness"})
    acts[f"POST {bench}needs/<pk>/end/"] = Act(by="staff")
    paths[bench] = {"number": one.number}
    paths[f"{bench}in/"] = paths[grids] = {"number": mine.number}
    paths[f"{grids}workers/"] = {"pk": duty.pk}
    paths[f"{grids}buildings/"] = {"pk": building.pk}
    noted = {"outcome": "visited", "again_on": str(TODAY + timedelta(days=20)), "after": ""}
    acts[f"POST {bench}residents/<number>/"] = Act(by="staff", body=noted)
    acts[f"POST {bench}figures/people/"] = Act(by="staff", is_streamed=True)
    acts[f"POST {grids}"] = Act(by="staff", body={"name": "二网格"})
    acts[f"POST {grids}<number>/"] = Act(by="staff", body={"name": "水边网格"})
    acts[f"POST {grids}<number>/buildings/"] = Act(by="staff", body={"compound": make.COMPOUND, "buildings": "2"})
    acts[f"POST {grids}buildings/<pk>/end/"] = Act(by="staff")
    volunteer = Account.objects.get(username="volunteer")
    picked = {"who": volunteer.name, "who_among": volunteer.name, "who_is": str(volunteer.pk), "sure": "1"}
    acts[f"POST {grids}<number>/workers/"] = Act(by="staff", body=picked)
    acts[f"POST {grids}workers/<pk>/end/"] = Act(by="staff")
