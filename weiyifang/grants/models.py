"""Tables, their promises, the states and the moves between them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import ShortTextColumn
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.grants import terms
from weiyifang.grants.terms import MOST_POINTS, TENTHS, Grade, GrantRule
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID

MOST_GRANTS = 300  # organizations in one run


class RunState(models.TextChoices):
    DRAFT = "draft", _("being entered")
    HANDED_IN = "handed_in", _("waits for a second person")
    PUBLISHED = "published", _("made public")
    PAID = "paid", _("paid out")
    DROPPED = "dropped", _("dropped")


RUN_FLOW: Flow = {
    RunState.DRAFT: {RunState.HANDED_IN, RunState.DROPPED},
    RunState.HANDED_IN: {RunState.DRAFT, RunState.PUBLISHED},
    RunState.PUBLISHED: {RunState.PAID},
    RunState.PAID: set(),
    RunState.DROPPED: set(),
}
SHOWN = (RunState.PUBLISHED, RunState.PAID)


class GrantRun(CommunityModel):
    """The running grants of one year: a table that one person signs by handing it in, and another by publishing it."""

    fixed = ("number", "year", "ruled_on")
    in_view = ("year", "state", "edits", "reason")

    number = models.IntegerField(_("no."))
    year = models.SmallIntegerField(_("year"))
    ruled_on = models.DateField(default=clock.today)  # the day whose rule holds for it
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.DRAFT)
    edits = models.IntegerField(_("changes of the table"), default=0)  # so that whoever confirms it notices
    reason = ShortTextColumn(_("reason"), max_length=200, blank=True)  # why it was sent back
    begun_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    handed_in_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    published_on = models.DateField(_("published on"), null=True)
    appeals_until = models.DateField(_("appeals until"), null=True)  # the last day, the whole of it
    paid_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    paid_on = models.DateField(_("paid on"), null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("run of grants")
        verbose_name_plural = _("runs of grants")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="grantrun_number"),
            models.UniqueConstraint(
                fields=["community", "year"], condition=~Q(state=RunState.DROPPED), name="grantrun_once_a_year"
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="grantrun_state"),
            # three people: nulls compare as unknown, which a CHECK lets pass until both are there
            models.CheckConstraint(condition=~Q(confirmed_by=F("handed_in_by")), name="grantrun_confirmed_by_another"),
            models.CheckConstraint(
                condition=~Q(paid_by=F("handed_in_by")) & ~Q(paid_by=F("confirmed_by")), name="grantrun_paid_by_a_third"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SHOWN)
                | Q(
                    handed_in_by__isnull=False,
                    confirmed_by__isnull=False,
                    published_on__isnull=False,
                    appeals_until__isnull=False,
                ),
                name="grantrun_published_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.PAID) | Q(paid_on__gt=F("appeals_until")),
                name="grantrun_paid_after_appeals",
            ),
        ]

    if TYPE_CHECKING:
        handed_in_by_id: UUID | None
        confirmed_by_id: UUID | None
        paid_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.year}"

    @property
    def rule(self) -> GrantRule:
        return terms.rule_on(self.ruled_on)

    @property
    def is_shown(self) -> bool:
        """May everybody see it?"""
        return self.state in SHOWN

    @property
    def takes_appeals(self) -> bool:
        """Can its leaders still object?"""
        until = self.appeals_until
        return self.state == RunState.PUBLISHED and until is not None and clock.today() <= until

    @property
    def is_due(self) -> bool:
        """Is the time for appeals over, and not everything paid?"""
        return self.state == RunState.PUBLISHED and not self.takes_appeals


class RunningGrant(CommunityModel):
    """One organization in a run: its result and what follows. A correction stands beside it, never over it.

    Points in tenths; None where only the grade is known. Amounts in fen.
    """

    in_view = ("tenths", "grade", "amount_fen", "new_grade", "new_fen")
    names_in_view = MappingProxyType({"new_grade": _("corrected grade"), "new_fen": _("corrected amount")})

    run = CommunityForeignKey(GrantRun, models.CASCADE, related_name="grants")
    organization = SourceField()
    place = models.SmallIntegerField()  # in the table, from 1
    tenths = models.SmallIntegerField(_("points"), null=True)
    grade = models.CharField(_("grade"), max_length=9, choices=Grade.choices)
    amount_fen = models.BigIntegerField(_("amount"))
    new_tenths = models.SmallIntegerField(null=True)
    new_grade = models.CharField(max_length=9, choices=Grade.choices, blank=True, default="")
    new_fen = models.BigIntegerField(null=True)
    asks_again = models.BooleanField(default=False)  # corrected: the fund has to be asked for another amount

    class Meta(CommunityModel.Meta):
        verbose_name = _("running grant")
        verbose_name_plural = _("running grants")
        constraints = [
            models.UniqueConstraint(fields=["community", "run", "organization"], name="runninggrant_once"),
            models.CheckConstraint(
                condition=Q(grade__in=Grade.values) & Q(new_grade__in=["", *Grade.values]), name="runninggrant_grade"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0) & (Q(new_fen=None) | Q(new_fen__gte=0)), name="runninggrant_amount"
            ),
            models.CheckConstraint(
                condition=(Q(tenths=None) | Q(tenths__range=(0, MOST_POINTS * TENTHS)))
                & (Q(new_tenths=None) | Q(new_tenths__range=(0, MOST_POINTS * TENTHS))),
                name="runninggrant_points",
            ),
            models.CheckConstraint(
                condition=Q(new_grade="", new_fen=None) | ~Q(new_grade="") & Q(new_fen__isnull=False),
                name="runninggrant_corrected_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "run", "place"], name="runninggrant_in_order"),
            models.Index(fields=["community", "organization"], name="runninggrant_of"),
        ]

    if TYPE_CHECKING:
        run_id: UUID

    def __str__(self) -> str:
        return f"{self.place}"

    @property
    def is_corrected(self) -> bool:
        return self.new_fen is not None

    @property
    def fen(self) -> int:
        """What it gets: as corrected, else as published."""
        return self.amount_fen if self.new_fen is None else self.new_fen

    @property
    def points(self) -> str:
        """As they count now."""
        return terms.points(self.new_tenths if self.is_corrected else self.tenths)

    @property
    def points_before(self) -> str:
        return terms.points(self.tenths)

    @property
    def stands(self) -> Grade:
        """The grade as it counts now."""
        return Grade(self.new_grade or self.grade)


class AppealState(models.TextChoices):
    ASKED = "asked", _("waits for an answer")
    STANDS = "stands", _("the result stands")
    CORRECTED = "corrected", _("the result was corrected")
    WITHDRAWN = "withdrawn", _("taken back")


APPEAL_FLOW: Flow = {
    AppealState.ASKED: {AppealState.STANDS, AppealState.CORRECTED, AppealState.WITHDRAWN},
    AppealState.STANDS: set(),
    AppealState.CORRECTED: set(),
    AppealState.WITHDRAWN: set(),
}


class Appeal(CommunityModel):
    """An organization's leader says that its result is wrong; another person answers."""

    in_view = ("words", "state")

    grant = CommunityForeignKey(RunningGrant, models.PROTECT, related_name="appeals")
    words = ShortTextColumn(_("what is wrong with the result"), max_length=400)
    state = models.CharField(_("state"), max_length=9, choices=AppealState.choices, default=AppealState.ASKED)
    answer = ShortTextColumn(_("answer"), max_length=200, blank=True)  # as long as a payment's reason
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "grant"], condition=Q(state=AppealState.ASKED), name="appeal_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeal_state"),
            models.CheckConstraint(condition=~Q(answered_by=F("made_by")), name="appeal_answered_by_another"),
        ]
        indexes = [models.Index(fields=["community", "state", "made_at"], name="appeal_state_at")]

    if TYPE_CHECKING:
        grant_id: UUID
        made_by_id: UUID | None

    def __str__(self) -> str:
        return f"{self.grant_id}"
