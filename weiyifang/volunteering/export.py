"""What volunteering holds on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record
from weiyifang.volunteering import services
from weiyifang.volunteering.models import (
    Belonging,
    Certificate,
    HelpRequest,
    Hours,
    Slot,
    Team,
    TimeGift,
    TimeHeir,
    Volunteer,
    YearPaper,
)


def held_on(resident: Resident) -> Iterable[Record]:
    """The teams they lead, what they signed up with, their teams and papers, past ones too."""
    for led in Team.objects.filter(leader=resident).order_by("-number"):
        yield {_("service team"): led.name, _("your part in it"): _("you lead it")}
    for one in Volunteer.objects.filter(resident=resident).order_by("-since", "-id"):
        yield {
            _("what you can do"): one.skill_names,
            _("words"): one.words,
            _("when you have time"): one.time_names,
            _("may be named in public"): one.is_named,
            _("since"): one.since,
            _("until"): one.until,
        }
    places = Belonging.objects.filter(volunteer__resident=resident).select_related("team").order_by("-since", "-id")
    for place in places:
        yield {_("service team"): place.team.name, _("since"): place.since, _("until"): place.until}
    slots = Slot.objects.filter(volunteer__resident=resident).select_related("shift__team", "need")
    for slot in slots.order_by("-taken_at", "-id"):
        yield {
            _("shift"): slot.shift.what,
            _("service team"): slot.shift.team.name,
            _("when"): slot.shift.when,
            _("task"): slot.need.role,
            _("state"): slot.get_state_display(),
            _("did not come"): slot.missed,
        }
    hours = Hours.objects.filter(volunteer__resident=resident).select_related("slot__shift")
    for row in hours.order_by("-came_at", "-id"):
        yield {
            _("hours"): row.slot.shift.what,
            _("when"): row.when,
            _("minutes worked"): row.minutes,
            _("minutes credited"): row.credited,
            _("state"): row.get_state_display(),
            _("why it does not count"): row.why,
        }
    requests = HelpRequest.objects.filter(resident=resident)
    for request in requests.order_by("-asked_at", "-id"):
        yield {
            _("asked for help with"): request.kind_name,
            _("when"): request.when,
            _("where"): request.place,
            _("words"): request.remark,
            _("state"): request.get_state_display(),
            _("why nobody was found"): request.why,
        }
    for issued in YearPaper.objects.filter(resident=resident).order_by("-issued_on", "-id"):
        yield {
            _("paper about a year's hours"): issued.number,
            _("year"): issued.year,
            _("minutes worked"): issued.minutes,
            _("issued on"): issued.issued_on,
        }
    yield from _time_bank(resident)
    papers = Certificate.objects.filter(volunteer__resident=resident).order_by("-seen_on", "-id")
    for paper in papers:
        yield {
            _("certificate"): paper.kind_name,
            _("holds until"): paper.valid_until,
            _("seen on"): paper.seen_on,
            _("struck out on"): paper.struck_on,
        }


def _time_bank(resident: Resident) -> Iterable[Record]:
    """What they gave on and were given, and who is to have the rest."""
    gifts = TimeGift.objects.filter(Q(giver=resident) | Q(receiver=resident)).select_related("giver", "receiver")
    for gift in gifts.order_by("-given_at", "-id"):
        yield {
            _("time given on, from"): services.called(gift.giver),
            _("to"): services.called(gift.receiver),
            _("minutes"): gift.minutes,
            _("left behind"): gift.is_left,
            _("when"): gift.given_at,
            _("state"): gift.get_state_display(),
            _("why it was taken back"): gift.back_why,
        }
    for heir in TimeHeir.objects.filter(giver=resident).select_related("receiver"):
        yield {_("who gets saved time, should you leave"): services.called(heir.receiver), _("when"): heir.named_at}
