"""Nothing is booked, set aside or sealed while the computer's clock says what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from weiyifang.core import timekeeping
from weiyifang.core.models import ClockMark
from weiyifang.ledger import services, tasks
from weiyifang.ledger.models import Hold, Period, Seal, Transfer
from weiyifang.ledger.tests.make import DAY, Fund, source

pytestmark = pytest.mark.computers_clock
VERBS: dict[str, Callable[[Fund], object]] = {
    "post": lambda fund: fund.give(100),
    "post many": lambda fund: services.post_many([fund.posting()], by=fund.by),
    "hold": lambda fund: fund.hold(1),
    "post a hold": lambda fund: services.post_hold(
        hold=Hold.objects.get(), source=source(), effective_on=DAY, by=fund.by
    ),
    "reverse": lambda fund: services.reverse(transfer=Transfer.objects.get(), source=source(), by=fund.by),
    "seal a month": lambda fund: services.close_period(book=fund.book, month=DAY, by=fund.by),
}


@pytest.fixture
def four_hundred_days_ahead(our_fund: Fund) -> Iterator[None]:
    our_fund.give(1_000)
    our_fund.hold(1)
    with override_settings(DEMO=False):
        ClockMark.objects.update_or_create(pk=1, defaults={"seen_at": timezone.now() - timedelta(days=400)})
        timekeeping._believed = None
        yield
    timekeeping._believed = None


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.usefixtures("four_hundred_days_ahead")
def test_money_does_not_move_by_a_wrong_clock(our_fund: Fund, verb: str) -> None:
    with pytest.raises(timekeeping.ClockJumped):
        VERBS[verb](our_fund)
    assert (Transfer.objects.count(), Hold.objects.count(), Period.objects.count()) == (1, 1, 0)


@pytest.mark.usefixtures("four_hundred_days_ahead")
def test_the_sealer_waits_for_the_clock(our_fund: Fund) -> None:
    tasks.seal()
    assert not Seal.objects.exists()
    timekeeping.accept()
    tasks.seal()
    assert Seal.objects.count() == 1
