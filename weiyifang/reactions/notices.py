"""Which fact is told to whom. What a notice then says: `notice_kinds`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from weiyifang.activities import events as activities
from weiyifang.activities import queries as activities_read
from weiyifang.activities.models import Session, Whom
from weiyifang.capacity.events import PlaceTakenFromList
from weiyifang.core import clock
from weiyifang.core.events import Event
from weiyifang.core.tenancy import id_in, source_of
from weiyifang.errands import events as errands
from weiyifang.errands.terms import kept_for
from weiyifang.fund import books, terms, underway
from weiyifang.fund import events as fund
from weiyifang.fund import queries as fund_read
from weiyifang.fund.events_purposes import PurposeChangeAsked
from weiyifang.ledger import queries as ledger
from weiyifang.ledger.models import month_end
from weiyifang.news import events as news
from weiyifang.news import queries as news_read
from weiyifang.notices import queries as notices
from weiyifang.notices.services import settle, tell
from weiyifang.organizations import events as organizations
from weiyifang.organizations import queries as organizations_read
from weiyifang.people import events as people
from weiyifang.people import queries as register_of_people
from weiyifang.people.roles import Permission
from weiyifang.reactions.seats import enrollment_of
from weiyifang.sharing import events as sharing
from weiyifang.sharing import queries as sharing_read

# --- activities ---------------------------------------------------------------------------------------------------


def seat_offered(fact: activities.EnrollmentOffered) -> None:
    _tell_of_seat("seat_offered", fact, until=fact.until, answer_by=fact.until)


def moved_up(fact: PlaceTakenFromList) -> None:
    """The queue gave a seat without asking: `reactions.seats` has noted it by now."""
    enrollment = enrollment_of(fact.subject)
    if enrollment is not None:
        starts_at = enrollment.session.starts_at if enrollment.session is not None else None
        place = _place(fact.subject)
        tell(kind="moved_up", about=fact.subject, residents=[enrollment.resident_id], starts_at=starts_at, **place)


def offer_lapsed(fact: activities.EnrollmentLapsed) -> None:
    _tell_of_seat("offer_lapsed", fact)


def not_reached(fact: activities.EnrollmentNotReached) -> None:
    _tell_of_seat("not_reached", fact)


def called_off(fact: activities.EnrollmentCancelled) -> None:
    """No offer waits any more. They are told, but not of what they gave up themselves. Whoever leaves the community or
    is forgotten is told nothing; their messages end, or go, with them.
    """
    enrollment = enrollment_of(fact.subject)
    if enrollment is not None and enrollment.given_up_on_leaving:
        return
    seat_answered(fact)
    if fact.reason:
        _tell_of_seat("called_off", fact, until=fact.starts_at)


def lesson_called_off(fact: activities.SessionCancelled) -> None:
    """A lesson of a term: its pupils keep their places, and must know all the same."""
    session = activities_read.date_of(id_in(fact.subject))
    if session.activity.is_term:
        _tell_who_comes("lesson_called_off", session, fact.starts_at)


def date_moved(fact: activities.SessionMoved) -> None:
    session = activities_read.date_of(id_in(fact.subject))
    until = max(fact.was_at, fact.starts_at)
    _tell_who_comes("date_moved", session, fact.was_at, until=until, moved_to=fact.starts_at)


def elsewhere(fact: activities.ActivityEdited) -> None:
    """The activity has another place: whoever comes to one of its dates, those with a place of their own left out."""
    if "place" in fact.changed:
        for session in activities_read.dates_at_its_place(id_in(fact.subject)):
            _tell_who_comes("elsewhere", session, session.starts_at)


def day_before(fact: activities.SessionReminded) -> None:
    """Everybody with a seat; who waits has nothing to come to."""
    session = activities_read.date_of(id_in(fact.subject))
    _tell_of_date("day_before", session, fact.subject, Whom.ENROLLED, until=fact.starts_at, starts_at=fact.starts_at)


def organizer_wrote(fact: activities.MessageWritten) -> None:
    """The people it was written to. What it says stays in its own row."""
    session = activities_read.date_of(fact.session_id)
    until = None if session.is_over else session.ends_at
    _tell_of_date("organizer_wrote", session, fact.subject, fact.whom, until=until)


def _tell_of_date(kind: str, session: Session, about: str, whom: str, **more: Any) -> None:
    people = activities_read.addressees(session, whom)
    tell(kind=kind, about=about, residents=people, number=session.activity.number, date=session.number, **more)


def _tell_who_comes(
    kind: str, session: Session, starts_at: datetime, *, until: datetime | None = None, **more: Any
) -> None:
    """Everybody with a seat, and everybody in the queue."""
    tell(
        kind=kind,
        about=source_of(session),
        residents=activities_read.who_comes(session, with_visits=True),
        until=until or starts_at,
        starts_at=starts_at,
        number=session.activity.number,
        date=session.number,
        **more,
    )


def _tell_of_seat(kind: str, fact: activities.EnrollmentFact, **more: Any) -> None:
    place = _place(fact.subject)
    tell(kind=kind, about=fact.subject, residents=[fact.resident_id], starts_at=fact.starts_at, **place, **more)


def _place(enrollment: str) -> dict[str, Any]:
    """Where the page of an enrolment's date is; of a term, the activity's."""
    found = enrollment_of(enrollment)
    assert found is not None
    return {"number": found.activity.number, "date": found.session.number if found.session is not None else None}


# --- money --------------------------------------------------------------------------------------------------------


def payment_submitted(fact: fund.PaymentSubmitted) -> None:
    """Whoever acts on it first: its path says whether the papers are checked."""
    if fact.follows:  # else it is told where it comes from
        return
    if underway.needs_check(fact.path):
        _tell_of_payment("payment_to_check", fact.subject, register_of_people.holders(Permission.CHECK_PAYMENT))
    else:
        _tell_of_payment("payment_to_approve", fact.subject, register_of_people.holders(Permission.APPROVE_PAYMENT))


def payment_to_approve(fact: fund.PaymentChecked) -> None:
    """One approves, or the committee decides with the supervisor there."""
    if underway.is_decided_together(fact.subject):
        for duty in (Permission.VOTE_ON_PAYMENTS, Permission.REVIEW_PAYMENT):
            _tell_of_payment("payment_to_decide", fact.subject, register_of_people.holders(duty))
    else:
        _tell_of_payment("payment_to_approve", fact.subject, register_of_people.holders(Permission.APPROVE_PAYMENT))


def payment_decided(fact: fund.PaymentDecided) -> None:
    """Whoever pays, or whoever asked for it when the committee said no."""
    if fact.is_passed:
        _tell_of_payment("payment_to_pay", fact.subject, register_of_people.holders(Permission.PAY))
    else:
        _tell_of_payment("payment_refused", fact.subject, _who_asked(fact.subject), ask=False)


def payment_to_review(fact: fund.PaymentMade) -> None:
    """Emergency relief was paid at once: whoever oversees the fund looks at it."""
    if underway.is_looked_at_later(fact.path):
        _tell_of_payment("payment_to_review", fact.subject, register_of_people.holders(Permission.REVIEW_PAYMENT))


def payment_reviewed(fact: fund.PaymentReviewed) -> None:
    """Nobody has to look at it any more; what is not in order is told to all who had a part in it."""
    settle(about=fact.subject, kinds=("payment_to_review",))
    if underway.is_not_in_order(fact.finding):
        accounts = underway.who_had_a_part(fact.subject)
        _tell_of_payment("payment_not_in_order", fact.subject, accounts, ask=False)


def payment_to_pay(fact: fund.PaymentApproved) -> None:
    if not fact.follows:
        _tell_of_payment("payment_to_pay", fact.subject, register_of_people.holders(Permission.PAY))


def payment_sent_back(fact: fund.PaymentSentBack) -> None:
    _tell_of_payment("payment_sent_back", fact.subject, _who_asked(fact.subject), ask=False)


def move_to_confirm(fact: fund.MoneyMoveAsked) -> None:
    _tell_of_two("move_to_confirm", fact)


def correction_to_confirm(fact: fund.PaymentCorrectionAsked) -> None:
    _tell_of_two("correction_to_confirm", fact)


def change_to_confirm(fact: PurposeChangeAsked) -> None:
    _tell_of_two("change_to_confirm", fact)


def _tell_of_two(kind: str, fact: fund.MoneyMoveAsked | fund.PaymentCorrectionAsked | PurposeChangeAsked) -> None:
    """Whoever may confirm it, and never who asked for it."""
    asked = fund_read.who_asked(fact.subject)
    others = [pk for pk in register_of_people.holders(Permission.APPROVE_PAYMENT) if pk != asked]
    tell(kind=kind, about=fact.subject, accounts=others, row=id_in(fact.subject), amount_fen=fact.amount_fen)


def payment_corrected(fact: fund.PaymentCorrected) -> None:
    """Money of a payment is back, or its booking was put right: all who had a part in the payment hear of it."""
    payment = underway.payment_of(fact.subject)
    accounts = underway.who_had_a_part(payment)
    _tell_of_payment("payment_corrected", payment, accounts, ask=False, amount_fen=fact.amount_fen)


def payment_lapsed(fact: fund.PaymentLapsed) -> None:
    """Nobody paid it in time: whoever asked for it, and whoever could have paid it."""
    accounts = _who_asked(fact.subject) + register_of_people.holders(Permission.PAY)
    _tell_of_payment("payment_lapsed", fact.subject, sorted(set(accounts)), ask=False)


def payment_refused(fact: fund.PaymentRefused) -> None:
    _tell_of_payment("payment_refused", fact.subject, _who_asked(fact.subject), ask=False)


def _who_asked(payment: str) -> list[UUID]:
    asked = fund_read.who_asked(payment)
    return [asked] if asked else []


def _tell_of_payment(kind: str, payment: str, accounts: list[UUID], *, ask: bool = True, **more: Any) -> None:
    """Whoever has to act on it, and never who had a part in it already."""
    before = underway.who_had_a_part(payment) if ask else []
    others = [pk for pk in accounts if pk not in before]
    tell(kind=kind, about=payment, accounts=others, payment=id_in(payment), **more)


def remind_of_month() -> None:
    """The clock's: a month has been over for some days and is still open. Told once for each month."""
    if not books.is_open() or (month := fund_read.next_to_seal()) is None:
        return
    about, code = source_of(books.books().book), f"{month:%Y-%m}"
    ended = month_end(month)
    is_due = clock.today() >= ended + timedelta(days=terms.rule_on(ended).seal_days)
    if is_due and not notices.was_told("month_to_seal", about=about, month=code):
        tell(
            kind="month_to_seal",
            about=about,
            accounts=register_of_people.holders(Permission.CLOSE_PERIOD),
            month=code,
        )


