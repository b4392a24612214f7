"""The pages of one's own account stand in the community's house, in its words, with the way back."""

from __future__ import annotations

import pytest
from django.utils import translation

from weiyifang.people import browsers
from weiyifang.people.testing import ClientOf

WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; 22041216C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 "
    "Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.47.2560(0x28002F51) WeChat/arm64 NetType/WIFI Language/zh_CN"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 "
    "Safari/537.36 Edg/124.0.0.0"
)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (WECHAT, "安卓手机 · 微信"),
        (SAFARI, "iPhone · Safari"),
        (EDGE, "Windows 电脑 · Edge"),
        ("", "别的设备 · 别的浏览器"),
    ],
)
def test_a_device_is_called_what_its_owner_calls_it(says: str, words: str) -> None:
    with translation.override("zh-hans"):
        assert browsers.words(says) == words


@pytest.mark.parametrize("page", ["sessions/", "phone/change/", "2fa/", "logout/"])
def test_ones_account_stands_in_the_house_with_a_way_back(client_of: ClientOf, page: str) -> None:
    browser = client_of("resident")
    browser.defaults["HTTP_USER_AGENT"] = WECHAT
    said = browser.get(f"/accounts/{page}", follow=True).content.decode()
    dock = said[said.index('<nav class="dock"') :].partition("</nav>")[0]
    assert 'href="/c/nanhu/me/"' in dock
    assert 'href="tel:' in dock
    assert 'class="crumb" href="/c/nanhu/me/details/"' in said or "reauthenticate" in said
    assert "会话" not in said


def test_the_devices_are_named_and_no_browsers_signs_shown(client_of: ClientOf) -> None:
    browser = client_of("resident")
    browser.defaults["HTTP_USER_AGENT"] = WECHAT
    browser.get("/accounts/sessions/")
    said = browser.get("/accounts/sessions/").content.decode()
    assert "登录过的设备" in said
    assert "AppleWebKit" not in said


def test_who_signs_in_stays_in_the_house_they_came_from(client_of: ClientOf) -> None:
    said = client_of("visitor").get("/accounts/login/?next=/c/neighbour/me/").content.decode()
    assert 'href="/c/neighbour/activities/"' in said
    assert '<nav class="dock"' not in client_of("visitor").get("/accounts/login/").content.decode()


def test_nobody_is_sent_to_a_mail_address_nobody_has(client_of: ClientOf) -> None:
    for page in ("password/reset/", "email/", "confirm-email/"):
        answer = client_of("visitor").get(f"/accounts/{page}")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/code/")
