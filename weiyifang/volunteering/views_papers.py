"""Papers about a year's hours: one's own, their print, the check anybody can make; and the roll of honour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from weiyifang.core import clock, signed
from weiyifang.core.look.wording import full_day, masked_name, worked
from weiyifang.core.web.access import PageRequest, anyone, member, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, show
from weiyifang.people.models import Resident
from weiyifang.volunteering import queries, rules, services, year_hours
from weiyifang.volunteering.models import HelpRequest, Hours, Volunteer, YearPaper

FRAMES = ("base.html", "workbench.html")  # of residents, and at the desk
THANKS = "volunteering.thanks"  # what the codes on cards are for
OLDEST = 2000  # no hours are older


@page(resident, methods=("GET", "POST"))
def mine(request: PageRequest) -> HttpResponseBase:
    """The years in which one, or whom one acts for, has approved hours; have a paper made (`of`: number-year)."""
    me = request.actor.resident_id
    assert me is not None  # the page's rule
    return _years(request, queries.givers(me), at_desk=False)


@page(resident)
def one(request: PageRequest, number: int) -> HttpResponseBase:
    """The paper itself. It prints."""
    paper = get_object_or_404(YearPaper.objects.select_related("resident"), number=number)
    if not rules.can_sign_up(request.actor, paper.resident):
        raise Http404
    return show(request, "volunteering/paper.html", _about(request, paper, at_desk=False))


@page(anyone)
def check(request: PageRequest, code: str) -> HttpResponseBase:
    """Whoever holds a paper sees whether it was written here, for whom as far as a paper tells, and what holds now."""
    paper = get_object_or_404(YearPaper.objects.select_related("resident"), code=code)
    now = year_hours.minutes_of_year(paper.resident_id, paper.year)
    context = {"paper": paper, "name": masked_name(paper.resident.name), "now": now}
    return show(request, "volunteering/check.html", context)


@page(member)
def card(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """A card that thanks for one shift whose hours were approved: for who helped, and for who leads the team."""
    found = _approved(pk)
    if found is None or not rules.can_see_card(request.actor, found):
        raise Http404
    context = {
        "frame": "base.html",
        "name": found.volunteer.resident.name,
        "facts": _facts(found),
        "address": request.build_absolute_uri(reverse("volunteering:thanked", args=[signed.code(THANKS, found.pk)])),
        "back": reverse("volunteering:hours")
        if request.actor.resident_id
        else reverse("volunteering:one_hours", args=[found.pk]),
    }
    return show(request, "thanks.html", context)


@page(anyone)
def thanked(request: PageRequest, code: str) -> HttpResponseBase:
    """Whoever has a card in their hand sees what is noted now. The name is masked: the card has it."""
    pk = signed.named(THANKS, code)
    if pk is None or not Hours.objects.filter(pk=pk).exists():
        raise Http404
    found = _approved(pk)
    name = masked_name(found.volunteer.resident.name) if found else ""
    facts = [("person", pgettext("person", "Name"), name), *_facts(found)] if found else []
    return show(request, "thanked.html", {"facts": facts})


@page(anyone)
def honour(request: PageRequest) -> HttpResponseBase:
    """The roll of honour of a `?year=`: whoever lets their name stand there, as long as they do."""
    this = clock.today().year
    year = _year(asked(request, "year", 4)) or this
    context = {
        "page": paged(request, year_hours.roll_of_honour(year)),
        "year": year,
        "years": [this, this - 1, this - 2],
    }
    return show(request, "volunteering/honour.html", context)


@page(rules.can_manage_all, methods=("GET", "POST"))
def issue(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """As `mine`, at the desk, for a volunteer."""
    found = get_object_or_404(Volunteer.objects.select_related("resident"), pk=pk)
    return _years(request, [found.resident], at_desk=True)


@page(rules.can_manage_all)
def at_desk(request: PageRequest, number: int) -> HttpResponseBase:
    """The paper itself, for whoever came to the desk. It prints."""
    paper = get_object_or_404(YearPaper.objects.select_related("resident"), number=number)
    return show(request, "volunteering/paper.html", _about(request, paper, at_desk=True))


def _years(request: PageRequest, whose: Sequence[Resident], *, at_desk: bool) -> HttpResponseBase:
    if request.method == "POST":
        number, _dash, typed = request.POST.get("of", "").partition("-")
        person, year = next((row for row in whose if str(row.number) == number), None), _year(typed)
        if person is None or year is None:
            raise Http404
        paper = services.issue_paper(resident=person, year=year, by=request.actor)
        return redirect("volunteering:bench_year_paper" if at_desk else "volunteering:year_paper", number=paper.number)
    context = {"years": [(row, year_hours.years_of(row.pk)) for row in whose], "frame": FRAMES[at_desk]}
    return show(request, "volunteering/papers.html", context)


def _approved(pk: UUID) -> Hours | None:
    rows = Hours.objects.approved().filter(pk=pk)
    found: Hours | None = rows.select_related("volunteer__resident", "slot__shift__team").first()
    return found


def _facts(hours: Hours) -> list[tuple[str, str, str]]:
    shift = hours.slot.shift
    is_private = HelpRequest.objects.filter(shift=shift).exists()  # what somebody asked for is on no paper
    return [
        ("heart", _("Helped with"), _("a neighbour who had asked for it") if is_private else shift.what),
        ("calendar", _("When"), full_day(hours.came_at)),
        ("clock", _("How long"), worked(hours.minutes)),
        ("people", _("Team"), shift.team.name),
    ]


def _about(request: PageRequest, paper: YearPaper, *, at_desk: bool) -> dict[str, Any]:
    address = reverse("volunteering:check_paper", args=[paper.code])
    now = year_hours.minutes_of_year(paper.resident_id, paper.year)
    rows = year_hours.hours_of_year(paper.resident_id, paper.year)
    return {
        "frame": FRAMES[at_desk],
        "paper": paper,
        "teams": queries.by_team(rows) if now == paper.minutes else [],
        "now": now,
        "address": request.build_absolute_uri(address),
    }


def _year(typed: str) -> int | None:
    year = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == len("2026") else 0
    return year if OLDEST <= year <= clock.today().year else None
