from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    name = "weiyifang.calendars"
    label = "calendars"

    def ready(self) -> None:
        from weiyifang.calendars import history
        from weiyifang.calendars.export import held_on
        from weiyifang.core import timeline
        from weiyifang.people.privacy import exports_with

        exports_with(
            "calendars",
            _("Calendars"),
            _("That your phone fetches your calendar, and on which day it last did. It ends when you are forgotten."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
