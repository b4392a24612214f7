"""What this package holds on a person, for their own copy of everything (`people.privacy`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from weiyifang.activities import queries
from weiyifang.activities.models import Activity, Attendance, Enrollment, Excuse, LessonLeave, TeacherPart
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Amount


def held_on(resident: Resident) -> Iterator[dict[str, Any]]:
    """Every enrolment, what was said of dates they missed, lessons they could not come to, every time they came (or
    were voided), left and came back, by whom a child was fetched and who may fetch it, what they taught. The newest
    first, of each.
    """
    for row in (
        Enrollment.objects.filter(resident=resident).select_related("activity", "makes_up__activity").order_by("-id")
    ):
        yield {
            _("activity"): row.activity.title,
            _("enrolled at"): row.enrolled_at,
            _("state"): str(row.get_state_display()),
            _("seats"): row.places,
            _("note"): row.note,
            _("what it is"): row.visit_words,
            _("your answers"): "; ".join(f"{words}: {answer}" for words, answer in row.answers.items()),
        }
    for excuse in (
        Excuse.objects.filter(enrollment__resident=resident).select_related("enrollment__activity").order_by("-id")
    ):
        yield {
            _("activity"): excuse.enrollment.activity.title,
            _("missed, you said"): excuse.words,
            _("state"): str(excuse.get_state_display()),
            _("what was answered"): excuse.answer,
        }
    for leave in (
        LessonLeave.objects.filter(enrollment__resident=resident).select_related("session__activity").order_by("-id")
    ):
        yield {
            _("activity"): leave.session.activity.title,
            _("you could not come on"): leave.session.starts_at,
            _("said at"): leave.asked_at,
            _("taken back at"): leave.ended_at,
        }
    came = Attendance.objects.filter(resident=resident).select_related("session__activity").order_by("-id")
    for visit in came:
        yield {
            _("activity"): visit.session.activity.title,
            _("came at"): visit.happened_at,
            _("counts"): visit.people,
            _("fee"): Amount(visit.fee_fen),
        }
    for passage in queries.passages_of(resident):
        by = passage.guardian or passage.fetcher
        yield {
            _("activity"): passage.session.activity.title,
            str(passage.get_way_display()): passage.happened_at,
            _("with whom"): by.name if by is not None else "",
            _("counts"): -1 if passage.voids_id is not None else 1,
        }
    for who in queries.fetchers_said(resident):
        yield {
            _("may fetch"): who.name,
            _("why"): who.why,
            _("the last day"): who.until,
            _("said at"): who.named_at,
            _("taken back at"): who.ended_at,
        }
    for part in TeacherPart.objects.filter(teacher=resident).select_related("activity").order_by("-id"):
        yield {
            _("activity"): part.activity.title,
            _("your part of a fee"): Amount(part.amount_fen),
            _("noted at"): part.shared_at,
        }
    for taught in Activity.objects.filter(instructor=resident).order_by("-number"):
        yield {
            _("activity"): taught.title,
            _("your part in it"): _("you teach it"),
            _("state"): str(taught.get_state_display()),
        }
