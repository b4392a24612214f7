"""Where the dock, the rail and the workbench's side lead: the map of the site, on one page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.pages import Chrome, Group, Place
from weiyifang.people.roles import Permission


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place on the map: the route's name, its words and icon, and for the workbench who sees it."""

    route: str
    label: str | Promise
    icon: str
    wide: bool = False
    permission: Permission | None = None


RESIDENTS: tuple[Entry, ...] = (
    Entry(route="portal:home", label=_("Home"), icon="home"),
    Entry(route="activities:list", label=_("Activities"), icon="calendar"),
    Entry(route="fund:overview", label=_("The fund"), icon="book"),
    Entry(route="news:list", label=_("News"), icon="article", wide=True),
    Entry(route="organizations:list", label=_("Organizations"), icon="people", wide=True),
    Entry(route="portal:me", label=_("Mine"), icon="person"),
)

WORKBENCH: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        _("Every day"),
        (
            Entry(route="portal:today", label=_("Today"), icon="sun", permission=Permission.OPEN_WORKBENCH),
            Entry(route="activities:bench", label=_("Activities"), icon="calendar", permission=Permission.CHECK_IN),
            Entry(route="news:bench", label=_("News"), icon="article", permission=Permission.WRITE_NEWS),
        ),
    ),
    (
        _("Registers"),
        (
            Entry(route="people:residents", label=_("Residents"), icon="people", permission=Permission.SEE_RESIDENTS),
            Entry(
                route="organizations:bench",
                label=_("Organizations"),
                icon="home",
                permission=Permission.MANAGE_ORGANIZATIONS,
            ),
            Entry(route="people:duties", label=_("Duties"), icon="person", permission=Permission.GIVE_DUTIES),
        ),
    ),
    (
        _("Money"),
        (
            Entry(route="fund:bench", label=_("Payments"), icon="book", permission=Permission.REQUEST_PAYMENT),
            Entry(route="fund:books", label=_("The books"), icon="ballot", permission=Permission.SEE_BOOKS),
        ),
    ),
)


def furnish(request: HttpRequest, chrome: Chrome) -> None:
    """Put the places into the page's surround."""
    here = request.path
    chrome.places = [_place(entry, here) for entry in RESIDENTS]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if "/workbench/" in here:
        groups = []
        for label, entries in WORKBENCH:
            seen = [_place(e, here) for e in entries if e.permission is None or actor.may_somewhere(e.permission)]
            if seen:
                groups.append(Group(label=label, places=seen))
        chrome.bench_groups = groups


def _place(entry: Entry, here: str) -> Place:
    url = reverse(entry.route)
    exact = entry.route in {"portal:home", "portal:today"}
    current = here == url if exact else here.startswith(url)
    return Place(url=url, label=entry.label, icon=entry.icon, current=current, wide=entry.wide)
