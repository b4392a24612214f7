"""A show is said otherwise, or moved: who has to answer again, who keeps their place, who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from weiyifang.communities.models import Community
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people.testing import ClientOf
from weiyifang.stage import queries, services, verify
from weiyifang.stage.models import Answer, Engagement, Offer, State
from weiyifang.stage.tests import make
from weiyifang.talents.tests import make as skilled
from weiyifang.timetable import verify as timetable_verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
BENCH = "/c/nanhu/workbench/stage/"


@pytest.fixture(autouse=True)
def promises(here: Community) -> Iterator[None]:
    """Whatever a test does, everything agrees afterwards."""
    yield
    assert verify.check() == []
    assert timetable_verify.check() == []


@pytest.fixture
def troupe(here: Community) -> Organization:
    return organization.in_status("filed", "春风艺术团")


def said(show: Engagement, *, days: int = 0, **more: Any) -> dict[str, Any]:
    """What is wanted, as it stands, so many days later."""
    names = ("title", "customer", "phone", "place", "budget_fen", "is_purchase", "note")
    times = {name: getattr(show, name) + timedelta(days=days) for name in ("starts_at", "ends_at")}
    return {name: getattr(show, name) for name in names} | times | more


def told(about: str) -> list[str]:
    return sorted(Notice.objects.filter(about=about).values_list("kind", flat=True))


def test_it_is_said_otherwise_and_nobody_is_bothered(troupe: Organization) -> None:
    offer = make.offer(troupe)
    show = services.edit(
        engagement=offer.engagement, by=system(), **said(offer.engagement, place="广场", note="带音箱")
    )
    offer.refresh_from_db()
    assert (show.place, show.note, offer.state) == ("广场", "带音箱", Answer.MADE)
    assert timeline.of(source_of(show))[0].verb == "EngagementEdited"
    services.edit(engagement=show, by=system(), **said(show))
    assert [entry.verb for entry in timeline.of(source_of(show))].count("EngagementEdited") == 1


def test_at_another_time_who_would_have_played_is_asked_again(troupe: Organization) -> None:
    offer = make.offer(troupe)
    services.edit(engagement=offer.engagement, by=system(), **said(offer.engagement, days=1))
    offer.refresh_from_db()
    assert (offer.state, offer.price_fen) == (Answer.ASKED, 0)
    services.make_offer(offer=offer, price_fen=300_000, by=system())
    services.choose(offer=offer, shares=make.USUAL, by=system())


def test_at_another_time_the_line_up_goes_along_but_for_who_is_busy_then(troupe: Organization) -> None:
    show = make.agreed(troupe, days=5)
    free, busy = make.member(troupe, "有空的"), make.member(troupe, "没空的")
    services.put_in(engagement=show, residents=[free, busy], by=system())
    times: Any = {"starts_at": show.starts_at + timedelta(days=1), "ends_at": show.ends_at + timedelta(days=1)}
    skilled.accepted(skilled.talent(of=busy), **times)
    assert services.what_moves(show, said(show, days=1)) == (0, ["没空的"])
    services.edit(engagement=show, by=system(), **said(show, days=1))
    assert [one.resident for one in queries.line_up_of(show)] == [free]
    kinds = told(source_of(show))
    assert (kinds.count("show_moved"), kinds.count("out_of_line_up")) == (1, 1)


def test_a_little_later_is_no_clash_with_itself(troupe: Organization) -> None:
    show = make.agreed(troupe, days=5)
    services.put_in(engagement=show, residents=[make.member(troupe)], by=system())
    later = said(show) | {"starts_at": show.starts_at + timedelta(minutes=30)}
    assert services.what_moves(show, later) == (0, [])
    services.edit(engagement=show, by=system(), **later)
    assert len(queries.line_up_of(show)) == 1


def test_what_has_begun_was_held_or_called_off_stays_as_it_is(troupe: Organization) -> None:
    held, off, over = make.held(troupe), make.request(), make.played(troupe)
    services.call_off(engagement=off, reason="下雨", by=system())
    for show in (held, off, over):
        with pytest.raises(services.NotAhead):
            services.edit(engagement=show, by=system(), **said(show, days=9, place="广场"))
    agreed = make.agreed(troupe)
    with pytest.raises(services.PurchaseSettled):
        services.edit(engagement=agreed, by=system(), **said(agreed, is_purchase=True))
    assert Engagement.objects.get(pk=agreed.pk).state == State.AGREED


def test_who_read_the_phone_is_noted_and_the_page_does_not_show_it_unasked(
    client_of: ClientOf, troupe: Organization, cast: dict[str, Actor]
) -> None:
    show, staff = make.agreed(troupe), client_of("staff")
    assert "62800000" not in staff.get(f"{BENCH}{show.number}/").content.decode().replace(" ", "")
    asked = staff.post(f"{BENCH}{show.number}/phone/")
    assert b"62800000" not in asked.content, "what is answered to a form is kept for a while"
    assert "62800000" in staff.get(asked["Location"]).content.decode().replace(" ", "").replace("-", "")
    assert "62800000" not in client_of("secretary").get(asked["Location"]).content.decode().replace("-", "")
    entry = timeline.of(source_of(show))[0]
    assert (entry.verb, entry.actor_account_id) == ("CustomerPhoneRead", cast["staff"].account_id)


def test_the_page_asks_once_more_before_troupes_have_to_answer_again(client_of: ClientOf, troupe: Organization) -> None:
    offer, staff = make.offer(troupe), client_of("staff")
    address = f"{BENCH}{offer.engagement.number}/edit/"
    typed = {
        "title": "新店开张",
        "customer": "花园路粮油店",
        "place": "花园路口",
        "day": f"{clock.today() + timedelta(days=9)}",
    }
    typed |= {"begins": "15:00", "ends": "16:30"}
    assert "62800000" not in staff.get(address).content.decode()
    asked = staff.post(address, typed)
    assert (asked.status_code, Offer.objects.get().state) == (200, Answer.MADE)
    assert staff.post(address, typed | {"sure": "1"}).status_code == 302
    assert Offer.objects.get().state == Answer.ASKED
    assert Engagement.objects.get().phone == offer.engagement.phone, "left empty, it stays"


def test_programs_put_down_and_move_by_the_same_rules(client_of: ClientOf) -> None:
    staff, there = client_of("staff"), "/c/nanhu/api/stage/"
    wanted = {"title": "新店开张", "customer": "粮油店", "place": "路口", "phone": "023-62800000"}
    wanted |= {"starts_at": _on(3, "15:00"), "ends_at": _on(3, "16:00")}
    made = staff.post(there, wanted, content_type="application/json")
    assert made.status_code == 201
    one = f"{there}{made.json()['number']}"
    moved = wanted | {"starts_at": _on(4, "15:00"), "ends_at": _on(4, "16:00"), "phone": ""}
    seen = {"If-Match": f'"{made.json()["version"]}"'}
    assert staff.post(one, moved, content_type="application/json", headers=seen).status_code == 200
    assert staff.post(one, wanted, content_type="application/json", headers=seen).status_code == 412
    assert Engagement.objects.get().phone != ""
    assert "62800000" not in staff.get(there).content.decode()
    assert client_of("resident").get(there).status_code == 403


def _on(days: int, hour: str) -> str:
    return f"{clock.today() + timedelta(days=days)}T{hour}"
