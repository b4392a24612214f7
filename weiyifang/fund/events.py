"""The facts the fund announces."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark


@dataclass(frozen=True, kw_only=True)
class FundOpened(Event):
    """The fund's book stands open."""

    words = _("the fund was opened")


@dataclass(frozen=True, kw_only=True)
class DonationReceived(Event):
    """Money came in. `resident_id` is the giver's, when the giver lives here and said so."""

    words = _("money came in")

    number: int
    channel: str
    amount_fen: int
    resident_id: str = ""
    fingerprint: str = ""  # of the giver's name (see `core.facts`)


@dataclass(frozen=True, kw_only=True)
class DonationReversed(Event):
    """A receipt was recorded wrongly and taken back by a second entry."""

    words = _("a receipt was taken back")

    number: int
    amount_fen: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class PaymentSubmitted(Event):
    words = _("submitted")

    number: int
    amount_fen: int
    category: str
    fingerprint: str = ""  # of the payee and what it is for (see `core.facts`)


@dataclass(frozen=True, kw_only=True)
class PaymentApproved(Event):
    words = _("approved, the money is set aside")

    number: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PaymentSentBack(Event):
    words = _("sent back")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class PaymentRefused(Event):
    words = _("refused")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class PaymentWithdrawn(Event):
    words = _("withdrawn")

    number: int


@dataclass(frozen=True, kw_only=True)
class PaymentMade(Event):
    words = _("paid")

    number: int
    amount_fen: int
    category: str


@dataclass(frozen=True, kw_only=True)
class MonthClosed(Event):
    """A month's books were sealed; `root` is the hash to publish."""

    words = _("the month was sealed")

    month: str
    root: str
