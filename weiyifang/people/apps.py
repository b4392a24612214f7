from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "weiyifang.people"
    label = "people"
