"""Lists that leave the program as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from weiyifang.core import tables
from weiyifang.core.money import yuan
from weiyifang.stage import queries
from weiyifang.stage.models import EngagementQuerySet


def shows(rows: EngagementQuerySet) -> StreamingHttpResponse:
    """One line a show. Neither who wanted it nor a phone: a list is copied and passed on."""
    head = [
        _("No."),
        _("What the show is for"),
        _("Begins"),
        _("Ends"),
        _("Where"),
        _("Who plays"),
        _("State"),
        _("Government purchase"),
        _("Price in yuan"),
        _("Paid in yuan"),
        _("The fund's part in yuan"),
    ]
    return tables.streamed(head, _lines(rows))


def _lines(rows: EngagementQuerySet) -> Iterator[list[Any]]:
    found = list(rows)
    queries.say_who_plays(found)
    sums = queries.sums_of(found)
    for row in found:
        paid, fund = sums.get(row.pk, (0, 0))
        yield [
            row.number,
            row.title,
            f"{timezone.localtime(row.starts_at):%Y-%m-%d %H:%M}",
            f"{timezone.localtime(row.ends_at):%Y-%m-%d %H:%M}",
            row.place,
            row.troupe.name if row.troupe else "",
            row.get_state_display(),
            _("government purchase") if row.is_purchase else "",
            yuan(row.price_fen) if row.organization else "",
            yuan(paid) if paid else "",
            yuan(fund) if paid else "",
        ]
