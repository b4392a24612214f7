from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from weiyifang.core.actors import Actor
    from weiyifang.people.models import Resident


def _desk(resident: Resident, actor: Actor) -> tuple[str, str] | None:
    from weiyifang.activities.workbench_desk import link_for  # pages are read with the addresses, not before

    return link_for(resident, actor)


class ActivitiesConfig(AppConfig):
    name = "weiyifang.activities"
    label = "activities"

    def ready(self) -> None:
        from weiyifang.activities import closing, door, history, in_bulk, rules, visits  # noqa: F401  rule files are read here
        from weiyifang.activities.export import held_on
        from weiyifang.core import long_work, timeline
        from weiyifang.files import owners
        from weiyifang.people import ways
        from weiyifang.people.privacy import exports_with

        exports_with(
            "activities",
            _("Activities"),
            _("What you signed up for, came to and taught. Kept for the counts; your notes go when you are forgotten."),
            held_on,
        )
        ways.add(_desk)
        timeline.name_subjects_with(history.NAMES)
        activity = owners.Owner(may_see=rules.can_see_pictures, is_public=rules.is_public)
        owners.shown_with({"activities.activity": activity})
        long_work.register(in_bulk.KINDS)
