"""The facts the fund announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    organization: str = ""  # source of the organization that gave it
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
    method: str = ""  # where it is to be paid out of
    path: str = ""  # by which it goes (`fund.paths`)
    follows: str = ""  # the row of another topic that it pays
    fingerprint: str = ""  # of the payee and what it is for (see `core.facts`)


@dataclass(frozen=True, kw_only=True)
class PaymentChecked(Event):
    """Somebody looked at the papers and at what it is for; now it can be decided."""

    words = _("the papers were checked")

    number: int


@dataclass(frozen=True, kw_only=True)
class CommitteeSpoke(Event):
    """One of the fund's committee, or the supervisor, said something about a payment. `voice`: what."""

    words = _("spoke in the committee")

    number: int
    round: int
    voice: str


@dataclass(frozen=True, kw_only=True)
class PaymentDecided(Event):
    """The committee has decided. `outcome`: passed (the money is set aside) or refused; `digest` is in the books."""

    words = _("the committee decided")

    number: int
    amount_fen: int
    outcome: str
    digest: str

    @property
    def is_passed(self) -> bool:
        return self.outcome == "passed"


@dataclass(frozen=True, kw_only=True)
class PaymentReviewed(Event):
    """An urgent payment was looked at afterwards. `finding`: in order, or not."""

    words = _("looked at afterwards")

    number: int
    finding: str


@dataclass(frozen=True, kw_only=True)
class PaymentApproved(Event):
    words = _("approved, the money is set aside")

    number: int
    amount_fen: int
    follows: str = ""  # the row of another topic that it pays


@dataclass(frozen=True, kw_only=True)
class PaymentSentBack(Event):
    words = _("sent back")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class PaymentLapsed(Event):
    """An approval was not used in time: the money set aside is free again."""

    words = _("the approval lapsed, the money is free again")

    number: int


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
    path: str = ""  # by which it went; of an urgent one somebody looks at it afterwards


@dataclass(frozen=True, kw_only=True)
class MonthClosed(Event):
    """A month's books were sealed; `root` is the hash to publish."""

    words = _("the month was sealed")

    month: str
    root: str


@dataclass(frozen=True, kw_only=True)
class MoneyMoveAsked(Event):
    """Somebody says that money went from one place of the fund to another."""

    words = _("asked for, a second person has to confirm it")

    number: int
    amount_fen: int
    from_method: str
    to_method: str
    pool: str


@dataclass(frozen=True, kw_only=True)
class MoneyMoved(Event):
    """Another person confirmed it, and it is booked."""

    words = _("confirmed by a second person and booked")

    number: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class MoneyMoveRefused(Event):
    words = _("refused")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class MoneyMoveWithdrawn(Event):
    words = _("withdrawn")

    number: int


@dataclass(frozen=True, kw_only=True)
class PaymentCorrectionAsked(Event):
    """A paid payment is said to need correcting: `payment` is its source, `kind` why."""

    words = _("asked for, a second person has to confirm it")

    number: int
    payment: str
    kind: str
    amount_fen: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class PaymentCorrected(Event):
    """Another person confirmed it, and the entry the other way round is booked."""

    words = _("confirmed by a second person and booked")

    number: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class PaymentCorrectionRefused(Event):
    words = _("refused")

    number: int
    reason: Remark


@dataclass(frozen=True, kw_only=True)
class PaymentCorrectionWithdrawn(Event):
    words = _("withdrawn")

    number: int


@dataclass(frozen=True, kw_only=True)
class BalanceStated(Event):
    """Somebody wrote down what the bank, WeChat or the cash box says, beside what the books said."""

    words = _("the books were compared")

    method: str
    stated_on: date
    stated_fen: int
    booked_fen: int
