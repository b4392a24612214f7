"""From somebody who wants a show to a troupe that plays it at an agreed price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Required, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states, text
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.ids import new_id
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.people.numbers import clean_phone
from weiyifang.stage import events, rules
from weiyifang.stage.models import ANSWER_FLOW, FLOW, Answer, Engagement, Offer, State
from weiyifang.stage.splitting import Shares

LONGEST = timedelta(hours=12)
LONGEST_NAME = 60  # of who wants it; sealed, so the column does not measure
DEAREST = 100_000_000  # fen: a million yuan


class TimesWrong(Refused):
    """It ends before it begins, or lasts too long."""

    sentence = _("A show ends after it begins, and within twelve hours. Please look at the times.")
    status = 422


class NotAhead(Refused):
    """The day is over, or the show was held or called off."""

    sentence = _("This show is no longer ahead. Open the page again to see where it stands.")


class NobodyAsked(Refused):
    """No troupe was chosen."""

    sentence = _("Choose at least one troupe that has not been asked yet.")
    status = 422


class NoPrice(Refused):
    """An answer without a price, or one nobody pays."""

    sentence = _("Say a price of more than 0 and at most 1,000,000 yuan.")
    status = 422


class Said(TypedDict, total=False):
    """What is said about a show that is wanted; the fields of `models.Engagement`."""

    title: Required[str]
    customer: Required[str]
    phone: str
    place: Required[str]
    starts_at: Required[datetime]
    ends_at: Required[datetime]
    budget_fen: int | None
    is_purchase: bool
    note: str


@transaction.atomic
def put_down(*, by: Actor, **said: Unpack[Said]) -> Engagement:
    """Note that somebody wants a show. Announces `EngagementPutDown`.

    Raises `TimesWrong`, `NotAhead` for a day that is over, `NotAPhone`, `text.Missing` and `text.TooLong`.
    """
    require(rules.can_manage_all(by))
    row = Engagement(number=next_number("engagement"), **checked(said))
    row.save(force_insert=True)
    fact = events.EngagementPutDown(
        **about(row), starts_at=row.starts_at, ends_at=row.ends_at, is_purchase=row.is_purchase
    )
    announce(fact, by=by)
    return row


def checked(said: Said) -> Said:
    """As it is kept. Raises what `put_down` raises."""
    if not said["starts_at"] < said["ends_at"] <= said["starts_at"] + LONGEST:
        raise TimesWrong()
    if said["ends_at"] <= clock.now():
        raise NotAhead()
    fields = cleaned(Engagement, said)
    fields["customer"] = _name(said["customer"])
    fields["phone"] = clean_phone(said["phone"]) if said.get("phone") else ""
    return fields


@transaction.atomic
def ask(*, engagement: Engagement, troupes: Sequence[str], by: Actor) -> list[Offer]:
    """Ask troupes (sources of organizations) whether they play it. Announces `TroupesAsked`.

    Raises `NobodyAsked` when none is left that was not asked, `NotAhead`, `LeadsNowhere`.
    """
    engagement = locked(engagement)
    require(rules.can_manage_all(by))
    refuse_unless_requested(engagement)
    known = set(Offer.objects.filter(engagement=engagement).values_list("organization", flat=True))
    fresh = [source for source in dict.fromkeys(troupes) if source and source not in known]
    if not fresh:
        raise NobodyAsked()
    for source in fresh:
        organizations.check_source(source, by=by)
    rows = [Offer(id=new_id(), engagement=engagement, organization=source) for source in fresh]
    fill_community(rows)
    Offer.objects.bulk_create(rows)
    fact = events.TroupesAsked(**about(engagement), offers=tuple(row.pk for row in rows), organizations=tuple(fresh))
    announce(fact, by=by)
    return rows


@transaction.atomic
def make_offer(*, offer: Offer, price_fen: int, words: str = "", by: Actor) -> Offer:
    """The troupe would play, at a price; said again it is another price. Announces `ShowOffered`.

    Raises `NoPrice`, `NotAhead`, `ForbiddenMove` once it was declined or another plays.
    """
    engagement, offer = _locked_offer(offer)
    versions.check(offer, by)
    require(rules.can_answer(by, offer))
    refuse_unless_requested(engagement)
    if not 0 < price_fen <= DEAREST:
        raise NoPrice()
    kept = cleaned(Offer, {"words": words})["words"]
    if offer.is_made and (offer.price_fen, offer.words) == (price_fen, kept):
        return offer
    flow = {**ANSWER_FLOW, Answer.MADE: {*ANSWER_FLOW[Answer.MADE], Answer.MADE}}
    states.move(offer, Answer.MADE, flow=flow, price_fen=price_fen, words=kept, answered_at=clock.now())
    announce(events.ShowOffered(**_about_offer(offer, engagement), price_fen=price_fen), by=by)
    return offer


@transaction.atomic
def decline(*, offer: Offer, words: str = "", by: Actor) -> Offer:
    """The troupe does not play it. Announces `ShowDeclined`. Raises `NotAhead`, `ForbiddenMove`."""
    engagement, offer = _locked_offer(offer)
    versions.check(offer, by)
    require(rules.can_answer(by, offer))
    refuse_unless_requested(engagement)
    states.move(offer, Answer.DECLINED, flow=ANSWER_FLOW, words=words, price_fen=0, answered_at=clock.now())
    announce(events.ShowDeclined(**_about_offer(offer, engagement)), by=by)
    return offer


@transaction.atomic
def choose(*, offer: Offer, shares: Shares, by: Actor) -> Engagement:
    """Let this troupe play it at its price, and agree who gets which share. The others are asked no more.

    Announces `EngagementAgreed`. Raises `NotAhead`, `ForbiddenMove` when it made no offer.
    """
    engagement, offer = _locked_offer(offer)
    versions.check(offer, by)
    require(rules.can_manage_all(by))
    refuse_unless_requested(engagement)
    states.move(offer, Answer.CHOSEN, flow=ANSWER_FLOW)
    close_offers(engagement)
    states.move(
        engagement,
        State.AGREED,
        flow=FLOW,
        organization=offer.organization,
        price_fen=offer.price_fen,
        troupe_share=shares.troupe,
        members_share=shares.members,
        fund_share=shares.fund,
        agreed_at=clock.now(),
    )
    fact = events.EngagementAgreed(
        **about(engagement),
        offer_id=offer.pk,
        organization=offer.organization,
        price_fen=offer.price_fen,
        troupe_share=shares.troupe,
        members_share=shares.members,
        fund_share=shares.fund,
    )
    announce(fact, by=by)
    return engagement


def close_offers(engagement: Engagement) -> None:
    """Whoever has not been chosen is asked no more; only whoever holds the show."""
    rows = list(Offer.objects.filter(engagement=engagement, state__in=[Answer.ASKED, Answer.MADE]))
    states.move_all(rows, Answer.CLOSED, flow=ANSWER_FLOW)


def locked(engagement: Engagement) -> Engagement:
    """The row, locked until the transaction ends; answers, line-up and income wait for it."""
    return Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)


def refuse_unless_requested(engagement: Engagement) -> None:
    """Raise `NotAhead` unless a troupe is sought for a day to come."""
    if engagement.state != State.REQUESTED or engagement.ends_at <= clock.now():
        raise NotAhead()


def about(engagement: Engagement) -> dict[str, Any]:
    """What each fact about a show says."""
    return {"subject": source_of(engagement), "number": engagement.number, "title": engagement.title}


def _about_offer(offer: Offer, engagement: Engagement) -> dict[str, Any]:
    return {**about(engagement), "subject": source_of(offer), "engagement_id": engagement.pk}


def _locked_offer(offer: Offer) -> tuple[Engagement, Offer]:
    engagement = locked(Engagement(pk=offer.engagement_id))
    return engagement, Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)


def _name(said: str) -> str:
    clean, what = text.line(said), Engagement._meta.get_field("customer").verbose_name
    if not clean:
        raise text.Missing(what=what)
    if len(clean) > LONGEST_NAME:
        raise text.TooLong(what=what, long=len(clean), most=LONGEST_NAME)
    return clean
