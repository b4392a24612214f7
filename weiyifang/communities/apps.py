from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "weiyifang.communities"
    label = "communities"

    def ready(self) -> None:
        from weiyifang.communities import history, queries
        from weiyifang.core import dated, timeline

        dated.own_with(queries.own_values)
        timeline.name_subjects_with(history.NAMES)
