from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalentsConfig(AppConfig):
    name = "weiyifang.talents"
    label = "talents"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.people.privacy import exports_with
        from weiyifang.talents import history, limits  # noqa: F401  the rule file is read when the program starts
        from weiyifang.talents.export import held_on

        exports_with(
            "talents",
            _("Talents"),
            _("What you can do, who asked you, whom you asked. Words go when you are forgotten; counts stay."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
