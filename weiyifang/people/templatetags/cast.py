"""`{% load cast %}`: who a visitor of the demo can be, and what somebody's devices are called."""

from __future__ import annotations

from django import template
from django.conf import settings

from weiyifang.people import browsers
from weiyifang.people.demo_sign_in import parts_to_play

register = template.Library()
register.simple_tag(parts_to_play)
register.filter("browser_words", browsers.words)


@register.simple_tag
def demo_password() -> str:
    """The well-known password of the cast."""
    return str(settings.DEMO_PASSWORD)
