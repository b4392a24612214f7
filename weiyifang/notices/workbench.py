"""Who has to be called or told at the door, and what went out as text messages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import paged, show
from weiyifang.notices import queries, rules, services
from weiyifang.notices.models import Delivery, Route, Why
from weiyifang.people.roles import Permission

REASONS = {Route.PHONE: (Why.NO_ANSWER, Why.WRONG_NUMBER), Route.DOOR: (Why.NO_ANSWER,)}


@page(rules.can_tell)
def listing(request: PageRequest, route: str = Route.PHONE) -> HttpResponseBase:
    """The phone list and the door list: whom, what, until when."""
    if route not in REASONS:
        raise Http404
    listed = paged(request, queries.to_do(route))
    context = {
        "route": Route(route),
        "page": listed,
        "rows": queries.deliveries_in_words(listed.object_list),
        "reasons": REASONS[Route(route)],
        "may_see_residents": request.actor.may(Permission.SEE_RESIDENTS),
    }
    return show(request, "notices/workbench/list.html", context)


@page(rules.can_tell)
def log(request: PageRequest, route: str) -> HttpResponseBase:
    """What went out by one route, and what did not reach anybody; the newest first."""
    if route not in Route:
        raise Http404
    listed = paged(request, queries.dealt_with(route))
    context = {"route": Route(route), "page": listed, "rows": queries.deliveries_in_words(listed.object_list)}
    return show(request, "notices/workbench/log.html", context)


@page(rules.can_tell, methods=("POST",))
def tick(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """They were told; or why not."""
    delivery = get_object_or_404(Delivery, pk=pk)
    why = request.POST.get("why", "")
    if why and why not in REASONS.get(Route(delivery.route), ()):
        raise Http404
    services.mark(delivery=delivery, why=why, by=request.actor)
    messages.success(request, _("Noted. It will be tried again.") if why else _("Noted: they know."))
    return redirect("notices:list", route=delivery.route)


@page(rules.can_tell, methods=("POST",))
def put_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Ticked by mistake."""
    delivery = get_object_or_404(Delivery.objects.select_related("notice"), pk=pk)
    services.put_back(delivery=delivery, by=request.actor)
    messages.success(request, _("It is on the list again."))
    return redirect("notices:list", route=delivery.route)