def month_sealed(fact: fund.MonthClosed) -> None:
    """Whoever watches over the books gets the heads of all chains: in a text message they lie outside this database."""
    settle(about=source_of(books.books().book), kinds=("month_to_seal",))
    heads = [f"{head.chain}/{head.number}/{head.hash}" for head in ledger.heads() if head.number]
    accounts = register_of_people.holders(Permission.SEE_TIMELINE)
    tell(kind="month_sealed", about=fact.subject, accounts=accounts, month=fact.month, root=fact.root, heads=heads)


# --- news ---------------------------------------------------------------------------------------------------------


def article_to_review(fact: news.ArticleSubmitted) -> None:
    author = news_read.author_of(id_in(fact.subject))
    reviewers = [pk for pk in register_of_people.holders(Permission.REVIEW_NEWS) if pk != author]
    tell(kind="article_to_review", about=fact.subject, accounts=reviewers, number=fact.number)


def article_sent_back(fact: news.ArticleSentBack) -> None:
    """Not when its writers took it back themselves."""
    if not fact.reason:
        return
    author = news_read.author_of(id_in(fact.subject))
    tell(kind="article_sent_back", about=fact.subject, accounts=[author], number=fact.number)


# --- organizations ------------------------------------------------------------------------------------------------


def asked_to_join(fact: organizations.JoinAsked) -> None:
    """Whoever leads it; where nobody does, whoever keeps the register of organizations."""
    row = organizations_read.organization(fact.organization_id)
    leaders = [row.leader_id] if row.leader_id else []
    staff = [] if leaders else register_of_people.holders(Permission.MANAGE_ORGANIZATIONS)
    tell(kind="asked_to_join", about=fact.subject, residents=leaders, accounts=staff, number=row.number)


