"""The look: the version for elders, the size of the text, light or dark, the language."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from weiyifang.core.look import care
from weiyifang.core.look.care import Look

HERE = {"headers": {"origin": "http://testserver"}}


def tap(client: Client, **choice: str) -> HttpResponse:
    return client.post("/look/", choice, **HERE)  # type: ignore[arg-type,return-value]  # a dictionary of plain values


def kept(client: Client) -> Look:
    return Look.parse(client.cookies[care.COOKIE].value)


@pytest.mark.parametrize(
    "look", [Look(), Look(theme="dark"), Look(mode="care", size=2), Look(mode="care", size=4, theme="light")]
)
def test_what_is_written_is_read_again(look: Look) -> None:
    assert Look.parse(str(look)) == look


@pytest.mark.parametrize("nonsense", ["", "x", "9.", "-1.dark ", "2.purple", "٣.purple", "care"])
def test_nonsense_in_the_cookie_is_a_look_all_the_same(nonsense: str) -> None:
    assert Look.parse(nonsense).size in {1, *care.SIZES}


def test_a_larger_text_is_the_version_for_elders_and_back() -> None:
    assert Look().changed(mode="care") == Look(mode="care", size=2)
    assert Look().changed(size="4") == Look(mode="care", size=4)
    assert Look(mode="care", size=4).changed(mode="care") == Look(mode="care", size=4)
    assert Look(mode="care", size=4, theme="dark").changed(mode="") == Look(theme="dark")
    assert Look(mode="care", size=3).changed(theme="light") == Look(mode="care", size=3, theme="light")


def test_the_choice_is_kept_and_one_stays_where_one_was() -> None:
    client = Client()
    answer = tap(client, mode="care", next="/accounts/login/?next=%2F")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=%2F")
    assert kept(client) == Look(mode="care", size=2)
    tap(client, theme="dark")
    assert kept(client) == Look(mode="care", size=2, theme="dark")


def test_nobody_is_sent_to_another_site() -> None:
    assert tap(Client(), mode="care", next="https://example.org/")["Location"] == "/"
    assert tap(Client(), mode="care", next="//example.org/")["Location"] == "/"


def test_another_site_cannot_change_the_look() -> None:
    client = Client()
    for headers in ({"origin": "https://example.org"}, {"referer": "https://example.org/"}, {"origin": "null"}, {}):
        assert client.post("/look/", {"mode": "care"}, headers=headers).status_code == 403
    assert care.COOKIE not in client.cookies


def test_the_language_is_kept_and_only_ours_are_taken() -> None:
    client = Client()
    tap(client, language="en")
    assert client.cookies["django_language"].value == "en"
    tap(client, language="tlh")
    assert client.cookies["django_language"].value == "en"


def test_what_the_account_remembers_counts_on_a_new_device(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(care, "_recallers", [lambda request: "3.dark"])
    monkeypatch.setattr(care, "rememberers", [lambda request, text: told.append(text)])
    request = RequestFactory().get("/")
    assert care.look_of(request) == Look(mode="care", size=3, theme="dark")
    request.COOKIES[care.COOKIE] = str(Look())
    assert care.look_of(request) == Look()
    tap(Client(), theme="light")
    assert told == ["3.light"]
