"""Two shows that want one person at the same moment, and the same without the calendar."""

from __future__ import annotations

from functools import partial
from unittest.mock import patch

import pytest

from tests.concurrency import at_once
from weiyifang.core.actors import system
from weiyifang.organizations.models import Organization
from weiyifang.stage import services, verify
from weiyifang.stage.models import Performer
from weiyifang.stage.services import playing
from weiyifang.stage.tests import make
from weiyifang.timetable.services import Taken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


def both_want_one(choir: Organization) -> list[object]:
    shows = [make.agreed(choir), make.agreed(choir, at="16:00")]
    one = make.member(choir)
    return at_once(*[partial(services.put_in, engagement=show, residents=[one], by=system()) for show in shows])


def test_two_shows_at_once_claim_one_person_and_one_gets_them(choir: Organization) -> None:
    results = both_want_one(choir)
    assert {type(result) for result in results} == {list, Taken}, results
    assert Performer.objects.live().count() == 1
    assert verify.check() == []


def test_without_the_calendar_one_person_is_in_two_places(choir: Organization) -> None:
    with patch.object(playing, "_take_their_hours"):
        both_want_one(choir)
    assert Performer.objects.live().count() == 2
    assert [fault.check for fault in verify.check()] == ["stage.calendars"] * 2
