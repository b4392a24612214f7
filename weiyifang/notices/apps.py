from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "weiyifang.notices"
    label = "notices"

    def ready(self) -> None:
        from weiyifang.notices import routing  # noqa: F401  its rule file is read at the start
        from weiyifang.notices.export import held_on
        from weiyifang.notices.queries import is_new_to
        from weiyifang.people.actors import note_news_with
        from weiyifang.people.privacy import exports_with

        note_news_with(is_new_to)
        exports_with(
            "notices",
            _("Messages to you"),
            _("What you were told, and by which way. Kept for half a year, and gone when you are forgotten."),
            held_on,
        )
