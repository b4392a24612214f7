"""Nobody decides on, or writes over, what they have not seen.

A page says which rows it is about (`about`); each of its forms then carries a mark of every one: what the fields named
in the model's `in_view` held, signed. A program gets the same mark as `version` and sends it back in `If-Match`. The
marks travel with the actor, and the verb compares (`check`) once the row is locked: pages, programs and chat are
refused alike, with a sentence that says what is different now, who did it and when. What comes without a mark is
refused as well: nobody knows what was seen. A page that shows a refused form again gives it the newer mark: sent once
more, it goes through. Any other fault keeps the mark that was sent, for what was typed was typed on that.

What is decided on may be no row but sums of many: `Figures` are marked and compared as a row is.

The mark holds short values as they are, so that the sentence can say what was; a long text only as a keyed digest of
each line, and what is sealed in the database only as a keyed digest: it is named, never said.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from weiyifang.core import clock, money
from weiyifang.core.look import wording
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import CommunityModel, source_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from weiyifang.core.actors import Actor

NAME = "_seen"  # of the hidden field
AT = " at"  # beside the fields in a mark: when it was made
LONG = 120  # letters; a longer text, or one of several lines, is kept as digests of its lines
CLIPPED = 40  # letters of a line that is said
MOST_LINES = 3  # new lines of a text that are said
DIGEST = 8  # hexadecimal digits of a line's
STATE = gettext_lazy("State")
_signer = signing.Signer(salt="weiyifang.seen")


class ChangedSince(Refused):
    """Decided on, or written over, on a page that shows what no longer is."""

    sentence = gettext_lazy(
        "This has changed since you opened it%(by)s. %(changes)s. Nothing was done yet. Look at it as it is now; if "
        "you still want it so, send it once more."
    )


class OldPage(Refused):
    """A mark that nobody can read (any more)."""

    sentence = gettext_lazy("This page is too old to say what you saw. Open it again, look, and send it once more.")


class NotSeen(Refused):
    """Decided on, or written over, without saying what was seen: from a very old page, or by a program."""

    sentence = gettext_lazy(
        "It is not known what you saw before you sent this. Nothing was done yet. Look at it as it is now; if you "
        "still want it so, send it once more."
    )


@dataclass(frozen=True)
class Change:
    """One field that is different now."""

    label: str
    was: str | None = None  # None: not said
    now: str | None = None

    def __str__(self) -> str:
        if self.was is None and self.now is None:
            return _("%(field)s: another now") % {"field": self.label}
        if self.was is None:
            return _("%(field)s: now %(now)s") % {"field": self.label, "now": self.now}
        return _("%(field)s: %(was)s → %(now)s") % {"field": self.label, "was": self.was, "now": self.now}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is decided on and is no row: sums and counts of rows, each with its name for people. Like a row here.

    A name that ends in `_fen` is of money.
    """

    of: str  # which ones, as a source: `fund.month:2026-03`
    values: Mapping[str, int]
    names: Mapping[str, str | Promise]

    def said(self) -> list[tuple[str, str]]:
        """Each by its name, in words."""
        return [(capfirst(str(self.names[name])), _amount(name, value)) for name, value in self.values.items()]


Shown = CommunityModel | Figures


class Seen:
    """What an actor had before their eyes when they decided."""

    def __init__(self, marks: Iterable[str] = ()) -> None:
        self._marks = marks  # read when a verb asks, which most do not
        self._checked: set[str] = set()
        self.newer: dict[str, str] = {}  # of rows that were not seen as they are: their marks now

    def check(self, row: Shown, *, alone: bool = False) -> None:
        """Raise `ChangedSince` when the locked row is not what was seen of it, `NotSeen` when nothing says what was;
        once, for a verb may then change it.

        `alone`: there is one of its kind at a time, and another one was seen.
        """
        source = _source(row)
        if source in self._checked:
            return
        known = self._known
        if None in known.values():
            raise OldPage()
        seen = known.get(source)
        if refused := self._another(row, known, alone=alone) if seen is None else _different(row, seen):
            self.newer[source] = mark(row, at=clock.now())
            raise refused
        self._checked.add(source)

    @cached_property
    def _known(self) -> dict[str, dict[str, Any] | None]:
        return read(self._marks)

    def _another(self, row: Shown, known: Mapping[str, Any], *, alone: bool) -> Refused:
        kind = _source(row).partition(":")[0] + ":"
        if alone and not isinstance(row, Figures) and any(of.startswith(kind) for of in known):
            return ChangedSince(by="", changes=Change(capfirst(str(row._meta.verbose_name))))
        return NotSeen()


