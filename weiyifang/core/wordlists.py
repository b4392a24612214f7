"""Lists of words that differ from place to place: kinds, columns. Dated like every rule (`core.dated`).

Each rule of the file holds the whole list from its day on, `words = [{ code, zh, en }, …]`, in the order in which they
are offered. What is stored beside a row is the `code`: it never changes its meaning and is never reused.

A community says one word at a time (`communities.services.set_rule`): a new one, another name for one that is there,
or that one is not offered any more. Its own words have one name, in its own language; their codes are `own-1`, `own-2`.
A word that is not offered any more keeps its name, and what was made while it had another name keeps that
(`WordList.name_of` asks for the day).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, dated, text
from weiyifang.core.refusals import Refused

LONGEST = 20  # characters of a name
OWN = "own-"  # how the code of a community's own word begins
NOTE = _("What was made before keeps its word. A word that ends can still be read and searched.")
KEYS = frozenset({"code", "name", "ended"})  # of what a community says about one word


class NameMissing(Refused):
    """A new word without a name."""

    sentence = _("Write what it is to be called.")
    status = 422


class OnTheList(Refused):
    """Another word has this name, whether it is offered or not."""

    sentence = _("“%(name)s” is on the list. If it is not offered any more, choose it and let it be offered again.")
    status = 422


class WordNeeded(Refused):
    """The program counts on this word, or it is the last one that is offered."""

    sentence = _("“%(name)s” cannot be taken off the list: something here depends on it. It can have another name.")
    status = 422


class NoSuchWord(Refused):
    """A code that is not on the list, or not offered any more."""

    sentence = _("Choose one of “%(list)s” that is offered now.")
    status = 422


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a list; `code` is what is stored."""

    code: str
    zh: str
    en: str
    is_ended: bool = False  # not offered any more

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.en if (get_language() or "").startswith("en") else self.zh

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class Words(dated.DatedRule):
    """A whole list, in its order."""

    words: tuple[Word, ...]

    @property
    def offered(self) -> list[Word]:
        """What can be chosen."""
        return [word for word in self.words if not word.is_ended]

    @property
    def codes(self) -> set[str]:
        return {word.code for word in self.offered}

    def word(self, code: str) -> Word | None:
        return next((word for word in self.words if word.code == code), None)


def _words(*, since: date, region: str = "", **rest: Any) -> Words:
    dated.known(rest, {"words"}, "the list")
    words: Iterable[Mapping[str, str]] = rest["words"]
    made = []
    for one in words:
        where = f"the word {one.get('code', '?')}"
        dated.known(one, {"code", "zh", "en"}, where)
        if not all(isinstance(one.get(key), str) and one[key] for key in ("code", "zh", "en")):
            raise ValueError(f"{where} needs a code, and its name in `zh` and `en`")
        made.append(Word(code=one["code"], zh=one["zh"], en=one["en"]))
    for what, given in {"code": [w.code for w in made], "name": [w.zh for w in made]}.items():
        if len(set(given)) < len(given):
            raise ValueError(f"a {what} stands there twice")
    if not made:
        raise ValueError("it has no words")
    return Words(since=since, region=region, words=tuple(made))


