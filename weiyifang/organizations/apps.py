from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "weiyifang.organizations"
    label = "organizations"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.files import owners
        from weiyifang.organizations import history, papers, rules
        from weiyifang.organizations.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with(
            "organizations",
            _("Organizations"),
            _("What you lead, belong and asked to belong to. Your words go when you are forgotten."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
        organization = owners.Owner(may_see=rules.can_see_pictures, is_public=rules.is_public)
        owners.shown_with({"organizations.organization": organization, **papers.OWNERS})
