"""Somebody asks a talent for something; the talent says yes or no; either side takes it back before it is over.

Who says yes to a time has it in their calendar from then on, or is told what stands there already.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states, text, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.look.wording import span
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.organizations import queries as organizations
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.talents import events, limits, rules
from weiyifang.talents.models import REQUEST_FLOW, RequestState, Talent, TalentRequest, lapse_of
from weiyifang.talents.services import listing
from weiyifang.timetable import services as timetable
from weiyifang.timetable.services import Taken
from weiyifang.timetable.subjects import Subject

LONGEST = timedelta(hours=12)


class NotNow(Refused):
    """The talent is off the list, or takes no requests at the moment."""

    sentence = _("%(name)s cannot be asked at the moment. Look at the others on the list.")


class AskedThemselves(Refused):
    """Somebody asked themselves."""

    sentence = _("This is you. Ask somebody else.")


class AskedBefore(Refused):
    """The same asker waits for an answer of this talent already."""

    sentence = _("You have asked %(name)s already. You are told as soon as there is an answer.")


class TooManyOpen(Refused):
    """So many of the asker's questions wait for an answer."""

    sentence = _("%(most)s of your questions still wait for an answer. Wait for one, or take one back.")


class TimeWrong(Refused):
    """It ends before it begins, lasts too long, or is over."""

    sentence = _("It begins in the future, ends after it begins, and within twelve hours. Please look at the times.")
    status = 422


class TimeOver(Refused):
    """The time that was asked for has begun, or is over."""

    sentence = _("The time that was asked for has come already. Talk to each other about another one.")


class Busy(Refused):
    """Something else stands in the talent's calendar: `what` says what, and when."""

    sentence = _("%(name)s has something else then: %(what)s. Say no, or ask for another time.")


@transaction.atomic
def ask(
    *,
    talent: Talent,
    resident: Resident | None,
    of: str = "",
    what: str,
    place: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    gives_phone: bool = False,
    by: Actor,
) -> TalentRequest:
    """Ask a talent for something: a resident for themselves, for an organization (`of`), or the committee (neither).

    `resident` is whom one talks to about it, and whose phone the talent may have if they say yes. Raises `NotNow`,
    `AskedThemselves`, `AskedBefore`, `TooManyOpen`, `TimeWrong`, `text.Missing`, and
    `people.services.LivesElsewhere`. Announces `TalentAsked`.
    """
    require(by.is_system or resident is None or resident.pk == by.resident_id)
    if of or resident is None:
        require(rules.can_ask_for(by, of))
        organizations.check_source(of, by=by)
    if resident is not None:
        resident = people.locked_here(resident)
    talent = listing.locked(talent)
    if not rules.can_be_asked(talent):
        raise NotNow(name=talent.resident.name)
    if resident is not None and resident.pk == talent.resident_id:
        raise AskedThemselves()
    _refuse_times(starts_at, ends_at)
    _refuse_too_many(talent, resident, of)
    said = cleaned(TalentRequest, {"what": what, "place": place})
    if not said["what"]:  # the column may be empty, for whoever is forgotten
        raise text.Missing(what=TalentRequest._meta.get_field("what").verbose_name)
    request = TalentRequest(
        talent=talent,
        resident=resident,
        of=of,
        asked_by_id=by.account_id,
        starts_at=starts_at,
        ends_at=ends_at,
        lapses_at=lapse_of(starts_at),
        asker_phone=gives_phone and resident is not None,
        **said,
    )
    request.save(force_insert=True)
    announce(events.TalentAsked(**about(request), ends_at=ends_at), by=by)
    return request


@transaction.atomic
def accept(*, request: TalentRequest, answer: str = "", gives_phone: bool = False, by: Actor) -> TalentRequest:
    """The talent says yes, and has it in their calendar if there is a time. The desk notes what they said.

    Raises `Busy`, `TimeOver`, `ForbiddenMove`. Announces `TalentAccepted`.
    """
    request = locked(request, by)
    require(rules.can_answer(by, request))
    if request.starts_at is not None and request.starts_at <= clock.now():
        raise TimeOver()
    said = cleaned(TalentRequest, {"answer": answer})
    now = clock.now()
    to, flow = RequestState.ACCEPTED, REQUEST_FLOW
    states.move(request, to, flow=flow, answered_at=now, talent_phone=gives_phone, **said)
    if request.starts_at is not None and request.ends_at is not None:
        who = request.talent.resident
        try:
            timetable.allocate(
                subjects=[Subject(id=who.pk, kind="people.resident", name=who.name)],
                starts_at=request.starts_at,
                ends_at=request.ends_at,
                source=source_of(request),
                by=by,
            )
        except Taken as taken:
            raise Busy(name=who.name, what=_what_stands(taken)) from taken
    announce(events.TalentAccepted(**about(request)), by=by)
    return request


