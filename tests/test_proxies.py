"""Behind a proxy, with the real web server: only the proxy says who asks."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.processes import Up, public_folder, up

MOST = 20  # codes that one address may ask for in a minute (people.limits)


@pytest.fixture(scope="module")
def behind_a_proxy() -> Iterator[Up]:
    with pytest.MonkeyPatch.context() as environment, public_folder() as var:
        environment.setenv("WEIYIFANG_PROXIES", "1")
        environment.setenv("WEIYIFANG_PROXY_HEADER", "Forwarded")
        with up(Path(var)) as running:
            yield running


def ask_for_codes(port: int, line: int, *headers: list[tuple[str, str]]) -> list[int]:
    """Each request with its own headers, written as they are given; the statuses of the answers."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", "/accounts/login/code/")
    page = link.getresponse()
    cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.read())
    assert token is not None
    statuses = []
    for number, own in enumerate(headers):
        form = {"phone": f"199 {line:04} {number:04}", "csrfmiddlewaretoken": token[1].decode()}
        body = urlencode(form).encode()
        link.putrequest("POST", "/accounts/login/code/")
        link.putheader("Cookie", cookie)
        link.putheader("Content-Type", "application/x-www-form-urlencoded")
        link.putheader("Content-Length", str(len(body)))
        for name, value in own:
            link.putheader(name, value)
        link.endheaders(body)
        answer = link.getresponse()
        answer.read()
        statuses.append(answer.status)
    link.close()
    return statuses


@pytest.mark.parametrize(
    "name",
    ["X_Forwarded_For", "X-Forwarded_For", "X-Forwarded-For", "X_Real_IP", "Client-IP", "HTTP_FORWARDED", "_Forwarded"],
)
def test_what_a_visitor_says_of_their_address_counts_for_nothing(behind_a_proxy: Up, name: str) -> None:
    line = sum(name.encode()) % 10_000
    proxy = ("Forwarded", f"for=198.51.{line % 250}.7;proto=https")
    said = [[proxy, (name, f"203.0.113.{number}")] for number in range(MOST + 1)]
    assert ask_for_codes(behind_a_proxy.port, line, *said) == [302] * MOST + [429]


def test_what_stands_before_the_word_of_the_proxy_counts_for_nothing(behind_a_proxy: Up) -> None:
    said = [
        [("Forwarded", f"for=203.0.113.{number}"), ("Forwarded", 'for="[2001:db8::7]:443"')] for number in range(MOST)
    ]
    said.append([("Forwarded", 'for=6.6.6.6, for="[2001:db8::7:7]"')])  # the same household
    assert ask_for_codes(behind_a_proxy.port, 1, *said) == [302] * MOST + [429]


def test_visitors_with_different_addresses_do_not_share_a_limit(behind_a_proxy: Up) -> None:
    """The control of the tests above."""
    said = [[("Forwarded", f"for=192.0.{number}.7")] for number in range(MOST + 2)]
    assert ask_for_codes(behind_a_proxy.port, 2, *said) == [302] * (MOST + 2)
