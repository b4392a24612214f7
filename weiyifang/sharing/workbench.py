"""Pages of those who lend: what waits for a yes, what there is, one thing with its closures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock
from weiyifang.core.look import wording
from weiyifang.core.web import downloads, versions
from weiyifang.core.web.access import PageRequest, holds, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.files.album import EMPTY
from weiyifang.files.forms import AlbumForm, both_valid, refusals_on_both
from weiyifang.organizations import queries as organizations
from weiyifang.people.roles import Permission
from weiyifang.sharing import queries, rules, services, sheets, views, weeks
from weiyifang.sharing.forms import ClosureForm, FoundForm, HandoverForm, ReasonForm, ResourceForm, details_of
from weiyifang.sharing.models import Booking, BookingState, Closure, Kind, Resource

keeps = holds(Permission.KEEP_THINGS)
WITH = ("resource", "resident")
MOST_SHOWN = 20  # of what waits, and of what is to come


@page(keeps)
def bench(request: PageRequest) -> HttpResponse:
    """What waits for a yes, then everything one lends, searched by `?q=`, of one `?kind=`."""
    words, kind = asked(request, "q", 40), asked(request, "kind")
    mine = rules.keepable_by(request.actor)
    rows = mine.matching(words)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    waiting = Booking.objects.waiting().filter(resource__in=mine).select_related("resource", "resident")[:MOST_SHOWN]
    context = {
        "waiting": queries.with_names(waiting),
        "going": queries.with_names(queries.going_out().filter(resource__in=mine)[:MOST_SHOWN]),
        "out": queries.with_names(Booking.objects.out().filter(resource__in=mine).select_related(*WITH)[:MOST_SHOWN]),
        "sees_usage": rules.sees_usage(request.actor),
        "can_share_out": rules.can_share_out(request.actor),
        "page": paged(request, rows.order_by("number")),
        "words": words,
        "kind": kind,
        "kinds": Kind.choices,
    }
    return show(request, "sharing/workbench/list.html", context)


@page(keeps, methods=("GET", "POST"), files=True)
def new(request: PageRequest) -> HttpResponse:
    """One more thing that is lent."""
    return _edit(request, None)


@page(keeps, methods=("GET", "POST"), files=True)
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change what is said about it, and its pictures."""
    resource = _own(request, number)
    versions.about(request, resource)
    return _edit(request, resource)


def _edit(request: PageRequest, resource: Resource | None) -> HttpResponse:
    initial = details_of(resource) if resource else None
    form = ResourceForm(request.POST or None, initial=initial, owners=_owners(request), of=resource)
    album = AlbumForm(request, resource.pictures if resource else EMPTY)
    if request.method == "POST" and both_valid(form, album):
        with refusals_on_both(form, album):
            if resource is None:
                resource = services.add(by=request.actor, pictures=album.wanted(), **form.details())
                messages.success(request, _("It is on the list now, and can be booked."))
            else:
                services.edit(resource=resource, by=request.actor, pictures=album.wanted(), **form.details())
                messages.success(request, _("Saved."))
            if album.is_pressed:
                return redirect(f"{reverse('sharing:edit', args=[resource.number])}#pictures")
            return redirect("sharing:manage", resource.number)
    context = {"form": form, "album": album, "resource": resource}
    return show(request, "sharing/workbench/edit.html", context, status=422 if form.errors else 200)


@page(keeps)
def manage(request: PageRequest, number: int) -> HttpResponse:
    """One thing: who has it next, when it is closed, and what stands in the file."""
    resource = _own(request, number)
    versions.about(request, resource)
    return show(request, "sharing/workbench/manage.html", _about(resource, ClosureForm()))


