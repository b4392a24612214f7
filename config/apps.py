from django.contrib.admin.apps import AdminConfig


class RegistersConfig(AdminConfig):
    """Django admin, with our own site."""

    default_site = "config.registers.Registers"
