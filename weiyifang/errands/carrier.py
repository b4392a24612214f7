"""How every floor hands work over (`core.long_work`)."""

from __future__ import annotations

from django.urls import reverse

from weiyifang.core.actors import Actor
from weiyifang.core.long_work import Arguments
from weiyifang.errands import services


def take_over(*, kind: str, arguments: Arguments, by: Actor) -> str:
    """Ask, and say where it is looked at."""
    return reverse("errands:errand", args=[services.ask(kind=kind, arguments=arguments, by=by).pk])
