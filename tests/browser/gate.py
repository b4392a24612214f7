"""The gate every page passes: axe, sizes of text and targets, reflow, quiet console, in both versions, light and dark.

Pictures to look at are drawn only when somebody wants to (`make pictures`): they take a fifth of the time.

A page in a moment of its own is looked at on the narrow screen in daylight only, in both versions: the same page passes
everything else as it usually is.

The numbers are promises of the project (docs/adr/0008-no-weui.md and `static/css/tokens.css`): body text 17 px and
nothing below 14; in the version for elders nothing below 18; lines 1.3; targets 44 px, for elders 60.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from weiyifang.core.look import care

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parent.parent / "build" / "screenshots"
WIDTHS = (320, 375, 1280)
FOR_ELDERS = (320, 1280)  # what breaks between a narrow and a usual phone breaks where the text is smaller, too
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Asked = Mapping[str, Any]  # the options of axe.run
EVERY_RULE: Asked = {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": True}}}
WHAT_LAYOUT_CHANGES: Asked = {"runOnly": ["color-contrast", "target-size"]}
WHAT_COLOURS_CHANGE: Asked = {"runOnly": ["color-contrast"]}
WHAT_SIZES_CHANGE: Asked = {"runOnly": ["target-size"]}
ASKED = {  # what axe is asked where: the page is the same everywhere, only its layout and its colours change
    ("normal", 320, "light"): EVERY_RULE,
    ("normal", 1280, "light"): WHAT_LAYOUT_CHANGES,
    ("normal", 320, "dark"): WHAT_COLOURS_CHANGE,  # in the dark both versions have the same colours
    ("care", 320, "light"): EVERY_RULE,
    ("care", 1280, "light"): WHAT_SIZES_CHANGE,  # the colours of the wide page are those of the normal version
    ("care", 1280, "dark"): WHAT_COLOURS_CHANGE,
}
NORMAL = {"smallest": 14, "body": 17, "ratio": 1.3, "target": 44, "least": 24}
ELDERS = {"smallest": 18, "body": 18, "ratio": 1.3, "target": 60, "least": 24}
LOOKS = ((care.Look(), NORMAL), (care.Look(mode=care.CARE, size=2), ELDERS))
PICTURES = {  # what somebody should look at: a gate cannot see ugliness
    ("normal", 375, "light"),
    ("normal", 1280, "light"),
    ("care", 375, "light"),
    ("care", 1280, "dark"),
}
DRAWN = bool(os.environ.get("WEIYIFANG_PICTURES"))
LARGEST = max(care.SIZES)
AXE = HERE / "vendor" / "axe.min.js"

Load = Callable[[care.Look], int]  # shows the page in a version and says what it answered


@cache
def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def inspect(page: Page, url: str, name: str = "", *, status: int = 200, narrow: bool = False) -> list[str]:
    """Every fault of the page at `url`, each said once with where it was; screenshots are kept under `name`."""

    def load(look: care.Look) -> int:
        page.context.add_cookies([{"name": care.COOKIE, "value": str(look), "url": url}])
        answer = page.goto(url, wait_until="load")
        return answer.status if answer else 0

    name = name or re.sub(r"\W+", "-", urlsplit(url).path).strip("-") or "root"
    return look_through(page, load, name, status=status, narrow=narrow)


def look_through(page: Page, load: Load, name: str, *, status: int = 200, narrow: bool = False) -> list[str]:
    """`inspect` for a page that `load` shows; `narrow`: on the narrow screen in daylight only.

    Loads it once in each version; widths and light or dark are switched on the loaded page.
    """
    faults: dict[str, list[str]] = {}  # what is wrong → in which versions, widths, colours
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for look, want in LOOKS:
        version = look.mode or "normal"
        with _listening(page) as heard:
            if (answered := load(look)) != status:
                return [f"{name}: answered {answered}, not {status}"]
            for fault, place in _faults(page, version, want, name, narrow=narrow and not DRAWN):
                faults.setdefault(fault, []).append(place)
        for words in heard:
            faults.setdefault(f"console: {words}", []).append(version)
    return [f"{name}: {fault} [{', '.join(dict.fromkeys(places))}]" for fault, places in faults.items()]


def _faults(
    page: Page, version: str, want: Mapping[str, float], name: str, *, narrow: bool
) -> Iterator[tuple[str, str]]:
    """What is wrong with the page that is loaded, and where: every width, light and dark, and the largest text."""
    _open_everything(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{_read(AXE)}; void 0")
    widths = FOR_ELDERS if version == care.CARE and not DRAWN else WIDTHS
    for width in WIDTHS[:1] if narrow else _from_where_it_is(page, widths):
        _resize(page, width)
        for fault in page.evaluate(_read(HERE / "probe.js"), want) + _asked(page, version, width, "light", name):
            yield fault, f"{version} {width} px light"
        if not narrow and _is_dark(version, width):
            page.emulate_media(color_scheme="dark")  # sizes know no theme
            for fault in _asked(page, version, width, "dark", name):
                yield fault, f"{version} {width} px dark"
            page.emulate_media(color_scheme="light")
    if version == care.CARE:
        for fault in _at_largest(page, WIDTHS[:1] if narrow else FOR_ELDERS):
            yield fault, "largest text"


def knows_axe(context: BrowserContext) -> None:
    """Every page of these windows has axe at hand, which is half a megabyte, without being told it each time."""
    context.add_init_script(path=AXE)


def _from_where_it_is(page: Page, widths: tuple[int, ...]) -> tuple[int, ...]:
    """The widths, beginning with the one the window has: each change of it costs as much as a look."""
    return widths[::-1] if _width(page) == widths[-1] else widths


def _width(page: Page) -> int:
    return page.viewport_size["width"] if page.viewport_size else 0


def _resize(page: Page, width: int) -> None:
    if _width(page) != width:
        page.set_viewport_size({"width": width, "height": 800})


def _is_dark(version: str, width: int) -> bool:
    """Whether somebody looks at this version and width in the dark."""
    place = (version, width, "dark")
    return place in ASKED or (DRAWN and place in PICTURES)


def _asked(page: Page, version: str, width: int, theme: str, name: str) -> list[str]:
    """What axe finds here, if it is asked here; and the picture, if one is wanted."""
    place = (version, width, theme)
    if DRAWN and place in PICTURES:
        page.screenshot(path=SCREENSHOTS / f"{name}-{version}-{width}-{theme}.png", full_page=True)
    return axe(page, ASKED[place]) if place in ASKED else []


def axe(page: Page, asked: Asked) -> list[str]:
    """What axe finds on the page as it is now: rule, number of places, the first of them."""
    found: list[str] = page.evaluate(_read(HERE / "axe.js"), {**asked, "resultTypes": ["violations"], "preload": False})
    return found


def _at_largest(page: Page, widths: tuple[int, ...]) -> list[str]:
    """The largest text on the narrowest and the widest screen: nothing may be pushed out of it."""
    faults: list[str] = []
    page.evaluate("size => document.documentElement.dataset.size = size", str(LARGEST))
    for width in _from_where_it_is(page, widths):
        _resize(page, width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            faults.append(f"the page is {wide} wide on a screen of {width}")
    return faults


def _open_everything(page: Page) -> None:
    """What lies behind a tap is inspected too."""
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


@contextmanager
def _listening(page: Page) -> Iterator[list[str]]:
    """Errors of scripts and of the Content-Security-Policy while the block runs."""
    heard: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text and "status of 5" not in message.text:
            heard.append(message.text)

    def on_error(error: Exception) -> None:
        heard.append(str(error))

    page.on("console", on_console)
    page.on("pageerror", on_error)
    try:
        yield heard
    finally:
        page.remove_listener("console", on_console)
        page.remove_listener("pageerror", on_error)
