"""Tables and their promises: what somebody can do, who asked them for it, and who thanked them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, ShortTextColumn
from weiyifang.core.look.wording import span
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.organizations.queries import Named
from weiyifang.people.models import Account, Resident
from weiyifang.talents import kinds, limits


class TalentQuerySet(models.QuerySet["Talent"]):
    def listed(self) -> Self:
        return self.filter(until=None)

    def matching(self, words: str) -> Self:
        """Each word in the name, in what they can do, in their words, or in the name of a topic of theirs."""
        rows = self
        for word in words.split():
            fits = Q(resident__name__icontains=word) | Q(what__icontains=word) | Q(words__icontains=word)
            if codes := kinds.called(word):
                fits |= Q(topics__overlap=codes)
            rows = rows.filter(fits)
        return rows


class Talent(CommunityModel):
    """What a resident can do for others: from putting it down until it is taken off the list."""

    in_view = ("what", "words", "topics", "takes_requests", "until")

    number = models.IntegerField(_("no."))
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    what = LineColumn(_("what you can do"), max_length=40, blank=True)  # empty only of who was forgotten
    words = ShortTextColumn(_("in your own words"), max_length=400, blank=True)
    topics = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("topics"))
    takes_requests = models.BooleanField(_("can be asked at the moment"), default=True)
    since = models.DateField(_("since"), default=clock.today)
    until = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar = Home.from_queryset(TalentQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("talent")
        verbose_name_plural = _("talents")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="talent_number"),
            models.UniqueConstraint(fields=["community", "resident"], condition=Q(until=None), name="talent_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="talent_days_in_order"),
        ]
        indexes = [models.Index(fields=["community", "resident"], name="talent_of_resident")]

    def __str__(self) -> str:
        return f"{self.number}"

    def said(self, name: str, value: str) -> str | None:
        """A field's value in words (see `core.web.versions`)."""
        return kinds.named(value.strip("[]").replace("'", "").split(", ")) if name == "topics" else None

    @property
    def topic_names(self) -> str:
        return kinds.named(self.topics)

    @property
    def is_over(self) -> bool:
        return self.until is not None


class RequestState(models.TextChoices):
    ASKED = "asked", _("waits for an answer")
    ACCEPTED = "accepted", _("said yes")
    DECLINED = "declined", _("said no")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("nobody answered in time")
    CLOSED = "closed", _("no longer possible")  # one of the two is no longer here, or no longer on the list


REQUEST_FLOW: Flow = {
    RequestState.ASKED: {
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.WITHDRAWN,
        RequestState.LAPSED,
        RequestState.CLOSED,
    },
    RequestState.ACCEPTED: {RequestState.DECLINED, RequestState.WITHDRAWN, RequestState.CLOSED},
}
OPEN = (RequestState.ASKED, RequestState.ACCEPTED)


