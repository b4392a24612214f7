"""What surrounds a page: the dock, the rail and the workbench's side, made of what each package's `menu.py` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import chosen_community_id
from weiyifang.core.web import finding, menu, typed, waiting
from weiyifang.core.web.asked import asked
from weiyifang.core.web.menu import Entry
from weiyifang.core.web.pages import Chrome, Group, Place
from weiyifang.people import queries
from weiyifang.people.limits import came_for
from weiyifang.people.models import Account

OWN_PAGES = ("/accounts/", "/look/")
ME = "portal:me"
FIND, FIND_AT_DESK = "portal:find", "portal:find_at_desk"
TODAY, WAITING, ALL = "portal:today", "portal:waiting", "portal:all"
DOCK = (  # of the workbench on a phone
    Entry(route=TODAY, label=_("Today"), icon="sun"),
    Entry(route=WAITING, label=_("To do"), icon="check"),
    Entry(route=ALL, label=_("All pages"), icon="menu"),
)


def furnish(request: HttpRequest, chrome: Chrome) -> None:
    """Put the places into the page's surround."""
    if chrome.community is None or chrome.actor is None:
        _furnish_outside(request, chrome)
        return
    here = request.path
    actor: Actor = request.actor  # type: ignore[attr-defined]  # the middleware put it there
    chrome.places = _places(menu.residents(), here)
    if any(place.current and entry.searched for entry, place in zip(menu.residents(), chrome.places, strict=True)):
        chrome.look_up = reverse(FIND)
    chrome.sought = asked(request, typed.SOUGHT, finding.LONGEST)
    if "/workbench/" in here:
        _furnish_workbench(request, chrome, actor)


def _furnish_workbench(request: HttpRequest, chrome: Chrome, actor: Actor) -> None:
    works = any(not wait.is_oversight for wait in waiting.of(actor))

    def is_open(entry: Entry) -> bool:
        return (works or entry.route != WAITING) and any(actor.may_somewhere(p) for p in entry.permissions)

    open_to = [(label, [entry for entry in entries if is_open(entry)]) for label, entries in menu.workbench()]
    if not any(entries for _label, entries in open_to):
        return
    places = iter(_places([entry for _label, entries in open_to for entry in entries], request.path, counted=True))
    chrome.bench_groups = [
        Group(label=label, places=[next(places) for _entry in entries]) for label, entries in open_to if entries
    ]
    chrome.bench_dock = _places([e for e in DOCK if works or e.route != WAITING], request.path, counted=True)
    chrome.shell, chrome.look_up = "workbench.html", reverse(FIND_AT_DESK)
    if request.path == chrome.look_up and not chrome.sought:
        chrome.sought = asked(request, "q", finding.LONGEST)


def waiting_for(request: HttpRequest) -> dict[str, int]:
    """How much waits for the reader, by kind; asked once a request. Nothing where the database cannot be asked."""
    known: dict[str, int] | None = getattr(request, "_waiting", None)
    if known is None:
        is_open = chosen_community_id() is not None and not connection.needs_rollback
        known = waiting.counts(request.actor) if is_open else {}  # type: ignore[attr-defined]  # the middleware put it there
        request._waiting = known  # type: ignore[attr-defined]  # remembered with the request
    return known


def waiting_at(request: HttpRequest) -> Mapping[str, int]:
    """How much waits for the reader, by the place that counts it."""
    known: Counter[str] | None = getattr(request, "_waiting_at", None)
    if known is None:
        counted = waiting_for(request)
        known = Counter({WAITING: sum(counted.values())})
        for code, n in counted.items():
            known[waiting.kinds()[code].place] += n
        request._waiting_at = known  # type: ignore[attr-defined]  # remembered with the request
    return known


def my_place(request: HttpRequest, *, is_new: bool) -> Place:
    """The page of whoever reads, as it stands in the dock."""
    (found,) = _places([entry for entry in menu.residents() if entry.route == ME], request.path)
    return replace(found, is_new=is_new)


def _furnish_outside(request: HttpRequest, chrome: Chrome) -> None:
    """The pages of one's account stand in the house of the community one comes from, else of one's own."""
    if not request.path.startswith(OWN_PAGES) or not hasattr(request, "user"):
        return
    community = came_for(request) or _home_of(request.user)
    if community is not None:
        chrome.community = community
        chrome.places = _places(menu.residents(), "", within=community.home_url.rstrip("/"))


def _home_of(user: object) -> Community | None:
    homes = queries.homes_of(user.pk) if isinstance(user, Account) else []
    return homes[0] if len(homes) == 1 else None


def _places(entries: Sequence[Entry], here: str, *, within: str = "", counted: bool = False) -> list[Place]:
    """The entries as links; to the one with the longest address this page's begins with, it belongs.

    Every page's address begins with a front's: to a front belongs only itself.
    """
    urls = [within + reverse(entry.route, urlconf="config.community_urls") for entry in entries]
    fronts = {url for entry, url in zip(entries, urls, strict=True) if entry.route in {"portal:home", TODAY}}
    current = max((url for url in urls if here.startswith(url)), key=len, default="")
    if current in fronts and current != here:
        current = ""
    return [
        Place(
            url=url,
            label=entry.label,
            icon=entry.icon,
            current=url == current,
            wide=entry.wide,
            care=entry.care,
            is_own=entry.route == ME,
            counts=entry.route if counted else "",
            group=entry.group,
        )
        for entry, url in zip(entries, urls, strict=True)
    ]
