"""The packed file of the official register, and its tables in memory. `register.py` is the door for everybody else.

The file is xz. Inside, after one line of JSON with the sizes, little-endian and without gaps:

    uint32 × regions   codes of provinces, cities, districts and streets, ascending, each minus the one before
    uint16 × streets   how many places each street has
    uint16 × places    the last three digits of each place's code
    UTF-16             the names in the same order, first the regions', then the places': each between two line breaks

One name an object would take 60 MB; so all names are one string, and codes are arrays of numbers.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import sys
import tomllib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused

DATA = Path(__file__).parent / "data"
FORMAT = 1
LEVELS = (2, 4, 6, 9, 12)  # digits of a province's, city's, district's, street's, community's code

# The register writes parentheses wide and everything else narrow.
_FOLDED = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | {"（": "（", "）": "）", "(": "（", ")": "）", "\u3000": " "}
)


class RegisterDamaged(Refused):
    """The packed file is not the one that was made: for the operator, not for residents."""

    sentence = _(
        "The official register in %(file)s is damaged: its checksum is not the one in %(record)s. "
        "Install the program again, or make the file anew with tools/make_register.py."
    )
    status = 500


def fold(text: str) -> str:
    """Write letters and digits narrow and parentheses wide, as the register does."""
    return text.translate(_FOLDED)


def codes_of(digits: str, length: int) -> tuple[int, int]:
    """The numbers of `length` digits that begin with `digits`: from, up to."""
    factor = 10 ** (length - len(digits))
    low = int(digits or 0)
    return low * factor, (low + 1) * factor


class Lines:
    """Many short names in one string, each between two line breaks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = array("I", (match.end() for match in re.finditer("\n", text)))

    def __getitem__(self, index: int) -> str:
        return self.text[self.starts[index] : self.starts[index + 1] - 1]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def index_at(self, start: int) -> int:
        """The number of the line whose first character is at `start`."""
        return bisect_left(self.starts, start)

    def count(self, sought: str, first: int, last: int) -> int:
        """How often `sought` occurs in the lines from `first` up to `last`."""
        return self.text.count(sought, self.starts[first], self.starts[last])

    def beginning_with(self, sought: str, first: int, last: int) -> Iterator[tuple[int, str]]:
        """(where it starts, what follows) for the lines from `first` up to `last` that begin with `sought`."""
        text, end = self.text, self.starts[last]
        sought = f"\n{sought}"
        at = text.find(sought, self.starts[first] - 1, end)
        while at >= 0:
            line_end = text.index("\n", at + 1)
            yield at + 1, text[at + len(sought) : line_end]
            at = text.find(sought, line_end, end)

    def holding(self, sought: str, first: int, last: int) -> Iterator[int]:
        """The numbers of the lines from `first` up to `last` that hold `sought` elsewhere than at their beginning."""
        end = self.starts[last]
        at = self.text.find(sought, self.starts[first], end)
        while at >= 0:
            if self.text[at - 1] == "\n":
                at = self.text.find(sought, at + 1, end)
                continue
            index = bisect_right(self.starts, at) - 1
            yield index
            at = self.text.find(sought, self.starts[index + 1], end)


class RegisterTables:
    """The whole register, unpacked. Places are numbered from 0, ascending by code: a region is a range of numbers."""

    def __init__(self, packed: bytes) -> None:
        content = memoryview(lzma.decompress(packed))
        at = bytes(content[:4096]).index(b"\n") + 1
        header = json.loads(bytes(content[:at]))
        if header["format"] != FORMAT:
            raise ValueError(f"register format {header['format']}, expected {FORMAT}")

        def numbers(typecode: str, count: int) -> array[int]:
            nonlocal at
            taken = array(typecode)
            taken.frombytes(content[at : at + count * taken.itemsize])
            at += count * taken.itemsize
            if sys.byteorder == "big":
                taken.byteswap()
            return taken

        def lines(characters: int) -> Lines:
            nonlocal at
            at += characters * 2
            return Lines(str(content[at - characters * 2 : at], "utf-16-le"))

        self.regions = array("I", accumulate(numbers("I", header["regions"])))
        sizes = numbers("H", header["streets"])
        self.serials = numbers("H", header["places"])
        self.region_names = lines(header["region_characters"])
        self.names = lines(header["place_characters"])
        self.to_rare = str.maketrans(header["rare"])
        self.from_rare = str.maketrans({character: stand_in for stand_in, character in header["rare"].items()})
        self.streets = self.regions[-header["streets"] :]
        self.firsts = array("I", accumulate(sizes, initial=0))  # of each street: its first place

    def region_name(self, code: int) -> str:
        index = bisect_left(self.regions, code)
        found = index < len(self.regions) and self.regions[index] == code
        return self.region_names[index] if found else ""

    def within(self, digits: str) -> tuple[int, int]:
        """The range of places whose codes begin with `digits` (none when there are more than 12)."""
        if len(digits) > LEVELS[-1]:
            return 0, 0
        if len(digits) <= LEVELS[-2]:
            low, high = codes_of(digits, LEVELS[-2])
            return self.firsts[bisect_left(self.streets, low)], self.firsts[bisect_left(self.streets, high)]
        first, last = self.within(digits[: LEVELS[-2]])
        low, high = codes_of(digits[LEVELS[-2] :], 3)
        return bisect_left(self.serials, low, first, last), bisect_left(self.serials, high, first, last)

    def code(self, index: int) -> int:
        street = self.streets[bisect_right(self.firsts, index) - 1]
        return street * 1000 + self.serials[index]

    def name(self, index: int) -> str:
        return self.names[index].translate(self.to_rare)


def load(folder: Path = DATA) -> RegisterTables:
    """Read and check the packed file in `folder`. Raises `RegisterDamaged`."""
    packed, record = folder / "register.xz", folder / "register.toml"
    content = packed.read_bytes()
    if hashlib.sha256(content).hexdigest() != tomllib.loads(record.read_text("utf-8"))["file"]["sha256"]:
        raise RegisterDamaged(file=packed, record=record)
    return RegisterTables(content)