class TalentRequestQuerySet(models.QuerySet["TalentRequest"]):
    def open(self) -> Self:
        """Waits for an answer, or was accepted and is not over: what ends when one of the two goes."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=clock.now()), state__in=OPEN)

    def waiting(self) -> Self:
        return self.filter(state=RequestState.ASKED)

    def overdue(self) -> Self:
        """Nobody answered until it lapses."""
        return self.waiting().filter(lapses_at__lte=clock.now())


def lapse_of(starts_at: datetime | None = None) -> datetime:
    """Until when something that is asked now can be answered: so many days, and before it begins."""
    ends = clock.now() + timedelta(days=limits.rule_on(clock.today()).lapse_days)
    return ends if starts_at is None else min(ends, starts_at)


class TalentRequest(CommunityModel):
    """Somebody asks a talent for something. For whom: a resident (`of` ""), an organization, or the committee."""

    in_view = ("what", "place", "starts_at", "ends_at", "state")

    talent = CommunityForeignKey(Talent, models.PROTECT, related_name="requests")
    resident = CommunityForeignKey(  # who asks, and whom one talks to about it; None: somebody of the committee
        Resident, models.PROTECT, null=True, blank=True, related_name="+"
    )
    of = SourceField(_("in whose name"), blank=True)  # an organization, as a source
    asked_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    what = ShortTextColumn(_("what for"), max_length=200, blank=True)  # as above
    place = LineColumn(_("where"), max_length=80, blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    answer = ShortTextColumn(_("answer"), max_length=200, blank=True)
    asker_phone = models.BooleanField(_("the talent may have the asker's phone"), default=False)
    talent_phone = models.BooleanField(_("the asker may have the talent's phone"), default=False)
    asked_at = models.DateTimeField(default=clock.now)
    lapses_at = models.DateTimeField(_("can be answered until"), default=lapse_of)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # declined, withdrawn, lapsed or closed

    whose: Named | None = None  # the organization, where a page says it (`queries.say_whose`)

    objects: ClassVar = Home.from_queryset(TalentRequestQuerySet)()

    class Meta(CommunityModel.Meta):
        verbose_name = _("request to a talent")
        verbose_name_plural = _("requests to talents")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "talent", "resident", "of"],
                condition=Q(state=RequestState.ASKED),
                name="talent_request_once",
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="talent_request_state_known"),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="talent_request_both_times_or_none",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "talent", "state"], name="talent_request_of_talent"),
            models.Index(fields=["community", "resident", "state"], name="talent_request_by_resident"),
            models.Index(
                fields=["community", "lapses_at"], condition=Q(state=RequestState.ASKED), name="talent_request_lapses"
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def when(self) -> str:
        """From when until when, in words; "" when no time was said."""
        return span(self.starts_at, self.ends_at) if self.starts_at and self.ends_at else ""

    @property
    def asker(self) -> str:
        """Who asks, by name, on a page that knows `whose`: an organization, a resident, or the committee."""
        if self.whose is not None:
            return self.whose.name
        return self.resident.name if self.resident is not None else gettext("The committee")

    @property
    def is_waiting(self) -> bool:
        return self.state == RequestState.ASKED

    @property
    def is_accepted(self) -> bool:
        return self.state == RequestState.ACCEPTED

    @property
    def is_past(self) -> bool:
        """The time that was said is over."""
        return self.ends_at is not None and self.ends_at <= clock.now()

    @property
    def can_be_ended(self) -> bool:
        """One of the two may still take it back."""
        return self.is_waiting or (self.is_accepted and not self.is_past)

    @property
    def can_be_thanked(self) -> bool:
        """It was accepted, and its time, if one was said, has come."""
        return self.is_accepted and (self.starts_at is None or self.starts_at <= clock.now())

    @property
    def tone(self) -> str:
        """How a page shows the state."""
        return {RequestState.ASKED: "wait", RequestState.ACCEPTED: "ok"}.get(RequestState(self.state), "")

    @property
    def phones_until(self) -> datetime | None:
        """Until when the two may see each other's phone; None when not at all."""
        if not self.is_accepted or self.answered_at is None:
            return None
        from_then = max(self.ends_at or self.answered_at, self.answered_at)
        return from_then + timedelta(days=limits.rule_on(self.answered_at.date()).phone_days)


class ThanksState(models.TextChoices):
    WRITTEN = "written", _("the talent has not said yet whether others may read it")
    SHOWN = "shown", _("the neighbours may read it")
    TAKEN_BACK = "taken_back", _("taken back")


THANKS_FLOW: Flow = {
    ThanksState.WRITTEN: {ThanksState.SHOWN, ThanksState.TAKEN_BACK},
    ThanksState.SHOWN: {ThanksState.TAKEN_BACK},
}


class Thanks(CommunityModel):
    """Thanks for what was done. The neighbours read it while both want it; who wrote it, if they may be named."""

    request = CommunityForeignKey(TalentRequest, models.PROTECT, related_name="thanks")
    words = ShortTextColumn(_("your thanks"), max_length=200, blank=True)  # as above
    is_named = models.BooleanField(_("my name may stand under it"), default=False)  # of a resident who asked
    state = models.CharField(_("state"), max_length=10, choices=ThanksState.choices, default=ThanksState.WRITTEN)
    written_at = models.DateTimeField(default=clock.now)
    shown_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "request"], condition=~Q(state=ThanksState.TAKEN_BACK), name="thanks_once"
            ),
            models.CheckConstraint(condition=Q(state__in=ThanksState.values), name="thanks_state_known"),
        ]
        indexes = [models.Index(fields=["community", "request"], name="thanks_for_request")]

    def __str__(self) -> str:
        return f"{self.request_id}"

    @property
    def signed(self) -> str:
        """Who wrote it, as far as they may be named."""
        request: TalentRequest = self.request
        if request.of or request.resident_id is None or self.is_named:
            return request.asker
        return gettext("A neighbour")

    @property
    def is_shown(self) -> bool:
        return self.state == ThanksState.SHOWN
