from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "weiyifang.core"
    label = "core"

    def ready(self) -> None:
        from django.forms import Field

        from weiyifang.core import database  # noqa: F401  registers its check

        Field.default_error_messages["required"] = _("Please fill this in.")  # Django's own is office language
