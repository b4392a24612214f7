from django.apps import AppConfig


class ReactionsConfig(AppConfig):
    name = "weiyifang.reactions"
    label = "reactions"

    def ready(self) -> None:
        from weiyifang.core.events import wire
        from weiyifang.notices.kinds import register
        from weiyifang.reactions import notices
        from weiyifang.reactions.notice_kinds import KINDS
        from weiyifang.reactions.table import REACTIONS

        register(KINDS)
        wire(REACTIONS, told_last=notices.__name__)
