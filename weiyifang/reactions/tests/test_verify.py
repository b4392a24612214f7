"""What one topic counted, the fund has received: recomputed, with a fault planted on either side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from weiyifang.activities import services as activities
from weiyifang.activities import verify as counted
from weiyifang.activities.models import Attendance, Method, Mode
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.fund import services as fund
from weiyifang.fund import verify as books
from weiyifang.fund.models import Donation
from weiyifang.reactions import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Late at night, the lesson in an hour is of another day."""
    with clock.at(clock.local(clock.today(), "12:00")):
        yield


def lesson(**details: Any) -> Attendance:
    """A pupil came to a lesson of 25 yuan."""
    term = make.activity(mode=Mode.TERM, places=21, fee_fen=2500, title="书法班", **details)
    session, pupil = make.date_of(term, days=0, hours=1), make.resident("学员")
    activities.publish(activity=term, by=system())
    make.enroll(make.again(session), pupil)
    return activities.check_in(session=make.again(session), resident=pupil, method=Method.ROSTER, by=system())


def test_what_was_paid_before_there_was_a_fund_is_none_of_its() -> None:
    lesson()
    with clock.at(clock.now() + timedelta(minutes=1)):
        fund.open_fund(by=system())
    assert verify.check() == []


def test_of_a_shared_fee_the_fund_has_its_part_in_the_same_moment_and_gives_it_back_whole() -> None:
    fund.open_fund(by=system())
    row = lesson(instructor=make.resident("王老师"), teacher_share=3_333)
    (receipt,) = Donation.objects.all()
    assert (receipt.source, receipt.amount_fen) == (source_of(row), 1_667)
    assert [*verify.check(), *books.check(), *counted.check()] == []
    activities.void_attendance(attendance=row, reason="没来", by=system())
    assert [*verify.check(), *books.check(), *counted.check()] == []
    whole = lesson(instructor=make.resident("李老师"), teacher_share=10_000)
    assert not Donation.objects.filter(source=source_of(whole)).exists(), "nothing of it is the fund's"
    assert [*verify.check(), *books.check(), *counted.check()] == []


def test_a_lesson_whose_fee_the_fund_has_not_is_found() -> None:
    fund.open_fund(by=system())
    activities.void_attendance(attendance=lesson(), reason="没来", by=system())
    row = lesson()
    assert verify.check() == []
    fund.take_back_of(source=source_of(row), reason="记错了", by=system())
    (fault,) = verify.check()
    assert (fault.check, fault.where) == ("reactions.lesson_fees", source_of(row))
