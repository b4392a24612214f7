"""A leader objects to a result; another person answers; what was corrected is asked for anew."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announce
from weiyifang.core.forgetting import write_over
from weiyifang.core.refusals import Refused
from weiyifang.core.states import ForbiddenMove, move
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.fund import services as fund
from weiyifang.fund import underway
from weiyifang.fund.models import PaymentRequest, State
from weiyifang.grants import events, queries, reading, rules
from weiyifang.grants.models import APPEAL_FLOW, Appeal, AppealState, GrantRun, RunningGrant
from weiyifang.grants.services.deciding import ask
from weiyifang.organizations import queries as organizations


class AppealTimeOver(Refused):
    """The days for appeals are over, or have not begun."""

    sentence = _(
        "Appeals can be made from the publication until the day that stands on the page. Talk to the committee."
    )


class AskedAlready(Refused):
    """One appeal at a time."""

    sentence = _("An appeal for this organization waits for its answer already.")


def _held(grant: RunningGrant, by: Actor) -> RunningGrant:
    """The grant, with its run locked, and as whoever acts has seen it."""
    GrantRun.objects.select_for_update(of=("self",)).get(pk=grant.run_id)
    row = RunningGrant.objects.select_related("run").get(pk=grant.pk)
    versions.check(row, by)
    return row


@transaction.atomic
def appeal(*, grant: RunningGrant, words: str, by: Actor) -> Appeal:
    """Object to a result. Raises `AppealTimeOver`, `AskedAlready`. Announces `AppealMade`."""
    grant = _held(grant, by)
    require(rules.can_appeal(by, grant))
    if not grant.run.takes_appeals:
        raise AppealTimeOver()
    if grant.appeals.filter(state=AppealState.ASKED).exists():
        raise AskedAlready()
    row = Appeal(grant=grant, words=words, made_by_id=by.account_id)
    row.save(force_insert=True)
    announce(events.AppealMade(subject=source_of(row), grant_id=grant.pk, year=grant.run.year), by=by)
    return row


@transaction.atomic
def withdraw_appeal(*, appeal: Appeal, by: Actor) -> Appeal:
    """Take it back before it is answered. Announces `AppealWithdrawn`."""
    row = _locked(appeal, by)
    require(rules.can_appeal(by, row.grant))
    move(row, AppealState.WITHDRAWN, flow=APPEAL_FLOW)
    announce(events.AppealWithdrawn(subject=source_of(row), grant_id=row.grant_id, year=row.grant.run.year), by=by)
    return row


@transaction.atomic
def answer_appeal(*, appeal: Appeal, answer: str, tenths: int | None, grade: str, by: Actor) -> Appeal:
    """Say that the result stands (neither points nor grade), or what it is now.

    Where another amount follows, the payment that was set aside ends; `ask_corrected` asks for the right one. Raises
    `Disagree`, `NotJudged`. Announces `AppealAnswered`.
    """
    row = _locked(appeal, by)
    require(rules.can_answer(by, row))
    grant, rule = row.grant, row.grant.run.rule
    before = grant.fen
    is_corrected = tenths is not None or bool(grade)
    if is_corrected:
        result = reading.judged(grant.organization, tenths, grade, rule)
        grant.new_tenths, grant.new_grade, grant.new_fen = result.tenths, result.grade, rule.fen_of(result.grade)
        grant.save(update_fields=["new_tenths", "new_grade", "new_fen"])
    to = AppealState.CORRECTED if is_corrected else AppealState.STANDS
    move(row, to, flow=APPEAL_FLOW, answer=answer, answered_by_id=by.account_id, answered_at=clock.now())
    if grant.fen != before:
        _end_payment(grant, answer, by)
        grant.asks_again = grant.fen > 0
        grant.save(update_fields=["asks_again"])
    announce(
        events.AppealAnswered(
            subject=source_of(row),
            grant_id=grant.pk,
            year=grant.run.year,
            organization=grant.organization,
            is_corrected=is_corrected,
            tenths=grant.new_tenths if grant.is_corrected else grant.tenths,
            grade=grant.stands,
            amount_fen=grant.fen,
            answer=answer,
        ),
        by=by,
    )
    return row


def _end_payment(grant: RunningGrant, reason: str, by: Actor) -> None:
    """What was set aside is free again; the payment stays to be seen, and is made no more."""
    source = source_of(grant)
    payment = underway.following([source]).get(source)
    if payment is None or payment.state in {State.WITHDRAWN, State.REFUSED}:
        return
    if payment.state != State.SENT_BACK:
        payment = fund.send_back_payment(request=payment, reason=reason, by=by.without_marks())
    fund.withdraw_payment(request=payment, by=system())


@transaction.atomic
def ask_corrected(*, grant: RunningGrant, by: Actor) -> PaymentRequest:
    """Ask the fund for a corrected grant; another person approves it there, and it is paid with the others."""
    grant = _held(grant, by)
    require(rules.can_keep(by))
    (one,) = queries.shown([grant])
    if not one.is_to_be_asked_for:
        raise ForbiddenMove()
    names = organizations.named([grant.organization])
    grant.asks_again = False
    grant.save(update_fields=["asks_again"])
    return ask(grant.run, grant, names[grant.organization].name, by=by)


def _locked(appeal: Appeal, by: Actor) -> Appeal:
    GrantRun.objects.select_for_update(of=("self",)).get(pk=appeal.grant.run_id)
    row = Appeal.objects.select_related("grant", "grant__run").get(pk=appeal.pk)
    versions.check(row, by)
    return row


def forget_person(*, name: str, instead: str) -> None:
    """A person is forgotten: what others, and they themselves, typed says another name from then on."""
    list(GrantRun.objects.select_for_update(of=("self",)).order_by("id"))  # appeals change under their run
    write_over(GrantRun.objects.all(), "reason", name=name, instead=instead)
    write_over(Appeal.objects.all(), "words", "answer", name=name, instead=instead)
