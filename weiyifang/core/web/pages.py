"""Showing pages: what every template gets, lists in pages, forms that keep what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, overload

from django import forms
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from weiyifang.core.refusals import Refused
from weiyifang.core.web.asked import asked

if TYPE_CHECKING:
    from weiyifang.core.actors import Actor

M = TypeVar("M", bound=Model)
T = TypeVar("T")
PER_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the dock, the rail or the workbench's side."""

    url: str
    label: str | Promise
    icon: str
    current: bool = False
    wide: bool = False  # only where there is room: the rail of a wide screen
    care: bool = False  # of the few on a phone in the version for elders
    counts: str = ""  # the route of a place of the workbench, where what waits is counted
    is_new: bool = False  # something there has not been seen
    is_own: bool = False  # the reader's own page
    group: str | Promise = ""  # the words it stands under in the rail


@dataclass(frozen=True, kw_only=True)
class Group:
    """A headed group of places in the workbench's side."""

    label: str | Promise
    places: Sequence[Place] = field(default_factory=tuple)


@dataclass(kw_only=True)
class Chrome:
    """What surrounds every page."""

    community: Any = None
    actor: Actor | None = None
    mode: str = ""  # "" or "care"
    size: int = 1  # 1, and in care mode 2, 3 or 4
    theme: str = ""  # "", "light" or "dark"
    places: Sequence[Place] = ()
    bench_groups: Sequence[Group] = ()
    bench_dock: Sequence[Place] = ()  # the few places of the workbench on a phone
    look_up: str = ""  # where the search box of this page sends what is sought; "" for none
    sought: str = ""  # what stands in it
    page: str = "/"  # the address of this page; of the answer to a form, the page it stood on
    shell: str = "base.html"  # what a page of no topic (a refusal) stands in
    error: str = "errors/base.html"  # what an error stands in: alone, where nobody knows whose page it was
    form: str = ""  # the form on this page that a switch takes along: the one that was refused, else the first
    search: str = ""  # where there is none: the first search


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `chrome` for the base templates. The portal says which places there are."""
    chrome = surround(request)
    for furnish in _furnishers:
        furnish(request, chrome)
    return {"chrome": chrome}


def surround(request: HttpRequest) -> Chrome:
    """What surrounds a page, without the places."""
    from weiyifang.core.look import care
    from weiyifang.core.web import typed

    look = care.look_of(request)
    chrome = Chrome(
        community=getattr(request, "community", None),
        actor=getattr(request, "actor", None),
        mode=look.mode,
        size=look.size,
        theme=look.theme,
    )
    chrome.page = typed.stands_on(request) or getattr(chrome.community, "home_url", "/")
    if chrome.community is not None and chrome.actor is not None:
        chrome.error = "errors/inside.html"
    return chrome


_furnishers: list[Any] = []


def furnish_with(furnish: Any) -> Any:
    """Register `furnish(request, chrome)`: how a higher floor adds its places without core knowing them."""
    _furnishers.append(furnish)
    return furnish


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    **options: Any,
) -> HttpResponse:
    """Render a page. `template` may name a fragment (`activities/detail.html#seats`)."""
    if (made := getattr(request, "making", None)) is not None:  # for nobody: see `core.web.own`
        made.context = context or {}
    return render(request, template, context or {}, **options)


@overload
def paged(request: HttpRequest, rows: QuerySet[M], per_page: int = PER_PAGE, name: str = "page") -> Page[M]: ...


@overload
def paged(request: HttpRequest, rows: Sequence[T], per_page: int = PER_PAGE, name: str = "page") -> Page[T]: ...


def paged(request: HttpRequest, rows: Any, per_page: int = PER_PAGE, name: str = "page") -> Page[Any]:
    """The page of `rows` the address asks for (`?page=2`); a number beyond the end is the last page.

    `name`: of the number, where a page has several lists; "" for a list of which the first page is shown.
    """
    number = asked(request, name, 9) if name else ""
    paginator = Paginator(rows, per_page)
    if number not in ("", "1") or not isinstance(rows, QuerySet):
        return paginator.get_page(number)
    first = list(rows[: per_page + 1])
    if len(first) <= per_page:
        paginator.count = len(first)  # all there is: nobody has to count
    page = paginator.get_page(1)
    page.object_list = first[:per_page]
    return page


def page_with(request: HttpRequest, place: int, *, but: str = "", per_page: int = PER_PAGE, name: str = "page") -> str:
    """The address of the page of a list with the row at this place (from 0); without `but`, by which it was asked."""
    query = request.GET.copy()
    query.pop(but, None)
    query[name] = str(place // per_page + 1)
    return f"{request.path}?{query.urlencode()}"


SURE, CHANGE = "sure", "change"  # the two buttons under the question


def ask_again(
    request: HttpRequest,
    *,
    title: str,
    answers: Sequence[tuple[str, str | Promise, str]],
    submit: str,
    then_title: str = "",
    then: Sequence[str | Promise] = (),
) -> HttpResponse:
    """Before what is not easily taken back: what was typed, told once more, and a button that does it (`SURE`).

    `answers`: label, value, a second line. The same form is sent to the same address again, with `SURE` or `CHANGE`.
    """
    left_out = {"csrfmiddlewaretoken", "_once", "_for", SURE, CHANGE}
    fields = [(name, value) for name in request.POST if name not in left_out for value in request.POST.getlist(name)]
    context = {
        "title": title,
        "answers": answers,
        "submit": submit,
        "then_title": then_title,
        "then": then,
        "fields": fields,
    }
    return show(request, "again.html", context)


@contextmanager
def refusals_on(form: forms.BaseForm, field_name: str | None = None, *, undo: bool = True) -> Iterator[None]:
    """Run services: a refusal becomes an error of the form (everything typed stays), and nothing is written.

    `undo=False`: there is one verb, which undoes itself and may commit by itself (`once.commit_by_verb`).
    """
    try:
        with transaction.atomic() if undo else nullcontext():
            yield
    except Refused as refused:
        form.add_error(field_name, str(refused))
