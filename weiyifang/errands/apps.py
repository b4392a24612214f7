from __future__ import annotations

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    name = "weiyifang.errands"
    label = "errands"

    def ready(self) -> None:
        from weiyifang.core import long_work, timeline
        from weiyifang.errands import history, terms  # noqa: F401  the rule file is read when the program starts
        from weiyifang.errands.carrier import take_over

        long_work.carried_by(take_over)
        timeline.name_subjects_with(history.NAMES)
