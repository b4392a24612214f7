"""The official register: every community and village of the country, searched in memory.

The National Bureau of Statistics gives each residents' or villagers' committee a code of 12 digits, in which the
province (2), the city (4), the district (6) and the street (9) above it can be read. `data/register.toml` says where
our copy comes from and how old it is; `tools/make_register.py` makes it. The first caller loads it, once a process.

"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, islice

from weiyifang.communities.register_file import LEVELS, RegisterTables, codes_of, fold, load

LONGEST_TEXT = 100  # characters; a full name with everything above it has fewer than 80
MOST_WORDS = 8  # with spaces between them
LONGEST_REGION = 30  # characters in the name of a street or anything above it
FEW = 1000  # places
COUNTED = 1000  # places that a search tells exactly how many they are
MOST_PARTS = 40  # regions named as narrower searches; there are 31 provinces
MOST_READINGS = 16  # of one text; a sensible one has two or three, a hostile one has thousands

Ranges = tuple[tuple[int, int], ...]  # places from (inclusive) – to (exclusive), ascending, apart from each other
Reading = tuple[Ranges, tuple[str, ...]]  # in which places to look, for which words in their names

# A line of the register that holds a level together but is no place anybody lives in.
_STAND_INS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_COMMITTEE = re.compile(r"(.+?)(居民委员会|居委会|村民委员会|村委会|（居）委会|委员会|委会)")
_WHOLE = ("社区", "嘎查", "村", "居", "队", "场")  # a stem that ends so is a name by itself
_PLACE_ENDINGS = {
    kind + committee
    for kind in ("", "社区", "村", "嘎查")
    for committee in ("", "居民委员会", "居委会", "村民委员会", "村委会", "委员会", "委会")
}
_REGION_ENDING = re.compile(
    r"(\w*族|维吾尔)?自治[区州县旗]|(\w*族)?乡|[省市区县旗盟镇]|地区|林区|新区|街道(办事处)?|苏木"
)
_SEPARATORS = re.compile(r"[\s,;/>|、·-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A community or a village, with the names of what it belongs to ("" where there is no such level).

    `city` of a municipality's place is the municipality itself; in cities without districts (东莞) `district` is "",
    and counties directly under a province (仙桃) have no `city`.
    """

    code: int  # 500108002001
    name: str  # 南湖社区居民委员会
    short_name: str  # 南湖社区
    street: str  # 花园路街道
    district: str  # 南岸区
    city: str  # 重庆市
    province: str  # 重庆市

    @property
    def path(self) -> str:
        """From the province down, as one says it: 重庆市 南岸区 花园路街道 南湖社区居民委员会."""
        return " ".join(dict.fromkeys(filter(None, (self.province, self.city, self.district, self.street, self.name))))


@dataclass(frozen=True, slots=True)
class Region:
    """One line when browsing: a province, city, district, street or, at the bottom, a community."""

    code: int
    name: str
    places: int  # communities and villages in it


@dataclass(frozen=True, slots=True)
class Narrower:
    """A region in which more of what was sought lies, and the text that finds it there."""

    region: str  # 重庆市
    text: str  # 重庆市 南湖
    places: int  # that the first answer does not show


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search shows, and what it does not show."""

    places: list[Place]
    more: int  # how many it does not show
    is_least: bool  # there are `more` at least: nobody counted on
    narrower: list[Narrower]  # where they lie, most first; empty when they were not all counted

    @property
    def example(self) -> str:
        """A narrower search to try."""
        return self.narrower[0].text if self.narrower else "重庆 南湖"


def search(text: str, limit: int = 20) -> Answer:
    """As `find`, and how many more there are, and where: up to `COUNTED` all in all."""
    return _register().search(text, limit)


def find(text: str, limit: int = 20) -> list[Place]:
    """The places that `text` may mean, best first: at most `limit`, in the same order every time.

    It may be a name or a part of one (南湖), with what it belongs to before or after it, spaces or not (重庆 南湖;
    南岸区南湖; 花园路街道 南湖社区), a code or its beginning (500108). An ending such as 居委会 does
    not matter. A whole name is better than its beginning, and that better than a part; then comes what lies in a
    region so called. Nothing found, an empty or an overlong text: an empty list.
    """
    return _register().find(text, limit)


def place(code: int | str) -> Place | None:
    """The place with this 12-digit code, or None."""
    digits = str(code)
    return _register().place(int(digits)) if len(digits) == LEVELS[-1] and digits.isdecimal() else None


def region_name(code: int | str) -> str:
    """The name of a province, city, district or street by its code of 2, 4, 6 or 9 digits; "" when there is none."""
    return _register().tables.region_name(int(code)) if str(code).isdecimal() else ""


def children(prefix: int | str = "") -> list[Region]:
    """What lies directly in a region, for browsing: the provinces, the cities of 51, …, the places of 500108002.

    Levels that are only lines on paper (市辖区 in 重庆, a district 东莞市 in 东莞市) are stepped over.
    Empty when there is no such region.
    """
    digits = str(prefix)
    return _register().children(digits) if not digits or digits.isdecimal() else []


def short_name(name: str) -> str:
    """What neighbours call it: 南湖社区 for 南湖社区居民委员会, 李家村 for 李家村民委员会."""
    stem, committee = _parted(name)
    if not committee or stem.endswith(_WHOLE):
        return stem
    if committee.startswith("村"):
        return stem + "村"
    return stem + "居委会" if committee.startswith("居") else name


def _needle(word: str) -> str:
    """What to look for when somebody typed `word`: without the committee's ending."""
    stem, committee = _parted(word)
    return stem + "村" if committee.startswith("村") and not stem.endswith(_WHOLE) else stem


