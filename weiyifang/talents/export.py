"""What this package holds on one person: part of the person's own export."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record
from weiyifang.talents.models import Talent, TalentRequest, Thanks


def held_on(resident: Resident) -> Iterable[Record]:
    """What they put down, what they were asked and what they asked, and the thanks for it, past ones too."""
    for row in Talent.objects.filter(resident=resident).order_by("-since", "-id"):
        yield {
            _("what you can do"): row.what,
            _("in your own words"): row.words,
            _("topics"): row.topic_names,
            _("can be asked at the moment"): row.takes_requests,
            _("since"): row.since,
            _("until"): row.until,
        }
    rows = TalentRequest.objects.filter(Q(talent__resident=resident) | Q(resident=resident))
    for one in rows.select_related("talent").order_by("-asked_at", "-id"):
        is_asked = one.talent.resident_id == resident.pk
        yield {
            _("your part in it"): _("you were asked") if is_asked else _("you asked"),
            _("what for"): one.what,
            _("where"): one.place,
            _("when"): one.when,
            _("state"): one.get_state_display(),
            _("answer"): one.answer,
            _("the other one may have your phone"): one.talent_phone if is_asked else one.asker_phone,
        }
    thanks = Thanks.objects.filter(Q(request__talent__resident=resident) | Q(request__resident=resident))
    for word in thanks.select_related("request__talent").order_by("-written_at", "-id"):
        is_thanked = word.request.talent.resident_id == resident.pk
        yield {
            _("your part in it"): _("you were thanked") if is_thanked else _("you gave thanks"),
            _("words"): word.words,
            _("state"): word.get_state_display(),
            _("your name stands under it"): None if is_thanked else word.is_named,
        }
