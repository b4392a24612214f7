"""What a browser is called by the person who holds it: `安卓手机 · 微信` for four lines of signs.

Only to recognise one's own devices in a list: what a browser says of itself proves nothing. The first sign found
counts, so whoever pretends to be another stands before it.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DEVICES: dict[str, str | Promise] = {
    "iPad": "iPad",
    "iPhone": "iPhone",
    "HarmonyOS": gettext_lazy("a HarmonyOS phone"),
    "OpenHarmony": gettext_lazy("a HarmonyOS phone"),
    "Android": gettext_lazy("an Android phone"),
    "Windows": gettext_lazy("a Windows computer"),
    "Macintosh": gettext_lazy("an Apple computer"),
    "Linux": gettext_lazy("a Linux computer"),
}
BROWSERS: dict[str, str | Promise] = {
    "MicroMessenger": gettext_lazy("WeChat"),
    "AlipayClient": gettext_lazy("Alipay"),
    "QQBrowser": gettext_lazy("QQ Browser"),
    "UCBrowser": gettext_lazy("UC Browser"),
    "HuaweiBrowser": gettext_lazy("Huawei's browser"),
    "MiuiBrowser": gettext_lazy("Xiaomi's browser"),
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


def words(user_agent: str) -> str:
    """The device and the browser, as far as the browser says."""
    device = next((str(name) for sign, name in DEVICES.items() if sign in user_agent), _("another device"))
    browser = next((str(name) for sign, name in BROWSERS.items() if sign in user_agent), _("another browser"))
    return f"{device} · {browser}"
