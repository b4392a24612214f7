"""The papers of one row: looked at, added, taken away. One page for every kind of row whose package registered it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.web.access import PageRequest, holds, page, require, require_fresh
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.files import owners, queries, rules, services
from weiyifang.files.forms import LookForm, PaperForm
from weiyifang.files.models import File
from weiyifang.people.roles import Permission

at_work = holds(Permission.OPEN_WORKBENCH)  # what they may do with which papers its owner says


@page(at_work, methods=("GET", "POST"), files=True)
def papers(request: PageRequest, kind: str, pk: UUID) -> HttpResponseBase:
    """The papers of one row, and with a right to change them a form to add one."""
    owner, place = _owner(request, kind, pk)
    form = PaperForm.of(owners.of(owner), request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(owners.may_change(owner, request.actor))
        if form.is_valid():
            brought, what = form.cleaned_data["file"], form.cleaned_data.get("label", "")
            opened = form.cleaned_data.get("is_open", False)
            with refusals_on(form, "file"):
                services.add(owner=owner, brought=brought, what=what, is_open=opened, by=request.actor)
                messages.success(request, _("Added."))
                return redirect("files:papers", kind=kind, pk=pk)
    return _shown(request, kind, owner, place, form)


@page(at_work, methods=("POST",))
def look(request: PageRequest, kind: str, pk: UUID) -> HttpResponseBase:
    """Say why one needs to see sealed papers; then they are shown for five minutes."""
    owner, place = _owner(request, kind, pk)
    require_fresh(request.actor)
    form = LookForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.look(owner=owner, reason=form.cleaned_data["reason"], by=request.actor)
            return redirect("files:papers", kind=kind, pk=pk)
    return _shown(request, kind, owner, place, PaperForm.of(owners.of(owner)), look_form=form)


@page(at_work, methods=("POST",))
def end(request: PageRequest, kind: str, pk: UUID, file_pk: UUID) -> HttpResponseBase:
    """Take a paper away again."""
    owner, _place = _owner(request, kind, pk)
    services.take_away(file=get_object_or_404(File, pk=file_pk, owner=owner), by=request.actor)
    messages.success(request, _("Taken away."))
    return redirect("files:papers", kind=kind, pk=pk)


def _owner(request: PageRequest, kind: str, pk: UUID) -> tuple[str, owners.Place]:
    label, _dash, about = kind.partition("-")
    owner = f"{label}:{pk}/{about}" if about else f"{label}:{pk}"
    found = owners.of(owner)
    place = found.place(pk) if found else None
    if place is None:
        raise Http404
    require(owners.may_know(owner, request.actor))
    return owner, place


def _shown(
    request: PageRequest,
    kind: str,
    owner: str,
    place: owners.Place,
    form: PaperForm,
    *,
    look_form: LookForm | None = None,
) -> HttpResponseBase:
    shown = queries.shown(owner)
    context: dict[str, Any] = {
        "place": place,
        "kind": kind,
        "pk": owners.pk_of(owner),
        "papers": [(one, rules.can_take_away(request.actor, one.file)) for one in shown],
        "form": form if owners.may_change(owner, request.actor) else None,
        "is_sealed": owners.is_sealed(owner),
        "is_open": owners.may_see(owner, request.actor),
        "look_form": look_form or LookForm(),
        "can_look": bool(shown) and rules.can_look(request.actor, owner),
    }
    failed = bool(form.errors or (look_form and look_form.errors))
    return show(request, "files/papers.html", context, status=422 if failed else 200)