def taken_in(fact: organizations.JoinAccepted) -> None:
    _tell_of_joining("taken_in", fact)


def not_taken_in(fact: organizations.JoinDeclined) -> None:
    _tell_of_joining("not_taken_in", fact)


def _tell_of_joining(kind: str, fact: organizations.JoinFact) -> None:
    number = organizations_read.organization(fact.organization_id).number
    tell(kind=kind, about=fact.subject, residents=[fact.resident_id], number=number)


# --- rooms and things ---------------------------------------------------------------------------------------------


def booking_to_answer(fact: sharing.BookingsMade) -> None:
    """Whoever keeps the thing, while somebody has to say yes."""
    if not fact.is_sure:
        owner = sharing_read.booking(id_in(fact.subject)).resource.owner
        keepers = register_of_people.holders(Permission.KEEP_THINGS, within=owner)
        tell(kind="booking_to_answer", about=fact.subject, accounts=keepers, booking=id_in(fact.subject))


def booking_approved(fact: sharing.BookingsApproved) -> None:
    _tell_of_bookings("booking_approved", fact)


def booking_refused(fact: sharing.BookingsRefused) -> None:
    _tell_of_bookings("booking_refused", fact)


def booking_moved(fact: sharing.BookingsMoved) -> None:
    _tell_of_bookings("booking_moved", fact)


