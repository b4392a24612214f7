from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutreachConfig(AppConfig):
    name = "weiyifang.outreach"
    label = "outreach"

    def ready(self) -> None:
        from weiyifang.core import long_work, timeline
        from weiyifang.outreach import history, in_bulk, limits  # noqa: F401  the rule file is read when the program starts
        from weiyifang.outreach.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with(
            "outreach",
            _("Visits, calls and needs"),
            _("When somebody came or called, and what you need if you agreed to that. It goes when you are forgotten."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
        long_work.register(in_bulk.KINDS)
