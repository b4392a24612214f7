"""From a workbook to drafts: what each of its rows would be here, before anything is done.

One row is one date. Rows of one title are one activity with several dates; its first row says what holds for all. A row
is *new*, *known* (it stands here already), or *wrong*, and then every fault of it is said. None is left out silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.activities.forms import ActivityForm, SpanForm
from weiyifang.activities.kinds import KINDS, USUAL
from weiyifang.activities.models import Activity, ActivityState, Audience, Cover, Mode, Session, SessionState
from weiyifang.activities.services import Brought, Date
from weiyifang.core import clock, tables
from weiyifang.core.actors import Actor
from weiyifang.core.look import wording
from weiyifang.core.refusals import Refused
from weiyifang.core.text import line
from weiyifang.timetable.queries import clashes_of_each
from weiyifang.timetable.rooms import room
from weiyifang.timetable.services import Taken

HEADINGS: dict[str, tuple[str, ...]] = {
    "title": ("活动名称", "名称", "活动", "活动主题", "title", "activity"),
    "kind": ("类型", "类别", "活动类型", "kind", "type"),
    "day": ("日期", "活动日期", "day", "date"),
    "begins": ("开始", "开始时间", "from", "begins", "start"),
    "ends": ("结束", "结束时间", "to", "ends", "end"),
    "place": ("地点", "活动地点", "场地", "place", "room", "venue"),
    "organizer": ("主办", "主办方", "主办单位", "组织", "organizer"),
    "audience": ("对象", "面向对象", "参加对象", "audience", "for whom"),
    "places": ("名额", "人数", "places", "seats"),
    "min_age": ("最小年龄", "年龄下限", "from age", "min age"),
    "max_age": ("最大年龄", "年龄上限", "up to age", "max age"),
    "fee_fen": ("费用", "费用元", "收费", "fee"),
    "summary": ("简介", "一句话介绍", "说明", "summary"),
}
TEMPLATE_HEAD = tuple(words[0] for words in HEADINGS.values())
NEEDED = ("title", "day", "begins", "ends")
MOST = 200  # rows looked at in one go; what is here already is recognised when the file is brought again
WITHIN = 10  # rows from the top: above the headings there may be a title
WAITS = timedelta(days=1)  # how long a preview may lie open
WALL = ("day", "begins", "ends")


class NoHeadings(Refused):
    """No row says which column is what."""

    sentence = gettext_lazy(
        "We look for a row of headings with 活动名称, 日期, 开始 and 结束, and do not find it. Take our template."
    )
    status = 422


class PreviewGone(Refused):
    """What was brought is not this person's, or a day old."""

    sentence = gettext_lazy("What this page knew of your file is too old. Choose the file once more.")
    status = 422


Said = dict[str, str]  # what a row says, by field


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a file says, before anything is understood: each row with its line; `faults`: cells that are none."""

    rows: Sequence[tuple[int, Said]]
    heads: Mapping[str, str] = field(default_factory=dict)  # what the columns are called there
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row that would be a date."""

    line: int
    starts_at: datetime
    ends_at: datetime
    place: str


@dataclass(kw_only=True)
class New:
    """An activity that would be planned."""

    details: Any
    first: int  # the line that says what holds for all
    dates: list[Line] = field(default_factory=list)

    def brought(self) -> Brought:
        """As the verb takes it: a date at the activity's place has none of its own."""
        usual = self.details["place"]
        dates = [
            Date(starts_at=one.starts_at, ends_at=one.ends_at, place="" if one.place == usual else one.place)
            for one in self.dates
        ]
        return Brought(details=self.details, dates=dates)


@dataclass(frozen=True, kw_only=True)
class Left:
    """A row that becomes nothing, and why."""

    line: int
    title: str
    reasons: Sequence[str]


