"""The register on the workbench: search, one person, one door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from weiyifang.core import clock, timeline
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page, require_fresh
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import page_with, paged, refusals_on, show
from weiyifang.people import doors, parting, queries, rules, services, terms, ways
from weiyifang.people.forms import (
    AccountForm,
    AddressForm,
    EditForm,
    FilterForm,
    LeftForm,
    NewResidentForm,
    ReasonForm,
    RelationForm,
)
from weiyifang.people.models import ConsentText, Household, Relation, Resident, SensitiveField, SensitiveRead
from weiyifang.people.numbers import shown_phone


@page(rules.can_see_residents)
def residents(request: PageRequest) -> HttpResponseBase:
    """The register: searched by name, address, whole phone or identity number; filtered.

    `?no=`: leads to the page on which this number stands, or would stand.
    """
    form = FilterForm(request.GET)
    found = queries.find_residents(**form.wishes)
    if (number := asked(request, "no", 9)).isdecimal():
        place = found.filter(number__lt=int(number)).count()
        return HttpResponseRedirect(f"{page_with(request, place, but='no')}#no-{int(number)}")
    context = {"form": form, "page": paged(request, found), "can_manage": rules.can_manage_residents(request.actor)}
    return show(request, "people/workbench/residents.html", context)


@page(rules.can_manage_residents, methods=("GET", "POST"))
def add(request: PageRequest) -> HttpResponseBase:
    """Put somebody on the register."""
    form = NewResidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        details = {
            name: form.cleaned_data[name]
            for name in ("name", "gender", "born_on", "born_month_only", "phone", "id_number")
        }
        with refusals_on(form):
            made = services.register_resident(address=form.address, by=request.actor, **details)
            messages.success(request, _("On the register as no. %(number)s.") % {"number": made.number})
            return redirect("people:resident", number=made.number)
    back = (reverse("people:residents"), _("Residents"))
    return _form(
        request, form, title=_("Put somebody on the register"), submit=_("Put them on the register"), back=back
    )


@page(rules.can_see_residents)
def resident(request: PageRequest, number: int) -> HttpResponseBase:
    """One person: record, door, relations, duties, consents, history."""
    person = _person(request, number)
    helped_by, helps = queries.relations_of(person)
    context = {
        "resident": person,
        "neighbours": list(doors.behind(person.household).exclude(pk=person.pk)) if person.household else [],
        "helped_by": paged(request, helped_by),
        "helps": paged(request, helps, name="theirs"),
        "coming_back": services.coming_back(person) if person.left_on and not person.erased_at else [],
        "way_back": terms.way_back().days,
        "duties": queries.duties_of(person.account_id),
        "consents": queries.consents_of(person)[person.pk],
        "looks": paged(request, queries.who_looked(person), 5, name="looks"),
        "erasure": queries.open_erasure(person),
        "history": timeline.of(source_of(person))[:10],
        "can_manage": rules.can_manage_residents(request.actor) and person.erased_at is None,
        "ways": ways.onward(person, request.actor) if person.left_on is None else [],
        "can_read": rules.can_read_sensitive(request.actor) and bool(person.phone or person.id_number),
        "reason_form": ReasonForm(),
    }
    return show(request, "people/workbench/resident.html", context)


@page(rules.can_manage_residents, methods=("GET", "POST"))
def edit(request: PageRequest, number: int) -> HttpResponseBase:
    """Correct a record."""
    person = _person(request, number)
    form = EditForm(person, request.POST or None)

    def save() -> str:
        services.update_resident(resident=person, by=request.actor, **form.changes)
        return _("Saved.")

    return _act(request, form, person, save, title=_("Correct the record"), submit=_("Keep what I changed"))


@page(rules.can_manage_residents, methods=("GET", "POST"))
def move(request: PageRequest, number: int) -> HttpResponseBase:
    """Another door."""
    person = _person(request, number)
    form = AddressForm(request.POST or None, initial=AddressForm.of(person))

    def save() -> str:
        services.move_household(resident=person, address=form.address, by=request.actor)
        return _("The new address is noted.")

    return _act(request, form, person, save, title=_("Moved to another door"), submit=_("Note the new address"))


@page(rules.can_manage_residents, methods=("GET", "POST"))
def leave(request: PageRequest, number: int) -> HttpResponseBase:
    """No longer lives here."""
    person = _person(request, number)
    form = LeftForm(request.POST or None, initial={"on": clock.today()})
    note = _(
        "Relations end, and every seat and turn of theirs that is still to come goes to the next in line. Duties stay "
        "until somebody ends them. For %(days)d days this can be undone: relations come back, seats as far as they are "
        "still free."
    ) % {"days": terms.way_back().days}

    def save() -> str:
        services.mark_left(resident=person, on=form.cleaned_data["on"], by=request.actor)
        back = reverse("people:resident", kwargs={"number": person.number})
        return format_html('{} <a href="{}">{}</a>', _("Noted as left."), back, _("It can be undone there."))

    return _act(
        request,
        form,
        person,
        save,
        title=_("No longer lives here"),
        submit=_("Note that they moved away"),
        kind="warn",
        notes=[note, *parting.words(person, forgotten=False)],
    )


@page(rules.can_manage_residents, methods=("POST",))
def come_back(request: PageRequest, number: int) -> HttpResponseBase:
    """Lives here again."""
    services.mark_returned(resident=_person(request, number), by=request.actor)
    messages.success(request, _("Noted: lives here again."))
    return redirect("people:resident", number=number)


@page(rules.can_read_sensitive, methods=("GET", "POST"))
def look(request: PageRequest, number: int) -> HttpResponseBase:
    """Say why one needs a phone or an identity number."""
    require_fresh(request.actor)
    person = _person(request, number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            fields = tuple(form.cleaned_data["fields_read"])
            reason = form.cleaned_data["reason"]
            read = services.read_sensitive(resident=person, fields=fields, reason=reason, by=request.actor)
            return redirect("people:looked", number=number, pk=read.pk)
    return _form(
        request, form, title=_("Look at a number"), submit=_("Show it to me for five minutes"), back=_back(person)
    )


@page(rules.can_read_sensitive)
def looked(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """The numbers, for five minutes, to the one who said why."""
    read = get_object_or_404(SensitiveRead.objects.select_related("resident"), pk=pk, resident__number=number)
    values = services.reveal(read=read, by=request.actor)
    shown = [(SensitiveField(field).label, shown_phone(value)) for field, value in values.items()]
    return show(request, "people/workbench/looked.html", {"read": read, "resident": read.resident, "values": shown})


@page(rules.can_manage_residents, methods=("GET", "POST"))
def relate(request: PageRequest, number: int) -> HttpResponseBase:
    """Note who stands by somebody."""
    person = _person(request, number)
    form = RelationForm(request.POST or None)

    def save() -> str:
        helper = form.cleaned_data["who"]
        services.relate(resident=person, helper=helper, kind=form.cleaned_data["kind"], by=request.actor)
        return _("Noted: %(name)s stands by them.") % {"name": helper.name}

    return _act(request, form, person, save, title=_("Who stands by them"), submit=_("Note that they stand by them"))


@page(rules.can_manage_residents, methods=("POST",))
def end_relation(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """A relation is over."""
    services.unrelate(relation=get_object_or_404(Relation, pk=pk), by=request.actor)
    messages.success(request, _("Ended."))
    return redirect("people:resident", number=number)


@page(rules.can_manage_residents, methods=("POST",))
def consent(request: PageRequest, number: int, pk: UUID) -> HttpResponseBase:
    """Note a consent signed on paper."""
    person, text = _person(request, number), get_object_or_404(ConsentText, pk=pk)
    services.give_consent(resident=person, text=text, by=request.actor)
    messages.success(request, _("Noted. Keep the signed paper."))
    return redirect("people:resident", number=number)


@page(rules.can_manage_residents, methods=("GET", "POST"))
def link(request: PageRequest, number: int) -> HttpResponseBase:
    """Say whose account it is."""
    person = _person(request, number)
    form = AccountForm(request.POST or None)

    def save() -> str:
        account = services.account_named(form.cleaned_data["who"])
        services.link_account(resident=person, account=account, by=request.actor)
        return _("Linked. The person sees their own page now.")

    return _act(request, form, person, save, title=_("Link an account"), submit=_("Link this account"))


@page(rules.can_manage_residents, methods=("POST",))
def unlink(request: PageRequest, number: int) -> HttpResponseBase:
    """The account is not theirs (any more)."""
    services.unlink_account(resident=_person(request, number), by=request.actor)
    messages.success(request, _("The account is taken off this record."))
    return redirect("people:resident", number=number)


@page(rules.can_see_residents)
def household(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """One door and everybody behind it."""
    door = get_object_or_404(Household, pk=pk)
    context = {"household": door, "people": list(doors.behind(door)), "left": list(doors.once_behind(door))}
    return show(request, "people/workbench/household.html", context)


def _person(request: PageRequest, number: int) -> Resident:
    person = get_object_or_404(Resident.objects.select_related("household", "account"), number=number)
    versions.about(request, person)
    return person


def _back(person: Resident) -> tuple[str, str]:
    return reverse("people:resident", kwargs={"number": person.number}), person.name


def _act(
    request: PageRequest,
    form: forms.Form,
    person: Resident,
    save: Callable[[], str],
    *,
    title: str,
    submit: str,
    kind: str = "primary",
    notes: Sequence[str] = (),
) -> HttpResponseBase:
    """One form about one person: a refusal stays on it, success leads back to the person."""
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            messages.success(request, save())
            return redirect("people:resident", number=person.number)
    return _form(request, form, title=title, submit=submit, back=_back(person), kind=kind, notes=notes)


def _form(
    request: PageRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    back: tuple[str, str],
    kind: str = "primary",
    notes: Sequence[str] = (),
) -> HttpResponseBase:
    context = {"form": form, "title": title, "submit": submit, "back": back[0], "back_label": back[1]}
    context |= {"kind": kind, "notes": notes}
    return show(request, "people/workbench/form.html", context, status=422 if form.errors else 200)
