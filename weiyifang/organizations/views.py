"""Residents' pages: the string of pearls, one organization, joining it, applying for a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, anyone, page, resident
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.files import queries as files
from weiyifang.organizations import papers, queries, rules, services
from weiyifang.organizations.forms import JoinForm, OrganizationForm
from weiyifang.organizations.kinds import KINDS
from weiyifang.organizations.models import JoinRequest, Membership, Organization, RequestState
from weiyifang.people.models import Resident

PEARLS = 11  # on the string at the top; the last pearl counts them all


@page(anyone, kept=5)
def listing(request: PageRequest) -> HttpResponseBase:
    """The string of pearls: every organization at work, searched by `?q=`, of one `?kind=`."""
    words, kind = asked(request, "q", 60), asked(request, "kind")
    chosen = KINDS.word(kind)
    counted = queries.kinds_with_counts()
    return show(
        request,
        "organizations/list.html",
        {
            "page": paged(request, queries.listed(words, chosen.code if chosen else "")),
            "words": words,
            "chosen": chosen,
            "kinds": counted,
            "total": sum(count for _kind, count in counted),
            "pearls": [] if words or chosen else list(queries.string()[:PEARLS]),
            "may_begin": True,
        },
    )


@page(anyone, kept=5)
def detail(request: PageRequest, number: int) -> HttpResponseBase:
    """One organization: what it does, who leads it, how many belong, how to join."""
    organization = _visible(request, number)
    return show(request, "organizations/detail.html", _about(organization))


@page(resident, methods=("POST",))
def join(request: PageRequest, number: int) -> HttpResponseBase:
    """Ask to belong to it."""
    organization, me = _visible(request, number), _me(request)
    form = JoinForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            services.ask_to_join(organization=organization, resident=me, by=request.actor, **form.cleaned_data)
    if form.errors:
        return show(request, "organizations/detail.html", _about(organization, form), status=422)
    messages.success(request, _("Asked. The leader answers here; you need do nothing more."))
    return redirect("organizations:detail", number=number)


@page(resident, methods=("POST",))
def withdraw(request: PageRequest, number: int) -> HttpResponseBase:
    """Take one's request back."""
    asked = get_object_or_404(
        JoinRequest, organization__number=number, resident_id=request.actor.resident_id, state=RequestState.ASKED
    )
    services.withdraw_request(request=asked, by=request.actor)
    messages.success(request, _("Taken back. You can ask again any time."))
    return redirect("organizations:detail", number=number)


@page(resident, methods=("POST",))
def leave(request: PageRequest, number: int) -> HttpResponseBase:
    """End one's own membership."""
    mine = get_object_or_404(
        Membership.objects.live(), organization__number=number, resident_id=request.actor.resident_id
    )
    services.end_membership(membership=mine, by=request.actor)
    messages.success(request, _("You are no longer a member. If you want back, just ask again."))
    return redirect("organizations:detail", number=number)


@page(resident, methods=("GET", "POST"))
def apply(request: PageRequest) -> HttpResponseBase:
    """A resident wants to begin something: the committee hears of it and files it."""
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = services.apply(leader=_me(request), by=request.actor, **form.cleaned_data)
            messages.success(request, _("Received. The committee will talk it over with you."))
            return redirect("organizations:detail", number=made.number)
    status = 422 if form.errors else 200
    return show(request, "organizations/apply.html", {"form": form}, status=status)


def _visible(request: PageRequest, number: int) -> Organization:
    found = get_object_or_404(Organization.objects.with_member_count().select_related("leader"), number=number)
    if not rules.can_see(request.actor, found):
        raise Http404
    return found


def _me(request: PageRequest) -> Resident:
    return get_object_or_404(Resident, pk=request.actor.resident_id)


def _about(organization: Organization, form: JoinForm | None = None) -> dict[str, object]:
    """What everybody sees of it; `form`: one that was refused. See `own` for what is the reader's."""
    return {
        "organization": organization,
        "source": source_of(organization),
        "mine": None,
        "asked": None,
        "takes_members": rules.takes_members(organization),
        "can_manage": False,
        "form": form,
        # as `papers.OWNERS` has it, of what is known here already
        "papers": files.shown(papers.source_of_documents(organization), only_open=True),
    }
