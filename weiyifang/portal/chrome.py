"""Where the dock, the rail and the workbench's side lead: the map of the site, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor
from weiyifang.core.web.pages import Chrome, Group, Place
from weiyifang.people import queries
from weiyifang.people.limits import came_for
from weiyifang.people.models import Account
from weiyifang.people.roles import Permission


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place on the map: the route's name, its words and icon, and for the workbench who sees it."""

    route: str
    label: str | Promise
    icon: str
    wide: bool = False  # only in the rail of a wide screen
    care: bool = False  # stays on a phone in the version for elders, beside the telephone
    permissions: tuple[Permission, ...] = ()  # any of them


OWN_PAGES = ("/accounts/", "/look/")
ME = "portal:me"
RESIDENTS: tuple[Entry, ...] = (
    Entry(route="portal:home", label=_("Home"), icon="home", care=True),
    Entry(route="activities:list", label=pgettext_lazy("place", "Join in"), icon="calendar"),
    Entry(route="organizations:list", label=_("Organizations"), icon="people", wide=True),
    Entry(route="fund:overview", label=_("The fund"), icon="book", wide=True),
    Entry(route="news:list", label=_("News"), icon="article", wide=True),
    Entry(route=ME, label=_("Me"), icon="person", care=True),
)

WORKBENCH: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        _("Every day"),
        (
            Entry(route="portal:today", label=_("Today"), icon="sun", permissions=(Permission.OPEN_WORKBENCH,)),
            Entry(route="activities:bench", label=_("Activities"), icon="calendar", permissions=(Permission.CHECK_IN,)),
            Entry(route="notices:bench", label=_("Messages"), icon="phone", permissions=(Permission.TELL_PEOPLE,)),
            Entry(route="news:bench", label=_("News"), icon="article", permissions=(Permission.WRITE_NEWS,)),
            Entry(
                route="errands:bench",
                label=_("Long work"),
                icon="clock",
                permissions=(
                    Permission.SEE_RESIDENTS,
                    Permission.PLAN_ACTIVITIES,
                    Permission.SEE_BOOKS,
                    Permission.SEE_TIMELINE,
                ),
            ),
        ),
    ),
    (
        _("Registers"),
        (
            Entry(
                route="people:residents", label=_("Residents"), icon="people", permissions=(Permission.SEE_RESIDENTS,)
            ),
            Entry(
                route="organizations:bench",
                label=_("Organizations"),
                icon="home",
                permissions=(Permission.MANAGE_ORGANIZATIONS, Permission.MANAGE_OWN_ORGANIZATION),
            ),
            Entry(route="people:duties", label=_("Duties"), icon="person", permissions=(Permission.GIVE_DUTIES,)),
            Entry(
                route="people:texts",
                label=_("Words of consents"),
                icon="article",
                permissions=(Permission.PUBLISH_CONSENT_TEXTS,),
            ),
            Entry(route="communities:rules", label=_("Rules"), icon="clock", permissions=(Permission.SET_RULES,)),
        ),
    ),
    (
        _("Money"),
        (
            Entry(
                route="fund:income",
                label=_("Income"),
                icon="download",
                permissions=(Permission.RECORD_INCOME,),
            ),
            Entry(
                route="fund:bench",
                label=_("Payments"),
                icon="book",
                permissions=(Permission.REQUEST_PAYMENT, Permission.PAY, Permission.SEE_BOOKS),
            ),
            Entry(route="fund:books", label=_("The books"), icon="ballot", permissions=(Permission.SEE_BOOKS,)),
        ),
    ),
    (
        _("Oversight"),
        (
            Entry(route="portal:figures", label=_("Figures"), icon="scale", permissions=(Permission.SEE_TIMELINE,)),
            Entry(route="portal:history", label=_("Every act"), icon="list", permissions=(Permission.SEE_TIMELINE,)),
        ),
    ),
)


def furnish(request: HttpRequest, chrome: Chrome) -> None:
    """Put the places into the page's surround."""
    if chrome.community is None or chrome.actor is None:
        _furnish_outside(request, chrome)
        return
    here = request.path
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chrome.places = _places(RESIDENTS, here)
    if "/workbench/" in here:
        open_to = [
            (label, [e for e in entries if any(actor.may_somewhere(p) for p in e.permissions)])
            for label, entries in WORKBENCH
        ]
        places = iter(_places([entry for _label, entries in open_to for entry in entries], here))
        chrome.bench_groups = [
            Group(label=label, places=[next(places) for _entry in entries]) for label, entries in open_to if entries
        ]
        if chrome.bench_groups:
            chrome.shell = "workbench.html"


def my_place(request: HttpRequest, *, is_new: bool) -> Place:
    """The page of whoever reads, as it stands in the dock."""
    (found,) = _places([entry for entry in RESIDENTS if entry.route == ME], request.path)
    return replace(found, is_new=is_new)


def _furnish_outside(request: HttpRequest, chrome: Chrome) -> None:
    """The pages of one's account stand in the house of the community one comes from, else of one's own."""
    if not request.path.startswith(OWN_PAGES) or not hasattr(request, "user"):
        return
    community = came_for(request) or _home_of(request.user)
    if community is not None:
        chrome.community = community
        chrome.places = _places(RESIDENTS, "", within=community.home_url.rstrip("/"))


def _home_of(user: object) -> Community | None:
    homes = queries.homes_of(user.pk) if isinstance(user, Account) else []
    return homes[0] if len(homes) == 1 else None


def _places(entries: Sequence[Entry], here: str, *, within: str = "") -> list[Place]:
    """The entries as links; to the one with the longest address this page's begins with, it belongs.

    Every page's address begins with a front's: to a front belongs only itself.
    """
    urls = [within + reverse(entry.route, urlconf="config.community_urls") for entry in entries]
    fronts = {url for entry, url in zip(entries, urls, strict=True) if entry.route in {"portal:home", "portal:today"}}
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
        )
        for entry, url in zip(entries, urls, strict=True)
    ]
