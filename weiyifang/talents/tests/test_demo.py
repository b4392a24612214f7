from __future__ import annotations

import random
from datetime import timedelta

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.talents import demo, queries, verify
from weiyifang.talents.models import RequestState, TalentRequest, Thanks
from weiyifang.talents.tests import make

pytestmark = pytest.mark.usefixtures("here")


def test_the_years_talents_are_asked_answer_and_are_thanked(cast: dict[str, Actor], choir: Organization) -> None:
    people.publish_standard_texts(by=system())
    for _number in range(15):
        make.resident()
    known = list(Resident.objects.filter(pk__in=[cast[who].resident_id for who in ("leader", "resident")]))
    first = clock.today() - timedelta(days=40)
    with clock.at(clock.local(first, "08:00")):
        demo.put_down(random.Random(1), known=known, talents=12)
    for number in range(30):
        day = first + timedelta(days=number)
        with clock.at(clock.local(day, "08:00")):
            demo.ask(random.Random(number), number=number, day=day, staff=cast["staff"])
        with clock.at(clock.local(day + timedelta(days=demo.AHEAD + 1), "08:00")):
            demo.thank(random.Random(number), day=day + timedelta(days=demo.AHEAD + 1))
    demo.leave_open(cast=known, staff=cast["staff"])
    assert (queries.count_listed(), queries.count_requests()) == (12, 32)
    assert {row.state for row in TalentRequest.objects.all()} == {
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.ASKED,
    }
    assert Thanks.objects.filter(state="shown").exists()
    assert verify.check() == []
