"""A long statement is imported while one goes on with something else (`core.long_work`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from weiyifang.banking import rules, services
from weiyifang.banking.models import Statement, StatementDraft
from weiyifang.banking.services import Wanted
from weiyifang.core.actors import Actor
from weiyifang.core.long_work import Arguments, Came, Kind, Result, Step

KIND = "statement_import"


def arguments(draft: StatementDraft, wanted: Wanted) -> dict[str, object]:
    """What is handed over."""
    days = {"since": str(wanted.since), "until": str(wanted.until)}
    return {"draft": str(draft.pk), "closing_fen": wanted.closing_fen, **days}


def _import(arguments: Arguments, by: Actor, step: Step) -> Result:
    """What `workbench.preview` does at once with a short file."""
    draft = StatementDraft.objects.filter(pk=arguments["draft"], made_by=by.account_id).first()
    if draft is None:
        raise services.DraftGone()
    since, until = (date.fromisoformat(arguments[name]) for name in ("since", "until"))
    wanted = Wanted(since=since, until=until, closing_fen=arguments["closing_fen"])
    return Result(came=came_of(services.import_statement(draft=draft, wanted=wanted, by=by, step=step)))


def came_of(row: Statement) -> dict[str, object]:
    """How many lines, and of these how many were here before."""
    return {"statement": str(row.pk), "number": row.number, "lines": row.lines, "known": row.known}


def imported(came: Came) -> str:
    """The same in words."""
    new = came["lines"] - came["known"]
    words = ngettext(
        "Statement no. %(number)s is here: %(new)s new line.",
        "Statement no. %(number)s is here: %(new)s new lines.",
        new,
    )
    said = words % {"number": came["number"], "new": f"{new:,}"}
    return f"{said} {_('%(known)s were here before.') % {'known': came['known']}}" if came["known"] else said


KINDS: Mapping[str, Kind] = {
    KIND: Kind(
        title=gettext_lazy("Import a statement"),
        run=_import,
        may=lambda actor, _arguments: rules.can_keep(actor),
        words=imported,
        onward=lambda came: reverse("banking:statement", args=[came["statement"]]),
    )
}
