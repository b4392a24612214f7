"""A long list of people as a file (`core.long_work`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from weiyifang.core import tables
from weiyifang.core.actors import Actor
from weiyifang.core.long_work import Arguments, Came, Kind, Made, Result, Step, along
from weiyifang.outreach import queries, rules, sheets
from weiyifang.people.models import ResidentQuerySet

PEOPLE = "outreach_people"


def wanted(*, by: str, of: str, was: str, way: str, since: date, until: date) -> dict[str, Any]:
    """Which people, as it is kept with the errand: the words of the page's address."""
    return {"by": by, "of": of, "was": was, "way": way, "since": since.isoformat(), "until": until.isoformat()}


def rows_of(arguments: Arguments) -> ResidentQuerySet:
    """Those people."""
    was = {"yes": True, "no": False}.get(arguments["was"])
    since, until = _days(arguments)
    return queries.members(
        by=arguments["by"], of=arguments["of"], was=was, since=since, until=until, way=arguments["way"]
    )


def _days(arguments: Arguments) -> tuple[date, date]:
    return date.fromisoformat(arguments["since"]), date.fromisoformat(arguments["until"])


def file_name(arguments: Arguments) -> str:
    return f"people-{arguments['since']}-{arguments['until']}.csv"


def _run(arguments: Arguments, _by: Actor, step: Step) -> Result:
    rows = rows_of(arguments)
    many = rows.count()
    lines = along(sheets.people_lines(rows, *_days(arguments)), many, step)
    content = b"".join(tables.write_csv(sheets.people_head(), lines))
    made = Made(name=file_name(arguments), media_type="text/csv; charset=utf-8", content=content)
    return Result(came={"count": many}, file=made)


def _words(came: Came) -> str:
    words = ngettext("%(n)s person is in the file.", "%(n)s people are in the file.", came["count"])
    return words % {"n": f"{came['count']:,}"}


KINDS: Mapping[str, Kind] = {
    PEOPLE: Kind(
        title=gettext_lazy("A list of who was reached, or not"),
        run=_run,
        may=lambda actor, _arguments: rules.can_see_rows(actor),
        words=_words,
        names_people=True,
    )
}