def check(row: Shown, by: Actor, *, alone: bool = False) -> None:
    """Part of every verb that changes or decides on a row, right after it locked it; or on figures, once what they
    are counted from can no longer change.
    """
    if by.seen is not None:
        by.seen.check(row, alone=alone)


def check_again(row: CommunityModel, by: Actor) -> None:
    """As `check`, for a row that was read before what guards it was locked: it is read anew, if that is needed."""
    if by.seen is not None:
        by.seen.check(type(row).objects.get(pk=row.pk))


def seen_in(request: HttpRequest) -> Seen | None:
    """What came with a request that does something: the marks of a form, or those of a program in `If-Match`."""
    if request.method in {"GET", "HEAD"}:
        return None
    return Seen(_marks_in(request))


def _marks_in(request: HttpRequest) -> Iterator[str]:
    for one in request.META.get("HTTP_IF_MATCH", "").split(","):
        if one.strip() not in {"", "*"}:
            yield one.strip().strip('"')
    if request.method == "POST":
        yield from request.POST.getlist(NAME)


def about(request: HttpRequest, *rows: Shown) -> None:
    """The page is about these rows, or figures: each of its forms carries what is seen of them here."""
    request.__dict__.setdefault("_about", []).extend(rows)


def fields(request: HttpRequest | None, *rows: Shown | None) -> SafeString:
    """The hidden fields of one form: of the rows its page is about, and of those named."""
    if request is None:
        return SafeString()
    shown = dict.fromkeys(_mark_here(request, row) for row in (*getattr(request, "_about", ()), *rows) if row)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', ((NAME, one) for one in shown))


def _mark_here(request: HttpRequest, row: Shown) -> str:
    """The mark of a row for every form of this page, made once.

    Where a form is shown again, what was typed was typed on what was seen then: the mark stays, unless the change was
    told just now.
    """
    marks: dict[str, str] = request.__dict__.setdefault("_marks", {})
    source = _source(row)
    if source not in marks:
        actor: Actor | None = getattr(request, "actor", None)
        newer = actor.seen.newer if actor is not None and actor.seen is not None else {}
        typed = request.POST or getattr(request, "typed_before_switch", None)
        known = {of: one for one in (typed.getlist(NAME) if typed else ()) for of, seen in read([one]).items() if seen}
        marks[source] = newer.get(source) or known.get(source) or mark(row, at=clock.now())
    return marks[source]


def mark(row: Shown, *, at: datetime | None = None) -> str:
    """What is seen of a row, signed, and when. Without the moment it is the same as long as the row is the same, and
    nobody can say later who changed it.
    """
    values: dict[str, Any] = (
        dict(row.values)
        if isinstance(row, Figures)
        else {field.attname: _kept(field, getattr(row, field.attname)) for field in _in_view(row)}
    )
    if at is not None:
        values[AT] = at.timestamp()
    return _signer.sign_object({"of": _source(row), "is": values}, compress=True)


def read(marks: Iterable[str]) -> dict[str, dict[str, Any] | None]:
    """What each mark says, by source; None stands for one that cannot be read."""
    known: dict[str, dict[str, Any] | None] = {}
    for one in marks:
        try:
            said = _signer.unsign_object(one)
            known[said["of"]] = said["is"]
        except (signing.BadSignature, ValueError, TypeError, KeyError):
            known[""] = None
    return known


def name_of(row: CommunityModel | type[CommunityModel], field: models.Field[Any, Any]) -> str | Promise:
    """What a field is called for people."""
    return {"state": STATE, **row.names_in_view}.get(field.name, field.verbose_name)


# --- what is kept ----------------------------------------------------------------------------------------------


def _source(row: Shown) -> str:
    return row.of if isinstance(row, Figures) else source_of(row)


def _in_view(row: CommunityModel) -> list[models.Field[Any, Any]]:
    return [row._meta.get_field(name) for name in row.in_view]  # type: ignore[misc]  # never a reverse relation


