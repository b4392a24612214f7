"""What the facts of this package are about, for who reads what happened: the article."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.core.web.access import anyone
from weiyifang.news import rules
from weiyifang.news.models import Article, Column, State

NAMES: Mapping[str, Names] = {
    Article._meta.label_lower: named_by(
        Article,
        "title",
        Way(route="news:manage", args=("number",), rule=rules.can_review),
        Way(route="news:detail", args=("number",), rule=anyone, only=Q(state=State.PUBLISHED)),
    ),
    Column._meta.label_lower: named_by(Column, "opened_as"),
}
