from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StageConfig(AppConfig):
    name = "weiyifang.stage"
    label = "stage"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.people.privacy import exports_with
        from weiyifang.stage import history, shares  # noqa: F401  the rule file is read when the program starts
        from weiyifang.stage.export import held_on

        exports_with(
            "stage",
            _("Shows"),
            _("Which shows you were in, and your part of what was paid. When you are forgotten, sums stay."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
