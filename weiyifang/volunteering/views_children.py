"""A guardian's page: the yes for a minor who wants to help, what they do, and its end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web.access import PageRequest, page, require, resident
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.volunteering import minors, queries, rules, services
from weiyifang.volunteering.forms_children import ChildForm
from weiyifang.volunteering.models import Volunteer


@page(resident, methods=("GET", "POST"))
def children(request: PageRequest) -> HttpResponseBase:
    """Every minor one is guardian of: who helps already, with what and when; and signing one of the others up."""
    assert request.actor.resident_id is not None  # the page's rule
    everyone = minors.minors_of(request.actor.resident_id)
    helping = minors.who_helps(everyone)
    there = {one.volunteer.resident_id for one in helping}
    form = ChildForm(request.POST or None, children=[one for one in everyone if one.pk not in there])
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            child = form.child()
            services.sign_up(resident=child, agreed=form.cleaned_data["agreed"], by=request.actor)
            messages.success(request, _("%(name)s is signed up. Now look for a team together.") % {"name": child.name})
            return redirect("volunteering:children")
    context = {
        "form": form if form.children else None,
        "text": queries.words_of_consent() if form.children else None,
        "minors": everyone,
        "rows": helping,
    }
    return show(request, "volunteering/children.html", context, status=422 if form.errors else 200)


@page(resident, methods=("POST",))
def end(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """The guardian no longer wants it."""
    found = get_object_or_404(Volunteer.objects.active().select_related("resident"), pk=pk)
    require(rules.can_sign_up(request.actor, found.resident))
    services.sign_off(volunteer=found, by=request.actor)
    messages.success(request, _("%(name)s is no longer noted as a volunteer.") % {"name": found.resident.name})
    return redirect("volunteering:children")
