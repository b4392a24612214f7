"""The gate every page passes: axe, sizes of text and targets, reflow, quiet console, in both versions, light and dark.

The numbers are promises of the project (docs/adr/0008-no-weui.md and `static/css/tokens.css`): body text 17 px and
nothing below 14; in the version for elders nothing below 18; lines 1.3; targets 44 px, for elders 60.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

from weiyifang.core.look import care

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parent.parent / "build" / "screenshots"
WIDTHS = (320, 375, 1280)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Asked = Mapping[str, Any]  # the options of axe.run
EVERY_RULE: Asked = {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": True}}}
WHAT_LAYOUT_CHANGES: Asked = {"runOnly": ["color-contrast", "target-size"]}
WHAT_COLOURS_CHANGE: Asked = {"runOnly": ["color-contrast"]}
ASKED = {  # what axe is asked where: the page is the same everywhere, only its layout and its colours change
    ("normal", 320, "light"): EVERY_RULE,
    ("normal", 1280, "light"): WHAT_LAYOUT_CHANGES,
    ("normal", 320, "dark"): WHAT_COLOURS_CHANGE,  # in the dark both versions have the same colours
    ("care", 320, "light"): EVERY_RULE,
    ("care", 1280, "light"): WHAT_LAYOUT_CHANGES,
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
LARGEST = max(care.SIZES)

Load = Callable[[care.Look], int]  # shows the page in a version and says what it answered


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def inspect(page: Page, url: str, name: str = "", *, status: int = 200) -> list[str]:
    """Every fault of the page at `url`, each said once with where it was; screenshots are kept under `name`."""

    def load(look: care.Look) -> int:
        page.context.add_cookies([{"name": care.COOKIE, "value": str(look), "url": url}])
        answer = page.goto(url, wait_until="load")
        return answer.status if answer else 0

    name = name or re.sub(r"\W+", "-", urlsplit(url).path).strip("-") or "root"
    return look_through(page, load, name, status=status)


def look_through(page: Page, load: Load, name: str, *, status: int = 200) -> list[str]:
    """`inspect` for a page that `load` shows.

    Loads it once in each version; widths and light or dark are switched on the loaded page.
    """
    faults: dict[str, list[str]] = {}  # what is wrong → in which versions, widths, colours
    for look, want in LOOKS:
        version = look.mode or "normal"
        with _listening(page) as heard:
            if (answered := load(look)) != status:
                return [f"{name}: answered {answered}, not {status}"]
            _open_everything(page)
            page.evaluate(_read("vendor/axe.min.js") + "; void 0")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                    measured = page.evaluate(_read("probe.js"), want) if theme == "light" else []  # sizes know no theme
                    asked = ASKED.get((version, width, theme))
                    for fault in measured + (axe(page, asked) if asked else []):
                        faults.setdefault(fault, []).append(f"{version} {width} px {theme}")
                    if (version, width, theme) in PICTURES:
                        page.screenshot(path=SCREENSHOTS / f"{name}-{version}-{width}-{theme}.png", full_page=True)
            if look.mode:
                for fault in _at_largest(page):
                    faults.setdefault(fault, []).append("largest text")
            page.emulate_media(color_scheme="light")
        for words in heard:
            faults.setdefault(f"console: {words}", []).append(version)
    return [f"{name}: {fault} [{', '.join(dict.fromkeys(places))}]" for fault, places in faults.items()]


def axe(page: Page, asked: Asked) -> list[str]:
    """What axe finds on the page as it is now: rule, number of places, the first of them."""
    found: list[str] = page.evaluate(_read("axe.js"), {**asked, "resultTypes": ["violations"], "preload": False})
    return found


def _at_largest(page: Page) -> list[str]:
    """The largest text on the narrowest and the widest screen: nothing may be pushed out of it."""
    faults: list[str] = []
    page.evaluate("size => document.documentElement.dataset.size = size", str(LARGEST))
    for width in (WIDTHS[0], WIDTHS[-1]):
        page.set_viewport_size({"width": width, "height": 800})
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
