"""From bytes to the lines of each event: whatever ends a line, wherever one is folded, in whichever letters.

An event is cut out before anything is understood of it, so that one that is damaged spoils no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_FOLD = re.compile(rb"\n[ \t]")
_NESTED = re.compile(rb"(BEGIN|END):\s*([A-Z0-9-]+)\s*", re.IGNORECASE)


@dataclass
class Block:
    """The lines of one component. `line`: where it begins in the file. `is_whole`: its end is there."""

    name: str
    line: int
    lines: list[str] = field(default_factory=list)
    is_whole: bool = True
    is_legible: bool = True

    def told(self, name: str) -> str:
        """What a line of it says, as it stands there; "" when there is none."""
        said = (line.partition(":")[2] for line in self.lines if re.match(rf"{name}[:;]", line, re.IGNORECASE))
        return next(said, "").strip()


def blocks(data: bytes, names: Sequence[str]) -> list[Block]:
    """The components of these names, wherever in a calendar they stand. Raises ValueError for what is no calendar."""
    found = [*_cut(_whole(data), names)]
    encoding = _encoding([line for _block, lines in found for line in lines])
    for block, lines in found:
        try:
            block.lines = [line.decode(encoding) for line in lines]
        except UnicodeDecodeError:
            block.lines, block.is_legible = [line.decode(encoding, "replace") for line in lines], False
    return [block for block, _lines in found]


def _whole(data: bytes) -> bytes:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16").encode()
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not re.match(rb"\s*BEGIN:\s*VCALENDAR\s", data, re.IGNORECASE):
        raise ValueError("no calendar")
    if not re.search(rb"END:\s*VCALENDAR\s*\Z", data, re.IGNORECASE):
        raise ValueError("cut off on its way")
    return data


def _encoding(lines: Sequence[bytes]) -> str:
    """UTF-8 where a single line with more than ASCII is; else GB 18030, of which GBK is a part."""
    for line in lines:
        if not line.isascii():
            try:
                line.decode()
            except UnicodeDecodeError:
                continue
            return "utf-8"
    return "gb18030"


def _cut(data: bytes, names: Sequence[str]) -> Iterator[tuple[Block, list[bytes]]]:
    block: Block | None = None
    lines: list[bytes] = []
    inside: list[str] = []  # what was begun and not ended in this component, itself first
    for number, line in _unfolded(data):
        match = _NESTED.fullmatch(line)
        verb, name = (match[1].upper(), match[2].decode().upper()) if match else (b"", "")
        if block and ((verb == b"BEGIN" and name in names) or (verb == b"END" and name == "VCALENDAR")):
            block.is_whole = False  # its end is missing: another component begins, or the calendar is over
            yield block, lines
            block = None
        if block is None and verb == b"BEGIN" and name in names:
            block, lines, inside = Block(name, number), [], []
        if block is None:
            continue
        lines.append(line)
        if verb == b"BEGIN":
            inside.append(name)
        elif verb == b"END" and inside.pop() != name:
            block.is_whole = False
            inside = inside if name != block.name else []
        if not inside:
            yield block, lines
            block = None


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Lines with their number in the file. A fold may stand inside a letter: it is taken out of the bytes."""
    number = 1
    for line in _FOLD.sub(b"\x00", data).split(b"\n"):
        yield number, line.replace(b"\x00", b"")
        number += 1 + line.count(b"\x00")
