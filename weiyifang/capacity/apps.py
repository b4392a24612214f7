from django.apps import AppConfig


class CapacityConfig(AppConfig):
    name = "weiyifang.capacity"
    label = "capacity"
