"""Odd values to every address and into every field, through the real web server, as everybody (`tests/odd_values.py`).

Never a fault of ours (5xx), never an error without a word; afterwards every page still opens for whoever may open it,
what was made meanwhile has pages, and `verify` has nothing to say. `tests/torture` does it for longer.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from django.urls import get_resolver
from pytest_django.plugin import DjangoDbBlocker

from tests.odd_round import LAST, Round
from tests.odd_values import Page
from tests.real_stage import RealStage, real_stage
from tests.test_access import LINES, plain
from tests.test_guards import leaves

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def real(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RealStage]:
    with real_stage(django_db_blocker, workers=2) as real:
        yield real


def test_nothing_that_anybody_sends_breaks_anything(real: RealStage) -> None:
    round_ = Round(real, seed=0, each=1, share=0.5)
    faults = round_.play()
    assert not faults, "\n".join([f"{len(faults)} of {round_.sent}:", *faults])
    unknown = [line for line in round_.without_fields() if reads_a_form(line)]
    assert not unknown, f"no page shows the form of {unknown}, and the stage has no act with a body for it"
    assert {200, 302, 400, 403, 404, 405, 409, 415, 422} <= {*round_.statuses}, "the control"


def reads_a_form(line: str) -> bool:
    """Whether the view of this route looks at what was typed; the others are buttons."""
    routes = leaves(get_resolver("config.community_urls").url_patterns)
    views = [view for route, view in routes if f"POST {plain(route)}" == line]
    return any("request.POST" in inspect.getsource(inspect.unwrap(view)) for view in views)


def test_what_comes_last_is_there() -> None:
    routes = {plain(route) for route, _view in leaves(get_resolver("config.urls").url_patterns)}
    lines = {line.partition(" @")[0] for line in LINES} | {f"POST {route}" for route in routes}
    assert {*LAST} <= lines


def test_the_fields_of_a_form_are_found() -> None:
    page = Page(
        """<form method="post" action="/a/"><input name="n" value="1"><textarea name="t">甲</textarea>
        <select name="s"><option value="x"><option value="y" selected></select>
        <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked></form>
        <form><input name="q"></form><a href="?page=2">""",
        "/b/",
    )
    posted, asked = page.forms
    assert (posted.action, posted.method) == ("/a/", "POST")
    assert posted.fields == {"n": "1", "t": "甲", "s": "y", "r": "2"}
    assert (asked.action, asked.method, list(asked.fields), page.links) == ("/b/", "GET", ["q"], {"/b/?page=2"})
