from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "weiyifang.files"
    label = "files"

    def ready(self) -> None:
        from weiyifang.files import export, owners, proofs
        from weiyifang.people.privacy import exports_with

        owners.shown_with(proofs.OWNERS)
        exports_with(
            "papers",
            _("Papers that show who acts for whom"),
            _("They lie sealed at the office, which says why each time it looks. Gone when one of you is forgotten."),
            export.held_on,
        )
