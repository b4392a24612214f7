"""A program applies for slots of a season and reads the result, by the rules of the pages."""

from __future__ import annotations

from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.tests import make as organization
from weiyifang.people.testing import ClientOf
from weiyifang.sharing import slots, verify
from weiyifang.sharing.models import Application, Slot
from weiyifang.sharing.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
ROOT = "/c/nanhu/api/sharing/rounds"


def seen(row: dict[str, Any], key: str) -> dict[str, str]:
    return {"If-Match": f'"{row["version"]}"', "Idempotency-Key": key, "Origin": "http://testserver"}


def test_a_program_applies_changes_and_withdraws_until_applications_close(client_of: ClientOf, leader_of: str) -> None:
    room, other = make.resource(), make.resource("没有分的")
    round_, leader = make.round_(room), client_of("leader")
    leader.looks = False  # it sends the version that the test says
    make.apply(round_, source_of(organization.in_status("filed", "别的队")), make.wish(room))
    address = f"{ROOT}/{round_.number}/applications"
    wish = {"thing": room.number, "weekday": 3, "begins": "09:00", "ends": "11:00"}
    body: dict[str, Any] = {"organization": leader_of, "purpose": "练歌", "slots": 1, "wishes": [wish]}

    def send(key: str, version: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
        headers = (
            seen({"version": version}, key) if version else {"Idempotency-Key": key, "Origin": "http://testserver"}
        )
        answer = leader.post(address, {**body, **more}, "application/json", headers=headers)
        return answer.status_code, answer.json()

    status, made = send("a")
    assert (status, made["ticket"], made["wishes"][0]["begins"]) == (201, 2, "09:00")
    assert send("b", made["version"], slots=2)[0] == 422  # more slots than wishes
    assert send("c", made["version"], wishes=[{**wish, "thing": other.number}])[0] == 422  # not of the round
    assert send("d", wishes=[{**wish, "begins": "25:00"}])[0] == 422
    assert send("e", purpose="跳舞")[0] == 428  # it stands already: say which version you read
    two = [wish, {**wish, "thing": None, "kind": "room", "weekday": 4}]
    status, changed = send("f", made["version"], purpose="合唱", wishes=two)
    assert (status, changed["ticket"], len(changed["wishes"])) == (201, 2, 2)
    assert send("g", made["version"], purpose="跳舞")[0] == 412
    (mine,) = leader.get(address).json()  # and not what the other organization wishes for
    assert mine["organization"] == leader_of
    with clock.at(clock.local(make.CLOSED, "09:00")):
        late = client_of("leader").post(address, body, "application/json", headers=seen(mine, "h"))
        assert late.status_code == 409
    gone = leader.delete(f"{ROOT}/applications/{mine['id']}", headers=seen(mine, "i"))
    assert (gone.status_code, Application.objects.standing().count()) == (204, 1)


def test_everybody_reads_what_came_out_and_whoever_shares_out_notes_what_speaks_against_it(
    client_of: ClientOf, leader_of: str
) -> None:
    room = make.resource()
    round_ = make.round_(room)
    make.apply(round_, leader_of, make.wish(room))
    visitor = client_of("visitor")
    assert visitor.get(f"{ROOT}/{round_.number}/results").json() == []
    before = visitor.get(f"{ROOT}/{round_.number}").json()
    assert (before["seed"], before["file"], before["things"]) == ("", None, [room.number])
    round_ = make.shared_out(round_)
    after = visitor.get(ROOT).json()[0]
    assert after["commitment"] == before["commitment"]
    assert slots.faults(slots.read(visitor.get(after["file"]).content.decode())) == []
    with clock.at(clock.local(make.CLOSED, "10:00")):
        (result,) = client_of("visitor").get(f"{ROOT}/{round_.number}/results").json()
        (slot,) = result["slots"]
        assert (result["place"], slot["thing"], slot["weekday"], slot["begins"]) == (1, room.number, 2, "14:00")
        address, staff, leader = f"{ROOT}/slots/{slot['id']}/objection", client_of("staff"), client_of("leader")
        body = {"reason": "楼下有早产的宝宝"}
        assert leader.post(address, body, "application/json", headers=seen(slot, "a")).status_code == 403
        noted = staff.post(address, body, "application/json", headers=seen(slot, "b"))
        assert (noted.status_code, noted.json()["objection"]) == (200, "楼下有早产的宝宝")
        assert staff.delete(address, headers=seen(slot, "c")).status_code == 412  # not what stands there now
        assert staff.delete(address, headers=seen(noted.json(), "d")).status_code == 204
        assert Slot.objects.get().objection == ""
        make.booked(round_)
        (result,) = client_of("visitor").get(f"{ROOT}/{round_.number}/results").json()
    assert result["slots"][0]["dates"] == 4
    assert verify.check() == []
