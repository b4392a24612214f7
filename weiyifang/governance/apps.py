from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "weiyifang.governance"
    label = "governance"
