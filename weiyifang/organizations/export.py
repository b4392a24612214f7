"""What organizations hold on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.organizations.models import JoinRequest, Membership, Organization
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record


def held_on(resident: Resident) -> Iterable[Record]:
    """What they lead, memberships, past ones too, and requests to join."""
    for led in Organization.objects.filter(leader=resident).order_by("-number"):
        yield {_("organization"): led.name, _("your part in it"): _("you lead it")}
    for one in Membership.objects.filter(resident=resident).select_related("organization").order_by("-since", "-id"):
        yield {
            _("organization"): one.organization.name,
            _("task"): one.title,
            _("since"): one.since,
            _("until"): one.until,
        }
    for asked in JoinRequest.objects.filter(resident=resident).select_related("organization").order_by("-asked_at"):
        yield {
            _("organization"): asked.organization.name,
            _("your part in it"): _("you asked to join"),
            _("words"): asked.words,
            _("asked at"): asked.asked_at,
            _("state"): asked.get_state_display(),
            _("answer"): asked.answer,
        }
