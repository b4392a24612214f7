"""Staff's pages: what I am writing, what waits for my review, what is published and how it is read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.communities.rules import can_set_rules
from weiyifang.core import clock, timeline
from weiyifang.core.look import wording
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import PageRequest, page, require
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import paged, refusals_on, show
from weiyifang.files.forms import AlbumForm, both_valid, refusals_on_both
from weiyifang.news import markup, queries, rules, services
from weiyifang.news.columns import COLUMNS
from weiyifang.news.forms import ArticleForm, CorrectionForm, PinForm, ReasonForm
from weiyifang.news.models import Article, Column, State
from weiyifang.news.views import WITHOUT_SECRETS

TREND_DAYS = 30


@page(rules.can_write_some)
def bench(request: PageRequest) -> HttpResponseBase:
    """Today's work of the paper: the review queue, one's own drafts, what was sent back, readers of the month."""
    actor = request.actor
    own = Article.objects.filter(author_id=actor.account_id).for_lists()
    queue = rules.reviewable_by(actor).for_lists().select_related("column", "author").defer(*WITHOUT_SECRETS)
    context: dict[str, Any] = {
        "queue": paged(request, queue),
        "drafts": list(own.filter(state=State.DRAFT).order_by("-changed_at")[:20]),
        "handed_in": list(own.filter(state=State.IN_REVIEW).order_by("submitted_at")[:20]),
        "can_review": rules.can_review(actor),
        "has_columns": Column.objects.exists(),
    }
    own_only = None if rules.can_review(actor) else rules.workable_by(actor)
    return show(request, "news/workbench/bench.html", context | _trend(own_only))


@page(rules.can_write_some)
def published(request: PageRequest) -> HttpResponseBase:
    """Everything that left the desk, with its reads; `?state=withdrawn`, `?q=`."""
    words = asked(request, "q", 60)
    state = State.WITHDRAWN if asked(request, "state") == State.WITHDRAWN else State.PUBLISHED
    rows = rules.workable_by(request.actor).filter(state=state).matching(words).for_lists()
    context = {"page": paged(request, rows.order_by("-published_at", "-number")), "words": words, "state": state.value}
    return show(request, "news/workbench/published.html", context)


@page(rules.can_write_some, methods=("GET", "POST"), files=True)
def write(request: PageRequest) -> HttpResponseBase:
    """Begin an article."""
    form, album = ArticleForm(request.POST or None, actor=request.actor), AlbumForm(request)
    if request.method == "POST" and both_valid(form, album):
        with refusals_on_both(form, album):
            hand_in = "hand_in" in request.POST
            article = services.write(by=request.actor, hand_in=hand_in, pictures=album.wanted(), **form.cleaned_data)
            if album.is_pressed:
                return _at_the_album(request, article)
            said = (
                _("Handed in. Another person reads it and publishes it.")
                if hand_in
                else _("Saved as a draft. Read it once more, then hand it in.")
            )
            messages.success(request, said)
            return redirect("news:manage", number=article.number)
    context = {"form": form, "album": album, "title": _("Write an article"), "is_new": True}
    return show(request, "news/workbench/write.html", context, status=422 if form.errors else 200)


@page(rules.can_write_some)
def manage(request: PageRequest, number: int) -> HttpResponseBase:
    """One article at the desk: as readers (will) see it, where it stands, what can be done now."""
    article = queries.sign([_at_desk(request, number)])[0]
    actor = request.actor
    context: dict[str, Any] = {
        "article": article,
        "html": markup.shown(article.html, request.community.home_url),
        "is_writer": actor.account_id in rules.writers_of(article),
        "may_decide": rules.may_decide(actor, article),
        "can_review": rules.can_review(actor),
        "can_correct": rules.can_correct(actor, article),
        "can_withdraw": rules.can_review(actor) or article.author_id == actor.account_id,
        "revisions": list(article.revisions.select_related("by").order_by("-number").defer("text", "by__phone")),
        "history": timeline.of(source_of(article))[:10],
    }
    if article.published_at is not None:
        context |= _trend(Article.objects.filter(pk=article.pk))
    return show(request, "news/workbench/manage.html", context)


@page(rules.can_write_some, methods=("GET", "POST"), files=True)
def edit(request: PageRequest, number: int) -> HttpResponseBase:
    """Change a draft and its pictures."""
    article = _at_desk(request, number)
    form = ArticleForm.about(article, request.POST or None, actor=request.actor)
    album = AlbumForm(request, article.pictures)
    if request.method == "POST" and both_valid(form, album):
        with refusals_on_both(form, album):
            services.edit(article=article, by=request.actor, pictures=album.wanted(), **form.cleaned_data)
            if album.is_pressed:
                return _at_the_album(request, article)
            messages.success(request, _("Saved."))
            return redirect("news:manage", number=number)
    context = {"form": form, "album": album, "title": _("Edit the draft"), "article": article}
    return show(request, "news/workbench/write.html", context, status=422 if form.errors else 200)


def _at_the_album(request: PageRequest, article: Article) -> HttpResponseBase:
    """Everything is kept, and one goes on with the pictures."""
    messages.success(request, _("Kept, the text too."))
    return redirect(f"{reverse('news:edit', args=[article.number])}#pictures")


@page(rules.can_review, methods=("GET", "POST"), files=True)
def correct(request: PageRequest, number: int) -> HttpResponseBase:
    """Correct what is public, words or pictures, with a note."""
    article = _at_desk(request, number)
    before = {"title": article.title, "text": article.text, "digest": article.digest}
    form, album = CorrectionForm(request.POST or None, initial=before), AlbumForm(request, article.pictures)
    if request.method == "POST" and both_valid(form, album):
        with refusals_on_both(form, album):
            services.correct(article=article, by=request.actor, pictures=album.wanted(), **form.cleaned_data)
            messages.success(request, _("Corrected. Readers see the note above the text."))
            return redirect("news:manage", number=number)
    context = {"form": form, "album": album, "title": _("Correct it"), "article": article}
    return show(request, "news/workbench/write.html", context, status=422 if form.errors else 200)


@page(rules.can_write_some, methods=("POST",))
def submit(request: PageRequest, number: int) -> HttpResponseBase:
    """Hand a draft in."""
    services.submit(article=_at_desk(request, number), by=request.actor)
    messages.success(request, _("Handed in. Another person reads it and publishes it."))
    return redirect("news:manage", number=number)


@page(rules.can_write_some, methods=("POST",))
def take_back(request: PageRequest, number: int) -> HttpResponseBase:
    """Take one's own article back from review."""
    services.take_back(article=_at_desk(request, number), by=request.actor)
    messages.success(request, _("It is a draft again."))
    return redirect("news:manage", number=number)


