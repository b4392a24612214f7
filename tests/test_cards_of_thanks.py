"""Cards of thanks for who helped or performed: theirs alone, confirmed by a code, and gone when it was put right."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from weiyifang.activities import codes
from weiyifang.activities.models import RunningOrder
from weiyifang.activities.tests import make as activity
from weiyifang.core import clock, signed
from weiyifang.core.actors import Actor, system
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.stage import services as shows
from weiyifang.stage.tests import make as stage
from weiyifang.stage.views import THANKS as SHOW
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.models import HelpRequest, Hours
from weiyifang.volunteering.tests import make as helping
from weiyifang.volunteering.views_papers import THANKS as SHIFT

pytestmark = pytest.mark.usefixtures("here")
HERE = "/c/nanhu/"


@pytest.fixture
def me(cast: dict[str, Actor]) -> Resident:
    return Resident.objects.get(pk=cast["resident"].resident_id or "")


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]))


def test_who_was_on_in_a_show_has_a_card_and_its_code_confirms_it_without_the_name(
    client_of: ClientOf, me: Resident
) -> None:
    troupe = organization.in_status(Status.FILED, "晚霞艺术团")
    organizations.add_member(organization=troupe, resident=me, by=system())
    with clock.at(clock.local(clock.today(), "12:00")):
        place = stage.on_in_a_held_show(troupe, me, title="敬老院联欢")
        card = f"{HERE}stage/performances/{place.pk}/card/"
        text = words(client_of("resident").get(card))
        assert f"{me.name}，谢谢您" in text
        assert "敬老院联欢" in text
        assert client_of("volunteer").get(card).status_code == 404
        assert f'href="{card}"' in client_of("resident").get(f"{HERE}stage/mine/").content.decode()
        confirmed = words(client_of("visitor").get(f"{HERE}stage/cards/{signed.code(SHOW, place.pk)}/"))
    assert f"{me.name[0]}**" in confirmed
    assert me.name not in confirmed
    assert "花园路粮油店" not in confirmed, "who wanted the show is not said"
    assert client_of("visitor").get(f"{HERE}stage/cards/{signed.code(SHIFT, place.pk)}/").status_code == 404


def test_of_a_show_that_was_not_held_there_is_no_card(client_of: ClientOf, me: Resident) -> None:
    troupe = organization.in_status(Status.FILED, "晚霞艺术团")
    organizations.add_member(organization=troupe, resident=me, by=system())
    show = stage.agreed(troupe, days=9)
    (place,) = shows.put_in(engagement=show, residents=[me], by=system())
    assert client_of("resident").get(f"{HERE}stage/performances/{place.pk}/card/").status_code == 404
    assert "没有记录了" in words(client_of("visitor").get(f"{HERE}stage/cards/{signed.code(SHOW, place.pk)}/"))


def a_shift(me: Resident) -> UUID:
    given = helping.hours(helping.team(), of=helping.volunteer(of=me).resident, days=3)
    volunteering.approve_hours(hours=[given], by=system())
    return given.pk


def test_who_helped_has_a_card_once_another_approved_it_and_none_when_that_is_taken_back(
    client_of: ClientOf, me: Resident
) -> None:
    pk = a_shift(me)
    card, check = f"{HERE}volunteering/hours/{pk}/card/", f"{HERE}volunteering/cards/{signed.code(SHIFT, pk)}/"
    assert f"{me.name}，谢谢您" in words(client_of("resident").get(card))
    assert client_of("leader").get(card).status_code == 404
    assert me.name not in words(client_of("visitor").get(check))
    volunteering.take_back_hours(hours=Hours.objects.get(pk=pk), reason="记错了人", by=system())
    assert client_of("resident").get(card).status_code == 404
    assert "没有记录了" in words(client_of("visitor").get(check))


def test_what_a_neighbour_asked_for_is_on_no_card(client_of: ClientOf, me: Resident) -> None:
    pk = a_shift(me)
    shift = Hours.objects.get(pk=pk).slot.shift
    asked = helping.help_for(helping.resident())
    HelpRequest.objects.filter(pk=asked.pk).update(shift=shift)
    assert shift.what not in words(client_of("resident").get(f"{HERE}volunteering/hours/{pk}/card/"))


def test_who_performed_on_a_date_is_thanked_when_it_took_place_and_its_programme_was_shown(client_of: ClientOf) -> None:
    with clock.at(clock.local(clock.today(), "12:00")):
        act = activity.performed("大合唱")
        card = f"{HERE}workbench/activities/acts/{act.pk}/card/"
        assert "晚霞合唱队，谢谢您" in words(client_of("staff").get(card))
        check = f"{HERE}activities/cards/{codes.thanks(act)}/"
        assert "大合唱" in words(client_of("visitor").get(check))
        RunningOrder.objects.update(published_at=None)
        assert client_of("staff").get(card).status_code == 404
        assert "没有记录了" in words(client_of("visitor").get(check))
    code = codes.thanks(act)
    other = ("A" if code[0] != "A" else "B") + code[1:]
    assert client_of("visitor").get(f"{HERE}activities/cards/{other}/").status_code == 404
