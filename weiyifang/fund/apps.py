from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundConfig(AppConfig):
    name = "weiyifang.fund"
    label = "fund"

    def ready(self) -> None:
        from weiyifang.core import long_work, timeline
        from weiyifang.files import owners
        from weiyifang.fund import history, papers, statement
        from weiyifang.fund.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with(
            "fund",
            _("Fund"),
            _("What you gave, and what you asked to be paid. Books are kept by law; your name goes from your gifts."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
        long_work.register(statement.KINDS)
        owners.shown_with(papers.OWNERS)