def booking_called_off(fact: sharing.BookingsCancelled) -> None:
    """Not when they gave it up themselves."""
    if not fact.by_holder:
        _tell_of_bookings("booking_called_off", fact)


def booking_lapsed(fact: sharing.BookingLapsed) -> None:
    _tell_of_bookings("booking_lapsed", fact)


def booking_overdue(fact: sharing.BookingOverdue) -> None:
    _tell_of_bookings("booking_overdue", fact, ends=False)


def _tell_of_bookings(kind: str, fact: sharing.BookingsFact, *, ends: bool = True) -> None:
    """Whom to talk to about it; of an organization's whoever leads it as well; else the account that noted it."""
    row = sharing_read.booking(id_in(fact.subject))
    residents = {row.resident_id} if row.resident_id else set()
    if row.organization:
        leader_id = organizations_read.organization(id_in(row.organization)).leader_id
        residents |= {leader_id} if leader_id else set()
    accounts = [row.asked_by_id] if row.asked_by_id and not residents else []
    tell(
        kind=kind,
        about=fact.subject,
        residents=sorted(residents),
        accounts=accounts,
        until=row.ends_at if ends else None,
        booking=row.pk,
        starts_at=row.starts_at,
        count=len(fact.bookings),
    )


# --- people -------------------------------------------------------------------------------------------------------


def duty_given(fact: people.DutyGiven) -> None:
    tell(kind="duty_given", about=fact.subject, accounts=[fact.account_id], role=fact.role)


def duty_ended(fact: people.DutyEnded) -> None:
    tell(kind="duty_ended", about=fact.subject, accounts=[fact.account_id], role=fact.role)


def relation_begun(fact: people.RelationBegun) -> None:
    _tell_of_relation("stands_by", "is_stood_by", fact)


def relation_ended(fact: people.RelationEnded) -> None:
    _tell_of_relation("no_longer_stands_by", "is_no_longer_stood_by", fact)


def _tell_of_relation(to_helper: str, to_helped: str, fact: people.RelationBegun | people.RelationEnded) -> None:
    tell(kind=to_helper, about=fact.subject, residents=[fact.helper_id])
    tell(kind=to_helped, about=fact.subject, residents=[id_in(fact.subject)])


# --- long work ----------------------------------------------------------------------------------------------------


def errand_done(fact: errands.ErrandDone) -> None:
    """Whoever asked for it; told as long as its file is kept."""
    _tell_of_errand("errand_done", fact)


def errand_not_done(fact: errands.ErrandNotDone) -> None:
    _tell_of_errand("errand_not_done", fact)


def _tell_of_errand(kind: str, fact: errands.ErrandFact) -> None:
    asker = [fact.asker_id] if fact.asker_id else []
    tell(kind=kind, about=fact.subject, accounts=asker, until=clock.now() + kept_for(), errand=id_in(fact.subject))


def errand_seen(fact: errands.ErrandFileFetched) -> None:
    settle(about=fact.subject, kinds=("errand_done",))


# --- what is done needs nobody any more --------------------------------------------------------------------------


def seat_taken(fact: activities.EnrollmentConfirmed) -> None:
    """Of thousands who enrol at once nobody was offered anything: they look for no message of theirs."""
    if fact.had_waited:
        seat_answered(fact)


def seat_answered(fact: activities.EnrollmentFact) -> None:
    settle(about=fact.subject, kinds=("seat_offered",))


_OF_PAYMENTS = (
    *(
        "payment_to_check",
        "payment_to_approve",
        "payment_to_decide",
        "payment_to_pay",
        "payment_sent_back",
        "payment_lapsed",
    ),
)


def payment_moved_on(fact: Event) -> None:
    if isinstance(fact, fund.PaymentSubmitted) and fact.follows:
        return  # of many that are asked for together nothing came back yet (docs/adr/0025)
    settle(about=fact.subject, kinds=_OF_PAYMENTS)


def decided_by_two(fact: Event) -> None:
    settle(about=fact.subject, kinds=("move_to_confirm", "correction_to_confirm", "change_to_confirm"))


def article_moved_on(fact: news.ArticleFact) -> None:
    settle(about=fact.subject, kinds=("article_to_review", "article_sent_back"))


def joining_answered(fact: organizations.JoinFact) -> None:
    settle(about=fact.subject, kinds=("asked_to_join",))
