from __future__ import annotations

from django.apps import AppConfig


class WechatPayConfig(AppConfig):
    name = "weiyifang.wechat_pay"
    label = "wechat_pay"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.wechat_pay import history

        timeline.name_subjects_with(history.NAMES)
