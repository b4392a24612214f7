"""The same rules and verbs, for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from weiyifang.activities import events, queries, services
from weiyifang.activities.models import Attendance, Enrollment, EnrollmentState
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core import events as core_events
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.models import OnceRecord
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf, CommunityClient

pytestmark = pytest.mark.usefixtures("here")

API = "/c/nanhu/api/activities/"


def send(client: CommunityClient, path: str, content: Any, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"{API}{path}", json.dumps(content), content_type="application/json", headers=headers)


def test_anybody_reads_what_is_on(client_of: ClientOf) -> None:
    make.enroll(make.session(title="插花", places=3))
    make.activity(title="草稿")
    answer = client_of("visitor").get(API).json()
    (one,) = answer
    assert (one["title"], one["seats"]) == (
        "插花",
        {"places": 3, "free": 2, "waiting": 0, "shares": [], "collects": False},
    )
    assert client_of("visitor").get(f"{API}1/1").json()["title"] == "插花"
    assert client_of("visitor").get(f"{API}2/1").status_code == 404


def test_what_is_on_comes_in_pages(client_of: ClientOf) -> None:
    for days in (4, 2, 3, 2):
        make.session(days=days, title=f"第{days}天", places=0)
    make.activity(title="草稿")
    client, seen = client_of("visitor"), []
    page = client.get(f"{API}?limit=3").json()
    while page:
        seen.append([one["title"] for one in page])
        page = client.get(f"{API}?limit=3&after={page[-1]['id']}").json()
    assert seen == [["第2天", "第2天", "第3天"], ["第4天"]]
    for wrong, status in (("limit=101", 422), ("limit=0", 422), ("after=x", 422), (f"after={new_id()}", 404)):
        assert client.get(f"{API}?{wrong}").status_code == status


def test_the_list_at_the_door_comes_in_pages(client_of: ClientOf) -> None:
    session = make.session(places=5)
    numbers = sorted(make.enroll(session, who).resident.number for who in make.residents(3))
    client, seen = client_of("staff"), list[int]()
    while page := client.get(f"{API}1/1/roster?limit=2&after={seen[-1] if seen else 0}").json():
        seen += [line["resident"] for line in page]
    assert seen == numbers


def test_one_enrols_oneself_and_cancels(client_of: ClientOf) -> None:
    make.session()
    client = client_of("resident")
    answer = send(client, "1/1/enrollments", {"note": "靠门"})
    assert answer.status_code == 201
    assert answer.json()["state"] == "confirmed"
    mine = client.get(f"{API}1/1/enrollments").json()
    assert [one["id"] for one in mine] == [answer.json()["id"]]
    assert client_of("volunteer").delete(f"{API}enrollments/{mine[0]['id']}").status_code in {403, 404}
    assert client.delete(f"{API}enrollments/{mine[0]['id']}").status_code == 204
    assert not Enrollment.objects.live().exists()


def test_the_same_key_enrols_once_and_another_body_is_refused(client_of: ClientOf) -> None:
    session, client = make.session(places=5), client_of("resident")
    first = send(client, "1/1/enrollments", {}, key="k")
    second = send(client, "1/1/enrollments", {}, key="k")
    other = send(client, "1/1/enrollments", {"note": "x"}, key="k")
    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == second.json()
    assert make.pool(session).taken == 1


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://testserver", 201), ("https://testserver", 403), ("https://elsewhere.example", 403), ("null", 403)],
)
def test_a_page_of_another_site_cannot_enrol_whoever_looks_at_it(client_of: ClientOf, origin: str, status: int) -> None:
    session = make.session()
    answer = client_of("resident").post(
        f"{API}1/1/enrollments", "{}", content_type="application/json", headers={"Origin": origin}
    )
    assert answer.status_code == status
    assert (status == 201) == Enrollment.objects.filter(session=session).exists()
    assert status == 201 or answer.json()["code"] == "FromElsewhere"
    assert client_of("visitor").get(API, headers={"Origin": origin}).status_code == 200  # to look is no harm


@pytest.mark.django_db(transaction=True)
def test_the_answer_is_kept_with_the_enrolment_or_not_at_all(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed just before, or just after, the commit that enrols: sent again, it has the one answer."""
    session, client = make.session(places=5), client_of("resident")
    monkeypatch.setattr(core_events, "_reactions", {events.EnrollmentConfirmed: [lambda event: 1 / 0]})
    client.raise_request_exception = False
    assert send(client, "1/1/enrollments", {}, key="k").status_code == 500
    assert not OnceRecord.objects.exists()
    monkeypatch.undo()
    first = send(client, "1/1/enrollments", {}, key="k")
    kept = OnceRecord.objects.get()
    assert (kept.status, bytes(kept.body)) == (201, first.content)
    assert send(client, "1/1/enrollments", {}, key="k").content == first.content
    assert make.pool(session).taken == 1


