"""The statement of a month or a year as a file: what was there, what came in and went out by line, and every entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from weiyifang.core import tables
from weiyifang.core.actors import Actor
from weiyifang.core.long_work import Arguments, Came, Kind, Made, Result, Step, along
from weiyifang.core.web import periods
from weiyifang.core.web.downloads import XLSX
from weiyifang.fund import entries, queries
from weiyifang.fund.entries import Sought
from weiyifang.ledger.models import Transfer
from weiyifang.people.roles import Permission

KIND = "fund_statement"
WIDTHS = (12, 40, 20, 24, 14, 14, 14, 38, 14, 38)
AT_ONCE = 500  # entries read in one go


def head() -> list[str]:
    """The columns of every file of entries."""
    return [
        *(_("Day"), _("What"), _("Channel or category"), _("Who"), _("In (yuan)"), _("Out (yuan)")),
        *(_("Moved (yuan)"), _("Corrects"), _("Late: happened on"), _("Id")),
    ]


def lines(rows: QuerySet[Transfer]) -> Iterator[list[Any]]:
    """One for each entry. Corrections are negative in the column they correct, so each column adds up."""
    for entry in entries.all_of(rows, AT_ONCE):
        amount = in_yuan(entry.fen)
        columns = [amount if entry.way == way else "" for way in ("in", "out", "moved")]
        day, number = str(entry.transfer.effective_on), str(entry.transfer.pk)
        after = [str(entry.transfer.reverses_id or ""), str(entry.late_of or ""), number]
        title = _("Correction: %(what)s") % {"what": entry.title} if entry.is_correction else entry.title
        yield [day, title, entry.line.name, entry.who, *columns, *after]


def in_yuan(fen: int) -> Decimal:
    """A number: of a text that begins with "-" no spreadsheet makes one."""
    return Decimal(fen).scaleb(-2)


def of_period(period: str) -> QuerySet[Transfer]:
    """The entries of a month or a year."""
    since, until = periods.bounds(period)
    return entries.transfers(Sought(since=since, until=until))


def _summary(period: str) -> Iterator[list[Any]]:
    since, until = periods.bounds(period)
    view = queries.overview(since, until)
    yield [str(since), _("There before"), "", "", in_yuan(view.kept_before)]
    for flow in view.income:
        yield ["", _("Came in: sum"), flow.line.name, "", in_yuan(flow.fen)]
    for flow in view.spending:
        yield ["", _("Went out: sum"), flow.line.name, "", "", in_yuan(flow.fen)]
    yield [str(until), _("There afterwards"), "", "", in_yuan(view.kept_before + view.kept_fen)]
    yield []


def made(period: str, rows: Iterable[list[Any]]) -> Made:
    """The file: the sums first, then these entries."""
    content = tables.write_xlsx(_("Statement"), head(), [*_summary(period), *rows], widths=WIDTHS)
    return Made(name=f"fund-{period}.xlsx", media_type=XLSX, content=content)


def run(arguments: Arguments, by: Actor, step: Step) -> Result:
    """The statement of the period that is asked for."""
    found = of_period(arguments["period"])
    total = found.count()
    file = made(arguments["period"], along(lines(found), total, step))
    return Result(came={"count": total, "period": arguments["period"]}, file=file)


def _may(actor: Actor, _arguments: Arguments) -> bool:
    return actor.may_somewhere(Permission.SEE_BOOKS)


def _words(came: Came) -> str:
    words = ngettext("%(period)s: %(n)s entry.", "%(period)s: %(n)s entries.", came["count"])
    return words % {"period": came["period"], "n": f"{came['count']:,}"}


KINDS: Mapping[str, Kind] = {KIND: Kind(title=gettext_lazy("Statement of the fund"), run=run, may=_may, words=_words)}
