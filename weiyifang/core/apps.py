from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "weiyifang.core"
    label = "core"

    def ready(self) -> None:
        from weiyifang.core import database  # noqa: F401  registers its check
