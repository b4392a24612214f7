"""A program takes shifts on, gives them back and notes hours, by the rules of the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import services, verify
from weiyifang.volunteering.models import Hours, Slot
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
ROOT = "/c/nanhu/api/volunteering/"


def test_a_program_takes_a_shift_on_once_and_gives_it_back(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me, browser, team = resident_of("resident"), client_of("resident"), make.team()
    make.volunteer(of=me)
    services.add_member(team=team, resident=me, by=system())
    shift, soon = make.shift(team), make.shift(team, at="11:05")
    listed = browser.get(f"{ROOT}shifts").json()
    assert [(one["number"], one["tasks"][0]["left"]) for one in listed] == [(shift.number, 2), (soon.number, 2)]
    (second,) = browser.get(f"{ROOT}shifts", {"after": listed[0]["id"]}).json()
    assert second["number"] == soon.number

    def claim(one: dict[str, Any], key: str, **body: object) -> tuple[int, dict[str, Any]]:
        where = f"{ROOT}shifts/{one['number']}/needs/{one['tasks'][0]['id']}/claims"
        seen = {"If-Match": f'"{one["version"]}"', "Idempotency-Key": key, "Origin": "http://testserver"}
        answer = browser.post(where, body, "application/json", headers=seen)
        return answer.status_code, answer.json()

    status, mine = claim(listed[0], "a")
    assert (status, mine["shift"], mine["state"]) == (201, shift.number, "taken")
    assert claim(listed[0], "a") == (201, mine)  # sent again, it is the same place
    assert Slot.objects.count() == 1
    status, said = claim(second, "b")
    assert (status, said["code"]) == (409, "Doubtful")  # no rest in between
    assert claim(second, "c", sure=True)[0] == 201
    assert [one["shift"] for one in browser.get(f"{ROOT}slots").json()] == [shift.number, soon.number]
    origin = {"Origin": "http://testserver"}
    assert browser.delete(f"{ROOT}slots/{mine['id']}", headers=origin).status_code == 204
    assert browser.delete(f"{ROOT}slots/{mine['id']}", headers=origin).status_code == 409
    assert verify.check() == []


def test_a_program_notes_its_own_hours_and_nobody_elses(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me, browser, team = resident_of("resident"), client_of("resident"), make.team()
    make.volunteer(of=me)
    mine, theirs = make.over(team, me), make.over(team, make.volunteer("别人").resident, days=2)
    origin = {"Origin": "http://testserver"}

    def note(slot: Slot, minutes: int) -> int:
        begins = slot.shift.starts_at
        body = {"came_at": begins.isoformat(), "left_at": (begins + timedelta(minutes=minutes)).isoformat()}
        where = f"{ROOT}slots/{slot.pk}/hours"
        return int(browser.post(where, body, "application/json", headers=origin).status_code)

    assert note(theirs, 60) == 404
    assert note(mine, -5) == 422
    assert note(mine, 90) == 201
    assert note(mine, 90) == 409
    row = Hours.objects.get()
    assert (row.minutes, row.state, row.volunteer.resident_id) == (90, "noted", me.pk)
    assert row.left_at <= clock.now()
