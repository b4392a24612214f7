from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "weiyifang.people"
    label = "people"

    def ready(self) -> None:
        from weiyifang.core import care
        from weiyifang.core.models import name_actors_with
        from weiyifang.people import codes, limits, preferences, queries

        limits.instead_of_allauth()
        codes.instead_of_allauth()
        name_actors_with(queries.names_of)
        care.remember_with(preferences.recall, preferences.remember)
