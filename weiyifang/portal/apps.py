from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "weiyifang.portal"
    label = "portal"

    def ready(self) -> None:
        from weiyifang.core.web.own import fill_with
        from weiyifang.core.web.pages import furnish_with
        from weiyifang.portal.chrome import furnish
        from weiyifang.portal.own import OWN

        furnish_with(furnish)
        fill_with(OWN)
