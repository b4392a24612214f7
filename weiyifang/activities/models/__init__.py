"""Tables, their promises, their states and the moves between them."""

from weiyifang.activities.audiences import Audience
from weiyifang.activities.models.acts import STAGED, Act, RunningOrder
from weiyifang.activities.models.drawing import Draw
from weiyifang.activities.models.lessons import LessonLeave, TeacherPart
from weiyifang.activities.models.missed import EXCUSE_FLOW, Excuse, ExcuseState
from weiyifang.activities.models.passages import Fetcher, Passage, Way
from weiyifang.activities.models.people import (
    ENROLLMENT_FLOW,
    LIVE,
    Attendance,
    AttendanceQuerySet,
    Enrollment,
    EnrollmentQuerySet,
    EnrollmentState,
    Message,
    Method,
    Whom,
)
from weiyifang.activities.models.programme import (
    ACTIVITY_FLOW,
    SESSION_FLOW,
    Activity,
    ActivityQuerySet,
    ActivityState,
    Cover,
    Leaving,
    Mode,
    Session,
    SessionQuerySet,
    SessionState,
)
from weiyifang.activities.models.stalls import CountState, Stall, StallCount

__all__ = [
    "ACTIVITY_FLOW",
    "ENROLLMENT_FLOW",
    "EXCUSE_FLOW",
    "LIVE",
    "SESSION_FLOW",
    "STAGED",
    "Act",
    "Activity",
    "ActivityQuerySet",
    "ActivityState",
    "Attendance",
    "AttendanceQuerySet",
    "Audience",
    "CountState",
    "Cover",
    "Draw",
    "Enrollment",
    "EnrollmentQuerySet",
    "EnrollmentState",
    "Excuse",
    "ExcuseState",
    "Fetcher",
    "Leaving",
    "LessonLeave",
    "Message",
    "Method",
    "Mode",
    "Passage",
    "RunningOrder",
    "Session",
    "SessionQuerySet",
    "SessionState",
    "Stall",
    "StallCount",
    "TeacherPart",
    "Way",
    "Whom",
]
