"""What the facts of this package are about, for who reads what happened: the activity, and where it is looked at."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from weiyifang.activities.models import (
    Act,
    Activity,
    Attendance,
    Enrollment,
    Excuse,
    Fetcher,
    LessonLeave,
    Message,
    Passage,
    RunningOrder,
    Session,
    Stall,
    StallCount,
    TeacherPart,
)
from weiyifang.core.tenancy import CommunityModel
from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.core.web.access import anyone, holds
from weiyifang.people.roles import Permission

_plans = holds(Permission.PLAN_ACTIVITIES)


def _called(model: type[CommunityModel], activity: str, session: str | None) -> Names:
    """By the activity's title. `activity`, `session`: the way to them from the model, as a lookup begins."""
    number, route = (f"{activity}number",), "activities:bench_activity"
    date = number if session is None else (*number, f"{session}number")
    bench = Way(route=route if session is None else "activities:bench_session", args=date, rule=_plans)
    shown = Q((f"{activity}published_at__isnull", False))
    return named_by(
        model, f"{activity}title", bench, Way(route="activities:detail", args=number, rule=anyone, only=shown)
    )


NAMES: Mapping[str, Names] = {
    Activity._meta.label_lower: _called(Activity, "", None),
    Session._meta.label_lower: _called(Session, "activity__", ""),
    Enrollment._meta.label_lower: _called(Enrollment, "activity__", "session__"),
    Excuse._meta.label_lower: _called(Excuse, "enrollment__activity__", "enrollment__session__"),
    LessonLeave._meta.label_lower: _called(LessonLeave, "enrollment__activity__", "session__"),
    Passage._meta.label_lower: _called(Passage, "session__activity__", "session__"),
    Fetcher._meta.label_lower: _called(Fetcher, "enrollment__activity__", "enrollment__session__"),
    TeacherPart._meta.label_lower: _called(TeacherPart, "attendance__session__activity__", "attendance__session__"),
    Message._meta.label_lower: named_by(  # by its words: so a notice of it says them, for as long as they stand
        Message,
        "words",
        Way(route="activities:bench_message", args=("session__activity__number", "session__number"), rule=_plans),
    ),
    RunningOrder._meta.label_lower: _called(RunningOrder, "session__activity__", "session__"),
    Stall._meta.label_lower: _called(Stall, "session__activity__", "session__"),
    StallCount._meta.label_lower: _called(StallCount, "stall__session__activity__", "stall__session__"),
    Act._meta.label_lower: named_by(
        Act,
        "title",
        Way(route="activities:bench_act", args=("pk",), rule=_plans),
        Way(
            route="activities:programme",
            args=("order__session__activity__number", "order__session__number"),
            rule=anyone,
            only=Q(order__published_at__isnull=False),
        ),
    ),
    Attendance._meta.label_lower: _called(Attendance, "session__activity__", "session__"),
}
