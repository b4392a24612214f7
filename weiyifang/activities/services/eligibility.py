"""May this resident come? What the activity asks of them, and of the moment; not whether a seat is left."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weiyifang.activities import audiences
from weiyifang.activities.models import Activity, ActivityState, Audience, Session, SessionState
from weiyifang.core import clock
from weiyifang.core.look.wording import as_day, when
from weiyifang.core.refusals import Refused
from weiyifang.people.models import Gender, Resident


class JustCome(Refused):
    """Enrolled where no enrolment is needed."""

    sentence = _("No enrolment needed here: just come.")


class EnrollmentNotOpen(Refused):
    """Too early."""

    sentence = _("Enrolment opens on %(when)s. Come back then, or ask the office to note you down.")


class EnrollmentClosed(Refused):
    """Begun, over, called off, or not shown to all yet."""

    sentence = _("Enrolment is closed for this date. Have a look at the other dates, or call us.")


class EnrollmentOver(Refused):
    """After the hour at which the organizer closed enrolment; those who enrol others still may."""

    sentence = _("Enrolment closed %(when)s. Call us if you still want to come: perhaps it can be done.")


class TooManyPlaces(Refused):
    """More places than one person may take."""

    sentence = _("One person can take %(most)d here at most. For a larger group, call us.")


class PersonKept(Refused):
    """Something about this person keeps them out, whatever the moment."""

    def of(self, resident: Resident) -> str:
        """The sentence, where several are meant: it says who."""
        return str(self)


class TooYoung(PersonKept):
    sentence = _(
        "This is for people from %(age)d years; %(name)s is younger. Call us if you think it should be possible."
    )


class TooOld(PersonKept):
    sentence = _(
        "This is for people up to %(age)d years; %(name)s is older. Call us if you think it should be possible."
    )


class NoLongerHere(PersonKept):
    """Enrolled after they left the community."""

    sentence = _("%(name)s is noted as no longer living here. If that is wrong, the office puts it right first.")


class AudienceDiffers(PersonKept):
    sentence = _("This one is for %(audience)s. Other activities this week are open to everyone.")

    def of(self, resident: Resident) -> str:
        return gettext("%(name)s: %(why)s") % {"name": resident.name, "why": self}


def check_may_come(session: Session, resident: Resident, places: int, *, is_asked_of_desk: bool = False) -> None:
    """Raise the refusal that keeps this resident from enrolling. An unknown birthday or gender keeps nobody out.

    The age is that on the day of the date (of a term: of the lesson they join with), not on the day of asking.
    """
    check_moment(session, places, is_asked_of_desk=is_asked_of_desk)
    check_person(session, resident)


def check_moment(session: Session, places: int, *, is_asked_of_desk: bool = False) -> None:
    """Raise the refusal that keeps everybody from enrolling now, or from taking so many places."""
    activity = session.activity
    if activity.state != ActivityState.PUBLISHED or not is_open(session):
        raise EnrollmentClosed()
    if activity.is_open_door:
        raise JustCome()
    if activity.enrol_from is not None and clock.now() < activity.enrol_from:
        raise EnrollmentNotOpen(when=when(activity.enrol_from))
    closed_at = None if is_asked_of_desk else closes_at(session)
    if closed_at is not None and closed_at <= clock.now():
        raise EnrollmentOver(when=when(closed_at))
    if places > activity.party_size:
        raise TooManyPlaces(most=activity.party_size)


def check_person(session: Session, resident: Resident) -> None:
    """Raise the `PersonKept` that keeps this resident out whatever the moment: the age, the audience."""
    activity = session.activity
    if resident.left_on is not None:
        raise NoLongerHere(name=resident.name)
    day = as_day(session.starts_at)
    youngest, oldest = ages(activity, day)
    age = resident.age_on(day)
    if age is not None and youngest is not None and age < youngest:
        raise TooYoung(age=youngest, name=resident.name)
    if age is not None and oldest is not None and age > oldest:
        raise TooOld(age=oldest, name=resident.name)
    if activity.audience == Audience.WOMEN and resident.gender == Gender.MALE:
        raise AudienceDiffers(audience=Audience.WOMEN.label)


def why_not(session: Session, resident: Resident) -> str:
    """The sentence that keeps this resident out, said before anybody asks; "" when nothing does."""
    try:
        check_person(session, resident)
    except Refused as refused:
        return str(refused)
    return ""


def ages(activity: Activity, day: date) -> tuple[int | None, int | None]:
    """The youngest and oldest who may come that day, in full years; None for no bound.

    What the activity names, else what the rule of that day says of its audience.
    """
    youngest, oldest = audiences.ages(activity.audience, day)
    return (
        activity.min_age if activity.min_age is not None else youngest,
        activity.max_age if activity.max_age is not None else oldest,
    )


def closes_at(session: Session) -> datetime | None:
    """When enrolment closes before the start, of a term before its first lesson; None: when it begins.

    Whoever was offered a seat before may still take it; whoever enrols others still may enrol them.
    """
    activity = session.activity
    if not activity.closes_hours:
        return None
    begins = session.starts_at
    if activity.is_term:
        lessons = Session.objects.filter(activity=activity).exclude(state=SessionState.CANCELLED)
        begins = lessons.aggregate(first=Min("starts_at"))["first"] or begins
    return begins - timedelta(hours=activity.closes_hours)


def is_open(session: Session) -> bool:
    """Can one still enrol? For a session until it begins, for a term while any of its lessons is to come."""
    if session.activity.is_term:
        return Session.objects.to_come().filter(activity=session.activity_id).exists()
    return session.state == SessionState.PLANNED and not session.has_begun
