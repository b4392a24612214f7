from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "weiyifang.grants"
    label = "grants"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.grants import history
        from weiyifang.grants.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with(
            "grants", _("Running grants"), _("Appeals you made for an organization, with the answers."), held_on
        )
        timeline.name_subjects_with(history.NAMES)
