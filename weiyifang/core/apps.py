from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "weiyifang.core"
    label = "core"

    def ready(self) -> None:
        from django.forms import Field
        from django.urls import register_converter

        from weiyifang.core.look import lunar  # noqa: F401  their checks: of the database, and of rule files
        from weiyifang.core.server import database  # noqa: F401  their checks: of the database, and of rule files
        from weiyifang.core.web.numbers_in_paths import ShortNumber

        register_converter(ShortNumber, "number")

        Field.default_error_messages["required"] = _("Please fill this in.")  # Django's own is office language
