"""The community's own rules: what holds, what will, and how to set it otherwise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.communities import queries, rules, services
from weiyifang.communities.forms import RuleForm, WordForm
from weiyifang.communities.models import OwnRule
from weiyifang.core import dated
from weiyifang.core.look import wording
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.core.wordlists import WordList


@page(rules.can_set_rules)
def every(request: PageRequest) -> HttpResponseBase:
    """Every rule: its source, what holds today, what changes when."""
    return show(request, "communities/workbench/rules.html", {"rules": queries.rule_files()})


@page(rules.can_set_rules, methods=("GET", "POST"))
def rule(request: PageRequest, name: str) -> HttpResponseBase:
    """One rule: set it otherwise from a day on; what was said about it before."""
    file = dated.files.get(name)
    if file is None:
        raise Http404
    typed = request.POST or None
    form = WordForm(file, typed) if isinstance(file, WordList) else RuleForm(file, typed)
    if request.method == "POST" and form.is_valid():
        since = form.cleaned_data["since"]
        with refusals_on(form):
            why = form.cleaned_data["why"]
            services.set_rule(rule=name, since=since, values=form.values, why=why, by=request.actor)
            messages.success(request, _("Set. It holds from %(day)s on.") % {"day": wording.full_day(since)})
            return redirect("communities:rule", name=name)
    (standing,) = queries.rule_files(name)
    context = {"form": form, "rule": standing, "words": queries.words_on(file)}
    return show(request, "communities/workbench/rule.html", context, status=422 if form.errors else 200)


@page(rules.can_set_rules, methods=("POST",))
def take_back(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """It will not begin."""
    own = get_object_or_404(OwnRule, pk=pk, takes_back=None)
    services.take_back_rule(own=own, by=request.actor)
    messages.success(request, _("Taken back. It will not begin."))
    return redirect("communities:rule", name=own.rule)