@dataclass(frozen=True, kw_only=True)
class WordList(dated.RuleFile[Words]):
    """One list. `kept_codes` are those that the program itself knows: they can have another name, and never end."""

    settings: Mapping[str, dated.Setting] = field(default_factory=dict)
    make: Callable[..., Words] = field(default=_words, repr=False)
    kept_codes: frozenset[str] = frozenset()
    note: str | Promise = NOTE

    def on(self, day: date, own: dated.OwnValues | None = None) -> Words:
        """The list for what is made on that day, in the community at hand if one is chosen."""
        return self._with(self.shipped_on(day), [said for since, said in self.own_rows(own) if since <= day])

    def today(self) -> Words:
        return self.on(clock.today())

    def word(self, code: str, day: date | None = None) -> Word | None:
        """The word with this code as it is called on that day (or today), whether it is offered or not.

        One that came only later is called by its first name; None for a code that never was on the list.
        """
        if not code:
            return None
        day = day or clock.today()
        said = [
            (since, one) for since, one in self.own_rows() if one.get("code") == code and not self.unfit(since, one)
        ]
        shipped = self.shipped_on(day).word(code) or self._ever_shipped(code)
        first = said[0][1] if said and shipped is None else None
        latest = next((one for since, one in reversed(said) if since <= day), first)
        return self._said(shipped, latest) if latest else shipped

    def name_of(self, code: str, day: date | None = None) -> str:
        """What it is called, in the reader's language; of a code nobody knows, the code, so that every page opens."""
        word = self.word(code, day)
        return word.name if word else code

    def choose(self, code: str, *, was: str = "") -> None:
        """Raise `NoSuchWord` for what is not offered today, unless it stood there before."""
        if code != was and code not in self.today().codes:
            raise NoSuchWord(list=self.title)

    def choices(self, *, also: str = "") -> list[tuple[str, str]]:
        """What a form offers today, and the word that stands there already."""
        found = [word for word in self.today().words if not word.is_ended or word.code == also]
        if also and also not in {word.code for word in found} and (word := self.word(also)):
            found.append(word)
        return [(word.code, word.name) for word in found]

    def known(self) -> list[Word]:
        """Every word there is or was: what is offered today first."""
        found = {word.code: word for word in sorted(self.today().words, key=lambda word: word.is_ended)}
        for rule in self.shipped:
            for word in rule.words:
                found.setdefault(word.code, replace(word, is_ended=True))
        return list(found.values())

    def ever(self) -> list[Word]:
        """Every word there is, was or will be."""
        codes = {one["code"] for since, one in self.own_rows() if not self.unfit(since, one)}
        found = self.known()
        coming = sorted(codes - {word.code for word in found})
        return [*found, *(word for code in coming if (word := self.word(code)))]

    def change(
        self, since: date, values: dated.Values, own: dated.OwnValues, ever: Collection[dated.Values]
    ) -> tuple[Words, dict[str, Any]]:
        """What holds from that day on once this is said of one word (`code`, "" for a new one; `name`; `ended`).

        Without a name it keeps the one it has. Raises `NameMissing`, `OnTheList`, `WordNeeded`, `text.TooLong`.
        """
        before, name = self.on(since, own), text.line(values.get("name", ""))
        if len(name) > LONGEST:
            raise text.TooLong(what=pgettext_lazy("lists", "Name"), long=len(name), most=LONGEST)
        there = before.word(code := values.get("code", ""))
        if not code:
            taken = {one["code"] for one in ever if str(one.get("code", "")).startswith(OWN)}
            code = f"{OWN}{len(taken) + 1}"
        elif there is None:
            raise NoSuchWord(list=self.title)
        shipped = self.shipped_on(since).word(code)
        if shipped and name in {shipped.zh, shipped.en}:
            name = ""  # it has its two names again
        elif not name and there is not None and (there.zh, there.en) != (shipped and (shipped.zh, shipped.en)):
            name = there.zh
        if not (name or shipped):
            raise NameMissing()
        said = {"code": code, "name": name, "ended": bool(values.get("ended"))}
        rows = [*self.own_rows(own), (since, said)]
        for day in {since, *(day for day, _said in rows if day > since)}:
            self._check(self.on(day, {self.name: sorted(rows, key=lambda row: row[0])}), code)
        return self.on(since, {self.name: sorted(rows, key=lambda row: row[0])}), said

    def _check(self, words: Words, code: str) -> None:
        word = words.word(code)
        assert word is not None
        for other in words.words:
            if other.code != code and {other.zh, other.en} & {word.zh, word.en}:
                raise OnTheList(name=word.name)
        if word.is_ended and (code in self.kept_codes or not words.offered):
            raise WordNeeded(name=word.name)

    def unfit(self, since: date, values: dated.Values) -> str:
        """Why what a community said is passed over, "" when it is not."""
        if set(values) != KEYS or not all(isinstance(values[key], str) for key in ("code", "name")):
            return "says no code, name and whether it ended"
        if not values["name"] and self._ever_shipped(values["code"]) is None:
            return f"has no name for {values['code']}"
        return ""

    def _with(self, shipped: Words, said: Iterable[dated.Values]) -> Words:
        words = {word.code: word for word in shipped.words}
        for one in said:
            if not self.unfit(shipped.since, one):
                code = one["code"]
                words[code] = self._said(shipped.word(code) or self._ever_shipped(code), one)
        return replace(shipped, words=tuple(words.values()))

    def _said(self, shipped: Word | None, said: dated.Values) -> Word:
        name = said["name"]
        zh, en = (name, name) if name or shipped is None else (shipped.zh, shipped.en)
        return Word(code=said["code"], zh=zh, en=en, is_ended=said["ended"] is True)

    def _ever_shipped(self, code: str) -> Word | None:
        return next((word for rule in self.shipped if (word := rule.word(code))), None)
