"""What the members of the fund's committee said about a payment."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Journal
from weiyifang.fund.models.payments import PaymentRequest
from weiyifang.people.models import Account

if TYPE_CHECKING:
    from uuid import UUID


class Voice(models.TextChoices):
    """What somebody says in the committee; the supervisor has no vote and says that they are there."""

    FOR = "for", _("for it")
    AGAINST = "against", _("against it")
    ABSTAINS = "abstains", _("abstains")
    STEPS_BACK = "steps_back", _("steps back, being related")
    WATCHES = "watches", _("is there as supervisor")


VOTES = (Voice.FOR, Voice.AGAINST, Voice.ABSTAINS)


class CommitteeVoice(CommunityModel):
    """What one member said about a payment as it was submitted the `round`-th time: once, and it stays."""

    append_only = True
    in_journal = Journal(moment="said_at")

    payment = CommunityForeignKey(PaymentRequest, models.PROTECT, related_name="voices", db_index=False)
    round = models.SmallIntegerField(_("submitted for the n-th time"))
    voice = models.CharField(_("voice"), max_length=10, choices=Voice.choices)
    said_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        verbose_name = _("voice in the committee")
        verbose_name_plural = _("voices in the committee")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "payment", "round", "said_by"], name="committeevoice_once_each"
            ),
            models.CheckConstraint(condition=Q(voice__in=Voice.values), name="committeevoice_voice"),
        ]

    if TYPE_CHECKING:
        payment_id: UUID
        said_by_id: UUID

    def __str__(self) -> str:
        return f"{self.payment_id} {self.voice}"

    @property
    def fingerprint(self) -> str:
        """Of what was said, by which account and when; it names nobody."""
        text = f"{self.payment_id}/{self.round}/{self.voice}/{self.said_by_id}/{self.said_at.timestamp():.6f}"
        return hashlib.sha256(text.encode()).hexdigest()
