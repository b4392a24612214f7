"""Staff's pages of a market: its stalls, and what each brought in, counted by two people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.activities import queries, rules, services
from weiyifang.activities.forms_stalls import ProceedsForm, SetUpForm, TakeBackForm
from weiyifang.activities.models import CountState, Session, Stall
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.people.queries import names_of
from weiyifang.people.roles import Permission

checks_in = holds(Permission.CHECK_IN)
plans = holds(Permission.PLAN_ACTIVITIES)
NOBODY = UUID(int=0)


@page(checks_in, methods=("GET", "POST"))
def stalls(request: PageRequest, number: int, date_number: int) -> HttpResponse:
    """All stalls and what they brought in; more of them."""
    rows = Session.objects.select_related("activity")
    found = get_object_or_404(rows, activity__number=number, number=date_number)
    require(rules.can_check_in(request.actor, found.activity))
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.set_up_stalls(session=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Set up: stalls %(first)d to %(last)d.") % _ends(made))
            return redirect("activities:bench_stalls", number, date_number)
    stands = queries.stalls_of(found)
    context = {
        "activity": found.activity,
        "session": found,
        "stands": stands,
        "total_fen": sum(one.proceeds_fen or 0 for one in stands),
        "form": form if rules.can_manage(request.actor, found.activity) else None,
    }
    return show(request, "activities/workbench/stalls.html", context, status=422 if form.errors else 200)


@page(checks_in, methods=("GET", "POST"))
def proceeds(request: PageRequest, pk: UUID) -> HttpResponse:
    """Count what a stall brought in. Nobody is told the first count before the second is made."""
    stall = _stall(request, pk)
    form = ProceedsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            row = services.count_proceeds(stall=stall, amount_fen=form.cleaned_data["amount"], by=request.actor)
            if row.state == CountState.DIFFERS:
                messages.warning(
                    request, _("The two counts differ, so nothing was received. Count once more, both of you.")
                )
            elif row.state == CountState.AGREED:
                messages.success(request, _("Counted alike by two. The fund has received it."))
            else:
                messages.success(request, _("Noted. Now somebody else counts it."))
            return redirect("activities:bench_stalls", stall.session.activity.number, stall.session.number)
    return _show_proceeds(request, stall, form, TakeBackForm())


@page(plans, methods=("POST",))
def taking_back(request: PageRequest, pk: UUID) -> HttpResponse:
    """The count was wrong all the same: the fund gives it back, and it is counted anew."""
    stall = _stall(request, pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.take_back_proceeds(stall=stall, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Taken back out of the fund. Two people count it anew."))
            return redirect("activities:bench_proceeds", pk)
    return _show_proceeds(request, stall, ProceedsForm(), form)


def _show_proceeds(request: PageRequest, stall: Stall, form: ProceedsForm, back: TakeBackForm) -> HttpResponse:
    (stand,) = queries.stands([stall])
    names = names_of({pk for row in stand.counts for pk in (row.first_by_id, row.second_by_id) if pk})
    context = {
        "stand": stand,
        "stall": stall,
        "activity": stall.session.activity,
        "session": stall.session,
        "form": form,
        "back_form": back if rules.can_manage(request.actor, stall.session.activity) else None,
        "counts": [
            (row, names.get(row.first_by_id or NOBODY, ""), names.get(row.second_by_id or NOBODY, ""))
            for row in stand.counts
        ],
        "first_by": names.get(stand.open_count.first_by_id or NOBODY, "") if stand.open_count else "",
    }
    status = 422 if form.errors or back.errors else 200
    return show(request, "activities/workbench/proceeds.html", context, status=status)


def _stall(request: PageRequest, pk: UUID) -> Stall:
    found = get_object_or_404(Stall.objects.select_related("session__activity"), pk=pk)
    require(rules.can_check_in(request.actor, found.session.activity))
    return found


def _ends(made: list[Stall]) -> dict[str, int]:
    return {"first": made[0].number, "last": made[-1].number}