@transaction.atomic
def decline(*, request: TalentRequest, answer: str, by: Actor) -> TalentRequest:
    """The talent says no, or cannot come after all; with a word. Raises `TimeOver`, `ForbiddenMove`, `text.Missing`.

    Announces `TalentDeclined`.
    """
    request = locked(request, by)
    require(rules.can_answer(by, request))
    if request.is_accepted and not request.can_be_ended:
        raise TimeOver()
    said = cleaned(TalentRequest, {"answer": answer})
    if not said["answer"]:
        raise text.Missing(what=TalentRequest._meta.get_field("answer").verbose_name)
    answered_at = request.answered_at or clock.now()
    _end(request, RequestState.DECLINED, answered_at=answered_at, talent_phone=False, by=by, **said)
    announce(events.TalentDeclined(**about(request)), by=by)
    return request


@transaction.atomic
def withdraw(*, request: TalentRequest, by: Actor) -> TalentRequest:
    """Whoever asked takes it back. Raises `TimeOver`, `ForbiddenMove`. Announces `TalentRequestWithdrawn`."""
    request = locked(request, by)
    require(rules.is_asker(by, request))
    if request.is_accepted and not request.can_be_ended:
        raise TimeOver()
    _end(request, RequestState.WITHDRAWN, by=by)
    announce(events.TalentRequestWithdrawn(**about(request)), by=by)
    return request


@transaction.atomic
def lapse_due(*, by: Actor) -> int:
    """What nobody answered in time is over; returns how much. For a job. Announces `TalentRequestLapsed` for each."""
    rows = TalentRequest.objects.overdue().select_for_update(of=("self",)).select_related("talent").order_by("id")
    found = list(rows)
    for request in found:
        _end(request, RequestState.LAPSED, by=by)
        announce(events.TalentRequestLapsed(**about(request)), by=by)
    return len(found)


def close(request: TalentRequest, *, is_talents_end: bool, by: Actor) -> None:
    """Part of somebody's going. Announces `TalentRequestClosed`."""
    _end(request, RequestState.CLOSED, by=by)
    announce(events.TalentRequestClosed(**about(request), is_talents_end=is_talents_end), by=by)


def locked(request: TalentRequest, by: Actor) -> TalentRequest:
    """The row, locked until the transaction ends, and as `by` has seen it."""
    rows = TalentRequest.objects.select_for_update(of=("self",)).select_related("talent__resident", "resident")
    request = rows.get(pk=request.pk)
    versions.check(request, by)
    return request


def about(request: TalentRequest) -> dict[str, Any]:
    """What each fact about a request says."""
    return {
        "subject": source_of(request),
        "talent_id": request.talent_id,
        "resident_id": request.talent.resident_id,
        "asker_id": request.resident_id,
        "of": request.of,
        "what": request.what,
        "starts_at": request.starts_at,
    }


def _end(request: TalentRequest, to: RequestState, *, by: Actor, **also: Any) -> None:
    was_accepted = request.is_accepted
    states.move(request, to, flow=REQUEST_FLOW, ended_at=clock.now(), **also)
    if was_accepted and request.starts_at is not None:
        timetable.release(source=source_of(request), by=by)


def _refuse_times(starts_at: datetime | None, ends_at: datetime | None) -> None:
    if starts_at is None and ends_at is None:
        return
    if starts_at is None or ends_at is None or not clock.now() < starts_at < ends_at <= starts_at + LONGEST:
        raise TimeWrong()


def _refuse_too_many(talent: Talent, resident: Resident | None, of: str) -> None:
    """Of the committee nobody counts; the row of a resident who asks is held, so that nobody asks twice at once."""
    if resident is None and not of:
        return
    waiting = TalentRequest.objects.waiting().filter(of=of)
    if not of:
        waiting = waiting.filter(resident=resident)
    if waiting.filter(talent=talent).exists():
        raise AskedBefore(name=talent.resident.name)
    most = limits.rule_on(clock.today()).most_open
    if waiting.count() >= most:
        raise TooManyOpen(most=most)


def _what_stands(taken: Taken) -> str:
    """What it is that stands in a calendar, and when: “Bringing lunch” Saturday 17 October 9:00."""
    titles = timeline.titles_of(clash.source for clash in taken.clashes)
    said = []
    for clash in taken.clashes:
        title, when = titles.get(clash.source, ""), span(clash.starts_at, clash.ends_at)
        said.append(gettext("“%(title)s” %(when)s") % {"title": title, "when": when} if title else when)
    return gettext("; ").join(said) or gettext("this time")
