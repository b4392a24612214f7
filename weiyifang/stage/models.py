"""Tables, their promises, their states and the moves between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.look.wording import span
from weiyifang.core.money import WHOLE, percent
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, Journal
from weiyifang.organizations.queries import Named
from weiyifang.people.models import Resident
from weiyifang.people.numbers import shown_phone
from weiyifang.people.secrets import SealedField
from weiyifang.stage.splitting import Shares

if TYPE_CHECKING:
    from uuid import UUID


class State(models.TextChoices):
    REQUESTED = "requested", _("a troupe is sought")
    AGREED = "agreed", _("settled who plays")
    HELD = "held", _("was played")
    CANCELLED = "cancelled", _("called off")


FLOW: Flow = {
    State.REQUESTED: {State.AGREED, State.CANCELLED},
    State.AGREED: {State.HELD, State.CANCELLED},
}
TAKEN_ON = (State.AGREED, State.HELD)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def matching(self, words: str) -> Self:
        """Each word in what it is or where."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(title__icontains=word) | Q(place__icontains=word))
        return rows

    def ahead(self) -> Self:
        """Wanted or agreed: neither held nor called off."""
        return self.filter(state__in=[State.REQUESTED, State.AGREED])


class Engagement(CommunityModel):
    """Somebody wants a show; from `AGREED` on with a troupe, at a price, and with agreed shares."""

    in_view = (
        *("title", "place", "starts_at", "ends_at", "note", "state"),
        *("organization", "price_fen", "troupe_share", "members_share", "fund_share"),
    )

    number = models.IntegerField(_("no."))
    title = LineColumn(_("what the show is for"), max_length=60)
    customer = SealedField(_("who wants it"))
    phone = SealedField(_("phone"), default="", blank=True)
    place = LineColumn(_("where"), max_length=80)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    budget_fen = models.BigIntegerField(_("budget"), null=True, blank=True)
    is_purchase = models.BooleanField(_("a government purchase of services"), default=False)
    note = ShortTextColumn(_("good to know"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    organization = SourceField(_("who plays"), blank=True)  # "" until it is agreed
    price_fen = models.BigIntegerField(_("price"), default=0)
    troupe_share = models.SmallIntegerField(_("the troupe's share"), default=0)  # basis points
    members_share = models.SmallIntegerField(_("the members' share"), default=0)
    fund_share = models.SmallIntegerField(_("the fund's share"), default=0)
    off_why = ShortTextColumn(_("why it was called off"), max_length=200, blank=True)
    sequence = models.IntegerField(default=0, db_default=0)  # how often it was changed: calendars take the highest
    requested_at = models.DateTimeField(default=clock.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)

    troupe: Named | None = None  # the organization, where a page says it (`queries.say_who_plays`)

    objects: ClassVar = Home.from_queryset(EngagementQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("show")
        verbose_name_plural = _("shows")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="engagement_number"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="engagement_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="engagement_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=TAKEN_ON) | ~Q(organization="") & Q(price_fen__gt=0),
                name="engagement_agreed_with_somebody",
            ),
            models.CheckConstraint(
                condition=Q(organization="")
                | Q(troupe_share=WHOLE - F("members_share") - F("fund_share"))
                & Q(troupe_share__gte=0, members_share__gte=0, fund_share__gte=0),
                name="engagement_shares_are_the_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CANCELLED) | ~Q(off_why=""), name="engagement_called_off_why"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state", "starts_at"], name="engagement_state"),
            models.Index(fields=["community", "organization", "starts_at"], name="engagement_of_troupe"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def troupe_name(self) -> str:
        return self.troupe.name if self.troupe else "—"

    @property
    def when(self) -> str:
        """From when until when, in words."""
        return span(self.starts_at, self.ends_at)

    @property
    def phone_shown(self) -> str:
        return shown_phone(self.phone)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_requested(self) -> bool:
        return self.state == State.REQUESTED

    @property
    def is_agreed(self) -> bool:
        return self.state == State.AGREED

    @property
    def is_held(self) -> bool:
        return self.state == State.HELD

    @property
    def is_off(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def shares(self) -> Shares:
        """What was agreed; only where it was."""
        return Shares(troupe=self.troupe_share, members=self.members_share, fund=self.fund_share)

    @property
    def shares_in_words(self) -> list[tuple[str | Promise, str]]:
        """Whose they are, and how many per cent; those of nothing are left out."""
        named = zip((_("The troupe"), _("The members"), _("The public-welfare fund")), self.shares.all, strict=True)
        return [(name, f"{percent(points)}%") for name, points in named if points]


class Answer(models.TextChoices):
    ASKED = "asked", _("not answered yet")
    MADE = "made", _("would play")
    DECLINED = "declined", _("does not play")
    CHOSEN = "chosen", _("plays")
    CLOSED = "closed", _("no longer asked")


ANSWER_FLOW: Flow = {
    Answer.ASKED: {Answer.MADE, Answer.DECLINED, Answer.CLOSED},
    Answer.MADE: {Answer.CHOSEN, Answer.DECLINED, Answer.CLOSED},
}


class Offer(CommunityModel):
    """An organization was asked whether it plays; its answer, with a price."""

    in_view = ("state", "price_fen")

    engagement = CommunityForeignKey(Engagement, models.PROTECT, related_name="offers")
    organization = SourceField(_("who was asked"))
    state = models.CharField(_("state"), max_length=8, choices=Answer.choices, default=Answer.ASKED)
    price_fen = models.BigIntegerField(_("price"), default=0)
    words = ShortTextColumn(_("what goes with the answer"), max_length=200, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    troupe: Named | None = None  # as of `Engagement`

    class Meta(CommunityModel.Meta):
        verbose_name = _("answer of a troupe")
        verbose_name_plural = _("answers of troupes")
        constraints = [
            models.UniqueConstraint(fields=["community", "engagement", "organization"], name="offer_once"),
            models.CheckConstraint(condition=Q(state__in=Answer.values), name="offer_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[Answer.MADE, Answer.CHOSEN]) | Q(price_fen__gt=0), name="offer_has_a_price"
            ),
            models.UniqueConstraint(
                fields=["community", "engagement"], condition=Q(state=Answer.CHOSEN), name="offer_chosen_once"
            ),
        ]
        indexes = [models.Index(fields=["community", "organization", "state"], name="offer_of_troupe")]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.organization}"

    @property
    def troupe_name(self) -> str:
        return self.troupe.name if self.troupe else "—"

    @property
    def is_open(self) -> bool:
        """Can it still be answered, or answered otherwise?"""
        return self.state in {Answer.ASKED, Answer.MADE}

    @property
    def is_made(self) -> bool:
        return self.state == Answer.MADE


class PerformerQuerySet(models.QuerySet["Performer"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)

    def to_come(self) -> Self:
        """In the line-up of what is not over, the next one first."""
        rows = self.live().filter(engagement__state=State.AGREED, engagement__ends_at__gt=clock.now())
        return rows.order_by("engagement__starts_at", "id")


class Performer(CommunityModel):
    """A resident is in the line-up of a show."""

    engagement = CommunityForeignKey(Engagement, models.PROTECT, related_name="performers")
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    put_in_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # stepped back, or the show was called off

    objects: ClassVar = Home.from_queryset(PerformerQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("place in a line-up")
        verbose_name_plural = _("places in line-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "engagement", "resident"], condition=Q(ended_at=None), name="performer_once"
            )
        ]
        indexes = [models.Index(fields=["community", "resident"], name="performer_who")]

    if TYPE_CHECKING:
        engagement_id: UUID
        resident_id: UUID

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.resident_id}"


class PaidBy(models.TextChoices):
    """How the money came; the codes are those of the fund's `Method`."""

    BANK = "bank", _("bank transfer")
    WECHAT = "wechat", _("WeChat")
    CASH = "cash", _("cash")


class IncomeQuerySet(models.QuerySet["Income"]):
    def standing(self) -> Self:
        return self.filter(given_back_at=None)


class Income(CommunityModel):
    """What was paid for a show. It is never changed; given back it stays to be seen."""

    fixed = ("engagement", "amount_fen", "method", "received_on", "instead_of")

    engagement = CommunityForeignKey(Engagement, models.PROTECT, related_name="incomes")
    amount_fen = models.BigIntegerField(_("amount"))
    method = models.CharField(_("how it was paid"), max_length=6, choices=PaidBy.choices, default=PaidBy.BANK)
    received_on = models.DateField(_("received on"))
    instead_of = CommunityForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )  # what stayed of it
    recorded_at = models.DateTimeField(default=clock.now)
    given_back_at = models.DateTimeField(null=True, blank=True)
    given_back_why = ShortTextColumn(_("why it was given back"), max_length=200, blank=True)

    parts: Sequence[Split] = ()  # where a page says them (`queries.incomes_of`)

    objects: ClassVar = Home.from_queryset(IncomeQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("income of a show")
        verbose_name_plural = _("incomes of shows")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="income_positive"),
            models.CheckConstraint(
                condition=Q(given_back_at=None) | ~Q(given_back_why=""), name="income_given_back_why"
            ),
        ]
        indexes = [models.Index(fields=["community", "engagement"], name="income_of_engagement")]

    if TYPE_CHECKING:
        engagement_id: UUID
        instead_of_id: UUID | None

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.amount_fen}"

    @property
    def is_given_back(self) -> bool:
        return self.given_back_at is not None


