"""A guardian says yes for a minor, sees what they do, and ends it; nobody else does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, RelationKind, Resident
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import minors, queries, services
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
PAGE = "/c/nanhu/volunteering/children/"


def said(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def child(resident_of: Any) -> Resident:
    """Fifteen; the cast's resident is the guardian."""
    make.words()
    one = make.resident("小陈", date(clock.today().year - 15, 1, 1))
    people.relate(resident=one, helper=resident_of("resident"), kind=RelationKind.GUARDIAN, by=system())
    return one


def test_a_guardian_says_yes_sees_what_the_child_does_and_ends_it(child: Resident, client_of: ClientOf) -> None:
    guardian, typed = client_of("resident"), {"child_number": str(child.number)}
    assert guardian.post(PAGE, {**typed, "_once": "1"}).status_code == 422, "without the yes"
    assert guardian.post(PAGE, {**typed, "agreed": "on", "_once": "2"}).status_code == 302
    assert people_read.has_consented(child.pk, Purpose.VOLUNTEERING)
    team = make.team("护绿队")
    services.add_member(team=team, resident=child, by=system())
    shift = make.shift(team)
    services.assign(need=shift.needs.get(), resident=child, by=system())
    page = said(guardian.get(PAGE))
    assert all(words in page for words in ("小陈", "护绿队", shift.what, "您同意的日子"))
    mine = queries.volunteer_of(child.pk)
    assert mine is not None
    assert guardian.post(f"{PAGE}{mine.pk}/end/", {"_once": "3"}).status_code == 302
    assert queries.volunteer_of(child.pk) is None
    assert not shift.slots.live().exists(), "others can take it on"


def test_who_is_too_young_is_refused_with_the_age(child: Resident, client_of: ClientOf, resident_of: Any) -> None:
    small = make.resident("小小", date(clock.today().year - 9, 1, 1))
    people.relate(resident=small, helper=resident_of("resident"), kind=RelationKind.GUARDIAN, by=system())
    refused = client_of("resident").post(PAGE, {"child_number": str(small.number), "agreed": "on"})
    assert refused.status_code == 422
    assert "14" in said(refused)


def test_nobody_but_the_guardian_says_yes_or_ends_it(
    child: Resident, client_of: ClientOf, cast: dict[str, Actor]
) -> None:
    stranger = client_of("volunteer")
    assert "小陈" not in said(stranger.get(PAGE))
    assert stranger.post(PAGE, {"child_number": str(child.number), "agreed": "on", "_once": "1"}).status_code == 422
    mine = services.sign_up(resident=child, agreed=True, by=cast["resident"])
    assert stranger.post(f"{PAGE}{mine.pk}/end/", {"_once": "2"}).status_code == 403
    assert queries.volunteer_of(child.pk) == mine


def test_a_grown_up_for_whom_one_acts_is_no_child(resident_of: Any) -> None:
    me = resident_of("resident")
    elder = make.resident("老妈妈", date(1940, 1, 1))
    people.relate(resident=elder, helper=me, kind=RelationKind.PROXY, by=system())
    assert minors.minors_of(me.pk) == []
