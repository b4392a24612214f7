from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.web import waiting
from weiyifang.outreach import services
from weiyifang.outreach.models import Contact, Grid
from weiyifang.outreach.tests import make
from weiyifang.people.actors import actor_for
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.roles import Role
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
BENCH = "/c/nanhu/workbench/outreach/"


def said(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode())


def test_a_grid_worker_finds_their_people_notes_a_visit_and_the_list_is_shorter(
    client_of: ClientOf, accounts: dict[str, Account]
) -> None:
    one = make.resident("何大爷", at=make.door("1"))
    hidden = make.resident("别的网格的", at=make.door("2"))
    grid = make.grid("一网格", buildings="1")
    worker = make.worker(grid, accounts["volunteer"])
    assert waiting.counts(worker)["outreach.unreached"] == 1
    browser = client_of("volunteer")
    listed = said(browser.get(f"{BENCH}in/{grid.number}/"))
    assert "何大爷" in listed
    assert "独居" in listed
    assert "别的网格的" not in listed
    assert browser.get(f"{BENCH}residents/{hidden.number}/").status_code == 404
    page = f"{BENCH}residents/{one.number}/"
    assert "何大爷" in said(browser.get(page))
    noted = browser.post(page, {"outcome": "visited", "after": "", "_once": "1"}, follow=True)
    assert "联系不算服务" in said(noted)
    assert "何大爷" not in said(browser.get(f"{BENCH}in/{grid.number}/"))
    assert "outreach.unreached" not in waiting.counts(worker)
    assert "上门见到了" in said(browser.get(page))
    assert browser.get(f"{BENCH}figures/").status_code == 403
    assert browser.get(f"{BENCH}grids/").status_code == 403


def test_what_somebody_else_noted_meanwhile_is_shown_on_the_form(client_of: ClientOf) -> None:
    one = make.resident("何大爷")
    make.contact(one, "no")
    answer = client_of("staff").post(f"{BENCH}residents/{one.number}/", {"outcome": "away", "after": "", "_once": "1"})
    assert answer.status_code == 422
    assert "请不要再联系" in said(answer)
    assert Contact.objects.count() == 1


def test_the_street_office_sees_counts_and_no_way_to_a_name(client_of: ClientOf) -> None:
    people = [make.resident(f"居民{number}", at=make.door("1", f"{number}-1")) for number in range(12)]
    make.came(*people[:6])
    officer = client_of("street_officer")
    page = said(officer.get(f"{BENCH}figures/"))
    assert make.COMPOUND in page
    assert "figures/people" not in page
    assert officer.get(f"{BENCH}figures/people/").status_code == 403
    assert "居民" not in said(officer.get(f"{BENCH}figures/", {"as": "csv"})).replace("居民册", "")
    seen = said(client_of("staff").get(f"{BENCH}figures/"))
    assert "figures/people/?by=compound" in seen


def test_four_who_were_reached_in_all_are_said_nowhere(client_of: ClientOf) -> None:
    people = [make.resident(f"居民{number}", at=make.door("1", f"{number}-1")) for number in range(12)]
    make.came(*people[:4])
    officer = client_of("street_officer")
    page = said(officer.get(f"{BENCH}figures/"))
    assert "人太少" in page
    assert "<b>4</b>" not in page
    everybody = said(officer.get(f"{BENCH}figures/", {"as": "csv"})).splitlines()[1]
    assert everybody.endswith(",,,")


def test_a_figure_opens_to_its_people_and_they_can_be_saved(client_of: ClientOf) -> None:
    people = [make.resident(f"居民{number}", at=make.door("1", f"{number}-1")) for number in range(12)]
    make.came(*people[:6])
    staff, wanted = client_of("staff"), {"by": "compound", "of": make.COMPOUND, "was": "yes"}
    page = said(staff.get(f"{BENCH}figures/people/", wanted))
    assert "居民5" in page
    assert "居民6" not in page
    address = f"{BENCH}figures/people/?by=compound&of={make.COMPOUND}&was=no"
    assert "居民6" in said(staff.post(address, {"_once": "1"}))


def test_a_long_list_is_handed_over_and_holds_everybody(client_of: ClientOf, settings: Any) -> None:
    settings.AT_ONCE = 3
    for number in range(5):
        make.resident(f"居民{number}", at=make.door("1", f"{number}-1"))
    answer = client_of("staff").post(f"{BENCH}figures/people/?was=no", {"_once": "1"})
    assert answer.status_code == 302
    assert "errands" in answer["Location"]


def test_what_is_typed_into_the_address_never_breaks_a_page(client_of: ClientOf) -> None:
    staff = client_of("staff")
    for odd in ("?since=x&until=9999-12-31", "?since=2030-01-01", "?since=1900-01-01&until=1900-01-02"):
        assert staff.get(f"{BENCH}figures/{odd}").status_code == 200
    for odd in ("?by=age&of=9", "?by=grid&of=99999999999", "?by=home&of=x", "?by=what&of=1", "?by=age&of=-", "?way=x"):
        assert staff.get(f"{BENCH}figures/people/{odd}").status_code == 200
    assert staff.get(f"{BENCH}in/999/").status_code == 404


def test_a_grid_is_made_filled_and_given_to_somebody_who_is_looked_at_once_more(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    make.resident(at=make.door("7"))
    staff = client_of("staff")
    page = staff.post(f"{BENCH}grids/", {"name": "七号网格", "_once": "1"})["Location"]
    staff.post(f"{page}buildings/", {"compound": make.COMPOUND, "buildings": "7", "_once": "2"})
    assert (
        staff.post(f"{page}buildings/", {"compound": make.COMPOUND, "buildings": "8", "_once": "3"}).status_code == 422
    )
    name = resident_of("volunteer").name
    question = said(staff.post(f"{page}workers/", {"who": name, "_once": "4"}))
    assert "七号网格" in question
    assert not Duty.objects.filter(role=Role.GRID_WORKER).exists()
    staff.post(f"{page}workers/", {"who": name, "sure": "1", "_once": "5"})
    assert name in said(staff.get(page))
    duty = Duty.objects.get(role=Role.GRID_WORKER)
    assert duty.scope == f"outreach.grid:{Grid.objects.get().pk}"
    staff.post(f"{BENCH}grids/workers/{duty.pk}/end/", {"_once": "6"})
    assert "还没有人" in said(staff.get(page))


def test_a_longer_list_asks_no_more_questions(client_of: ClientOf) -> None:
    staff = client_of("staff")
    counted = []
    for many in (2, 12):
        for number in range(many):
            make.contact(make.resident(f"居民{many}{number}", at=make.door("1", f"{number}-1")), "away")
        with clock.at(clock.now() + timedelta(days=8)), CaptureQueriesContext(connection) as asked:
            staff.get(BENCH)
        counted.append(len(asked))
    assert counted[0] >= counted[1]


def test_whoever_looks_after_nothing_any_more_has_no_list(client_of: ClientOf, accounts: dict[str, Account]) -> None:
    grid = make.grid()
    make.worker(grid, accounts["volunteer"])
    services.end_looking_after(duty=Duty.objects.get(role=Role.GRID_WORKER), by=system())
    assert client_of("volunteer").get(BENCH).status_code == 403
    assert not actor_for(Account.objects.get(pk=accounts["volunteer"].pk)).may_somewhere("reach_out")