def test_a_refusal_has_a_code_and_a_sentence(client_of: ClientOf) -> None:
    session = make.session(places=1)
    make.enroll(session)
    answer = send(client_of("resident"), "1/1/enrollments", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "SessionFull")
    assert answer.json()["detail"]
    assert send(client_of("resident"), "1/1/enrollments", {"queue": True}).json()["state"] == "waiting"


def test_others_are_enrolled_with_permission_only(client_of: ClientOf) -> None:
    make.session()
    number = make.resident().number
    assert send(client_of("resident"), "1/1/enrollments", {"resident": number}).status_code == 403
    assert send(client_of("visitor"), "1/1/enrollments", {}).status_code in {401, 403}
    assert send(client_of("staff"), "1/1/enrollments", {}).status_code == 403  # lives elsewhere
    assert send(client_of("staff"), "1/1/enrollments", {"resident": number}).status_code == 201
    assert send(client_of("staff"), "1/1/enrollments", {"resident": 99999}).status_code == 404


def test_a_phone_that_was_offline_uploads_twice_and_counts_once(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    session = make.session(days=0, hours=1)
    me = resident_of("resident")
    make.enroll(session, me)
    came = [
        {"resident": me.number, "happened_at": "2026-10-14T12:50:00+08:00", "nonce": str(new_id())},
        {"people": 4, "nonce": str(new_id())},
    ]
    assert send(client_of("volunteer"), "1/1/attendances", came).json() == {"new": 2, "known": 0}
    assert send(client_of("volunteer"), "1/1/attendances", came).json() == {"new": 0, "known": 2}
    assert queries.attendances() == 5
    assert send(client_of("resident"), "1/1/attendances", came).status_code == 403
    assert send(client_of("volunteer"), "1/1/attendances", [{"resident": 99999}]).status_code == 404


@pytest.mark.parametrize("noted", ["2026-10-14T11:50:00", "9999-12-31", "0001-01-01T00:00", "2026-10-14 11:50"])
def test_a_moment_without_a_zone_is_read_by_the_clock_of_the_place(client_of: ClientOf, noted: str) -> None:
    make.session(days=0, hours=1)
    assert send(client_of("volunteer"), "1/1/attendances", [{"happened_at": noted}]).json() == {"new": 1, "known": 0}
    assert Attendance.objects.get().happened_at == clock.now() - timedelta(minutes=10 * ("11:50" in noted))


@pytest.mark.parametrize("noted", [1, True, 1.5, "1e9", "2026-02-30", "昨天"])
def test_what_is_no_moment_is_refused(client_of: ClientOf, noted: object) -> None:
    make.session(days=0, hours=1)
    assert send(client_of("volunteer"), "1/1/attendances", [{"happened_at": noted}]).status_code == 422


def test_the_roster_is_for_the_door(client_of: ClientOf) -> None:
    make.enroll(make.session(), make.resident("王孃孃"))
    assert client_of("volunteer").get(f"{API}1/1/roster").json()[0]["name"] == "王孃孃"
    assert client_of("resident").get(f"{API}1/1/roster").status_code == 403


def test_an_outsider_finds_nothing_to_change(client_of: ClientOf) -> None:
    make.session()
    assert send(client_of("outsider"), "1/1/enrollments", {}).status_code in {403, 404}


def test_a_turn_that_became_a_seat_is_not_given_back_by_a_program_that_does_not_know(client_of: ClientOf) -> None:
    session = make.session(places=1)
    first, me = make.enroll(session), Resident.objects.get(account__username="resident")
    mine = make.wait(session, me)
    there = f"/c/nanhu/api/activities/{session.activity.number}/{session.number}/enrollments"
    browser = client_of("resident")
    version = browser.get(there).json()[0]["version"]
    services.cancel_enrollment(enrollment=first, by=system())
    mine.refresh_from_db()
    services.accept_offer(enrollment=mine, by=system())
    address, headers = f"/c/nanhu/api/activities/enrollments/{mine.pk}", {"If-Match": f'"{version}"'}
    answer = browser.delete(address, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (412, "ChangedSince")
    mine.refresh_from_db()
    assert mine.state == EnrollmentState.CONFIRMED
    version = browser.get(there).json()[0]["version"]
    assert browser.delete(address, headers={"If-Match": f'"{version}"'}).status_code == 204
