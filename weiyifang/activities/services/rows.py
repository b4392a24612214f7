"""The rows of enrolments: made in memory, written many at a time, and what every fact says of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from weiyifang.activities import events
from weiyifang.activities.models import Activity, Enrollment, EnrollmentState, Session
from weiyifang.core import clock, prepared
from weiyifang.core.actors import Actor
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import current_community_id, source_of
from weiyifang.people.models import Resident


def hold_classes(ids: Iterable[UUID]) -> list[Activity]:
    """These activities, until the transaction ends: whoever visits lessons of theirs does so one after the other."""
    return list(Activity.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("id"))


_NOTE: Any = Enrollment._meta.get_field("note")  # rows are written past Django, which would clean it


def new_enrollment(
    session: Session,
    resident: Resident,
    places: int,
    note: str,
    state: EnrollmentState,
    *,
    answers: Mapping[str, str] | None = None,
    by: Actor,
) -> Enrollment:
    """An enrolment as it will be written.

    `answers`: what they say to the activity's questions; None: they were not asked. Raises what
    `Questions.answered` raises.
    """
    activity = session.activity
    return Enrollment(
        id=new_id(),
        community_id=current_community_id(),
        activity=activity,
        session=None if activity.is_term else session,
        resident=resident,
        places=places,
        fee_fen=0 if activity.is_term else activity.fee_fen * places,
        note=_NOTE.cleaned(note),
        answers={} if answers is None else activity.questions.answered(answers),
        state=state,
        enrolled_by_id=by.account_id,
        enrolled_at=clock.now(),
    )


_INSERT = """
    INSERT INTO activities_enrollment
        (id, community_id, activity_id, session_id, resident_id, places, fee_fen, note, answers, state,
         enrolled_by_id, enrolled_at)
    SELECT row.id, a.community_id, a.id, %(session)s::uuid, row.resident_id, row.places, row.fee_fen, row.note,
           row.answers, %(state)s::text, row.by, row.at
      FROM json_to_recordset(%(rows)s::json)
        AS row (id uuid, resident_id uuid, places int, fee_fen int, note text, answers jsonb, by uuid,
                at timestamptz)
      JOIN activities_activity a ON a.community_id = %(community)s::bigint AND a.id = %(activity)s::uuid
       AND a.state = 'published'
     WHERE %(session)s::uuid IS NULL OR EXISTS (
           SELECT FROM activities_session s
            WHERE s.community_id = %(community)s::bigint AND s.id = %(session)s::uuid AND s.state = 'planned')
    ON CONFLICT DO NOTHING RETURNING id"""


def write(new: Sequence[Enrollment]) -> list[UUID]:
    """Write enrolments of one session whose places are claimed; return the ids written.

    Left out is who is enrolled already. Nobody is written when the session was called off meanwhile: whoever calls it
    off waits for its pool, and so sees every row written before.
    """
    first = new[0]
    rows = [
        {
            "id": row.pk,
            "resident_id": row.resident_id,
            "places": row.places,
            "fee_fen": row.fee_fen,
            "note": row.note,
            "answers": row.answers,
            "by": row.enrolled_by_id,
            "at": row.enrolled_at,
        }
        for row in new
    ]
    values: dict[str, Any] = {
        "rows": prepared.recordset(rows),
        "state": str(first.state),
        "community": first.community_id,
        "activity": first.activity_id,
        "session": first.session_id,
    }
    written = [pk for (pk,) in prepared.execute(_INSERT, values)]
    for row in new:
        row._state.adding = False
    return written


def about(enrollment: Enrollment, session: Session | None) -> dict[str, Any]:
    """What every fact about an enrolment says."""
    return {
        "subject": source_of(enrollment),
        "activity_id": enrollment.activity_id,
        "resident_id": enrollment.resident_id,
        "title": enrollment.activity.title,
        "starts_at": session.starts_at if session is not None else None,
        "places": enrollment.places,
    }


def confirmed(
    enrollment: Enrollment, session: Session | None, *, had_waited: bool = False
) -> events.EnrollmentConfirmed:
    return events.EnrollmentConfirmed(**about(enrollment, session), fee_fen=enrollment.fee_fen, had_waited=had_waited)
