"""Being forgotten, at the desk: one asks, another confirms, and some days later the program does it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.look import wording
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people import parting, queries, rules, services, terms
from weiyifang.people.forms import ErasureForm
from weiyifang.people.models import Resident


@page(rules.can_manage_residents)
def erasures(request: PageRequest) -> HttpResponseBase:
    """Everybody who is to be forgotten: who asked, who confirmed, and until when it can be taken back."""
    listed = paged(request, queries.open_erasures())
    return show(request, "people/workbench/erasures.html", {"page": listed, "days": terms.time_to_think().days})


@page(rules.can_manage_residents, methods=("GET", "POST"))
def erasure(request: PageRequest, number: int) -> HttpResponseBase:
    """What goes and what stays; ask for it, or see what was asked and confirm it."""
    person = _person(number)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.ask_erasure_of(resident=person, reason=form.cleaned_data["reason"], by=request.actor)
            messages.success(request, _("Noted. Nothing goes before a second person of the office confirms it."))
            return redirect("people:erase", number=person.number)
    asked = queries.open_erasure(person)
    versions.about(request, *filter(None, [person, asked]))
    may_confirm = asked is not None and queries.erasures_to_confirm(request.actor.account_id).filter(pk=asked.pk)
    context = {
        "form": form,
        "resident": person,
        "asked": asked,
        "days": terms.time_to_think().days,
        "parting": parting.words(person, forgotten=True),
        "may_confirm": bool(may_confirm),
        "may_keep": asked is not None and rules.can_take_back_erasure(request.actor, asked),
    }
    return show(request, "people/workbench/erasure.html", context, status=422 if form.errors else 200)


@page(rules.can_manage_residents, methods=("POST",))
def confirm(request: PageRequest, number: int) -> HttpResponseBase:
    """The second person says yes."""
    asked = services.confirm_erasure(resident=_person(number), by=request.actor)
    messages.success(
        request, _("Confirmed. Until %(when)s it can be taken back.") % {"when": wording.when(asked.due_at)}
    )
    return redirect("people:erasures")


@page(rules.can_manage_residents, methods=("POST",))
def keep(request: PageRequest, number: int) -> HttpResponseBase:
    """Not to be forgotten after all."""
    person = _person(number)
    services.take_back_erasure(resident=person, by=request.actor)
    messages.success(request, _("Taken back. Nothing was removed."))
    return redirect("people:resident", number=person.number)


def _person(number: int) -> Resident:
    return get_object_or_404(Resident.objects.select_related("household", "account"), number=number, erased_at=None)
