"""Papers about a year's hours, which anybody who holds one can check."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home
from weiyifang.people.models import Account, Resident

CODE_BYTES = 16  # 128 random bits: nobody finds a paper by trying


def new_code() -> str:
    """What stands in the QR code."""
    return secrets.token_urlsafe(CODE_BYTES)


class YearPaper(CommunityModel):
    """What was written on paper: so many minutes of one person in one year, as the books had it then."""

    number = models.IntegerField(_("no."))
    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="+")
    year = models.SmallIntegerField(_("year"))
    minutes = models.IntegerField(_("minutes worked"))
    code = models.CharField(_("code"), max_length=22, default=new_code)
    issued_on = models.DateField(_("issued on"), default=clock.today)
    issued_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar = Home()

    class Meta(CommunityModel.Meta):
        verbose_name = _("paper about a year's hours")
        verbose_name_plural = _("papers about a year's hours")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="year_paper_number"),
            models.UniqueConstraint(fields=["community", "code"], name="year_paper_code"),
            models.UniqueConstraint(fields=["community", "resident", "year", "minutes"], name="year_paper_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="year_paper_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.year}"
