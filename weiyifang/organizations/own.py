"""What on organizations' pages is the reader's own: whether they belong, and may ask to; what they look after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weiyifang.core.web.own import Reader
from weiyifang.files import queries as files
from weiyifang.organizations import papers, queries, rules
from weiyifang.organizations.forms import JoinForm


def begin(reader: Reader) -> Mapping[str, Any] | None:
    """The way to a new organization: not for those who live elsewhere, or only work here."""
    actor = reader.actor
    may_not = actor is not None and not actor.is_visitor and actor.resident_id is None
    return {"may_begin": False} if may_not else None


def joining(reader: Reader) -> Mapping[str, Any] | None:
    """Whether they belong to it, or have asked to; the form to ask."""
    actor = reader.actor
    if actor is None or actor.is_visitor:
        return None
    return {**_theirs(reader), "form": reader.page["form"] or JoinForm()}


def documents(reader: Reader) -> Mapping[str, Any] | None:
    """All papers, for those who belong to it or look after it; for everybody else those that are open."""
    actor, organization = reader.actor, reader.page["organization"]
    if actor is None or actor.is_visitor:
        return None
    if not rules.can_manage(actor, organization) and _theirs(reader)["mine"] is None:
        return None
    return {"papers": files.shown(papers.source_of_documents(organization), only_open=False)}


def desk(reader: Reader) -> Mapping[str, Any] | None:
    """The way to the workbench, for whoever looks after it."""
    actor = reader.actor
    may = actor is not None and bool(actor.rights) and rules.can_manage(actor, reader.page["organization"])
    return {"can_manage": True} if may else None


def _theirs(reader: Reader) -> dict[str, Any]:
    """Asked once for all places of the page."""
    known: dict[str, Any] | None = getattr(reader.request, "their_membership", None)
    if known is None:
        mine, asked = queries.membership_of(reader.actor, reader.page["organization"])
        known = {"mine": mine, "asked": asked}
        reader.request.their_membership = known  # type: ignore[attr-defined]  # remembered with the request
    return known
