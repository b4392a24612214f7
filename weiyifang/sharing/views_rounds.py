"""Pages about the slots of a season: what can be applied for, applying, and the result for anybody to recompute."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.core.actors import Actor
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, anyone, holds, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.organizations import queries as organizations
from weiyifang.people.roles import Permission
from weiyifang.sharing import rules, season, services, slots
from weiyifang.sharing.forms_rounds import WishesForm, wishes_of
from weiyifang.sharing.models import Application, Round

books = holds(Permission.BOOK_THINGS)


@page(anyone)
def rounds(request: PageRequest) -> HttpResponse:
    """The seasons whose slots were, or are, shared out."""
    return show(request, "sharing/rounds.html", {"page": paged(request, season.listed())})


@page(anyone)
def round_(request: PageRequest, number: int) -> HttpResponse:
    """One season: what is shared out, until when, by which rule; then who got what."""
    found = find(number)
    mine = _mine(request.actor, found)
    versions.about(request, *mine)
    outcomes = season.outcomes(found)
    context = {
        "round": found,
        "things": season.things_of(found),
        "sheet": slots.read(found.sheet) if found.sheet else None,
        "page": paged(request, outcomes),
        "mine": [(one, who, season.wishes_of(one)) for one, who in season.with_names(mine)],
        "can_apply": found.takes_applications and request.actor.may_somewhere(Permission.BOOK_THINGS),
        "can_share_out": rules.can_share_out(request.actor),
        "file": reverse("sharing:round_file", args=[number]),
    }
    return show(request, "sharing/round.html", context)


@page(anyone)
def round_file(request: PageRequest, number: int) -> HttpResponse:
    """The sheet, as `weiyifang slots verify` reads it."""
    found = find(number)
    if not found.sheet:
        raise Http404
    response = HttpResponse(found.sheet, content_type="application/json; charset=utf-8")
    return downloads.named(response, f"slots-{number}.json")


@page(books, methods=("GET", "POST"))
def application(request: PageRequest, number: int) -> HttpResponse:
    """Wish for slots, or change what was wished. `?of=`: for which organization."""
    found = find(number)
    whom = organizations.choices_for(request.actor, Permission.BOOK_THINGS)
    sources = [source for source, _name in whom]
    of = request.POST.get("organization", "") if request.method == "POST" else asked(request, "of", 120)
    if of not in sources and len(sources) == 1:
        of = sources[0]
    known = Application.objects.filter(round=found, organization=of).first() if of in sources else None
    if known is not None:
        versions.about(request, known)
    initial = wishes_of(known) if known is not None else {"organization": of}
    form = WishesForm(request.POST or None, initial=initial, things=season.things_of(found), whom=whom)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            typed = form.cleaned_data
            services.apply(
                round_=found,
                organization=typed["organization"],
                purpose=typed["purpose"],
                slots_wanted=typed["slots"],
                wishes=form.wishes(),
                by=request.actor,
            )
            messages.success(request, _("Your wishes are noted. You can change them until applications close."))
            return redirect("sharing:round", number)
    context = {"round": found, "form": form, "known": known}
    return show(request, "sharing/round_application.html", context, status=422 if form.errors else 200)


@page(books, methods=("POST",))
def withdrawal(request: PageRequest, pk: UUID) -> HttpResponse:
    """Want no slots after all."""
    found = get_object_or_404(Application.objects.select_related("round"), pk=pk)
    if not rules.can_book_for(request.actor, found.organization):
        raise Http404
    services.withdraw(application=found, by=request.actor)
    messages.success(request, _("Withdrawn. You can apply again until applications close."))
    return redirect("sharing:round", found.round.number)


def find(number: int) -> Round:
    """The round of this number."""
    return get_object_or_404(Round.objects.all(), number=number)


def _mine(actor: Actor, found: Round) -> list[Application]:
    """What the actor's own organizations wish for."""
    scopes = actor.scopes(Permission.BOOK_THINGS)
    if not scopes:
        return []
    rows = Application.objects.standing().filter(round=found, organization__in=scopes)
    return list(rows.select_related("round").prefetch_related("wishes__resource"))
