from __future__ import annotations

from django.db import models

from weiyifang.core import clock
from weiyifang.core.tenancy import CommunityModel, Journal


class Anchor(CommunityModel):
    """How far a chain had come at a moment (see `anchors`): what stood there must stand there for ever."""

    append_only = True
    in_journal = Journal(moment="at")

    chain = models.CharField(max_length=60)  # "journal", or "ledger." and the code of a book
    number = models.BigIntegerField()  # of the block or the seal
    rows = models.BigIntegerField()  # how many the chain covers up to there
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        constraints = [models.UniqueConstraint(fields=["community", "chain", "number"], name="anchor_once")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
