"""Requests for help: somebody needs a neighbour's hand at a certain time."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.look.wording import as_day, span
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.people.models import Account, Resident
from weiyifang.volunteering import kinds
from weiyifang.volunteering.models.shifts import Shift


class HelpState(models.TextChoices):
    OPEN = "open", _("somebody is sought")
    TAKEN = "taken", _("somebody does it")
    DONE = "done", _("done")
    WITHDRAWN = "withdrawn", _("no longer needed")
    NOT_FOUND = "not_found", _("nobody was found")


HELP_FLOW: Flow = {
    HelpState.OPEN: {HelpState.TAKEN, HelpState.WITHDRAWN, HelpState.NOT_FOUND},
    HelpState.TAKEN: {HelpState.OPEN, HelpState.DONE, HelpState.WITHDRAWN},
}


class HelpQuerySet(models.QuerySet["HelpRequest"]):
    def open(self) -> Self:
        """Somebody is sought, and it has not begun; the next one first."""
        return self.filter(state=HelpState.OPEN, starts_at__gt=clock.now()).order_by("starts_at", "id")

    def standing(self) -> Self:
        """Sought for or taken."""
        return self.filter(state__in=[HelpState.OPEN, HelpState.TAKEN])


class HelpRequest(CommunityModel):
    """Somebody asks for help. Where it is, is for whoever does it and for the office, as long as it stands."""

    in_view = ("starts_at", "ends_at", "remark", "state")

    number = models.IntegerField(_("no."))
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="help_requests")
    kind = models.CharField(_("what for"), max_length=20)  # a code of `kinds.HELP`
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = LineColumn(_("where"), max_length=80, blank=True)
    remark = ShortTextColumn(_("good to know"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=HelpState.choices, default=HelpState.OPEN)
    shift = CommunityForeignKey(Shift, models.PROTECT, null=True, blank=True, related_name="help_requests")
    asked_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    why = ShortTextColumn(_("why nobody was found"), max_length=200, blank=True)

    objects: ClassVar = Home.from_queryset(HelpQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="help_number"),
            models.UniqueConstraint(fields=["community", "shift"], name="help_once_for_a_shift"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="help_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(state__in=HelpState.values), name="help_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[HelpState.TAKEN, HelpState.DONE]) | Q(shift__isnull=False),
                name="help_taken_has_a_shift",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "resident", "asked_at"], name="help_of_resident"),
            models.Index(fields=["community", "starts_at"], condition=Q(state="open"), name="help_open"),
        ]

    def __str__(self) -> str:
        return self.kind_name

    @property
    def kind_name(self) -> str:
        return kinds.HELP.name_of(self.kind, as_day(self.asked_at))

    @property
    def when(self) -> str:
        """From when until when, in words."""
        return span(self.starts_at, self.ends_at)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    @property
    def is_open(self) -> bool:
        return self.state == HelpState.OPEN

    @property
    def is_taken(self) -> bool:
        return self.state == HelpState.TAKEN

    @property
    def stands(self) -> bool:
        return self.state in {HelpState.OPEN, HelpState.TAKEN}
