"""Notices, and how they are taken to people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.sources import SourceField
from weiyifang.core.states import Flow
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel
from weiyifang.people.models import Account, Resident


class Notice(CommunityModel):
    """One person is told one thing. `kind` (`kinds.py`) makes the words, from `values`, which hold none.

    `whose` is the resident whose affair it is, when whoever stands by them is told. After `until` it is pointless: it
    stays among the messages, and is taken to nobody any more.
    """

    resident = CommunityForeignKey(Resident, models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+")  # of whoever holds a duty
    whose = CommunityForeignKey(Resident, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    about = SourceField()
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    routed_at = models.DateTimeField(null=True)  # when it was decided by which routes it goes

    class Meta(CommunityModel.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(
                condition=Q(resident__isnull=False, account=None) | Q(resident=None, account__isnull=False),
                name="notice_to_one",
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(read_at__isnull=False), name="notice_done_is_read"),
        ]
        indexes = [
            models.Index(fields=["community", "resident", "-id"], name="notice_to_resident"),
            models.Index(fields=["community", "account", "-id"], name="notice_to_account"),
            models.Index(fields=["community", "resident"], condition=Q(read_at=None), name="notice_new_to_resident"),
            models.Index(fields=["community", "account"], condition=Q(read_at=None), name="notice_new_to_account"),
            models.Index(fields=["community", "id"], condition=Q(routed_at=None), name="notice_to_route"),
            models.Index(fields=["community", "about"], condition=Q(done_at=None), name="notice_open_about"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def is_over(self) -> bool:
        """Is it pointless by now?"""
        return self.until is not None and self.until <= clock.now()


class Route(models.TextChoices):
    """How a notice is taken to somebody, besides their messages here."""

    SMS = "sms", _("text message")
    PHONE = "phone", _("phone call")
    DOOR = "door", _("at the door")


class DeliveryState(models.TextChoices):
    DUE = "due", pgettext_lazy("delivery", "to do")
    SENT = "sent", pgettext_lazy("delivery", "sent")  # handed to the gateway: whether it was read nobody knows
    TOLD = "told", pgettext_lazy("delivery", "told")  # a person told them
    FAILED = "failed", pgettext_lazy("delivery", "not reached")
    DROPPED = "dropped", pgettext_lazy("delivery", "no longer needed")


DELIVERY_FLOW: Flow = {
    DeliveryState.DUE: {
        DeliveryState.SENT,
        DeliveryState.TOLD,
        DeliveryState.FAILED,
        DeliveryState.DROPPED,
    },
    DeliveryState.TOLD: {DeliveryState.DUE},  # ticked by mistake
    DeliveryState.FAILED: {DeliveryState.DUE},
}


class Why(models.TextChoices):
    """Why somebody was not reached. A choice and no free text: it is about a person."""

    NO_ANSWER = "no_answer", _("nobody answered")
    WRONG_NUMBER = "wrong_number", _("the number is not theirs")
    GATEWAY = "gateway", _("the gateway did not take it")
    QUOTA = "quota", _("the day's text messages are used up")
    CLOSED = "closed", _("this way is no longer open to them")
    TOO_LATE = "too_late", _("it was too late to tell it")


class Delivery(CommunityModel):
    """A notice on its way by one route. `due_at`: not before. `tries`: how often it was tried."""

    notice = CommunityForeignKey(Notice, models.CASCADE, related_name="deliveries")
    route = models.CharField(_("route"), max_length=5, choices=Route.choices)
    state = models.CharField(_("state"), max_length=7, choices=DeliveryState.choices, default=DeliveryState.DUE)
    due_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True, default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    class Meta(CommunityModel.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["community", "notice", "route"], name="delivery_once_by_each_route"),
            models.CheckConstraint(condition=Q(tries__gte=0), name="delivery_tries"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.DUE, done_at=None)
                | (~Q(state=DeliveryState.DUE) & Q(done_at__isnull=False)),
                name="delivery_done_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["community", "route", "due_at"], condition=Q(state=DeliveryState.DUE), name="delivery_due"
            ),
            models.Index(fields=["community", "route", "done_at"], name="delivery_done"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.state} {self.notice_id}"

    WAYS: ClassVar[tuple[str, ...]] = (Route.SMS, Route.PHONE, Route.DOOR)  # from the lightest to the surest