def _parted(name: str) -> tuple[str, str]:
    """(南湖社区, 居民委员会); (name, "") without such an ending or with nothing before it."""
    match = None if name in _PLACE_ENDINGS else _COMMITTEE.fullmatch(name)
    return (match[1], match[2]) if match else (name, "")


class Register:
    """The whole register, unpacked. Read-only, hence safe to share between threads."""

    def __init__(self, tables: RegisterTables) -> None:
        self.tables = tables
        self.areas = lru_cache(maxsize=2048)(self._areas)

    # -- reading ---------------------------------------------------------------------------------------------------

    def place(self, code: int) -> Place | None:
        first, last = self.tables.within(str(code))
        return self._place(first) if last > first else None

    def children(self, digits: str) -> list[Region]:
        if digits and (len(digits) not in LEVELS or not self.tables.region_name(int(digits))):
            return []
        level = LEVELS[LEVELS.index(len(digits)) + 1] if digits else LEVELS[0]
        first, last = self.tables.within(digits)
        if level == LEVELS[-1]:
            return [Region(self.tables.code(index), self.tables.name(index), 1) for index in range(first, last)]
        low, high = codes_of(digits, level)
        parent = self.tables.region_name(int(digits or 0))
        found: list[Region] = []
        for index in range(bisect_left(self.tables.regions, low), bisect_left(self.tables.regions, high)):
            code, name = self.tables.regions[index], self.tables.region_names[index]
            if name in _STAND_INS or name == parent:
                found += self.children(str(code))
            else:
                begin, end = self.tables.within(str(code))
                found.append(Region(code, name, end - begin))
        return found

    def _place(self, index: int) -> Place:
        code, name = self.tables.code(index), self.tables.name(index)
        province, city, district, street = (
            self.tables.region_name(code // 10 ** (12 - digits)) for digits in LEVELS[:-1]
        )
        if city in _STAND_INS:  # 市辖区 of 重庆 is 重庆; what hangs on a province directly has no city
            city = province if province.endswith("市") else ""
        if district == city:
            district = ""
        return Place(code, name, short_name(name), street, district, city, province)

    # -- searching -------------------------------------------------------------------------------------------------

    def find(self, text: str, limit: int) -> list[Place]:
        return [self._place(index) for index in self._ranked(text, limit)[:limit]]

    def search(self, text: str, limit: int) -> Answer:
        found = self._ranked(text, max(limit, COUNTED))
        shown, rest = found[:limit], found[limit:]
        is_least = len(found) >= COUNTED
        narrower = self._narrower(text, found, rest) if rest and not is_least else []
        return Answer([self._place(index) for index in shown], len(rest), is_least, narrower)

    def _narrower(self, text: str, found: list[int], rest: list[int]) -> list[Narrower]:
        """Of the highest level at which what was found lies apart: the regions of what is not shown."""
        for digits in LEVELS[:-1]:
            regions = [self.tables.code(index) // 10 ** (LEVELS[-1] - digits) for index in found]
            if len(set(regions)) > 1 and not _STAND_INS & set(map(self.tables.region_name, regions)):
                count = Counter(map(self.tables.region_name, regions[len(found) - len(rest) :]))
                return [Narrower(name, f"{name} {text}", number) for name, number in count.most_common(MOST_PARTS)]
        return []

    def _ranked(self, text: str, limit: int) -> list[int]:
        """The places found, best first: at least the best `limit` of them, when there are as many."""
        if len(text := text.strip()) > LONGEST_TEXT or limit < 1:
            return []
        runs = tuple(filter(None, _SEPARATORS.split(fold(text).translate(self.tables.from_rare))))
        if not 0 < len(runs) <= MOST_WORDS:
            return []
        everywhere: Ranges = ((0, len(self.tables.names)),)
        best: dict[int, int] = {}
        if all(run.isdecimal() for run in runs):  # 500108 002 001
            digits = "".join(runs)
            best = {index: rank - 4 for rank, index in self._hits(self.areas(digits), (), limit)}
            readings: Iterator[Reading] = iter([(everywhere, (digits,))])
        else:
            readings = self._readings(tuple(dict.fromkeys(runs)), everywhere, ())
        for scope, words in islice(readings, MOST_READINGS):
            for rank, index in self._hits(scope, words, limit):
                best[index] = min(rank, best.get(index, rank))
        return sorted(best, key=lambda index: (best[index], index))

    def _readings(self, runs: tuple[str, ...], scope: Ranges, words: tuple[str, ...]) -> Iterator[Reading]:
        """The ways to understand `runs`: in which places to look, for which words in their names.

        Each run is a region, or a region and more, or words of the name, or words and a region behind them.
        Every step ends in at least one reading or in none at once, so the first few cost little.
        """
        if not runs:
            yield scope, words
            return
        run, rest = runs[0], runs[1:]
        for cut in self._region_cuts(run):
            head, tail = run[:cut], run[cut:]
            if _REGION_ENDING.fullmatch(tail):  # 南岸区 is not a place with 区 in its name in 南岸
                continue
            if inside := _overlap(scope, self.areas(head)):
                yield from self._readings((tail, *rest) if tail else rest, inside, words)
        yield from self._readings(rest, scope, (*words, run))
        for cut in range(max(1, len(run) - LONGEST_REGION), len(run) - 1):
            if inside := _overlap(scope, self.areas(run[cut:])):
                yield from self._readings((run[:cut], *rest), inside, words)

    def _region_cuts(self, run: str) -> list[int]:
        """Where a region's name or code at the beginning of `run` may end; the longest first."""
        if digits := re.match(r"\d+", run):
            return [digits.end()] if self.areas(digits[0]) else []
        cuts = []
        for cut in range(2, min(len(run), LONGEST_REGION) + 1):
            if self.areas(run[:cut]):
                cuts.append(cut)
            elif f"\n{run[:cut]}" not in self.tables.region_names.text:
                break
        return cuts[::-1]

    def _areas(self, word: str) -> Ranges:
        """Where the places lie of all regions called `word`, with or without 市, 区, 街道 …; or with that code."""
        if len(word) < 2:
            return ()
        if word.isdecimal():
            first, last = self.tables.within(word)
            return ((first, last),) if last > first else ()
        found = []
        for start, ending in self.tables.region_names.beginning_with(word, 0, len(self.tables.region_names)):
            if not ending or _REGION_ENDING.fullmatch(ending):
                first, last = self.tables.within(str(self.tables.regions[self.tables.region_names.index_at(start)]))
                if last > first:
                    found.append((first, last))
        return _merged(found)

    def _hits(self, scope: Ranges, words: tuple[str, ...], limit: int) -> Iterator[tuple[int, int]]:
        """(rank, place) for the places in `scope` whose names hold all `words`.

        Ranks: 0 is the whole name, 1 the name but for its ending, 2 its beginning, 3 a part or several, 4 any place
        when there are no words. At most `limit` of one rank from 2 on, for there may be hundreds of thousands.
        """
        if not words:
            everyone = (index for low, high in scope for index in range(low, high))
            return ((4, index) for index in islice(everyone, limit))
        if len(words) == 1:
            return self._hits_of_one(scope, words[0], limit)
        return ((3, index) for index in islice(self._holding_all(scope, words), limit))

    def _hits_of_one(self, scope: Ranges, word: str, limit: int) -> Iterator[tuple[int, int]]:
        names, needle = self.tables.names, _needle(word)
        whole_ending = word.removeprefix(needle)
        wholes = beginnings = 0
        for low, high in scope:
            for start, ending in names.beginning_with(needle, low, high):
                if ending in _PLACE_ENDINGS:
                    wholes += 1
                    yield int(ending != whole_ending), names.index_at(start)
                elif beginnings < limit:
                    beginnings += 1
                    yield 2, names.index_at(start)
        if wholes + beginnings < limit:
            parts = (index for low, high in scope for index in names.holding(needle, low, high))
            yield from ((3, index) for index in islice(parts, limit))

    def _holding_all(self, scope: Ranges, words: tuple[str, ...]) -> Iterator[int]:
        """The places in `scope` whose names hold all `words`: looks at those with the rarest word only."""
        names = self.tables.names
        needles = sorted(map(_needle, words), key=len, reverse=True)
        rarest, least = "", len(names.text)
        for needle in needles:
            count = sum(names.count(needle, low, high) for low, high in scope)
            if count < least:
                rarest, least = needle, count
            if least < FEW:  # looking through them costs less than counting on
                break
        for low, high in scope:
            starts = (names.index_at(start) for start, _ending in names.beginning_with(rarest, low, high))
            for index in chain(starts, names.holding(rarest, low, high)):
                name = names[index]
                if all(needle in name for needle in needles):
                    yield index


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _overlap(one: Ranges, two: Ranges) -> Ranges:
    found = []
    for low, high in one:
        for also_low, also_high in two:
            if max(low, also_low) < min(high, also_high):
                found.append((max(low, also_low), min(high, also_high)))
    return tuple(found)


_loading = threading.Lock()


@cache
def _loaded() -> Register:
    return Register(load())


def _register() -> Register:
    with _loading:  # two first callers would load it twice
        return _loaded()
