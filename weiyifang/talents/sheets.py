"""Lists that leave the program as CSV. No phones and no addresses: a list is copied and passed on."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.core import tables
from weiyifang.organizations import queries as organizations
from weiyifang.talents.models import TalentQuerySet, TalentRequest


def talents(rows: TalentQuerySet) -> StreamingHttpResponse:
    """One line a talent."""
    head = [_("No."), pgettext("people", "Name"), _("What they can do"), _("Topics")]
    head += [_("In their own words"), _("Can be asked"), _("Since")]

    def line(row: Any) -> list[Any]:
        can = _("yes") if row.takes_requests else _("not at the moment")
        return [row.number, row.resident.name, row.what, row.topic_names, row.words, can, row.since]

    return tables.streamed(head, (line(row) for row in rows.iterator(chunk_size=500)))


def requests(rows: QuerySet[TalentRequest]) -> StreamingHttpResponse:
    """One line a request (of `queries.requests_for`)."""
    head = [pgettext("people", "Talent"), _("Who asks"), _("What for"), _("Where"), _("Begins"), _("Ends")]
    head += [_("State"), _("Answer"), _("Asked on")]
    whose = organizations.named(set(rows.exclude(of="").order_by().values_list("of", flat=True)))

    def line(row: TalentRequest) -> list[Any]:
        row.whose = whose.get(row.of)
        begins, ends = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "" for at in (row.starts_at, row.ends_at))
        answered = [row.get_state_display(), row.answer, timezone.localtime(row.asked_at).date()]
        return [row.talent.resident.name, row.asker, row.what, row.place, begins, ends, *answered]

    return tables.streamed(head, (line(row) for row in rows.iterator(chunk_size=500)))
