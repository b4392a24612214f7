"""Pools of places, claims and waiting lists."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel


class PlacePool(CommunityModel):
    """A number of places of one owner (a session, a shift), and how many of them are gone.

    `name` tells the pools of one owner apart ("over 60", "stalls"). `taken`, `held` and `waiting` are counted in the
    same transaction as the rows they count. `lapses_at` is never later than the first hold that can lapse, nor than the
    moment at which places are no longer gathered for a group, so that claiming needs to look at nothing but this row.

    `kept`: places that stand for some until a moment (`Share`), and that nobody else can have before.

    While it `collects`, whoever wants a place stands in one list and nobody is served; `services.settle` then says in
    which order the list is a line.

    At `closes_at` (empty: never) the queue ends: nobody joins it, nobody is asked any more, and whoever waits is let
    go. An offer runs `offer_hours`, near the end of the queue shorter, down to `least_minutes`.
    """

    owner = SourceField()
    name = LineColumn(_("name"), max_length=80, blank=True, default="")
    places = models.IntegerField(_("places"))
    taken = models.IntegerField(_("taken"), default=0)
    held = models.IntegerField(_("held"), default=0)
    kept = models.IntegerField(_("kept for some"), default=0, db_default=0)
    waiting = models.IntegerField(_("waiting"), default=0)
    lapses_at = models.DateTimeField(null=True)
    offer_hours = models.SmallIntegerField(_("hours to answer an offer"), default=24)
    least_minutes = models.SmallIntegerField(_("minutes to answer at least"), default=30)
    closes_at = models.DateTimeField(_("the queue closes"), null=True, blank=True)
    skips_allowed = models.SmallIntegerField(_("how often a group that does not fit may be passed over"), default=3)
    gather_hours = models.SmallIntegerField(_("hours for which places are gathered for it"), default=24, db_default=24)
    collects = models.BooleanField(_("nobody is served yet"), default=False, db_default=False)

    class Meta(CommunityModel.Meta):
        verbose_name = _("pool of places")
        verbose_name_plural = _("pools of places")
        constraints = [
            models.UniqueConstraint(fields=["community", "owner", "name"], name="placepool_name"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, held__gte=0, kept__gte=0) & Q(places__gte=F("taken") + F("held") + F("kept")),
                name="placepool_never_oversold",
            ),
            models.CheckConstraint(
                condition=Q(collects=False) | Q(taken=0, held=0), name="placepool_collects_or_gives"
            ),
            models.CheckConstraint(
                condition=Q(waiting__gte=0) & Q(offer_hours__gte=0) & Q(skips_allowed__gte=0) & Q(least_minutes__gte=0),
                name="placepool_no_negatives",
            ),
            models.CheckConstraint(condition=Q(gather_hours__gte=0), name="placepool_gathers"),
        ]
        indexes = [
            models.Index(fields=["community", "lapses_at"], name="placepool_lapses"),
            models.Index(fields=["community", "closes_at"], condition=Q(waiting__gt=0), name="placepool_closes"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.name}".strip()

    @property
    def free(self) -> int:
        """Places for everybody: that nobody has, nobody is offered and no share keeps, as of when this row was read."""
        return self.places - self.taken - self.held - self.kept

    @property
    def is_closed(self) -> bool:
        """Is the time of its queue over?"""
        return self.closes_at is not None and self.closes_at <= clock.now()


class Share(CommunityModel):
    """So many places of a pool stand for some of its holders until a moment; `left` of them are still kept.

    `name` says for whom, in a word of the topic's. At `until` the row goes: what was left is everybody's, and a place
    that is given back has no share to come back to.
    """

    pool = CommunityForeignKey(PlacePool, models.PROTECT, related_name="shares")
    name = models.CharField(max_length=20)
    places = models.IntegerField(_("places"))
    left = models.IntegerField(_("still kept"))
    until = models.DateTimeField(_("kept until"))

    class Meta(CommunityModel.Meta):
        verbose_name = _("share of a pool")
        verbose_name_plural = _("shares of pools")
        constraints = [
            models.UniqueConstraint(fields=["community", "pool", "name"], name="share_once"),
            models.CheckConstraint(condition=Q(places__gte=1, left__gte=0, left__lte=F("places")), name="share_left"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.left}/{self.places}"


class ClaimState(models.TextChoices):
    HELD = "held", _("held")
    TAKEN = "taken", _("taken")
    RELEASED = "released", _("released")


CLAIM_FLOW: Flow = {
    ClaimState.HELD: {ClaimState.TAKEN, ClaimState.RELEASED},
    ClaimState.TAKEN: {ClaimState.RELEASED},
}


class Claim(CommunityModel):
    """Some places of a pool in somebody's hand: held until `expires_at`, or taken for good, until released.

    `of_share` of them came out of a share, by its name, and go back there while it stands.
    """

    pool = CommunityForeignKey(PlacePool, models.PROTECT, related_name="claims")
    holder = SourceField()
    places = models.IntegerField(_("places"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=ClaimState.choices)
    expires_at = models.DateTimeField(_("held until"), null=True, blank=True)
    share = models.CharField(max_length=20, blank=True, default="", db_default="")
    of_share = models.IntegerField(default=0, db_default=0)

    class Meta(CommunityModel.Meta):
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "pool", "holder"], condition=~Q(state=ClaimState.RELEASED), name="claim_once"
            ),
            models.CheckConstraint(condition=Q(places__gt=0), name="claim_of_something"),
            models.CheckConstraint(
                condition=Q(share="", of_share=0) | (~Q(share="") & Q(of_share__gte=1, of_share__lte=F("places"))),
                name="claim_of_share",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.HELD) | Q(expires_at__isnull=False), name="claim_hold_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "holder"], name="claim_holder"),
            models.Index(
                fields=["community", "pool", "expires_at"], condition=Q(state=ClaimState.HELD), name="claim_lapses"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.state} {self.places}"


class WaitState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("offered a place")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("not answered in time")
    LEFT = "left", _("left the list")
    CLOSED = "closed", _("the list closed before their turn")


WAIT_FLOW: Flow = {
    WaitState.WAITING: {WaitState.OFFERED, WaitState.ACCEPTED, WaitState.LEFT, WaitState.CLOSED},
    WaitState.OFFERED: {WaitState.ACCEPTED, WaitState.DECLINED, WaitState.EXPIRED, WaitState.LEFT},
    WaitState.LEFT: {WaitState.WAITING},  # the way back to the same turn, of who left without an offer
}


class WaitEntry(CommunityModel):
    """Somebody on a pool's waiting list, alone or as a group that comes all together or not at all.

    A group is one entry for so many places, or several that are `together`: the same id, and one after the other in
    line. `skips` counts how often later ones got places that were too few for this one, or for those together with it.
    `gathers_until`: free places are kept for them until then, because they were passed over as often as may be;
    afterwards everybody may pass. `fits`: by the names of shares, how many of the places may come out of each. While an
    offer runs, `claim` holds the places until `offer_expires_at`.
    """

    pool = CommunityForeignKey(PlacePool, models.PROTECT, related_name="entries")
    holder = SourceField()
    places = models.IntegerField(_("places"), default=1)
    joined_at = models.DateTimeField(_("waiting since"), default=clock.now)
    state = models.CharField(_("state"), max_length=8, choices=WaitState.choices, default=WaitState.WAITING)
    together = models.UUIDField(null=True, blank=True)
    skips = models.SmallIntegerField(_("passed over"), default=0)
    gathers_until = models.DateTimeField(null=True, blank=True)
    fits: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict, db_default={}, blank=True)
    claim = CommunityForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="entries")
    offer_expires_at = models.DateTimeField(_("answer until"), null=True, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("waiting-list entry")
        verbose_name_plural = _("waiting-list entries")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "pool", "holder"],
                condition=Q(state__in=[WaitState.WAITING, WaitState.OFFERED]),
                name="waitentry_once",
            ),
            models.CheckConstraint(condition=Q(places__gt=0) & Q(skips__gte=0), name="waitentry_of_something"),
            models.CheckConstraint(
                condition=~Q(state=WaitState.WAITING) | Q(claim=None, offer_expires_at=None),
                name="waitentry_waits_without_claim",
            ),
            models.CheckConstraint(
                condition=~Q(state=WaitState.OFFERED) | Q(claim__isnull=False, offer_expires_at__isnull=False),
                name="waitentry_offer_holds_places",
            ),
        ]
        indexes = [
            models.Index(
                fields=["community", "pool", "joined_at", "id"],
                condition=Q(state=WaitState.WAITING),
                name="waitentry_line",
            ),
            models.Index(fields=["community", "claim"], name="waitentry_claim"),
            models.Index(fields=["community", "holder"], name="waitentry_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} {self.state} {self.places}"