@page(keeps, methods=("POST",))
def closures(request: PageRequest, number: int) -> HttpResponse:
    """Close it for some time; asked once more when somebody has booked it then."""
    resource = _own(request, number)
    versions.about(request, resource)
    form = ClosureForm(request.POST)
    if form.is_valid() and CHANGE not in request.POST:
        starts_at, ends_at = form.span()
        in_way = queries.in_its_way(resource, starts_at, ends_at)
        if in_way and SURE not in request.POST:
            return _ask(request, resource, form, in_way)
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            services.close(resource=resource, starts_at=starts_at, ends_at=ends_at, reason=reason, by=request.actor)
            messages.success(request, _("Closed for that time. Whoever had booked it is told."))
            return redirect("sharing:manage", number)
    status = 422 if form.errors else 200
    return show(request, "sharing/workbench/manage.html", _about(resource, form), status=status)


@page(keeps, methods=("POST",))
def end_closure(request: PageRequest, pk: UUID) -> HttpResponse:
    """It can be had again."""
    closure = get_object_or_404(Closure.objects.select_related("resource"), pk=pk)
    services.end_closure(closure=closure, by=request.actor)
    messages.success(request, _("It can be booked again for that time."))
    return redirect("sharing:manage", closure.resource.number)


@page(keeps, methods=("POST",))
def lending(request: PageRequest, number: int) -> HttpResponse:
    """Lend it no more; with `again` once more. Pressed twice, it does not turn back."""
    resource = _own(request, number)
    if "again" in request.POST:
        services.reopen(resource=resource, by=request.actor)
        messages.success(request, _("It is lent again."))
    else:
        services.retire(resource=resource, by=request.actor)
        messages.success(request, _("It is lent no more, and no longer in the list."))
    return redirect("sharing:manage", number)


@page(keeps)
def booking(request: PageRequest, pk: UUID) -> HttpResponse:
    """One booking, for whoever says yes or no."""
    found = _booking(request, pk)
    starts = wording.as_day(found.starts_at)
    context = views.about(request, found) | {
        "days": weeks.week_of(found.resource, starts, 1),
        "can_hand_over": found.state == BookingState.BOOKED and starts <= clock.today() and found.ends_at > clock.now(),
        "is_out": found.state == BookingState.OUT,
    }
    return show(request, "sharing/workbench/booking.html", context)


@page(keeps, methods=("POST",))
def approval(request: PageRequest, pk: UUID) -> HttpResponse:
    """Say yes; with `all` to every date of the series that waits."""
    found = _booking(request, pk)
    scope = services.Scope.ALL if "all" in request.POST else services.Scope.THIS
    said = services.approve(booking=found, scope=scope, by=request.actor)
    done = ngettext("Said yes to %(n)d date. They are told.", "Said yes to %(n)d dates. They are told.", len(said))
    messages.success(request, done % {"n": len(said)})
    return redirect("sharing:bench_booking", found.pk)


