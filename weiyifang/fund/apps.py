from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "weiyifang.fund"
    label = "fund"