class Party(models.TextChoices):
    """In the order in which what cannot be divided is given out, where remainder and share are equal."""

    TROUPE = "troupe", _("the troupe")
    MEMBER = "member", _("a member")
    FUND = "fund", _("the fund")


class Split(CommunityModel):
    """One party's part of an income. Of the members' share each who was on has a part."""

    append_only = True
    in_journal = Journal(moment="shared_at")

    income = CommunityForeignKey(Income, models.PROTECT, related_name="splits")
    whose = models.CharField(_("whose part"), max_length=6, choices=Party.choices)
    resident = CommunityForeignKey(Resident, models.PROTECT, null=True, blank=True, related_name="+")
    amount_fen = models.BigIntegerField(_("amount"))
    shared_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("part of an income")
        verbose_name_plural = _("parts of incomes")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="split_not_below_nothing"),
            models.CheckConstraint(
                condition=Q(whose=Party.MEMBER, resident__isnull=False)
                | Q(whose__in=[Party.TROUPE, Party.FUND], resident__isnull=True),
                name="split_of_a_member_names_one",
            ),
            models.UniqueConstraint(
                fields=["community", "income", "whose"], condition=Q(resident=None), name="split_party_once"
            ),
            models.UniqueConstraint(fields=["community", "income", "resident"], name="split_member_once"),
        ]
        indexes = [models.Index(fields=["community", "resident"], name="split_of_resident")]

    if TYPE_CHECKING:
        resident_id: UUID | None

    def __str__(self) -> str:
        return f"{self.income_id} {self.whose} {self.amount_fen}"
