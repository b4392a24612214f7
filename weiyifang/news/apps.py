from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "weiyifang.news"
    label = "news"
