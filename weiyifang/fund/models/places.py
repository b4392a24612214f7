from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """How the money changed hands; decides which money account it lies in."""

    BANK = "bank", _("bank transfer")
    WECHAT = "wechat", _("WeChat")
    CASH = "cash", _("cash")


PLACE = {Method.BANK: _("the bank"), Method.WECHAT: _("WeChat"), Method.CASH: _("the cash box")}
# where money lies: the account behind each way to pay
MONEY_ACCOUNT = {Method.BANK: "1002", Method.WECHAT: "1009", Method.CASH: "1001"}