@dataclass(kw_only=True)
class Seen:
    """What each row would be."""

    new: list[New] = field(default_factory=list)
    known: list[Left] = field(default_factory=list)
    wrong: list[Left] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many dates would come."""
        return sum(len(one.dates) for one in self.new)


def template() -> bytes:
    """The workbook to begin with: headings, and two rows of one activity."""
    day = clock.today() + timedelta(days=14)
    said = {"title": "剪纸课", "kind": KINDS.name_of(USUAL), "begins": "14:30", "ends": "16:00", "places": "20"}
    said["place"] = "二楼手工教室"
    dates = ({**said, "day": str(day + timedelta(days=7 * week))} for week in (0, 1))
    rows = [[one.get(name, "") for name in HEADINGS] for one in dates]
    return tables.write_xlsx("programme", TEMPLATE_HEAD, rows, widths=(20, 10, 12, 8, 8, 18, 16, 10, 8, 10, 10, 8, 30))


def read(content: bytes) -> Read:
    """The rows of a file. Raises `tables.NotATable` and `NoHeadings`."""
    table = tables.read(content)
    head, places, below = _headings(table.rows)
    heads = {name: line(str(head.cells[place]))[:20] for name, place in places.items()}
    rows = [(row.line, _said(row, places)) for row in below]
    rows = [(number, said) for number, said in rows if any(said.values())]
    return Read(rows=rows[:MOST], heads=heads, more=max(len(rows) - MOST, 0))


def _headings(rows: Sequence[tables.Row]) -> tuple[tables.Row, dict[str, int], Sequence[tables.Row]]:
    field_of = {heading: name for name, headings in HEADINGS.items() for heading in headings}
    for at, row in enumerate(rows[:WITHIN]):
        found = {name: place for place, cell in enumerate(row.cells) if (name := field_of.get(tables.heading(cell)))}
        if set(NEEDED) <= set(found):
            return row, found, rows[at + 1 :]
    raise NoHeadings()


def _said(row: tables.Row, places: Mapping[str, int]) -> Said:
    """What a row says. A cell that cannot be taken says why, behind a mark; a time that Excel made of one is one."""
    said = {}
    for name, place in places.items():
        cell = row.cells[place] if place < len(row.cells) else ""
        if isinstance(cell, tables.Fault):
            is_time = name in {"begins", "ends"} and cell.said[:1].isdigit()
            cell = cell.said if is_time else FAULT + cell.reason
        said[name] = cell.isoformat() if isinstance(cell, date) else line(cell)
    return said


FAULT = "\u2717"  # before the reason, in a cell's place


# --- between the preview and the yes ---------------------------------------------------------------------------


def seal(found: Read, by: Actor) -> str:
    """What was read, to travel with the page: nothing is kept here until somebody says yes."""
    told = {"of": str(by.account_id), "rows": list(found.rows), "heads": dict(found.heads), "more": found.more}
    return _signer().sign_object(told, compress=True)


def unseal(sealed: str, by: Actor) -> Read:
    """The same again. Raises `PreviewGone`."""
    try:
        told: Any = _signer().unsign_object(sealed, max_age=WAITS)
    except (signing.BadSignature, ValueError) as error:
        raise PreviewGone() from error
    if told["of"] != str(by.account_id):
        raise PreviewGone()
    return Read(rows=[(number, said) for number, said in told["rows"]], heads=told["heads"], more=told["more"])


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="weiyifang.programme")


# --- sorting ---------------------------------------------------------------------------------------------------


def sort(found: Read, organizers: Sequence[tuple[str, Any]]) -> Seen:
    """What each row would be as things are now. `organizers`: in whose names the actor may plan. Writes nothing."""
    return _Sorter(found, organizers).sort()


class _Sorter:
    def __init__(self, found: Read, organizers: Sequence[tuple[str, Any]]) -> None:
        self.rows, self.heads, self.organizers, self.seen = found.rows, found.heads, organizers, Seen()
        titles = {said.get("title", "") for _line, said in self.rows} - {""}
        here = Activity.objects.filter(title__in=titles, state__in=(ActivityState.DRAFT, ActivityState.PUBLISHED))
        self.here = {one.title: one.number for one in here.order_by("-number")}
        dates = Session.objects.filter(activity__title__in=titles).exclude(state=SessionState.CANCELLED)
        self.dates: set[Any] = {*dates.values_list("activity__title", "starts_at")}
        self.by_title: dict[str, New] = {}

    def sort(self) -> Seen:
        good = [one for one in map(self._understood, self.rows) if one is not None]
        shared = [([room(one.place, shared=True)], one.starts_at, one.ends_at) for one, _details in good]
        for (one, details), clashes in zip(good, clashes_of_each(shared), strict=True):
            self._place(one, details, [str(Taken(clashes=clashes[:2]))] if clashes else [])
        self.seen.new = [one for one in self.by_title.values() if one.dates]
        return self.seen

    def _understood(self, row: tuple[int, Said]) -> tuple[Line, Any] | None:
        number, said = row
        faults = [
            f"{self._name(name)}: {text.removeprefix(FAULT)}" for name, text in said.items() if text.startswith(FAULT)
        ]
        about = ActivityForm(self._data(said), organizers=self.organizers)
        span = SpanForm({name: said.get(name, "") for name in WALL})
        ours = {source for source, _organizer in self.organizers}
        if about.is_valid() and about.cleaned_data["organizer"] not in ours:
            about.add_error("organizer", _("Write the name of your organization here."))
        if not faults and about.is_valid() & span.is_valid():
            begins, ends = (clock.local(one.date(), one.time()) for one in span.span())
            return Line(
                line=number, starts_at=begins, ends_at=ends, place=about.cleaned_data["place"]
            ), about.cleaned_data
        for form in () if faults else (about, span):
            faults += [f"{self._name(name)}: {text}" for name, texts in form.errors.items() for text in texts]
        self._wrong(number, said.get("title", ""), faults)
        return None

    def _data(self, said: Said) -> dict[str, str]:
        """What the form of one activity would send; what a row does not say is as the form begins."""
        kinds = {name: code for code, name in KINDS.choices()}
        audiences = {str(name): code for code, name in Audience.choices}
        names = {str(name): source for source, name in self.organizers}
        return {
            **said,
            "kind": kinds.get(said.get("kind", ""), said.get("kind", "")) or USUAL,
            "audience": audiences.get(said.get("audience", ""), said.get("audience", "")) or Audience.EVERYONE,
            "organizer": names.get(said.get("organizer", ""), said.get("organizer", "")),
            "places": said.get("places", "") or "0",
            "mode": Mode.SESSION,
            "party_size": "1",
            "cover": Cover.TEA,
        }

    def _place(self, one: Line, details: Any, faults: list[str]) -> None:
        title = details["title"]
        group = self.by_title.get(title)
        others = [other for other in group.dates if other.starts_at == one.starts_at] if group else []
        if (title, one.starts_at) in self.dates:
            self._known(one.line, title, _("It is here already."))
        elif title in self.here:
            words = _("An activity of this title is planned already (no. %(number)d). Add the date there.")
            self._wrong(one.line, title, [words % {"number": self.here[title]}])
        elif others:
            self._known(one.line, title, _("It stands in line %(line)d.") % {"line": others[0].line})
        elif faults := faults + (self._differs(details, group) if group else []):
            self._wrong(one.line, title, faults)
        else:
            group = self.by_title.setdefault(title, New(details=details, first=one.line))
            group.dates.append(one)

    def _known(self, number: int, title: str, why: str) -> None:
        self.seen.known.append(Left(line=number, title=title, reasons=[why]))

    def _wrong(self, number: int, title: str, reasons: Iterable[str]) -> None:
        self.seen.wrong.append(Left(line=number, title=title.removeprefix(FAULT)[:60], reasons=list(reasons)))

    def _differs(self, details: Mapping[str, Any], group: New) -> list[str]:
        """What a later row of one title says otherwise than its first. The place may differ from date to date."""
        names = [name for name in HEADINGS if name in details and name != "place"]
        different = [self._name(name) for name in names if details[name] != group.details[name]]
        if not different:
            return []
        words = _("It says otherwise than line %(line)d, which has the same title: %(what)s")
        return [words % {"line": group.first, "what": wording.listed(different)}]

    def _name(self, name: str) -> str:
        """What the column is called in the file, or in our template."""
        return self.heads.get(name) or HEADINGS[name][0] if name in HEADINGS else _("Row")
