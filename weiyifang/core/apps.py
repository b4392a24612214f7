from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "weiyifang.core"
    label = "core"
