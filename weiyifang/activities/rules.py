"""Who may do what with an activity. Rights are roles' permissions, within the organization that puts it on."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from weiyifang.activities.models import Activity, Enrollment
from weiyifang.core.actors import Actor
from weiyifang.organizations import queries as organizations
from weiyifang.people.roles import Permission
from weiyifang.people.rules import acts_for


def can_plan_for(actor: Actor, organizer: str) -> bool:
    """Plan something in the name of `organizer` (a source; "" is the committee, for those who may plan everywhere)."""
    return actor.may(Permission.PLAN_ACTIVITIES, within=organizer)


def can_manage(actor: Actor, activity: Activity) -> bool:
    """Edit, publish, add dates, call off."""
    return can_plan_for(actor, activity.organizer)


def can_take_stall(actor: Actor, activity: Activity, organization: str) -> bool:
    """Take a stall of this market for an organization, or give it back: its leader, and whoever runs the market."""
    return can_manage(actor, activity) or (organization != "" and can_plan_for(actor, organization))


def can_enrol_others(actor: Actor, activity: Activity) -> bool:
    """Enrol and cancel for anybody: at the desk, on the phone."""
    return actor.may(Permission.ENROL_OTHERS, within=activity.organizer)


def can_check_in(actor: Actor, activity: Activity) -> bool:
    """See the list at the door and tick it."""
    return actor.may(Permission.CHECK_IN, within=activity.organizer)


def can_see_lessons(actor: Actor, activity: Activity) -> bool:
    """See what a class adds up to: its teacher, and whoever keeps it."""
    teaches = actor.resident_id is not None and actor.resident_id == activity.instructor_id
    return teaches or can_manage(actor, activity)


def can_enrol(actor: Actor, activity: Activity, resident_id: UUID) -> bool:
    """Enrol or cancel this resident here: oneself, whom one is guardian or proxy of, or anybody at the desk."""
    return can_enrol_others(actor, activity) or acts_for(actor, resident_id)


def members_led(actor: Actor, organization: str) -> frozenset[UUID]:
    """The residents who belong to this organization (a source), if the actor keeps its members; else nobody."""
    found = organizations.led(actor, organization)
    return (
        frozenset() if found is None else frozenset(organizations.members_of(found).values_list("resident", flat=True))
    )


def can_give_back(actor: Actor, enrollment: Enrollment) -> bool:
    """Give back what this enrolment has: whoever may cancel it, and a leader who enrolled a member themselves."""
    if can_enrol(actor, enrollment.activity, enrollment.resident_id):
        return True
    did_it = actor.account_id is not None and actor.account_id == enrollment.enrolled_by_id
    return did_it and organizations.keeps_as_member(actor, enrollment.resident_id)


def can_see_enrollment(actor: Actor, enrollment: Enrollment) -> bool:
    return can_check_in(actor, enrollment.activity) or can_give_back(actor, enrollment)


def can_see(actor: Actor, activity: Activity) -> bool:
    """What was never shown is seen by those who prepare it, everything else by everyone."""
    return activity.published_at is not None or can_manage(actor, activity)


def is_public(pk: UUID) -> bool:
    """May everybody see this activity, and so its picture, now?"""
    return Activity.objects.shown().filter(pk=pk).exists()


def can_see_pictures(pk: UUID, actor: Actor) -> bool:
    """Whoever sees the activity."""
    activity = Activity.objects.filter(pk=pk).first()
    return activity is not None and can_see(actor, activity)


def visible_to(actor: Actor) -> QuerySet[Activity]:
    """As `can_see`, for lists."""
    scopes = actor.scopes(Permission.PLAN_ACTIVITIES)
    if scopes is None:
        return Activity.objects.all()
    return Activity.objects.filter(Q(published_at__isnull=False) | Q(organizer__in=scopes))


def manageable_by(actor: Actor, permission: str = Permission.PLAN_ACTIVITIES) -> QuerySet[Activity]:
    """The activities `permission` holds for."""
    scopes = actor.scopes(permission)
    return Activity.objects.all() if scopes is None else Activity.objects.filter(organizer__in=scopes)
