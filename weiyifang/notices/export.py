"""What this package holds on a person, for their own copy of everything (`people.privacy`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from weiyifang.core.look import wording
from weiyifang.notices import queries
from weiyifang.notices.models import Notice
from weiyifang.people.models import Resident


def held_on(resident: Resident) -> Iterator[dict[str, Any]]:
    """Everything they were told, and what others were told about their affairs; the newest first."""
    whom = Q(resident=resident) | Q(whose=resident)
    if resident.account_id is not None:
        whom |= Q(account=resident.account_id)
    told = Notice.objects.filter(whom).select_related("whose")
    for line in queries.in_words(told.prefetch_related("deliveries").order_by("-id")):
        ways = [f"{one.get_route_display()}: {one.get_state_display()}" for one in line.notice.deliveries.all()]
        yield {
            _("message"): line.words,
            _("told at"): line.notice.at,
            _("told to somebody who stands by you"): line.notice.whose_id == resident.pk,
            _("read at"): line.notice.read_at,
            _("put away at"): line.notice.done_at,
            _("by which way"): wording.listed(ways),
        }