@page(keeps, methods=("GET", "POST"))
def refusal(request: PageRequest, pk: UUID) -> HttpResponse:
    """Say no, and why."""
    found = _booking(request, pk)
    versions.about(request, found)
    form = ReasonForm(request.POST or None, booking=found, is_own=False)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.refuse(booking=found, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Said no. They are told why."))
            return redirect("sharing:bench_booking", found.pk)
    context = {"booking": found, "form": form}
    return show(request, "sharing/workbench/refusal.html", context, status=422 if form.errors else 200)


@page(keeps, methods=("GET", "POST"), files=True)
def handover(request: PageRequest, pk: UUID) -> HttpResponse:
    """Hand it over: how many, how it is, a picture of it."""
    return _change_hands(request, pk, is_back=False)


@page(keeps, methods=("GET", "POST"), files=True)
def taking_back(request: PageRequest, pk: UUID) -> HttpResponse:
    """Take it back: how many came, how many did not, how it is."""
    return _change_hands(request, pk, is_back=True)


def _change_hands(request: PageRequest, pk: UUID, *, is_back: bool) -> HttpResponse:
    found = _booking(request, pk)
    versions.about(request, found)
    went = {one.is_back: one for one in queries.handovers_of(found)}
    out = went[False].pieces if False in went else found.pieces
    form = HandoverForm(request.POST or None, booking=found, is_back=is_back, out=out)
    album = AlbumForm(request, EMPTY, most=3)
    if request.method == "POST" and both_valid(form, album):
        with refusals_on_both(form, album):
            verb = services.take_back if is_back else services.hand_over
            verb(booking=found, pictures=album.wanted(), by=request.actor, **form.cleaned_data)
            messages.success(request, _("It is back. Thank you.") if is_back else _("Handed over."))
            return redirect("sharing:bench_booking", found.pk)
    context = {"booking": found, "form": form, "album": album, "is_back": is_back, "went": went.get(False)}
    return show(request, "sharing/workbench/handover.html", context, status=422 if form.errors else 200)


@page(keeps, methods=("POST",))
def found(request: PageRequest, number: int) -> HttpResponse:
    """Missing pieces are there again."""
    resource = _own(request, number)
    versions.about(request, resource)
    form = FoundForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.note_found(resource=resource, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Good. They can be lent again."))
            return redirect("sharing:manage", number)
    context = _about(resource, ClosureForm()) | {"found": form}
    return show(request, "sharing/workbench/manage.html", context, status=422)


@page(rules.sees_usage)
def usage(request: PageRequest) -> HttpResponse:
    """What each organization had in the last 365 days; with `?format=csv` as a file."""
    until = clock.today()
    since = until - timedelta(days=364)
    rows = queries.usage(since, until)
    if asked(request, "format") == "csv":
        content = sheets.usage_csv(rows)
        return downloads.named(HttpResponse(content, content_type="text/csv; charset=utf-8"), f"usage-{until}.csv")
    context = {"rows": rows, "since": since, "until": until}
    return show(request, "sharing/workbench/usage.html", context)


# --- parts ------------------------------------------------------------------------------------------------------


def _own(request: PageRequest, number: int) -> Resource:
    found = get_object_or_404(Resource.objects.select_related("whole"), number=number)
    require(rules.can_keep(request.actor, found))
    return found


def _booking(request: PageRequest, pk: UUID) -> Booking:
    found = get_object_or_404(Booking.objects.select_related("resource", "resident"), pk=pk)
    require(rules.can_keep(request.actor, found.resource))
    return found


def _about(resource: Resource, form: ClosureForm) -> dict[str, Any]:
    coming = Booking.objects.to_come().filter(resource=resource).select_related("resource", "resident")[:MOST_SHOWN]
    return {
        "resource": resource,
        "owner": organizations.named([resource.owner]).get(resource.owner),
        "parts": list(Resource.objects.filter(whole=resource).order_by("name")),
        "hours": services.hours_in_words(resource),
        "coming": queries.with_names(coming),
        "closures": list(Closure.objects.to_come().filter(resource=resource)),
        "form": form,
        "found": FoundForm() if resource.missing else None,
    }


def _ask(request: PageRequest, resource: Resource, form: ClosureForm, in_way: list[Booking]) -> HttpResponse:
    """Once more, before people lose what they booked."""
    starts_at, ends_at = form.span()
    answers: list[tuple[str, Any, str]] = [
        (_("Closed"), f"{wording.moment(starts_at)} – {wording.moment(ends_at)}", form.cleaned_data["reason"])
    ]
    rows = Booking.objects.filter(pk__in=[one.pk for one in in_way]).select_related("resource", "resident")
    for one, who in queries.with_names(rows.order_by("starts_at", "id")[:MOST_SHOWN]):
        answers.append((_("Called off"), wording.span(one.starts_at, one.ends_at), f"{one.resource.name} · {who}"))
    if (more := len(in_way) - MOST_SHOWN) > 0:
        answers.append((_("Called off"), ngettext("%(n)d more", "%(n)d more", more) % {"n": more}, ""))
    return ask_again(
        request,
        title=_("Close it, and call these bookings off?"),
        answers=answers,
        submit=_("Close it and tell them"),
    )


def _owners(request: PageRequest) -> list[tuple[str, Any]]:
    """Whose things the actor may keep: the committee's and everybody's, or their own organizations'."""
    choices = organizations.choices_for(request.actor, Permission.KEEP_THINGS)
    if request.actor.may(Permission.KEEP_THINGS):
        return [("", _("the residents' committee")), *choices]
    return [*choices]
