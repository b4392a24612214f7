"""Pages that have passed on this machine, and have not changed since, need not be drawn again.

What counts is all that the browser is given: the pages in both versions with what they show, every style sheet, script
and drawing, the gate itself and the browser. What is another at each run (keys, marks, seals) is left out. CI draws
all, and so does whoever sets WEIYIFANG_DRAW_ALL or wants pictures. A clean slate: `rm -r build/passed`.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256

from tests.browser.gate import DRAWN, HERE
from tests.browser.shelf import Answer

ROOT = HERE.parent.parent
PASSED = ROOT / "build" / "passed"
DAYS = 14  # what has not been seen for so long is forgotten
ANOTHER_EACH_TIME = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # a row
    rb"|(?<=form-)[0-9a-f]{8}"  # a form
    rb"|<input[^>]* type=\"hidden\"[^>]*>"  # what a form carries sealed, and nobody sees
)
SEEN = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options")  # headers that change what is shown
ALL_IS_DRAWN = DRAWN or bool(os.environ.get("WEIYIFANG_DRAW_ALL")) or os.environ.get("CI") == "true"


def is_passed(answers: Iterable[Answer], browser: str) -> bool:
    """Whether all this has passed before in this browser; never where everything is drawn."""
    if ALL_IS_DRAWN:
        return False
    mark = PASSED / digest(answers, browser)
    if not mark.exists():
        return False
    mark.touch()
    return True


def note(answers: Iterable[Answer], browser: str) -> None:
    """All this has passed now."""
    if not ALL_IS_DRAWN:
        PASSED.mkdir(parents=True, exist_ok=True)
        (PASSED / digest(answers, browser)).touch()


def forget_what_is_old() -> None:
    """Marks of pages that nobody has asked for since."""
    long_ago = time.time() - DAYS * 24 * 3600
    for mark in PASSED.glob("*"):
        with suppress(FileNotFoundError):  # another worker does the same
            if mark.stat().st_mtime < long_ago:
                mark.unlink()


def digest(answers: Iterable[Answer], browser: str) -> str:
    """The same for the same things shown."""
    parts = [browser.encode(), _files()]
    for answer in answers:
        parts += [f"{answer.status} {[answer.headers.get(name) for name in SEEN]}".encode()]
        parts += [ANOTHER_EACH_TIME.sub(b"", answer.body)]
        parts += [part for one in answer.pictures.values() for part in (f"{one.status}".encode(), one.body)]
    return sha256(b"\0".join(parts)).hexdigest()


@cache
def _files() -> bytes:
    """What lies beside the pages, and the gate. Read once: a run looks at one state."""
    files = [file for folder in (ROOT / "static", HERE) for file in sorted(folder.rglob("*")) if file.is_file()]
    parts = [part for file in files if file.suffix != ".pyc" for part in (str(file).encode(), file.read_bytes())]
    return sha256(b"\0".join(parts)).digest()
