"""A draw as residents, the desk, programs and a terminal see it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from weiyifang.activities import lottery, services
from weiyifang.activities.models import Draw, Enrollment, Session
from weiyifang.activities.tests import make
from weiyifang.core.actors import system
from weiyifang.notices.models import Notice
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")
ENGLISH: Any = {"headers": {"accept-language": "en"}}


def at(session: Session, desk: str = "") -> str:
    return f"/c/nanhu/{desk}activities/{session.activity.number}/{session.number}/"


def body(response: Any) -> str:
    return str(response.content.decode())


def test_the_order_is_said_before_one_enrols_and_the_list_says_which_ticket_one_has(client_of: ClientOf) -> None:
    session = make.session(order="lottery", closes_hours=24)
    client = client_of("resident")
    page = body(client.get(at(session), **ENGLISH))
    assert "Drawn by lot when enrolment closes" in page
    assert "Put me on the list" in page
    assert "seats left" not in page
    me = Enrollment.objects.count()
    answer = client.post(f"{at(session)}enrollments/", {"who": _mine(page)}, follow=True, **ENGLISH)
    assert "Your ticket is no. 1." in body(answer)
    assert Enrollment.objects.get().ticket == me + 1
    assert "ticket no. 1" in body(client.get(at(session), **ENGLISH))
    assert "on the list, ticket no. 1" in body(client.get("/c/nanhu/me/", **ENGLISH))
    assert "First come, first served." in body(client.get(at(make.session()), **ENGLISH))


def _mine(page: str) -> str:
    return page.partition('name="who" value="')[2].partition('"')[0]


def test_the_seed_is_nowhere_to_be_seen_before_the_draw_and_the_commitment_is(client_of: ClientOf) -> None:
    session = make.session(order="lottery", closes_hours=24)
    draw = Draw.objects.get()
    for who in ("visitor", "staff"):
        pages = [body(client_of(who).get(f"{at(session)}{path}")) for path in ("", "draw/")]
        assert draw.commitment in pages[1]
        assert not any(draw.seed in page for page in pages)
        assert client_of(who).get(f"{at(session)}draw.json").status_code == 404
    assert client_of("visitor").get(f"{at(make.session())}draw/").status_code == 404


def test_whoever_runs_it_gives_the_seats_and_everybody_on_the_list_is_told(client_of: ClientOf) -> None:
    session = make.lottery(people=4, places=3)
    desk = client_of("staff")
    assert "Give the seats now" in body(desk.get(at(session, "workbench/"), **ENGLISH))
    desk.post(f"{at(session, 'workbench/')}draw/")
    assert Enrollment.objects.taking_a_place().count() == 3
    kinds = Notice.objects.filter(kind__in=["seat_given", "seat_not_given"]).values_list("kind", flat=True)
    assert sorted(kinds) == ["seat_given"] * 3 + ["seat_not_given"]
    assert "Give the seats now" not in body(desk.get(at(session, "workbench/"), **ENGLISH))


def test_the_desk_sees_the_queue_in_the_order_drawn(client_of: ClientOf) -> None:
    session = make.lottery(people=9, places=1)
    draw = services.draw(session=session, by=system())
    order = lottery.read(draw.sheet).order[1:]
    names = dict(Enrollment.objects.values_list("ticket", "resident__name"))
    page = body(client_of("staff").get(f"{at(session, 'workbench/')}?list=queue"))
    places = [page.index(f">{names[number]}<") for number in order]
    assert places == sorted(places)


def test_a_file_from_the_page_is_verified_without_a_database_and_a_touched_one_is_not(
    client_of: ClientOf, tmp_path: Path
) -> None:
    session = make.lottery(people=6)
    services.draw(session=session, by=system())
    answer = client_of("visitor").get(f"{at(session)}draw.json")
    good, touched = tmp_path / "draw.json", tmp_path / "touched.json"
    good.write_bytes(answer.content)
    told = json.loads(answer.content)
    touched.write_text(json.dumps({**told, "order": told["order"][::-1]}))
    assert _verify(good) == (0, "6 tickets, 3 with seats of 3")
    assert _verify(touched)[0] == 1
    assert _verify(tmp_path / "none.json")[0] == 1


def _verify(file: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "weiyifang", "lottery", "verify", str(file)],
        env={"WEIYIFANG_DATA": str(file.parent / "nothing"), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.partition(": ")[2].partition(". ")[0]


def test_over_the_api_one_stands_on_the_list_with_a_ticket_and_no_rank(client_of: ClientOf) -> None:
    session = make.session(order="lottery", closes_hours=24)
    api = f"/c/nanhu/api/activities/{session.activity.number}/{session.number}"
    answer = client_of("resident").post(f"{api}/enrollments", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["state"], answer.json()["ticket"]) == (201, "waiting", 1)
    (mine,) = client_of("resident").get(f"{api}/enrollments").json()
    assert (mine["rank"], mine["ticket"]) == (None, 1)
    assert client_of("visitor").get(api).json()["order"] == "lottery"
