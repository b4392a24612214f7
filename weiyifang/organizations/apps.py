from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "weiyifang.organizations"
    label = "organizations"
