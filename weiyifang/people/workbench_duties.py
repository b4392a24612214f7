"""Who may do what, on one page; and the words of consents."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import CHANGE, SURE, ask_again, paged, refusals_on, show
from weiyifang.people import queries, rules, services
from weiyifang.people.forms import PURPOSES, ConsentTextForm, DutyForm
from weiyifang.people.models import Account, Duty, Purpose
from weiyifang.people.roles import PERMISSION_NAMES, PERMISSIONS, ROLE_NAMES, Permission, Role

LATELY = timedelta(days=7)
MADE = "invitation_made"  # where the session carries an invitation from the verb to the page that shows it


@page(rules.can_give_duties)
def duties(request: PageRequest) -> HttpResponseBase:
    """Who holds which duty, and what each duty allows."""
    table = [(PERMISSION_NAMES[p], [(ROLE_NAMES[role], p in PERMISSIONS[role]) for role in Role]) for p in Permission]
    page = paged(request, queries.duties_held())
    context = {
        "page": page,
        "held": queries.with_invitations(queries.with_names(page), asker_id=request.actor.account_id),
        "ended": queries.duties_ended(clock.today() - LATELY),
        "roles": [ROLE_NAMES[role] for role in Role],
        "table": table,
    }
    return show(request, "people/workbench/duties.html", context)


@page(rules.can_give_duties, methods=("GET", "POST"))
def give(request: PageRequest) -> HttpResponseBase:
    """Give somebody a duty."""
    form = DutyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and CHANGE not in request.POST:
        account, role = form.cleaned_data["who"], Role(form.cleaned_data["role"])
        if SURE not in request.POST:
            return _check(request, form, account, role)
        with refusals_on(form):
            duty = services.give_duty(account=account, role=role, by=request.actor)
            messages.success(request, _("%(name)s has the duty now.") % {"name": account})
            if queries.needs_invitation(account.pk):
                return _invited(request, duty)
            return redirect("people:duties")
    return show(request, "people/workbench/give.html", {"form": form}, status=422 if form.errors else 200)


def _check(request: PageRequest, form: DutyForm, account: Account, role: Role) -> HttpResponseBase:
    """Who gets what, once more before it is given."""
    (who,) = form.fields["who"].offered  # type: ignore[attr-defined]  # a `PersonField`
    answers = [(_("Who"), who.title, who.desc), (_("Duty"), ROLE_NAMES[role], "")]
    may = [PERMISSION_NAMES[permission] for permission in Permission if permission in PERMISSIONS[role]]
    return ask_again(
        request,
        title=_("Give this duty?"),
        answers=answers,
        then_title=_("What it allows, from this moment"),
        then=may,
        submit=_("Give the duty to %(name)s") % {"name": account},
    )


@page(rules.can_give_duties, methods=("POST",))
def end(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Take a duty back."""
    services.end_duty(duty=get_object_or_404(Duty, pk=pk), by=request.actor)
    messages.success(request, _("The duty has ended. Below it can be given again."))
    return redirect("people:duties")


@page(rules.can_give_duties, methods=("POST",))
def again(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Give a duty back that has ended."""
    duty = get_object_or_404(Duty.objects.select_related("account"), pk=pk)
    given = services.give_duty(account=duty.account, role=duty.role, scope=duty.scope, by=request.actor)
    messages.success(request, _("%(name)s has the duty now.") % {"name": duty.account})
    return _invited(request, given) if queries.needs_invitation(given.account_id) else redirect("people:duties")


@page(rules.can_give_duties, methods=("GET", "POST"))
def invite(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """An invitation for whoever holds the duty: the first one, another, or one instead of a lost second factor.

    Posting makes it; the page that follows shows it, once.
    """
    duty = get_object_or_404(Duty.objects.select_related("account"), pk=pk)
    if request.method == "POST":
        return _invited(request, duty)
    to, code = request.session.pop(MADE, ("", ""))
    context = {
        "duty": duty,
        "name": queries.names_of([duty.account_id])[duty.account_id],
        "code": code if to == str(duty.pk) else "",
        "good_for": services.GOOD_FOR.days,
    }
    response = show(request, "people/workbench/invitation.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _invited(request: PageRequest, duty: Duty) -> HttpResponseBase:
    """Not on the answer itself: answers to forms are kept for a while, this code is not."""
    request.session[MADE] = str(duty.pk), services.invite(account=duty.account, by=request.actor)
    return redirect("people:invite", pk=duty.pk)


@page(rules.can_publish_consent_texts, methods=("GET", "POST"))
def texts(request: PageRequest) -> HttpResponseBase:
    """The words people are asked to agree to. Posting publishes our wording where there is none yet."""
    if request.method == "POST":
        made = services.publish_standard_texts(by=request.actor)
        messages.success(request, _("Published: %(count)s.") % {"count": len(made)})
        return redirect("people:texts")
    current = queries.current_texts()
    rows = [(purpose, purpose.label, current.get(purpose)) for purpose in Purpose]
    return show(request, "people/workbench/texts.html", {"rows": rows, "missing": len(rows) - len(current)})


@page(rules.can_publish_consent_texts, methods=("GET", "POST"))
def text(request: PageRequest, purpose: str) -> HttpResponseBase:
    """A new wording of one consent."""
    current = queries.current_texts().get(purpose)
    versions.about(request, *filter(None, [current]))
    form = ConsentTextForm(request.POST or None, initial={"text": current.text if current else ""})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.publish_consent_text(purpose=purpose, text=form.cleaned_data["text"], by=request.actor)
            messages.success(request, _("Published. Whoever agreed to the older words is asked again."))
            return redirect("people:texts")
    context = {"form": form, "title": PURPOSES[purpose], "current": current}
    return show(request, "people/workbench/text.html", context, status=422 if form.errors else 200)
