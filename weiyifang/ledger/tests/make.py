"""A small fund to test with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from weiyifang.core.actors import Actor, system
from weiyifang.ledger import services
from weiyifang.ledger.models import Account, Book, Hold, Pool, Transfer

DAY = date(2026, 3, 10)
_numbers = count(1)


def source() -> str:
    """A source nobody has used."""
    return f"tests.thing:{next(_numbers)}"


@dataclass(frozen=True)
class Fund:
    """A bank account that cannot be overdrawn, donations and costs, and two pools."""

    book: Book
    bank: Account
    gifts: Account
    costs: Account
    general: Pool
    meals: Pool
    by: Actor

    def give(self, amount: int, **fields: Any) -> Transfer:
        """A donation of `amount` fen arrives."""
        return self.post(**{"debit": self.bank, "credit": self.gifts, "amount": amount, **fields})

    def spend(self, amount: int, **fields: Any) -> Transfer:
        """`amount` fen are paid for something."""
        return self.post(**{"debit": self.costs, "credit": self.bank, "amount": amount, **fields})

    def post(self, **fields: Any) -> Transfer:
        usual = {"pool": self.general, "source": source(), "effective_on": DAY, "by": self.by}
        return Transfer.objects.get(pk=services.post(**{**usual, **fields}))

    def reverse(self, transfer: Transfer, **fields: Any) -> Transfer:
        """A transfer is taken back, wholly or in part."""
        pk = services.reverse(**{"transfer": transfer, "source": source(), "by": self.by, **fields})
        return Transfer.objects.get(pk=pk)

    def hold(self, amount: int, **fields: Any) -> Hold:
        """`amount` fen are set aside for something."""
        return services.hold(
            **{
                "debit": self.costs,
                "credit": self.bank,
                "pool": self.general,
                "amount": amount,
                "source": source(),
                "expires_at": None,
                "by": self.by,
                **fields,
            }
        )

    def posting(self, **fields: Any) -> services.Posting:
        return services.Posting(
            **{
                "debit": self.bank,
                "credit": self.gifts,
                "amount": 100,
                "pool": self.general,
                "source": source(),
                "effective_on": DAY,
                **fields,
            }
        )


def fund(code: str = "fund") -> Fund:
    """Open one in the community at hand."""
    by = system()
    book = services.open_book(code=code, name="公益基金", unit="fen", by=by)

    def account(name: str, side: Any, *, floored: bool) -> Account:
        return services.open_account(book=book, code=name, name=name, side=side, floored=floored, by=by)

    def pool(name: str) -> Pool:
        return services.open_pool(book=book, code=name, name=name, by=by)

    return Fund(
        book=book,
        bank=account("银行存款", "debit", floored=True),
        gifts=account("捐赠收入", "credit", floored=False),
        costs=account("业务活动成本", "debit", floored=False),
        general=pool("公益基金"),
        meals=pool("助餐专款"),
        by=by,
    )
