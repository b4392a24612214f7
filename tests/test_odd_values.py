"""Odd values to every address and into every field, through the real web server, as everybody.

Each of the cast whom an address refuses, and some of those it lets in, sends everything odd at once to it
(`tests/odd_at_once.py`), with other values and others of them every day: WEIYIFANG_SEED is the day. Whoever may open
it sends one odd thing after the other (`tests/odd_values.py`). Never a fault of ours (5xx), never an error without a
word; afterwards every page still opens for somebody who may open it, what was made meanwhile has pages, and `verify`
has nothing to say. `tests/torture` does it for longer.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.urls import get_resolver
from django.utils.module_loading import import_string
from pytest_django.plugin import DjangoDbBlocker

from tests.odd_round import LAST, Round
from tests.odd_values import Page, names_in
from tests.real_stage import RealStage, real_stage
from tests.test_access import LINES, WHO, plain
from tests.test_guards import leaves
from weiyifang.core.web import gallery

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
DAY = int(os.environ.get("WEIYIFANG_SEED") or datetime.now(UTC).toordinal())
ASKED = re.compile(r"\basked(?:_day)?\(request, \"(\w+)\"")
NEVER_SHOWN = {
    **dict.fromkeys(("email", "username"), "allauth's, taken out of our forms: people have a phone"),
    **dict.fromkeys(("moved", "off"), "ticks beside what a calendar file changes; no file on the stage does"),
    "reader": "sealed, in the address that shows a number to whoever has asked for it",
    "no": "the register's jump to a number, where it has more pages than the stage's",
    "back": "of the page on which one pays the double of WeChat, which is no community's",
    "payment": "of money that somebody fixed the purpose of; the stage changes free money",
    "list": "leads to a queue that is longer than the stage's; one word is known, any other is none",
}


@pytest.fixture(scope="module")
def real(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RealStage]:
    with real_stage(django_db_blocker, workers=2) as real:
        yield real


@pytest.fixture(scope="module")
def round_(real: RealStage) -> Round:
    """The round of this day, played."""
    round_ = Round(real, day=DAY, each=1, share=0.3)
    round_.play()
    print(f"WEIYIFANG_SEED={DAY}: {round_.sent} requests; {len(round_.covered)} fields of somebody at some address")
    return round_


def test_nothing_that_anybody_sends_breaks_anything(round_: Round) -> None:
    assert not round_.found, "\n".join([f"WEIYIFANG_SEED={DAY}: {len(round_.found)} of {round_.sent}:", *round_.found])
    assert {200, 302, 400, 403, 404, 405, 409, 415, 422} <= {*round_.statuses}, "the control"


def test_whoever_was_to_send_something_odd_did_so_in_every_field_of_every_address(round_: Round) -> None:
    missing = sorted(round_.wanted() - round_.covered)
    assert not missing, f"{len(missing)} of {len(round_.wanted())} were not sent: {missing[:20]}"
    assert {who for who, _name, _line in round_.covered} == {*WHO}
    for line in LINES:
        turns = {who for day in range(len(WHO)) for who in Round.senders(line, DAY + day)}
        assert turns == {*WHO}, "in ten days each of the cast has sent everything to each address"
    assert {line for _who, _name, line in round_.covered} == {line for line, _path in round_.addresses()}


def test_no_form_no_parameter_and_no_body_is_unknown_to_the_round(round_: Round) -> None:
    """Counted from the other side: what forms, views and schemas name stands among what was sent."""
    sent = {name.partition(" ")[2] for _who, name, _line in round_.covered}
    unknown = {*fields_of_forms(), *names_asked(), *names_in_routes()} - sent - {*NEVER_SHOWN}
    assert not unknown, f"no page of the stage shows these: {sorted(unknown)}"
    unheard = [line for line in LINES if reads_a_form(line) and not round_.at_first[line]]
    assert not unheard, f"no page shows the form of {unheard}, and the stage has no act with a body for it"


def fields_of_forms() -> set[str]:
    """The names of the fields of all our forms, except the samples in the gallery."""
    import_string("config.community_urls.urlpatterns")
    ours = [form for form in subclasses(forms.BaseForm) if form.__module__ != gallery.__name__]
    return {name for form in ours for name in getattr(form, "base_fields", {})}


def subclasses(kind: type) -> Iterator[type]:
    """Ours among them."""
    below: list[type] = kind.__subclasses__()
    for one in below:
        yield from subclasses(one)
        if one.__module__.startswith("weiyifang.") and ".tests" not in one.__module__:
            yield one


def names_asked() -> set[str]:
    """What views ask for behind the `?` by its name."""
    files = [path for path in (ROOT / "weiyifang").rglob("*.py") if "tests" not in path.parts]
    return {name for file in files for name in ASKED.findall(file.read_text("utf-8"))}


def names_in_routes() -> set[str]:
    routes = leaves(get_resolver("config.community_urls").url_patterns)
    return {name for route, _view in routes for name in names_in(plain(route))}


def reads_a_form(line: str) -> bool:
    """Whether the view of this route looks at what was typed; the others are buttons."""
    routes = leaves(get_resolver("config.community_urls").url_patterns)
    views = [view for route, view in routes if f"POST {plain(route)}" == line.partition(" @")[0]]
    return any("request.POST" in inspect.getsource(inspect.unwrap(view)) for view in views)


def test_what_comes_last_is_there() -> None:
    routes = {plain(route) for route, _view in leaves(get_resolver("config.urls").url_patterns)}
    lines = {line.partition(" @")[0] for line in LINES} | {f"POST /{route}" for route in routes}
    assert {*LAST} <= lines


def test_the_fields_of_a_form_are_found() -> None:
    page = Page(
        """<form method="post" action="/a/"><input name="n" value="1"><textarea name="t">甲</textarea>
        <select name="s"><option value="x"><option value="y" selected></select>
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
        <input type="file" name="f"><button>go</button><button name="b" value="3">or</button></form>
        <form><input name="q"></form><a href="?page=2">""",
        "/b/",
    )
    posted, asked = page.forms
    assert (posted.action, posted.method) == ("/a/", "POST")
    assert posted.fields == {"n": "1", "t": "甲", "s": "y", "r": "2", "f": ""}
    assert (posted.files, posted.pressed) == ({"f"}, [{}, {"b": "3"}])
    assert (asked.action, asked.method, list(asked.fields), page.links) == ("/b/", "GET", ["q"], {"/b/?page=2"})
