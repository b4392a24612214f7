"""Staff's and leaders' pages: who wants a show, which troupe plays it, who is on, and whether it was held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.look import wording
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.organizations import queries as organizations
from weiyifang.stage import queries, rules, services, shares, sheets
from weiyifang.stage.forms import AskForm, DeclineForm, LineUpForm, OfferForm, OffForm, RequestForm, SharesForm
from weiyifang.stage.models import Engagement, Offer, Performer, State

FORM = "stage/workbench/form.html"
READER, READABLE = "stage.customer_phone", timedelta(minutes=5)


@page(rules.can_see_some)
def bench(request: PageRequest) -> HttpResponseBase:
    """What one may see, the latest first: searched by `?q=`, in one `?state=`; `?format=csv`."""
    words, state = asked(request, "q", 60), asked(request, "state", 10)
    rows = queries.listed(request.actor, words, state)
    if asked(request, "format", 4) == "csv":
        return downloads.named(sheets.shows(rows), f"shows-{clock.today():%Y%m%d}.csv")
    shows = paged(request, rows)
    queries.say_who_plays(shows)
    context = {
        "page": shows,
        "words": words,
        "state": state,
        "states": State.choices,
        "can_add": rules.can_manage_all(request.actor),
    }
    return show(request, "stage/workbench/shows.html", context)


@page(rules.can_manage_all, methods=("GET", "POST"))
def add(request: PageRequest) -> HttpResponseBase:
    """Somebody wants a show."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.put_down(by=request.actor, **form.said())
            messages.success(request, _("Put down. Now ask troupes whether they play it."))
            return redirect("stage:manage", number=made.number)
    context = {"form": form, "title": _("Somebody wants a show"), "submit": _("Put it down")}
    return show(request, FORM, context, status=422 if form.errors else 200)


@page(rules.can_manage_all, methods=("GET", "POST"))
def edit(request: PageRequest, number: int) -> HttpResponseBase:
    """Say it otherwise, or move it; asked once more when somebody would lose their place by that."""
    found = seen(request, number)
    form = RequestForm.about(found, request.POST or None)
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        said = form.said()
        asked_again, busy = services.what_moves(found, said)
        if (asked_again or busy) and SURE not in request.POST:
            return _ask_to_move(request, said, asked_again, busy)
        with refusals_on(form):
            services.edit(engagement=found, by=request.actor, **said)
            messages.success(request, _("Saved. Whoever plays is told when the time is another one."))
            return redirect("stage:manage", number=number)
    context = {
        "form": form,
        "show": found,
        "title": _("Say it otherwise, or move it"),
        "submit": _("Keep what I changed"),
    }
    return show(request, FORM, context, status=422 if form.errors else 200)


@page(rules.can_see_some, methods=("POST",))
def phone(request: PageRequest, number: int) -> HttpResponseBase:
    """Let the phone of who wants it be seen, for five minutes, by whoever asked; that they did is noted.

    It stands on the next page and not in this answer, which is kept for a while.
    """
    found = seen(request, number)
    services.read_phone(engagement=found, by=request.actor)
    reader = TimestampSigner(salt=READER).sign(f"{request.actor.account_id} {found.pk}")
    return redirect(f"{reverse('stage:manage', args=[number])}?{urlencode({'reader': reader})}")


@page(rules.can_see_some)
def manage(request: PageRequest, number: int) -> HttpResponseBase:
    """One show: what is wanted, who was asked, who is on, what was paid. It prints as the list of the day."""
    found = seen(request, number)
    phone = found.phone_shown if _is_reader(request, found) else ""
    return show(request, "stage/workbench/show.html", _about(request, found) | {"phone": phone})


def _is_reader(request: PageRequest, found: Engagement) -> bool:
    """Have they asked for the number, within the last minutes?"""
    try:
        reader = TimestampSigner(salt=READER).unsign(asked(request, "reader", 200), max_age=READABLE)
    except BadSignature:
        return False
    return reader == f"{request.actor.account_id} {found.pk}" and rules.can_see_customer(request.actor, found)


