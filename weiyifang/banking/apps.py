from __future__ import annotations

from django.apps import AppConfig


class BankingConfig(AppConfig):
    name = "weiyifang.banking"
    label = "banking"

    def ready(self) -> None:
        from weiyifang.banking import history, in_bulk, shapes  # noqa: F401  the shapes are read when the program starts
        from weiyifang.core import long_work, timeline

        timeline.name_subjects_with(history.NAMES)
        long_work.register(in_bulk.KINDS)
