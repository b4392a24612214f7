"""A person's own pages: what is known of me, who looked, what I agreed to, who stands by me, being forgotten."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.look import wording
from weiyifang.core.refusals import Refused
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, anyone, member, page, require, resident
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.people import parting, privacy, queries, rules, services, terms
from weiyifang.people.forms import ClaimForm, OwnRelationForm
from weiyifang.people.models import Account, Consent, ConsentText, Relation, Resident
from weiyifang.people.numbers import masked_phone


@page(member)
def me(request: PageRequest) -> HttpResponseBase:
    """What is known of me, where I am signed in, and who looked at my numbers."""
    own = _own_or_none(request)
    account = _account(request) if own is None else own.account
    assert account is not None
    context = {
        "account": account,
        "account_phone": masked_phone(account.phone) if account.phone else "",
        "resident": own,
        "duties": queries.duties_of(account.pk),
        "looks": paged(request, queries.who_looked(own)) if own else None,
        "erasure": queries.open_erasure(own) if own else None,
    }
    return show(request, "people/me.html", context)


@page(anyone, methods=("GET", "POST"))
def claim(request: PageRequest) -> HttpResponseBase:
    """Say that I am the resident whose phone is mine; name and birthday show it."""
    if request.actor.resident_id is not None:
        return redirect("people:me")
    if request.actor.is_visitor:
        return show(request, "people/claim.html", {})
    account = _account(request)
    try:
        services.claimable(account)
    except Refused as refused:
        return show(request, "people/claim.html", {"refused": refused}, status=200 if request.method == "GET" else 409)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if services.claim_record(account=account, by=request.actor, **form.cleaned_data) is None:
            messages.warning(request, _("The register says something else. Look once more, or ask at the desk."))
            return redirect("people:claim")  # no refusal: that would undo the counting
        messages.success(request, _("Welcome! From now on you can sign up for things by yourself."))
        return redirect("people:me")
    return show(request, "people/claim.html", {"form": form}, status=422 if form.errors else 200)


@page(resident)
def consents(request: PageRequest) -> HttpResponseBase:
    """What I, and those I act for, agreed to."""
    own = _own(request)
    people = [own, *queries.people_acted_for(own.pk)]
    asked = queries.consents_of(*people)
    context = {"people": [(person, asked[person.pk]) for person in people], "own": own}
    return show(request, "people/consents.html", context)


@page(resident, methods=("POST",))
def agree(request: PageRequest, pk: UUID, person: UUID) -> HttpResponseBase:
    """Say yes to one wording, for myself or for somebody I act for."""
    services.give_consent(
        resident=_represented(request, person), text=get_object_or_404(ConsentText, pk=pk), by=request.actor
    )
    messages.success(request, _("Noted: you agree. You can take it back here at any time."))
    return redirect("people:consents")


@page(resident, methods=("POST",))
def disagree(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take a yes back."""
    consent = get_object_or_404(Consent, pk=pk)
    _represented(request, consent.resident_id)
    services.withdraw_consent(consent=consent, by=request.actor)
    messages.success(request, _("Taken back. Nothing new is done with it from now on."))
    return redirect("people:consents")


@page(resident, methods=("POST",))
def suggest(request: PageRequest, person: UUID) -> HttpResponseBase:
    """Let activities be suggested to me, or to somebody I act for."""
    services.switch_suggestions(resident=_represented(request, person), wanted=True, by=request.actor)
    messages.success(request, _("Noted: on “Me” stands what might fit."))
    return redirect("people:consents")


@page(resident, methods=("POST",))
def do_not_suggest(request: PageRequest, person: UUID) -> HttpResponseBase:
    """Suggest nothing any more."""
    services.switch_suggestions(resident=_represented(request, person), wanted=False, by=request.actor)
    messages.success(request, _("Noted: nothing is suggested any more."))
    return redirect("people:consents")


@page(resident, methods=("GET", "POST"))
def relations(request: PageRequest) -> HttpResponseBase:
    """Who stands by me, and by whom I stand."""
    own = _own(request)
    form = OwnRelationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            helper = services.helper_by_name_and_phone(form.cleaned_data["name"], form.cleaned_data["phone"])
            services.relate(resident=own, helper=helper, kind=form.cleaned_data["kind"], by=request.actor)
            messages.success(request, _("Noted. Either of you can end it here."))
            return redirect("people:relations")
    helped_by, helps = queries.relations_of(own)
    context = {
        "form": form,
        "helped_by": paged(request, helped_by),
        "helps": paged(request, helps, name="theirs"),
        "own": own,
    }
    return show(request, "people/relations.html", context, status=422 if form.errors else 200)


@page(resident, methods=("POST",))
def end_relation(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """End one of my relations."""
    own = _own(request)
    relation = get_object_or_404(Relation, pk=pk)
    require(own.pk in {relation.resident_id, relation.helper_id})
    services.unrelate(relation=relation, by=request.actor)
    messages.success(request, _("Ended."))
    return redirect("people:relations")


@page(resident)
def export(request: PageRequest) -> HttpResponseBase:
    """Everything held on me, to read and to print."""
    sections = privacy.export_person(_own(request))
    context = {
        "sections": [section for section in sections if section.records],
        "empty": [section for section in sections if not section.records],
        "made_at": wording.moment(clock.now()),
    }
    return show(request, "people/export.html", context)


@page(resident)
def export_json(request: PageRequest) -> HttpResponseBase:
    """The same for programs."""
    own = _own(request)
    response = JsonResponse(privacy.as_json(own), json_dumps_params={"ensure_ascii": False, "indent": 1})
    return downloads.named(response, f"my-data-{own.number}.json")


@page(resident, methods=("GET", "POST"))
def erasure(request: PageRequest) -> HttpResponseBase:
    """Ask to be forgotten; until its day it can be taken back."""
    own = _own(request)
    if request.method == "POST":
        asked = services.ask_erasure(resident=own, by=request.actor)
        messages.success(
            request, _("Noted. Until %(when)s you can take it back.") % {"when": wording.when(asked.due_at)}
        )
        return redirect("people:erasure")
    open_now = queries.open_erasure(own)
    versions.about(request, *filter(None, [open_now]))
    context = {"open": open_now, "own": own, "days": terms.time_to_think().days}
    return show(request, "people/erasure.html", {**context, "parting": parting.words(own, forgotten=True)})


@page(resident, methods=("POST",))
def keep_me(request: PageRequest) -> HttpResponseBase:
    """Take the wish to be forgotten back."""
    services.take_back_erasure(resident=_own(request), by=request.actor)
    messages.success(request, _("Good that you stay. Nothing was removed."))
    return redirect("people:me")


def _account(request: PageRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _own_or_none(request: PageRequest) -> Resident | None:
    if request.actor.resident_id is None:
        return None
    return Resident.objects.select_related("household", "account").get(pk=request.actor.resident_id)


def _own(request: PageRequest) -> Resident:
    return get_object_or_404(Resident.objects.select_related("household", "account"), pk=request.actor.resident_id)


def _represented(request: PageRequest, person: UUID) -> Resident:
    """Myself or one I act for; anybody else does not exist for me."""
    require(rules.acts_for(request.actor, person))
    return get_object_or_404(Resident, pk=person)
