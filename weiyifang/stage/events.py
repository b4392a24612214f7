"""The facts this package announces. Names of people stay in their rows; facts carry ids and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event, Remark, Title

# --- about a show (subject `stage.engagement:<id>`) ---------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EngagementFact(Event):
    words = _("a show changed")

    number: int
    title: Title


@dataclass(frozen=True, kw_only=True)
class EngagementPutDown(EngagementFact):
    words = _("somebody wants a show")

    starts_at: datetime
    ends_at: datetime
    is_purchase: bool


@dataclass(frozen=True, kw_only=True)
class EngagementEdited(EngagementFact):
    """`changed`: names of the fields, but for the times."""

    words = _("said a show otherwise")

    changed: tuple[str, ...]
    is_purchase: bool


@dataclass(frozen=True, kw_only=True)
class EngagementMoved(EngagementFact):
    """`offers` are asked again, `residents` stay in the line-up; of each who does not, `PerformerSteppedBack` tells."""

    words = _("a show was moved to another time")

    starts_at: datetime
    ends_at: datetime
    organization: str
    offers: tuple[UUID, ...]
    residents: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class CustomerPhoneRead(EngagementFact):
    words = _("read the phone of who wants a show")


@dataclass(frozen=True, kw_only=True)
class TroupesAsked(EngagementFact):
    """One place each: the offer, and the organization that was asked."""

    words = _("troupes were asked for a show")

    offers: tuple[UUID, ...]
    organizations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EngagementAgreed(EngagementFact):
    words = _("a show was agreed with a troupe")

    offer_id: UUID
    organization: str
    price_fen: int
    troupe_share: int
    members_share: int
    fund_share: int


@dataclass(frozen=True, kw_only=True)
class PerformersPutIn(EngagementFact):
    """One place each: the place in the line-up, and who is in it."""

    words = _("people were put into a line-up")

    starts_at: datetime
    performers: tuple[UUID, ...]
    residents: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class EngagementHeld(EngagementFact):
    words = _("a show was held")


@dataclass(frozen=True, kw_only=True)
class EngagementCancelled(EngagementFact):
    words = _("a show was called off")

    starts_at: datetime
    organization: str
    performers: tuple[UUID, ...]
    residents: tuple[UUID, ...]
    reason: Remark


# --- about an answer (subject `stage.offer:<id>`) -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TroupeAnswer(Event):
    words = _("a troupe answered")

    engagement_id: UUID
    number: int
    title: Title


@dataclass(frozen=True, kw_only=True)
class ShowOffered(TroupeAnswer):
    words = _("a troupe would play, at a price")

    price_fen: int


@dataclass(frozen=True, kw_only=True)
class ShowDeclined(TroupeAnswer):
    words = _("a troupe does not play this show")


# --- about a place in the line-up (subject `stage.performer:<id>`) ------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PerformerSteppedBack(Event):
    words = _("somebody is no longer in a line-up")

    engagement_id: UUID
    number: int
    title: Title
    resident_id: UUID
    starts_at: datetime
    is_own_wish: bool


# --- about money (subject `stage.income:<id>`) --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class IncomeFact(Event):
    words = _("the income of a show changed")

    engagement_id: UUID
    number: int
    title: Title
    organization: str
    is_purchase: bool


@dataclass(frozen=True, kw_only=True)
class IncomeReceived(IncomeFact):
    words = _("the income of a show was received and shared out")

    amount_fen: int
    fund_fen: int
    method: str
    received_on: date


@dataclass(frozen=True, kw_only=True)
class IncomeGivenBack(IncomeFact):
    """The whole of it is taken back. Where a part stays, that is another income, received for the same day."""

    words = _("the income of a show was given back")

    amount_fen: int
    instead: str  # the source of the income that stays; "" when nothing does
    left_fen: int
    left_fund_fen: int
    method: str
    received_on: date
    reason: Remark
