"""The pieces every page is made of: each is one component, shown in the gallery, and nobody writes its like by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.urls import get_resolver

from tests.test_guards import leaves
from weiyifang.core.web.picking import PickField
from weiyifang.people.models import Account, Resident

ROOT = Path(__file__).resolve().parents[1]
COTTON = ROOT / "templates" / "cotton"
PAGES = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("weiyifang/*/templates/**/*.html")]
USED = re.compile(r"<c-([a-z-]+)[\s/>]")
COMPONENTS = {path.stem.replace("_", "-"): path for path in sorted(COTTON.glob("*.html"))}
PEOPLE = re.compile(r"who|person|people|resident|helper|leader|instructor|account|member|neighbour")
WITH_FILES = {"album", "picture"}  # seen where pictures are, among the moments of the browser tests
IS_NO_PERSON = {  # form and field → what it is
    "HistoryFilter.who": "words to narrow a list by; whoever is gone is found by them too",
    "AccountForm.who": "an account that is nobody's here yet: its holder says what they sign in with",
}

# What only one file may write, and which.
ONLY = {
    r"\bclass=\"wb-row": "row",  # the whole row is its target
    r"You can take it back until": "undo",  # an undo with a time of the clock
    r"\bentry\.words\b": "happening",  # who did what, to what, when
    r"\bclass=\"when\"": "when",
    r"_among\"": "pick",  # a person looked up
    r"data-look-up": "look_up",
}


@pytest.mark.parametrize(("written", "by"), ONLY.items())
def test_a_shared_piece_is_written_once(written: str, by: str) -> None:
    found = {path.relative_to(ROOT).as_posix() for path in PAGES if re.search(written, path.read_text("utf-8"))}
    assert found == {f"templates/cotton/{by}.html"}


def test_every_component_is_seen_in_the_gallery() -> None:
    """By itself or inside another that is."""
    seen, waiting = set[str](), [(ROOT / "templates" / "gallery.html"), ROOT / "templates" / "workbench.html"]
    waiting += [ROOT / "templates" / "base.html", *ROOT.glob("templates/partials/*.html")]  # around every page
    while waiting:
        for name in USED.findall(waiting.pop().read_text("utf-8")):
            if name in COMPONENTS and name not in seen:
                seen.add(name)
                waiting.append(COMPONENTS[name])
    assert COMPONENTS.keys() - seen == WITH_FILES


def test_the_whole_row_is_the_target() -> None:
    """Its title's link covers it, and what stands beside it lies above."""
    css = "".join(path.read_text("utf-8") for path in ROOT.glob("static/css/*.css"))
    cover = re.search(r"\.wb-row > div > a\.title::after[^{]*\{([^}]*)\}", css)
    assert cover is not None
    assert "inset: 0" in cover[1]


def forms_of_the_program() -> Iterator[type[forms.BaseForm]]:
    """Every form there is: the pages' modules are loaded with the routes."""
    list(leaves(get_resolver("config.community_urls").url_patterns))
    waiting = [forms.BaseForm]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.startswith("weiyifang.") and ".tests." not in one.__module__:
                yield one


def test_people_are_looked_up_with_the_one_picker() -> None:
    """Never by a list of everybody, nor by a number or a name somebody has to know."""
    wrong = {
        name
        for form in forms_of_the_program()
        for field_name, field in getattr(form, "base_fields", {}).items()
        if not isinstance(field, PickField) and (name := f"{form.__name__}.{field_name}") not in IS_NO_PERSON
        if asks_for_somebody(field_name, field)
    }
    assert not wrong


def asks_for_somebody(name: str, field: forms.Field) -> bool:
    model = getattr(getattr(field, "queryset", None), "model", None)
    return model in {Account, Resident} or (PEOPLE.fullmatch(name) is not None and isinstance(field, forms.CharField))
