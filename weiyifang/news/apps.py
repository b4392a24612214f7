from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    name = "weiyifang.news"
    label = "news"

    def ready(self) -> None:
        from weiyifang.news.export import held_on
        from weiyifang.people.privacy import exports_with

        exports_with("news", _("News"), held_on)
