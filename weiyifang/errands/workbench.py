"""How far it is, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.long_work import Result
from weiyifang.core.look import care
from weiyifang.core.web.access import PageRequest, holds, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.downloads import saved
from weiyifang.core.web.pages import paged, show
from weiyifang.errands import queries, rules, services
from weiyifang.errands.models import Errand, State
from weiyifang.people.roles import Permission

at_the_workbench = holds(Permission.OPEN_WORKBENCH)
SOON, LATER = 3, 15  # seconds until the page is loaded anew: in the first half minute, and then
RELOADS_FOR = timedelta(hours=1)  # nobody sits before it for longer, and an open page keeps a session alive


@page(at_the_workbench)
def bench(request: PageRequest) -> HttpResponseBase:
    """What I handed over; and for whoever watches over the work, who is running what."""
    listed = paged(request, queries.with_file_until(queries.of(request.actor)))
    oversees = rules.can_oversee(request.actor)
    context = {
        "page": listed,
        "lines": [queries.Line(errand) for errand in listed.object_list],
        "oversees": oversees,
        "running": [queries.Line(errand) for errand in queries.under_way()[:50]] if oversees else [],
    }
    return show(request, "errands/bench.html", context)


@page(at_the_workbench)
def errand(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One of mine. While it is open the page loads itself anew, unless its reader asked it not to (`?still=1`)."""
    line = queries.line(_mine(request, pk))
    found = line.errand
    is_still = bool(asked(request, "still", 1))
    age = clock.now() - found.asked_at
    seconds = SOON if age < timedelta(seconds=30) and not care.look_of(request).mode else LATER
    reloads = found.is_open and not is_still and age < RELOADS_FOR
    context = {
        "line": line,
        "errand": found,
        "may_fetch": line.file is not None and rules.can_fetch(request.actor, found),
        "reloads": reloads,
        "seconds": seconds,
    }
    response = show(request, "errands/errand.html", context)
    if reloads:
        response.headers["Refresh"] = str(seconds)
    return response


@page(at_the_workbench, methods=("POST",))
def end(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It is not wanted any more."""
    found = services.cancel(errand=_mine(request, pk), by=request.actor)
    if found.state == State.RUNNING:
        messages.success(request, _("It ends at its next step, and undoes what it did so far."))
    elif found.state == State.CANCELLED:
        messages.success(request, _("Cancelled. Nothing was done."))
    return redirect("errands:errand", pk=pk)


@page(at_the_workbench, methods=("POST",))
def again(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Once more, as it was asked for."""
    old = _mine(request, pk)
    if not old.arguments:  # forgotten
        raise services.FileGone()
    found = services.ask(kind=old.kind, arguments=old.arguments, by=request.actor)
    return redirect("errands:errand", pk=found.pk)


@page(at_the_workbench, methods=("POST",))
def file(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The file, to be saved. Asked for by a form, for that somebody fetched it is written down."""
    return saved(Result(file=services.fetch(errand=_mine(request, pk), by=request.actor)))


def _mine(request: PageRequest, pk: UUID) -> Errand:
    return get_object_or_404(queries.of(request.actor), pk=pk)
