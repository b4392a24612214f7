from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharingConfig(AppConfig):
    name = "weiyifang.sharing"
    label = "sharing"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.files import owners
        from weiyifang.people.privacy import exports_with
        from weiyifang.sharing import allowance, history, rules  # noqa: F401  allowance's rule file is read here
        from weiyifang.sharing.export import held_on

        exports_with(
            "sharing",
            _("Borrowed"),
            _("What you booked, for yourself or for an organization. What for goes when you are forgotten."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
        resource = owners.Owner(may_see=rules.can_see_pictures, is_public=rules.is_public)
        handover = owners.Owner(may_see=rules.can_see_handover)
        owners.shown_with({"sharing.resource": resource, "sharing.handover": handover})
