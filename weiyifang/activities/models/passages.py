"""Who left a date, and by whom a child was fetched; who came back in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.activities.models.people import Enrollment
from weiyifang.activities.models.programme import Session
from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, Journal
from weiyifang.people.models import Resident

if TYPE_CHECKING:
    from uuid import UUID


class Fetcher(CommunityModel):
    """Somebody without a record who may fetch a child: named beforehand by a guardian, until that is taken back.

    Named for an enrolment, it holds at that activity's door; `until` a day, at every door. `at_the_door`: nobody had
    named them; who stood at the door wrote down who it was, and `why` the child went with them. Words live here and
    nowhere else, so that they can be forgotten.
    """

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")  # the child
    enrollment = CommunityForeignKey(Enrollment, models.CASCADE, null=True, related_name="fetchers")
    until = models.DateField(_("the last day"), null=True, blank=True)  # the last day; None: for the enrolment
    at_the_door = models.BooleanField(default=False)
    name = LineColumn(_("who fetches"), max_length=40)
    why = ShortTextColumn(_("why with them"), max_length=120, blank=True)
    named_at = models.DateTimeField(default=clock.now)
    named_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    ended_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("person who may fetch a child")
        verbose_name_plural = _("people who may fetch a child")
        constraints = [
            models.CheckConstraint(
                condition=Q(at_the_door=True, enrollment=None, until=None)
                | Q(at_the_door=False, enrollment__isnull=False),
                name="fetcher_named_by_one",
            ),
        ]
        indexes = [models.Index(fields=["community", "resident"], name="fetcher_of_resident")]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.pk}"


class Way(models.TextChoices):
    OUT = "out", pgettext_lazy("door", "left")
    IN = "in", pgettext_lazy("door", "came back")


class PassageQuerySet(models.QuerySet["Passage"]):
    def standing(self) -> Self:
        """Those that count: not voids, and not voided."""
        return self.filter(voids=None, voided_by=None)


class Passage(CommunityModel):
    """Somebody, with whoever was counted with them, went out of a date or came in once more.

    Append-only; a row that `voids` one takes it back. What follows from all of them together is the rule of
    `queries.passages`: it does not ask in which order they were sent. A child is handed over to a `guardian` or to a
    `fetcher`. No figure of who was reached knows this table.
    """

    append_only = True
    in_journal = Journal(moment="recorded_at")

    session = CommunityForeignKey(Session, models.PROTECT, related_name="passages")
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    way = models.CharField(max_length=3, choices=Way.choices)
    guardian = CommunityForeignKey(Resident, models.PROTECT, null=True, related_name="+")
    fetcher = CommunityForeignKey(Fetcher, models.PROTECT, null=True, related_name="passages")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by_id: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # an account's id
    nonce = models.UUIDField()  # made where it was noted: the same press sent twice is one passage
    voids = CommunityForeignKey("self", models.PROTECT, null=True, related_name="voided_by")

    objects: ClassVar = Home.from_queryset(PassageQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.UniqueConstraint(fields=["community", "nonce"], name="passage_nonce"),
            models.UniqueConstraint(
                fields=["community", "voids"], condition=Q(voids__isnull=False), name="passage_voided_once"
            ),
            models.CheckConstraint(
                condition=Q(guardian=None, fetcher=None) | Q(way=Way.OUT, guardian=None) | Q(way=Way.OUT, fetcher=None),
                name="passage_handed_to_one",
            ),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="passage_way_known"),
        ]
        indexes = [models.Index(fields=["community", "session", "resident"], name="passage_of_session")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.resident_id} {self.way}"
