from django.apps import AppConfig


class ReactionsConfig(AppConfig):
    name = "weiyifang.reactions"
    label = "reactions"

    def ready(self) -> None:
        from weiyifang.core.events import wire
        from weiyifang.reactions.table import REACTIONS

        wire(REACTIONS)
