from __future__ import annotations

import pytest

from weiyifang.ledger import queries, services
from weiyifang.ledger.models import Transfer
from weiyifang.ledger.tests.make import Fund


def test_a_donation_arrives_and_is_spent(our_fund: Fund) -> None:
    our_fund.give(50_000)
    our_fund.spend(20_000)
    assert queries.balance(our_fund.bank) == 30_000
    assert queries.balance(our_fund.gifts) == 50_000
    assert queries.balance(our_fund.costs) == 20_000


def test_smoke(our_fund: Fund) -> None:
    t = our_fund.give(100)
    assert our_fund.give(100, source=t.source) == t
    with pytest.raises(services.TransferConflict):
        our_fund.give(101, source=t.source)
    with pytest.raises(services.OverdraftRefused):
        our_fund.spend(101)
    services.post_many([our_fund.posting() for _ in range(3)], by=our_fund.by)
    assert queries.balance(our_fund.bank) == 400
    r = services.reverse(transfer=t, source="x", by=our_fund.by)
    assert r.amount == 100
    with pytest.raises(services.ReversalTooLarge):
        services.reverse(transfer=t, source="y", by=our_fund.by)
    assert Transfer.objects.count() == 5