@page(rules.can_review, methods=("POST",))
def publish(request: PageRequest, number: int) -> HttpResponseBase:
    """Publish what another person wrote."""
    services.publish(article=_at_desk(request, number), by=request.actor)
    messages.success(request, _("Published. Everyone can read it now."))
    return redirect("news:manage", number=number)


@page(rules.can_review, methods=("GET", "POST"))
def send_back(request: PageRequest, number: int) -> HttpResponseBase:
    """Give it back with a reason."""
    return _with_reason(request, number, services.send_back, _("Send it back"), _("Sent back with your words."))


@page(rules.can_write_some, methods=("GET", "POST"))
def withdraw(request: PageRequest, number: int) -> HttpResponseBase:
    """Take it off the pages, or put a draft away."""
    return _with_reason(request, number, services.withdraw, _("Withdraw it"), _("Withdrawn. It can be reopened."))


@page(rules.can_write_some, methods=("POST",))
def reopen(request: PageRequest, number: int) -> HttpResponseBase:
    """Make a withdrawn article a draft again."""
    services.reopen(article=_at_desk(request, number), by=request.actor)
    messages.success(request, _("It is a draft again."))
    return redirect("news:manage", number=number)


@page(rules.can_review, methods=("GET", "POST"))
def pin(request: PageRequest, number: int) -> HttpResponseBase:
    """Keep it on top for some days."""
    article = _at_desk(request, number)
    form = PinForm(request.POST or None, initial={"until": article.pinned_until or clock.today()})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            services.pin(article=article, by=request.actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("news:manage", number=number)
    context = {"form": form, "title": _("Keep it on top"), "article": article}
    return show(request, "news/workbench/write.html", context, status=422 if form.errors else 200)


@page(rules.can_review, methods=("GET", "POST"))
def columns(request: PageRequest) -> HttpResponseBase:
    """The columns of the paper; take those of the list to begin with."""
    if request.method == "POST":
        services.open_columns(by=request.actor)
        return redirect("news:columns")
    context = {"columns": queries.columns(), "list": COLUMNS, "may_change": can_set_rules(request.actor)}
    return show(request, "news/workbench/columns.html", context)


def _with_reason(request: PageRequest, number: int, verb: Any, title: str, done: str) -> HttpResponseBase:
    article = _at_desk(request, number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            verb(article=article, by=request.actor, **form.cleaned_data)
            messages.success(request, done)
            return redirect("news:manage", number=number)
    context = {"form": form, "title": title, "article": article, "warns": True}
    return show(request, "news/workbench/write.html", context, status=422 if form.errors else 200)


def _at_desk(request: PageRequest, number: int) -> Article:
    rows = Article.objects.with_reads().select_related("column", "author", "reviewer")
    article = get_object_or_404(
        rows.defer(*WITHOUT_SECRETS, "reviewer__password", "reviewer__phone", "reviewer__phone_key"), number=number
    )
    if not article.is_published and not rules.can_work_on(request.actor, article):
        raise Http404
    require(rules.can_work_on(request.actor, article))
    versions.about(request, article)
    return article


def _trend(of: QuerySet[Article] | None) -> dict[str, Any]:
    """The last month of these articles (of all) day by day, as a chart and as a table."""
    days = queries.daily(TREND_DAYS, of)
    return {
        "of_all": of is None,
        "days": days,
        "labels": [wording.day(one.day, "short") for one in days],
        "values": [one.reads for one in days],
        "reads": sum(one.reads for one in days),
    }
