"""What is counted at the door. Shared by all communities: whoever signs in has not come to one yet.

No row tells whose it is: keys are HMACs, and what they are made of (a phone, an address) is kept nowhere.
"""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """How often something was tried since the first time, until the span that began then is over; see `limits`."""

    key = models.CharField(max_length=44, primary_key=True)
    count = models.IntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="tally_until")]

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"


class SentCode(models.Model):
    """A code on its way to a phone, and how often it may still be typed in wrongly; see `codes`."""

    key = models.CharField(max_length=44, primary_key=True)
    tries = models.SmallIntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="sent_code_until")]

    def __str__(self) -> str:
        return f"{self.tries} tries until {self.until}"
