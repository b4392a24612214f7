from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "weiyifang.communities"
    label = "communities"
