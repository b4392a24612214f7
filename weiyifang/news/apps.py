from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "weiyifang.news"
    label = "news"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.files import owners
        from weiyifang.news import history, rules
        from weiyifang.news.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with(
            "news",
            _("News"),
            _("What you wrote. It stays as it was published. What you read is counted without names."),
            held_on,
        )
        timeline.name_subjects_with(history.NAMES)
        article = owners.Owner(may_see=rules.can_see_pictures, is_public=rules.is_public)
        owners.shown_with({"news.article": article})
