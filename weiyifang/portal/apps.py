from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "weiyifang.portal"
    label = "portal"
