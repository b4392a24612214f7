"""Whom volunteering reaches: whoever helped, in hours that another person approved."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from weiyifang.people.reaching import Reached
from weiyifang.volunteering.models import Hours

REACHED = (
    Reached(
        code="volunteering",
        words=_("helped as a volunteer"),
        rows=Hours.objects.approved,
        moment="came_at",
        resident="volunteer__resident",
    ),
)
