"""Two at the same moment, and the same without what keeps them apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

import pytest
from django.db import connection

from tests.concurrency import at_once
from weiyifang.core.server import database
from weiyifang.people import services as people
from weiyifang.talents import services, verify
from weiyifang.talents.models import Talent, TalentRequest
from weiyifang.talents.services import asking, listing
from weiyifang.talents.tests import make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


def test_two_yeses_to_one_hour_are_one_yes() -> None:
    one = make.talent()
    asked = [make.request(one, days=3), make.request(one, days=3)]
    results = at_once(*[partial(services.accept, request=row, by=make.oneself(one.resident)) for row in asked])
    assert {type(result) for result in results} == {TalentRequest, services.Busy}, results
    assert verify.check() == []


def test_whoever_asks_while_the_talent_goes_waits_for_nobody() -> None:
    one, asker = make.talent(), make.resident("请人的")
    gone = partial(services.take_off, talent=one, by=make.oneself(one.resident))
    results = at_once(gone, partial(make.request, one, asker))
    assert isinstance(results[0], Talent), results
    assert not TalentRequest.objects.open().exists()
    assert verify.check() == []


def test_asked_twice_at_once_is_asked_once_and_without_the_lock_it_is_twice() -> None:
    one, asker = make.talent(), make.resident("请人的")
    results = at_once(partial(make.request, one, asker), partial(make.request, one, asker))
    assert {type(result) for result in results} == {TalentRequest, services.AskedBefore}, results
    other, both = make.talent("写字的"), threading.Barrier(2, timeout=20)

    def waiting(*_all: object) -> None:
        both.wait()

    with (
        nothing_behind(),
        patch.object(listing, "locked", lambda talent: talent),
        patch.object(people, "locked_here", lambda resident: resident),
        patch.object(asking, "_refuse_too_many", waiting),
    ):
        results = at_once(partial(make.request, other, asker), partial(make.request, other, asker))
        assert all(isinstance(one, TalentRequest) for one in results), results


@contextmanager
def nothing_behind() -> Iterator[None]:
    """Without the constraint behind the lock."""
    once = next(one for one in TalentRequest._meta.constraints if one.name == "talent_request_once")
    with database.as_owner(connection), connection.schema_editor() as editor:
        editor.remove_constraint(TalentRequest, once)
    try:
        yield
    finally:
        with database.as_owner(connection), connection.cursor() as cursor:
            cursor.execute("TRUNCATE talents_talentrequest CASCADE")
        with database.as_owner(connection), connection.schema_editor() as editor:
            editor.add_constraint(TalentRequest, once)
