"""The workbench opens on today's work: what waits for this person, what happens today."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponseBase

from weiyifang.activities import queries as activities
from weiyifang.activities import rules as activity_rules
from weiyifang.core import clock, timeline
from weiyifang.core.kinds import kinds
from weiyifang.core.models import TimelineEntry
from weiyifang.core.web.access import PageRequest, holds, page
from weiyifang.core.web.pages import paged, show
from weiyifang.errands import queries as errands
from weiyifang.errands import rules as errand_rules
from weiyifang.fund import events as fund_events
from weiyifang.fund import queries as fund
from weiyifang.fund import rules as fund_rules
from weiyifang.fund.models import State
from weiyifang.news import events as news_events
from weiyifang.news import queries as news
from weiyifang.news import rules as news_rules
from weiyifang.organizations import events as organization_events
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people import rules as people_rules
from weiyifang.people.roles import Permission
from weiyifang.portal.forms import HistoryFilter

YEAR = 365  # days, today among them
HAS_QUEUES = (  # whoever holds one of these has work that may wait
    Permission.APPROVE_PAYMENT,
    Permission.PAY,
    Permission.REQUEST_PAYMENT,
    Permission.REVIEW_NEWS,
    Permission.CHECK_IN,
    Permission.MANAGE_RESIDENTS,
    Permission.MANAGE_ORGANIZATIONS,
    Permission.MANAGE_OWN_ORGANIZATION,
)
SHOWN = 6  # rows of each queue; its own page has the rest
OF_NOTE = {fund_events.__name__, news_events.__name__, organization_events.__name__}


@page(holds(Permission.OPEN_WORKBENCH))
def today(request: PageRequest) -> HttpResponseBase:
    """Today's queues; who only watches over the work, and for whom nothing can wait, begins with its figures."""
    actor = request.actor
    if actor.may_somewhere(Permission.SEE_TIMELINE) and not any(map(actor.may_somewhere, HAS_QUEUES)):
        return _figures(request)
    to_approve = [row for row in fund.waiting_for(State.SUBMITTED)[:50] if fund_rules.can_approve(actor, row)]
    to_pay = [row for row in fund.waiting_for(State.APPROVED)[:50] if fund_rules.can_pay(actor, row)]
    of_two = [row for row in fund.waiting_for_two() if fund_rules.can_decide(actor, row)]
    sessions = activities.today(activity_rules.manageable_by(actor, Permission.CHECK_IN))
    reviews = list(news_rules.reviewable_by(actor).select_related("author")[:50])
    asking = list(organizations.waiting_requests(actor)[:50])
    forgetting = (
        list(people.erasures_to_confirm(actor.account_id)[:50]) if people_rules.can_manage_residents(actor) else []
    )
    context = {
        "day": clock.today(),
        "to_approve": to_approve[:SHOWN],
        "to_pay": to_pay[:SHOWN],
        "sessions": sessions,
        "at_the_door": actor.may_somewhere(Permission.CHECK_IN),
        "reviews": reviews[:SHOWN],
        "asking": asking[:SHOWN],
        "forgetting": forgetting[:SHOWN],
        "stuck": [errands.Line(row) for row in errands.standing_still()[:SHOWN]]
        if errand_rules.can_oversee(actor)
        else (),
        "money": fund.year_or_none() if actor.may_somewhere(Permission.SEE_BOOKS) else None,
        "history": timeline.with_titles(_of_note()[:SHOWN], actor)
        if actor.may_somewhere(Permission.SEE_TIMELINE)
        else (),
        "counts": {
            "approve": len(to_approve),
            "pay": len(to_pay),
            "of_two": len(of_two),
            "reviews": len(reviews),
            "asking": len(asking),
            "forgetting": len(forgetting),
            "sessions": len(sessions),
            "came": sum(line.came for line in sessions),
        },
    }
    return show(request, "portal/workbench/today.html", context)


@page(holds(Permission.SEE_TIMELINE))
def figures(request: PageRequest) -> HttpResponseBase:
    """The year in figures: how many came, for whom things were put on, what was read, given and spent."""
    return _figures(request)


def _figures(request: PageRequest) -> HttpResponseBase:
    until = clock.today()
    since = until - timedelta(days=YEAR - 1)
    held = activities.held_between(since, until)
    context = {
        "since": since,
        "until": until,
        "attendances": activities.attendances(since, until),
        "people": activities.people_served(since, until),
        "residents": people.count_living_here(),
        "held": held,
        "reach": activities.reach_by_audience(since, until),
        "organizations": organizations.count_active(),
        "articles": news.total_articles(),
        "reads": news.total_reads(),
        "money": fund.year_or_none() if request.actor.may_somewhere(Permission.SEE_BOOKS) else None,
        "history": timeline.with_titles(_of_note()[:SHOWN], request.actor),
    }
    return show(request, "portal/workbench/figures.html", context)


@page(holds(Permission.SEE_TIMELINE))
def history(request: PageRequest) -> HttpResponseBase:
    """Every act, newest first: for those who watch over the committee's work."""
    form = HistoryFilter(request.GET)
    listed = paged(request, form.narrow(_acts()), per_page=50)
    history = timeline.with_titles(listed.object_list, request.actor)
    return show(request, "portal/workbench/history.html", {"form": form, "page": listed, "history": history})


def _acts() -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.order_by("-at", "-id").prefetch_related("remarks")


def _of_note() -> QuerySet[TimelineEntry]:
    """What was done about money, news and organizations: among every act, those who came would hide it."""
    verbs = [name for name, kind in kinds().items() if kind.__module__ in OF_NOTE]
    return _acts().filter(verb__in=verbs)
