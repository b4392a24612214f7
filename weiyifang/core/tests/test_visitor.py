"""Nobody chooses the address they are known by."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from weiyifang.core.web.visitor import settle

OURS = "10.0.0.1"  # the proxy at the other end of the connection


def known_as(**environ: Any) -> str:
    environ = {"REMOTE_ADDR": OURS, **environ}
    settle(environ)
    assert not [name for name in environ if "FORWARDED" in name or name.endswith("_IP")]
    return str(environ["REMOTE_ADDR"])


@pytest.mark.parametrize("name", ["X_FORWARDED_FOR", "FORWARDED", "X_REAL_IP", "CLIENT_IP", "X_FORWARDED_HOST"])
def test_without_a_proxy_of_ours_a_request_says_nothing_about_its_address(name: str) -> None:
    assert known_as(**{f"HTTP_{name}": "203.0.113.7"}) == OURS


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("6.6.6.6,203.0.113.7", "203.0.113.7"),  # two headers of one name, as a server joins them
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7:52100", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0::7", "2001:db8::7"),
        ("[2001:db8::7]:52100", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("fe80::7%eth0", "fe80::7"),
        ("", OURS),
        ("203.0.113.7,", OURS),
        ("unknown", OURS),
        ("203.0.113.7; DROP TABLE", OURS),
        ("203.0.113.777", OURS),
        ("１.２.３.４", OURS),
    ],
)
def test_the_last_address_is_the_one_our_proxy_said(said: str, address: str) -> None:
    with override_settings(PROXIES=1):
        assert known_as(HTTP_X_FORWARDED_FOR=said) == address


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.2", OURS),  # came past the first of them
    ],
)
def test_of_two_proxies_the_first_one_knows(said: str, address: str) -> None:
    with override_settings(PROXIES=2):
        assert known_as(HTTP_X_FORWARDED_FOR=said) == address


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("for=203.0.113.7", "203.0.113.7"),
        ('for="[2001:db8::7]:52100";proto=https;by=10.0.0.1', "2001:db8::7"),
        ("proto=https; For=203.0.113.7", "203.0.113.7"),
        ('for=6.6.6.6, for="203.0.113.7"', "203.0.113.7"),
        ('for="6.6.6.6, for=7.7.7.7", for=203.0.113.7', "203.0.113.7"),
        ("for=2001:db8::7", "2001:db8::7"),  # nginx writes no quotes by itself
        ("for=_hidden", OURS),
        ("203.0.113.7", OURS),
        ("", OURS),
    ],
)
def test_forwarded_is_read_as_its_standard_says(said: str, address: str) -> None:
    with override_settings(PROXIES=1, PROXY_HEADER="Forwarded"):
        assert known_as(HTTP_FORWARDED=said, HTTP_X_FORWARDED_FOR="6.6.6.6") == address


def test_one_header_is_believed_and_never_the_other() -> None:
    with override_settings(PROXIES=1):
        assert known_as(HTTP_FORWARDED="for=6.6.6.6", HTTP_X_FORWARDED_FOR="203.0.113.7") == "203.0.113.7"
        assert known_as(HTTP_FORWARDED="for=6.6.6.6") == OURS


@pytest.mark.parametrize(
    ("header", "address"), [("", OURS), ("X-Forwarded-For", "203.0.113.7"), ("Forwarded", "198.51.100.7")]
)
def test_where_the_server_tells_no_names_apart_the_operator_says_what_to_believe(header: str, address: str) -> None:
    said = {"HTTP_X_FORWARDED_FOR": "203.0.113.7", "HTTP_FORWARDED": "for=198.51.100.7", "SERVER_SOFTWARE": "Granian"}
    with override_settings(PROXIES=1, PROXY_HEADER=header):
        assert known_as(**said) == address


def test_it_is_settled_once() -> None:
    environ: dict[str, Any] = {"REMOTE_ADDR": OURS, "HTTP_X_FORWARDED_FOR": "203.0.113.7, 198.51.100.7"}
    with override_settings(PROXIES=1):
        settle(environ)
        environ["HTTP_X_FORWARDED_FOR"] = "6.6.6.6"
        settle(environ)
    assert environ["REMOTE_ADDR"] == "198.51.100.7"


def test_behind_tls_everything_is_https_whatever_is_said() -> None:
    for said in ("http", "https", "ftp"):
        for https in (False, True):
            environ = {"REMOTE_ADDR": OURS, "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": said}
            with override_settings(HTTPS=https):
                settle(environ)
            assert environ["wsgi.url_scheme"] == ("https" if https else "http")
