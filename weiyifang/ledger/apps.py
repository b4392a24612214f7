from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "weiyifang.ledger"
    label = "ledger"
