"""What may wait at the paper: an article for its reviewer, one that was sent back for its writer."""

from __future__ import annotations

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.web.access import holds
from weiyifang.core.web.waiting import Wait
from weiyifang.news import rules
from weiyifang.news.models import Article, State
from weiyifang.people.roles import Permission


def _reviews(actor: Actor) -> bool:
    return actor.may(Permission.REVIEW_NEWS)


def _sent_back(actor: Actor) -> QuerySet[Article]:
    return Article.objects.filter(state=State.DRAFT, author=actor.account_id).exclude(sent_back_why="")


WAITS = (
    Wait(
        code="news.review",
        words=_("to review"),
        icon="article",
        place="news:bench",
        route="news:manage",
        args=("number",),
        may=_reviews,
        rows=rules.reviewable_by,
        title="title",
        who=Coalesce(NullIf(F("author__name"), Value("")), F("author__username"), output_field=TextField()),
        since="submitted_at",
    ),
    Wait(
        code="news.sent_back",
        words=_("sent back: change it"),
        icon="undo",
        place="news:bench",
        route="news:manage",
        args=("number",),
        may=holds(Permission.WRITE_NEWS),
        rows=_sent_back,
        title="title",
        who="sent_back_why",
        since="changed_at",
    ),
)
