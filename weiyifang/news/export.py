"""What the paper holds on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.news.models import Article, Revision
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record


def held_on(resident: Resident) -> Iterable[Record]:
    """What they wrote. Not what they read: that cannot be told from the rows."""
    if resident.account_id is None:
        return
    for article in Article.objects.filter(author_id=resident.account_id).order_by("-number"):
        yield {
            _("title"): article.title,
            _("no."): article.number,
            _("text"): article.text,
            _("state"): article.get_state_display(),
            _("published at"): article.published_at,
        }
    for change in Revision.objects.filter(by=resident.account_id).select_related("article").order_by("-at", "-pk"):
        yield {
            _("title"): change.title,
            _("changed no."): change.article.number,
            _("changed at"): change.at,
            _("text"): change.text,
            _("correction"): change.note,
        }
