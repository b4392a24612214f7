from django.apps import AppConfig


class ReplayConfig(AppConfig):
    name = "weiyifang.replay"
    label = "replay"
