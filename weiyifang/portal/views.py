"""The front page and "my page"."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from weiyifang.activities import queries as activities
from weiyifang.core import clock
from weiyifang.core.look import care, charts, lunar
from weiyifang.core.web.access import PageRequest, anyone, member, page
from weiyifang.core.web.pages import show
from weiyifang.fund import queries as fund
from weiyifang.news import queries as news
from weiyifang.organizations import queries as organizations
from weiyifang.portal.own import NOBODYS, greeting

PEARLS = 7  # organizations on the front page's string, before the one that leads to all


@page(anyone, kept=1)  # it tells how many events have seats
def home(request: PageRequest) -> HttpResponseBase:
    """What is on, what is new, where the money went, and the five things people come for."""
    is_care = care.look_of(request).mode == "care"
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    a_day = activities.events_a_day(monday, monday + timedelta(days=6))
    coming = activities.listed(list(activities.coming()[: 3 if is_care else 5]))
    context = {
        "greeting": greeting(clock.now()),
        "today": today,
        "festival": lunar.next_festival(today),
        "week": charts.week(today, _notes(a_day), _day_url),
        "coming": coming,
        "mine": [],
        "has_news": False,
        "seats_fact": _seats_fact(activities.listed(list(activities.this_week().filter(starts_at__gte=clock.now())))),
        "money": fund.year_or_none(),
        "notices": news.notices_first_to_read(2 if is_care else 3),
        "newest": [] if is_care else news.latest(4),
        "pearls": [] if is_care else list(organizations.string()[:PEARLS]),
        "organizations": 0 if is_care else organizations.count_active(),
    }
    return show(request, "portal/home.html", context)


def _notes(a_day: dict[date, int]) -> dict[date, str]:
    return {day: npgettext("on one day", "%(n)d on", "%(n)d on", n) % {"n": n} for day, n in a_day.items()}


def _day_url(day: date) -> str:
    return f"{reverse('activities:list')}?day={day}"


def _seats_fact(listed: list[activities.Listed]) -> str:
    """The live fact on the first wish: how many events this week, how many with seats."""
    if not listed:
        return _("nothing more this week; see what comes next")
    free = sum(line.has_seats for line in listed)
    return _("%(all)d more this week, %(free)d with seats") % {"all": len(listed), "free": free}


@page(member, kept=60)  # its frame: all that stands in it is filled in
def me(request: PageRequest) -> HttpResponseBase:
    """What is mine: what I am enrolled in, what I gave, where I belong; and my own affairs."""
    return show(request, "portal/me.html", dict(NOBODYS))
