from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "weiyifang.activities"
    label = "activities"
