"""Tables, their promises, the states and the moves between them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, NumberColumn, ShortTextColumn, TextColumn
from weiyifang.core.look.wording import as_day
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.files.album import AlbumColumn
from weiyifang.organizations.kinds import KINDS
from weiyifang.people.models import Resident
from weiyifang.people.numbers import shown_phone


class Status(models.TextChoices):
    """How official it is. A filed group is no legal person (民发〔2017〕191号); a registered one is."""

    APPLIED = "applied", _("applied for")
    FILED = "filed", _("filed")
    REGISTERED = "registered", _("registered")
    DISSOLVED = "dissolved", _("dissolved")


STATUS_FLOW: Flow = {
    Status.APPLIED: {Status.FILED, Status.DISSOLVED},  # an application that comes to nothing ends as well
    Status.FILED: {Status.REGISTERED, Status.DISSOLVED},
    Status.REGISTERED: {Status.DISSOLVED},
}
ACTIVE = (Status.FILED, Status.REGISTERED)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def active(self) -> Self:
        """Filed or registered: the pearls on the string."""
        return self.filter(status__in=ACTIVE)

    def shown(self) -> Self:
        """Everything that is or was official; applications are between those who apply and those who decide."""
        return self.filter(filed_on__isnull=False)

    def matching(self, words: str) -> Self:
        """Each word in the name or the purpose."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(name__icontains=word) | Q(purpose__icontains=word))
        return rows

    def with_member_count(self) -> Self:
        """`member_count`: who belongs to it now."""
        return self.annotate(member_count=Count("memberships", filter=Q(memberships__until=None)))


class Organization(CommunityModel):
    """A social organization of the community."""

    in_view = (
        *("name", "kind", "purpose", "founded_on", "phone", "pearl", "leader", "status"),
        *("filed_on", "filing_no", "registered_on", "credit_code", "pictures"),
    )

    number = models.IntegerField(_("no."))
    name = LineColumn(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20)  # a code of `kinds.toml`
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.APPLIED)
    purpose = TextColumn(_("what it does"), max_length=600)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    phone = NumberColumn(_("telephone"), max_length=20, blank=True)  # of the organization: shown to everyone
    pearl = LineColumn(_("one character on its pearl"), max_length=1)
    pictures = AlbumColumn()  # the first stands for it
    leader = CommunityForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("leader")
    )
    applied_at = models.DateTimeField(default=clock.now)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    filing_no = NumberColumn(_("filing number"), max_length=40, blank=True)
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    credit_code = NumberColumn(_("unified social credit code"), max_length=18, blank=True)
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    dissolved_why = ShortTextColumn(_("why it was dissolved"), max_length=200, blank=True)

    objects: ClassVar = Home.from_queryset(OrganizationQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="organization_number"),
            models.UniqueConstraint(
                fields=["community", "name"], condition=~Q(status=Status.DISSOLVED), name="organization_name"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="organization_status_known"),
            models.CheckConstraint(
                condition=~Q(status__in=ACTIVE) | Q(filed_on__isnull=False), name="organization_filed_when"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.REGISTERED) | Q(registered_on__isnull=False) & ~Q(credit_code=""),
                name="organization_registered_when",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.DISSOLVED) | Q(dissolved_on__isnull=False) & ~Q(dissolved_why=""),
                name="organization_dissolved_why",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(pearl=""), name="organization_has_a_name"),
        ]
        indexes = [models.Index(fields=["community", "status", "kind"], name="organization_kind")]

    def __str__(self) -> str:
        return self.name

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        return KINDS.name_of(value, as_day(self.applied_at)) if name == "kind" else None

    @property
    def kind_name(self) -> str:
        """In the reader's language, as it was called when the organization was applied for."""
        return KINDS.name_of(self.kind, as_day(self.applied_at))

    @property
    def phone_shown(self) -> str:
        """The way people write it."""
        return shown_phone(self.phone)

    @property
    def was_there_before(self) -> bool:
        """On file before it was noted here: taken over from paper."""
        return self.filed_on is not None and self.filed_on < as_day(self.applied_at)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def is_dissolved(self) -> bool:
        return self.status == Status.DISSOLVED


class MembershipQuerySet(models.QuerySet["Membership"]):
    def live(self) -> Self:
        return self.filter(until=None)


class Membership(CommunityModel):
    """A resident belongs to an organization."""

    in_view = ("title", "since", "until")

    organization = CommunityForeignKey(Organization, models.PROTECT, related_name="memberships")
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    title = LineColumn(_("task in it"), max_length=20, blank=True)
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar = Home.from_queryset(MembershipQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "organization", "resident"], condition=Q(until=None), name="membership_once"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="membership_days_in_order"),
        ]
        indexes = [models.Index(fields=["community", "resident"], name="membership_of_resident")]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.organization_id}"


class RequestState(models.TextChoices):
    ASKED = "asked", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


REQUEST_FLOW: Flow = {RequestState.ASKED: {RequestState.ACCEPTED, RequestState.DECLINED, RequestState.WITHDRAWN}}


class JoinRequest(CommunityModel):
    """A resident asked to belong to an organization."""

    in_view = ("words", "state")

    organization = CommunityForeignKey(Organization, models.PROTECT, related_name="requests")
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    words = ShortTextColumn(_("what you would like to tell them"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    answer = ShortTextColumn(_("answer"), max_length=200, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "organization", "resident"],
                condition=Q(state=RequestState.ASKED),
                name="join_request_once",
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="join_request_state_known"),
        ]
        indexes = [
            models.Index(fields=["community", "organization", "state"], name="join_request_waiting"),
            models.Index(fields=["community", "resident"], name="join_request_of_resident"),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.organization_id} {self.state}"
