"""The facts this package announces (subject `notices.delivery:<id>`). Who was told stands in the rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from weiyifang.core.events import Event


@dataclass(frozen=True, kw_only=True)
class DeliveryFact(Event):
    words = _("a message was on its way")

    route: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class PersonTold(DeliveryFact):
    words = _("told somebody in person")


@dataclass(frozen=True, kw_only=True)
class PersonNotReached(DeliveryFact):
    words = _("did not reach somebody")

    why: str


@dataclass(frozen=True, kw_only=True)
class TellingTakenBack(DeliveryFact):
    words = _("put a message back on the list")
