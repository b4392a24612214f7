from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VolunteeringConfig(AppConfig):
    name = "weiyifang.volunteering"
    label = "volunteering"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.people.parting import says_with
        from weiyifang.people.privacy import exports_with
        from weiyifang.volunteering import history, limits, parting  # noqa: F401  the rule file is read when the program starts
        from weiyifang.volunteering.export import held_on

        exports_with(
            "volunteering",
            _("Volunteering"),
            _("That you help, with what, in which teams. Your words go when you are forgotten; counts stay."),
            held_on,
        )
        says_with(parting.words)
        timeline.name_subjects_with(history.NAMES)
