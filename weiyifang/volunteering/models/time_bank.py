"""The time bank: minutes that one person gives on to another, and who is to have them of whoever leaves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.columns import ShortTextColumn
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.people.models import Account, Resident


class GiftState(models.TextChoices):
    GIVEN = "given", _("given")
    TAKEN_BACK = "taken_back", _("taken back")


GIFT_FLOW: Flow = {GiftState.GIVEN: {GiftState.TAKEN_BACK}}


class TimeGift(CommunityModel):
    """Somebody gave minutes of theirs to somebody else: for help they had, or so that the other can be helped.

    Giver or receiver None: the community, whose time goes to whoever needs help. `is_left`: the giver left the
    community or was forgotten, and what was saved went on by itself.
    """

    giver = CommunityForeignKey(Resident, models.PROTECT, null=True, related_name="+", verbose_name=_("from"))
    receiver = CommunityForeignKey(Resident, models.PROTECT, null=True, related_name="+", verbose_name=_("to"))
    minutes = models.IntegerField(_("minutes"))
    is_left = models.BooleanField(_("left behind"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=GiftState.choices, default=GiftState.GIVEN)
    given_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")  # or who acts for them
    given_at = models.DateTimeField(default=clock.now)
    back_at = models.DateTimeField(null=True, blank=True)
    back_why = ShortTextColumn(_("why it was taken back"), max_length=200, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("time given on")
        verbose_name_plural = _("time given on")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="gift_is_some"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="gift_to_somebody_else"),
            models.CheckConstraint(condition=~Q(giver=None, receiver=None), name="gift_of_or_to_somebody"),
            models.CheckConstraint(condition=Q(is_left=False) | ~Q(giver=None), name="gift_left_by_somebody"),
            models.CheckConstraint(condition=Q(state__in=GiftState.values), name="gift_state_known"),
            models.CheckConstraint(  # what whoever left has back when they return needs no word
                condition=Q(state=GiftState.GIVEN) | ~Q(back_why="") | Q(is_left=True, receiver=None),
                name="gift_taken_back_why",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "giver"], name="gift_of_giver"),
            models.Index(fields=["community", "receiver"], name="gift_of_receiver"),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} {self.receiver_id} {self.minutes}"

    @property
    def is_back(self) -> bool:
        return self.state == GiftState.TAKEN_BACK


class TimeHeir(CommunityModel):
    """Who is to have what somebody has saved, should they leave the community or die; None: the community."""

    giver = CommunityForeignKey(Resident, models.PROTECT, related_name="+", verbose_name=_("from"))
    receiver = CommunityForeignKey(Resident, models.PROTECT, null=True, related_name="+", verbose_name=_("to"))
    named_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("who is to have saved time")
        verbose_name_plural = _("who is to have saved time")
        constraints = [
            models.UniqueConstraint(fields=["community", "giver"], name="heir_one_each"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="heir_is_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} {self.receiver_id}"
