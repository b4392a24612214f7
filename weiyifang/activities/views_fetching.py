"""A guardian's page: who else may fetch the child, and when it came and was fetched."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.activities import queries, services
from weiyifang.activities.forms_passages import FetcherForm
from weiyifang.activities.models import Enrollment, Fetcher
from weiyifang.core.web.access import PageRequest, page, resident
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people import minors

LAST = 20  # comings and goings on one page


@page(resident, methods=("GET", "POST"))
def fetchers(request: PageRequest, pk: UUID) -> HttpResponse:
    """Who may fetch this child (GET); name one more (POST)."""
    enrollment = get_object_or_404(Enrollment.objects.select_related("activity", "session", "resident"), pk=pk)
    child = enrollment.resident
    guardians = minors.guardians_of([child.pk]).get(child.pk, [])
    if request.actor.resident_id not in [one.pk for one in guardians]:
        raise Http404
    form = FetcherForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.name_fetcher(enrollment=enrollment, by=request.actor, **form.cleaned_data)
            messages.success(request, _("%(name)s may fetch the child.") % {"name": made.name})
            return redirect("activities:fetchers", pk)
    came = paged(request, queries.fetched(child.pk), LAST)
    context = {
        "activity": enrollment.activity,
        "enrollment": enrollment,
        "child": child,
        "guardians": guardians,
        "fetchers": list(queries.fetchers_of(child.pk)[: services.MOST_FETCHERS]),
        "page": came,
        "comings": [(one, queries.coming_in_words(one, left)) for one, left in queries.with_left(came)],
        "form": form,
    }
    return show(request, "activities/fetchers.html", context, status=422 if form.errors else 200)


@page(resident, methods=("POST",))
def fetcher_end(request: PageRequest, pk: UUID) -> HttpResponse:
    """They may not fetch the child any more."""
    found = get_object_or_404(Fetcher.objects.filter(at_the_door=False), pk=pk)
    services.end_fetcher(fetcher=found, by=request.actor)
    messages.success(request, _("Taken back: from now on nobody lets the child go with them."))
    return redirect("activities:fetchers", found.enrollment_id)
