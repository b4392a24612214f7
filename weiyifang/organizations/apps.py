from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "weiyifang.organizations"
    label = "organizations"

    def ready(self) -> None:
        from weiyifang.organizations.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with("organizations", _("Organizations"), held_on)
