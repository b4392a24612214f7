from __future__ import annotations

import pytest

from weiyifang.communities.models import Community
from weiyifang.core.models import Counter
from weiyifang.core.numbers import next_number
from weiyifang.core.tenancy import NoCommunity, in_community

HERE, NEXT_DOOR = 500108002001, 500108002002


@pytest.mark.django_db
def test_objects_are_those_of_the_community_at_hand_however_often_it_changes() -> None:
    for code in (HERE, NEXT_DOOR):
        Community.objects.create(id=code, slug=str(code), name=str(code), short_name=str(code))
        with in_community(code):
            next_number(f"of {code}")
    for _turn in range(2):
        for code in (HERE, NEXT_DOOR):
            with in_community(code):
                assert [counter.kind for counter in Counter.objects.all()] == [f"of {code}"]
        with pytest.raises(NoCommunity):
            Counter.objects.all()
