"""A whole programme at once, from a file: drafts with their dates, shown together, or taken back together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.activities import rules
from weiyifang.activities.models import Activity, ActivityState, Attendance, Enrollment
from weiyifang.activities.services import dates, planning
from weiyifang.activities.services.dates import Date
from weiyifang.activities.services.planning import Details
from weiyifang.core.actors import Actor
from weiyifang.core.events import announced_together
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import Refused
from weiyifang.core.web.access import require


class SomebodyEnrolled(Refused):
    """An import was to be taken back of which people have places already."""

    sentence = gettext_lazy(
        "People have enrolled for “%(title)s” already, so the import can no longer be taken back as a whole. Call off "
        "what is not to be, one by one."
    )


@dataclass(frozen=True, kw_only=True)
class Brought:
    """One activity of a file, with its dates."""

    details: Details
    dates: Sequence[Date]


@transaction.atomic
def bring(*, wanted: Sequence[Brought], by: Actor) -> UUID:
    """Drafts of all of them with their dates, or nothing. Returns what they are known by as one import.

    Raises what `plan` and `add_session` raise, and announces what they do.
    """
    brought_in, by = new_id(), by.without_marks()
    with announced_together():
        for one in wanted:
            made = planning.plan(by=by, **one.details)
            Activity.objects.filter(pk=made.pk).update(brought_in=brought_in)
            dates.follow(activity=made, new=one.dates, moves=(), off=(), reason="", by=by)
    return brought_in


@transaction.atomic
def publish_brought(*, brought_in: UUID, by: Actor) -> int:
    """Show all drafts of an import that have a date to come; returns how many. Announces `ActivityPublished`."""
    shown, by = 0, by.without_marks()  # all as they are, whatever a page showed of some
    for activity in _held(brought_in, by):
        if activity.state == ActivityState.DRAFT and dates.has_date_to_come(activity):
            planning.publish(activity=activity, by=by)
            shown += 1
    return shown


@transaction.atomic
def take_back(*, brought_in: UUID, by: Actor) -> int:
    """Call off what an import brought, as long as nobody has enrolled or come; returns how many activities.

    Raises `SomebodyEnrolled`, and then nothing is called off. Announces `ActivityCancelled` for each.
    """
    by = by.without_marks()
    found = [one for one in _held(brought_in, by) if one.state in {ActivityState.DRAFT, ActivityState.PUBLISHED}]
    came = Attendance.objects.filter(session__activity__in=found).values_list("session__activity_id", flat=True)
    rows = Enrollment.objects.filter(activity__in=found)
    _refuse_any(found, {*came, *rows.live().values_list("activity_id", flat=True)})
    ended = {*rows.values_list("activity_id", "pk", "cancelled_at")}
    for one in found:
        planning.cancel(activity=one, reason=_("The file it came from was taken back."), by=by)
    # whoever enrolled since was called off with it: then nothing is called off
    _refuse_any(
        found, {activity for activity, *_of in {*rows.values_list("activity_id", "pk", "cancelled_at")} - ended}
    )
    return len(found)


def _refuse_any(found: Sequence[Activity], in_use: Collection[UUID]) -> None:
    for one in found:
        if one.pk in in_use:
            raise SomebodyEnrolled(title=one.title)


def _held(brought_in: UUID, by: Actor) -> list[Activity]:
    rows = list(Activity.objects.filter(brought_in=brought_in).select_for_update(no_key=True).order_by("id"))
    for one in rows:
        require(rules.can_manage(by, one))
    return rows
