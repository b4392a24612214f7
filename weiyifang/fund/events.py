"""The facts the fund announces."""

from __future__ import annotations

from dataclasses import dataclass

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class FundOpened(Event):
    """The fund's book stands open."""


@dataclass(frozen=True, kw_only=True)
class DonationReceived(Event):
    """Money came in. `resident_id` is the giver's, when the giver lives here and said so."""

    number: int
    channel: str
    amount_fen: int
    resident_id: str = ""


@dataclass(frozen=True, kw_only=True)
class DonationReversed(Event):
    """A receipt was recorded wrongly and taken back by a second entry."""

    number: int
    amount_fen: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentSubmitted(Event):
    number: int
    amount_fen: int
    category: str


@dataclass(frozen=True, kw_only=True)
class PaymentApproved(Event):
    number: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PaymentSentBack(Event):
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentRefused(Event):
    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PaymentWithdrawn(Event):
    number: int


@dataclass(frozen=True, kw_only=True)
class PaymentMade(Event):
    number: int
    amount_fen: int
    category: str


@dataclass(frozen=True, kw_only=True)
class MonthClosed(Event):
    """A month's books were sealed; `root` is the hash to publish."""

    month: str
    root: str