@page(rules.can_manage_all, methods=("POST",))
def ask(request: PageRequest, number: int) -> HttpResponseBase:
    """Ask troupes."""
    found = seen(request, number)
    form = _ask_form(request, found)
    if form.is_valid():
        with refusals_on(form):
            rows = services.ask(engagement=found, troupes=form.cleaned_data["troupes"], by=request.actor)
            messages.success(request, _("Asked: %(n)s. Their leaders are told.") % {"n": len(rows)})
            return redirect("stage:manage", number=number)
    return show(request, "stage/workbench/show.html", _about(request, found, ask_form=form), status=422)


@page(rules.can_see_some, methods=("GET", "POST"))
def answer(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """A troupe says yes, at a price."""
    row = _offer(request, pk)
    form = OfferForm(request.POST or None, initial={"amount": row.price_fen or None, "words": row.words})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            services.make_offer(offer=row, price_fen=said["amount"], words=said["words"], by=request.actor)
            messages.success(request, _("Noted. The committee is told."))
            return redirect("stage:manage", number=row.engagement.number)
    return _answer_page(request, row, form, DeclineForm(auto_id="no_%s"))


@page(rules.can_see_some, methods=("POST",))
def decline(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """A troupe says no."""
    row = _offer(request, pk)
    form = DeclineForm(request.POST, auto_id="no_%s")
    if form.is_valid():
        with refusals_on(form):
            services.decline(offer=row, words=form.cleaned_data["words"], by=request.actor)
            messages.success(request, _("Noted. The committee is told."))
            return redirect("stage:manage", number=row.engagement.number)
    return _answer_page(request, row, OfferForm(initial={"words": row.words}), form)


@page(rules.can_manage_all, methods=("GET", "POST"))
def choose(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Let a troupe play it, and agree on the shares."""
    row = _offer(request, pk)
    form = SharesForm(request.POST or None, initial=SharesForm.usual(shares.usual_on(clock.today())))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.choose(offer=row, shares=form.shares(), by=request.actor)
            messages.success(
                request, _("Agreed. The troupe's leader is told. Print the contract and let both sides sign it.")
            )
            return redirect("stage:manage", number=row.engagement.number)
    context = {"form": form, "offer": row, "show": row.engagement}
    return show(request, "stage/workbench/choose.html", context, status=422 if form.errors else 200)


@page(rules.can_see_some)
def contract(request: PageRequest, number: int) -> HttpResponseBase:
    """The contract, to be printed and signed on paper."""
    found = seen(request, number)
    require(rules.can_lead(request.actor, found) and bool(found.organization))
    return show(request, "stage/workbench/contract.html", {"show": found, "today": clock.today()})


@page(rules.can_see_some, methods=("POST",))
def put_in(request: PageRequest, number: int) -> HttpResponseBase:
    """Put members of the troupe into the line-up."""
    found = seen(request, number)
    require(rules.can_lead(request.actor, found))
    form = _line_up_form(request, found)
    if form.is_valid():
        with refusals_on(form):
            rows = services.put_in(engagement=found, residents=form.chosen(), by=request.actor)
            messages.success(request, _("In the line-up now: %(n)s more. They are told.") % {"n": len(rows)})
            return redirect("stage:manage", number=number)
    return show(request, "stage/workbench/show.html", _about(request, found, line_up_form=form), status=422)


@page(rules.can_see_some, methods=("POST",))
def take_out(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take somebody out of the line-up."""
    place = get_object_or_404(Performer.objects.select_related("resident", "engagement"), pk=pk)
    require(rules.can_lead(request.actor, place.engagement))
    services.step_back(performer=place, by=request.actor)
    messages.success(request, _("Noted. They are told, and free again at that hour."))
    return redirect("stage:manage", number=place.engagement.number)


@page(rules.can_see_some, methods=("POST",))
def note_held(request: PageRequest, number: int) -> HttpResponseBase:
    """It took place."""
    found = seen(request, number)
    require(rules.can_lead(request.actor, found))
    services.note_held(engagement=found, by=request.actor)
    messages.success(request, _("Noted. Whoever keeps the books can now receive what was paid."))
    return redirect("stage:manage", number=number)


@page(rules.can_see_some, methods=("GET", "POST"))
def call_off(request: PageRequest, number: int) -> HttpResponseBase:
    """It does not take place."""
    found = seen(request, number)
    require(rules.can_lead(request.actor, found))
    form = OffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.call_off(engagement=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Called off. Whoever was to play is told."))
            return redirect("stage:manage", number=number)
    context = {
        "form": form,
        "show": found,
        "title": _("Call the show off"),
        "submit": _("Call the show off"),
        "off": True,
    }
    return show(request, FORM, context, status=422 if form.errors else 200)


def _ask_to_move(request: PageRequest, said: dict[str, Any], asked_again: int, busy: list[str]) -> HttpResponseBase:
    """Once more, before anybody has to answer again, or loses their place."""
    answers: list[tuple[str, Any, str]] = [(_("New time"), wording.span(said["starts_at"], said["ends_at"]), "")]
    if asked_again:
        answers.append((_("Troupes that are asked again"), asked_again, _("Their price was for the other time.")))
    if busy:
        answers.append((_("Taken out of the line-up"), wording.listed(busy), _("They have something else then.")))
    return ask_again(request, title=_("Move the show?"), answers=answers, submit=_("Move it, and tell them"))


def seen(request: PageRequest, number: int) -> Engagement:
    """The show, if the actor may see it; else 404. The page is about it."""
    found = get_object_or_404(rules.visible_to(request.actor), number=number)
    queries.say_who_plays([found])
    versions.about(request, found)
    return found


def _offer(request: PageRequest, pk: UUID) -> Offer:
    found = get_object_or_404(Offer.objects.select_related("engagement"), pk=pk)
    require(rules.can_answer(request.actor, found))
    queries.say_who_plays([found])
    versions.about(request, found)
    return found


def _answer_page(request: PageRequest, row: Offer, form: OfferForm, no_form: DeclineForm) -> HttpResponseBase:
    context = {"form": form, "no_form": no_form, "offer": row, "show": row.engagement}
    return show(request, "stage/workbench/answer.html", context, status=422 if form.errors or no_form.errors else 200)


def _ask_form(request: PageRequest, found: Engagement) -> AskForm:
    known = set(Offer.objects.filter(engagement=found).values_list("organization", flat=True))
    troupes = [choice for choice in organizations.givers() if choice[0] not in known]
    return AskForm(request.POST or None, troupes=troupes)


def _line_up_form(request: PageRequest, found: Engagement) -> LineUpForm:
    members = queries.members_for(found)
    form = LineUpForm(request.POST or None, people=[one.resident for one in members if one.is_free])
    form.busy = [one.resident for one in members if not one.is_free]
    return form


def _about(
    request: PageRequest, found: Engagement, *, ask_form: AskForm | None = None, line_up_form: LineUpForm | None = None
) -> dict[str, Any]:
    actor = request.actor
    desk, leads = rules.can_manage_all(actor), rules.can_lead(actor, found)
    if desk and found.is_requested and ask_form is None:
        ask_form = _ask_form(request, found)
    if leads and found.is_agreed and line_up_form is None:
        line_up_form = _line_up_form(request, found)
    return {
        "show": found,
        "offers": queries.offers_of(found, actor),
        "line_up": queries.line_up_of(found) if found.organization else [],
        "incomes": queries.incomes_of(found) if found.is_held else [],
        "ask_form": ask_form,
        "line_up_form": line_up_form,
        "desk": desk,
        "leads": leads,
        "can_edit": desk and not found.has_begun and (found.is_requested or found.is_agreed),
        "can_record": rules.can_record_income(actor),
        "open_fen": found.price_fen - queries.paid_for(found) if found.is_held else 0,
    }