def _kept(field: models.Field[Any, Any], value: Any, key: str = "") -> Any:
    """In JSON: a short value as it is, {"d": digest} for what is sealed, {"l": [digests]} for a long text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):  # the same moment, whether it was read or has just been typed
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if getattr(field, "is_sealed", False):
        return {"d": _digest(text, key)} if text else ""
    return text if _is_short(text) else {"l": [_digest(line, key)[:DIGEST] for line in text.splitlines()]}


def _is_short(text: str) -> bool:
    return len(text) <= LONG and len(text.splitlines()) <= 1


def _digest(text: str, key: str = "") -> str:
    return hmac.digest((key or settings.SECRET_KEY).encode(), b"weiyifang.seen " + text.encode(), "sha256").hex()[:32]


# --- what is different -----------------------------------------------------------------------------------------


def _different(row: Shown, seen: Mapping[str, Any]) -> ChangedSince | None:
    changes = _counted_anew(row, seen) if isinstance(row, Figures) else _changes(row, seen)
    if not changes:
        return None
    said = pgettext("between changes", "; ").join(str(change) for change in changes)
    return ChangedSince(by=_by_whom(_source(row), seen), changes=said)


def _counted_anew(figures: Figures, seen: Mapping[str, Any]) -> list[Change]:
    return [
        Change(capfirst(str(figures.names[name])), _amount(name, seen[name]), _amount(name, value))
        for name, value in figures.values.items()
        if name in seen and seen[name] != value
    ]


def _changes(row: CommunityModel, seen: Mapping[str, Any]) -> list[Change]:
    found = []
    for field in _in_view(row):
        if field.attname in seen:  # else the page was made by an older program, which showed less
            was, value = seen[field.attname], getattr(row, field.attname)
            keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS] if isinstance(was, dict) else [""]
            if all(_kept(field, value, key) != was for key in keys):
                found.append(_change(row, field, was, value))
    return found


def _change(row: CommunityModel, field: models.Field[Any, Any], was: Any, value: Any) -> Change:
    label = capfirst(str(name_of(row, field)))
    if getattr(field, "is_sealed", False):
        return Change(label)
    if isinstance(was, dict):
        return Change(label, now=_new_lines(was.get("l", ()), str(value)))
    now = str(value) if isinstance(value, str) and not _is_short(value) else _kept(field, value)
    return Change(label, _said(row, field, was), _said(row, field, now))


def _new_lines(was: Sequence[str], text: str) -> str | None:
    """The lines that were not there, or None when lines only went."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    known = set(was)
    new = [line for line in text.splitlines() if not any(_digest(line, key)[:DIGEST] in known for key in keys)]
    return _("“%(text)s”") % {"text": " / ".join(_clipped(line) for line in new[:MOST_LINES])} if new else None


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CLIPPED else f"{line[:CLIPPED]}…"


def _said(row: CommunityModel, field: models.Field[Any, Any], kept: Any) -> str:
    """A kept value in words. A model may say its own: `said(name, value)`, None for what it leaves to us."""
    if kept is None or (kept == "" and not field.choices):
        return pgettext("a value", "nothing")
    own = getattr(row, "said", None)
    words = own(field.name, kept) if own is not None else None
    if words is None and field.choices:
        words = dict(field.flatchoices).get(kept)
    elif words is None and isinstance(field, models.ForeignKey):
        words = field.related_model._default_manager.filter(pk=kept).first()
    return _plain(field, kept) if words is None else str(words)


def _plain(field: models.Field[Any, Any], kept: Any) -> str:
    if isinstance(kept, bool):
        return pgettext("a value", "yes") if kept else pgettext("a value", "no")
    if isinstance(field, models.DateTimeField):
        return wording.moment(datetime.fromisoformat(kept))
    if isinstance(field, models.DateField):
        return wording.full_day(date.fromisoformat(kept))
    return _amount(field.name, kept) if isinstance(kept, int) else _clipped(str(kept))


def _amount(name: str, value: int) -> str:
    return _("%(amount)s yuan") % {"amount": money.yuan(value)} if name.endswith("_fen") else str(value)


def _by_whom(source: str, seen: Mapping[str, Any]) -> str:
    """Who changed it last since then, and when, as the timeline knows it: `（王红，今天 10:12）`."""
    from weiyifang.core.models import TimelineEntry

    if AT not in seen:
        return ""
    since = datetime.fromtimestamp(seen[AT], tz=UTC)
    for entry in TimelineEntry.objects.filter(subject=source, at__gt=since).order_by("-at", "-id")[:1]:
        parts = [entry.actor_name, wording.when(entry.at)]
        return _(" (%(who)s)") % {"who": " ".join(part for part in parts if part)}
    return ""
