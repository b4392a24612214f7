from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    name = "weiyifang.activities"
    label = "activities"

    def ready(self) -> None:
        from weiyifang.activities.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with("activities", _("Activities"), held_on)
