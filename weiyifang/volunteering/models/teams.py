"""Teams, who helps, who is in a team, which papers were seen."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn, TextColumn
from weiyifang.core.sources import SourceField
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.organizations.queries import Named, named
from weiyifang.people.models import Account, Resident
from weiyifang.volunteering import kinds


class TeamQuerySet(models.QuerySet["Team"]):
    def at_work(self) -> Self:
        return self.filter(ended_on=None)

    def matching(self, words: str) -> Self:
        """Each word in the name or in what it does."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(name__icontains=word) | Q(purpose__icontains=word))
        return rows

    def with_member_count(self) -> Self:
        """`member_count`: who is in it now."""
        return self.annotate(member_count=Count("belongings", filter=Q(belongings__until=None)))


class Team(CommunityModel):
    """A service team of an organization, or of the committee."""

    in_view = ("name", "purpose", "organizer", "takes_members", "leader", "ended_on")

    number = models.IntegerField(_("no."))
    name = LineColumn(_("name"), max_length=40)
    purpose = TextColumn(_("what it does"), max_length=600)
    organizer = SourceField(_("whose team it is"), blank=True)  # a source; "": the committee's
    leader = CommunityForeignKey(
        Resident, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("leader")
    )
    takes_members = models.BooleanField(_("takes new members"), default=True)
    begun_on = models.DateField(_("since"), default=clock.today)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_why = ShortTextColumn(_("why it ended"), max_length=200, blank=True)

    whose: Named | None = None  # the organization, where a page says it (`queries.say_whose`)

    objects: ClassVar = Home.from_queryset(TeamQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("service team")
        verbose_name_plural = _("service teams")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="team_number"),
            models.UniqueConstraint(fields=["community", "name"], condition=Q(ended_on=None), name="team_name"),
            models.CheckConstraint(condition=~Q(name=""), name="team_has_a_name"),
            models.CheckConstraint(condition=Q(ended_on=None) | ~Q(ended_why=""), name="team_ended_why"),
        ]
        indexes = [models.Index(fields=["community", "leader"], name="team_of_leader")]

    def __str__(self) -> str:
        return self.name

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        found = named([value]).get(value) if name == "organizer" else None
        return found.name if found else None

    @property
    def is_over(self) -> bool:
        return self.ended_on is not None


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def active(self) -> Self:
        return self.filter(until=None)

    def matching(self, words: str) -> Self:
        """Each word in the name, or in what they wrote they can do."""
        rows = self
        for word in words.split():
            rows = rows.filter(Q(resident__name__icontains=word) | Q(words__icontains=word))
        return rows


class Volunteer(CommunityModel):
    """A resident who gives time: from signing up until they sign off."""

    in_view = ("words", "skills", "times", "is_named", "until")

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    words = ShortTextColumn(_("what you can do, in your own words"), max_length=200, blank=True)
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("what you can do"))
    times = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("when you have time"))
    is_named = models.BooleanField(_("may be named in public"), default=False)  # on the roll of honour
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar = Home.from_queryset(VolunteerQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        constraints = [
            models.UniqueConstraint(fields=["community", "resident"], condition=Q(until=None), name="volunteer_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="volunteer_days_in_order"),
        ]
        indexes = [models.Index(fields=["community", "resident"], name="volunteer_of_resident")]

    def __str__(self) -> str:
        return f"{self.resident_id}"

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        lists = {"skills": kinds.SKILL, "times": kinds.TIME}
        return kinds.named(lists[name], value.strip("[]").replace("'", "").split(", ")) if name in lists else None

    @property
    def skill_names(self) -> str:
        return kinds.named(kinds.SKILL, self.skills)

    @property
    def time_names(self) -> str:
        return kinds.named(kinds.TIME, self.times)


class BelongingQuerySet(models.QuerySet["Belonging"]):
    def live(self) -> Self:
        return self.filter(until=None)


class Belonging(CommunityModel):
    """A volunteer is in a team."""

    team = CommunityForeignKey(Team, models.PROTECT, related_name="belongings")
    volunteer = CommunityForeignKey(Volunteer, models.PROTECT, related_name="belongings")
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar = Home.from_queryset(BelongingQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("place in a team")
        verbose_name_plural = _("places in teams")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "team", "volunteer"], condition=Q(until=None), name="belonging_once"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="belonging_days_in_order"),
        ]
        indexes = [models.Index(fields=["community", "volunteer"], name="belonging_of_volunteer")]

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.team_id}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def standing(self) -> Self:
        """Not struck out; it may be over."""
        return self.filter(struck_on=None)

    def good_on(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.standing().filter(valid_until__gte=day)


class Certificate(CommunityModel):
    """A paper that somebody saw: its kind and its last day. Its number is not kept, and no copy of it."""

    volunteer = CommunityForeignKey(Volunteer, models.PROTECT, related_name="certificates")
    kind = models.CharField(_("kind"), max_length=20)  # a code of `kinds.CERTIFICATE`
    valid_until = models.DateField(_("holds until"))
    seen_on = models.DateField(_("seen on"), default=clock.today)
    seen_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    struck_on = models.DateField(_("struck out on"), null=True, blank=True)

    objects: ClassVar = Home.from_queryset(CertificateQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [models.CheckConstraint(condition=~Q(kind=""), name="certificate_has_a_kind")]
        indexes = [models.Index(fields=["community", "volunteer", "kind"], name="certificate_of_volunteer")]

    def __str__(self) -> str:
        return self.kind_name

    @property
    def kind_name(self) -> str:
        """In the reader's language."""
        return kinds.CERTIFICATE.name_of(self.kind, self.seen_on)

    @property
    def is_good(self) -> bool:
        return self.valid_until >= clock.today()
