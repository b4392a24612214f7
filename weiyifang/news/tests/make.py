"""Articles for tests, made through the verbs."""

from __future__ import annotations

from typing import Any

from weiyifang.core import actors
from weiyifang.core.actors import Actor
from weiyifang.news import services
from weiyifang.news.models import Article, Column, State


def column(code: str = "community") -> Column:
    services.open_columns(by=actors.system())
    return Column.objects.get(code=code)


def draft(*, by: Actor, title: str = "路灯修好了", text: str = "今晚就亮。", **details: Any) -> Article:
    details.setdefault("column", column("notices" if details.get("is_notice") else "community"))
    return services.write(title=title, text=text, by=by, **details)


def published(*, by: Actor, reviewer: Actor, **details: Any) -> Article:
    return services.publish(article=services.submit(article=draft(by=by, **details), by=by), by=reviewer)


def in_state(state: str, *, by: Actor, reviewer: Actor) -> Article:
    """An article that went the way to `state`."""
    if state == State.DRAFT:
        return draft(by=by)
    if state == State.IN_REVIEW:
        return services.submit(article=draft(by=by), by=by)
    article = published(by=by, reviewer=reviewer)
    return services.withdraw(article=article, reason="过时了", by=reviewer) if state == State.WITHDRAWN else article
