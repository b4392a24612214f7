"""Neither what is done nor how a number is written tells, or gives, anything more."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.core.server.jobs import run_jobs
from weiyifang.people.testing import CommunityClient
from weiyifang.people.tests.test_sign_in import NOBODYS, PHONE, ask_for_code, is_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("accounts", "quiet")]


class TestNobodyIsTold:
    """By the work that is done, which is what could be measured."""

    @pytest.mark.parametrize(
        ("path", "form"),
        [
            ("/accounts/login/code/", {}),
            ("/accounts/signup/", {"password1": "a long enough one"}),
            ("/accounts/login/", {"password": "not the right one"}),
        ],
    )
    def test_the_same_is_done_for_a_phone_with_an_account_and_for_one_without(
        self, path: str, form: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        field = "login" if path == "/accounts/login/" else "phone"
        work = [self._work(path, {**form, field: phone}, monkeypatch) for phone in (PHONE, NOBODYS)]
        assert work[0] == work[1]

    def test_nor_by_asking_again_or_typing_a_wrong_code(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = []
        for phone in (PHONE, NOBODYS):
            browser = CommunityClient()
            ask_for_code(browser, phone)
            done.append(
                [
                    self._work("/accounts/login/code/confirm/", form, monkeypatch, browser)
                    for form in ({"action": "resend"}, {"code": "12345"}, {"code": "12345"})
                ]
            )
        assert done[0] == done[1]

    def _work(
        self, path: str, form: dict[str, str], monkeypatch: pytest.MonkeyPatch, browser: CommunityClient | None = None
    ) -> tuple[int, list[str], int, int]:
        from django.contrib.auth.hashers import get_hasher

        hashed: list[str] = []
        hasher = type(get_hasher())
        encode = hasher.encode
        with monkeypatch.context() as patch, CaptureQueriesContext(connection) as asked:

            def counted(self: Any, *given: Any) -> Any:
                hashed.append("once")
                return encode(self, *given)

            patch.setattr(hasher, "encode", counted)
            answer = (browser or CommunityClient()).post(path, form)
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:30] for query in asked.captured_queries]
        jobs = run_jobs()
        return answer.status_code, statements, len(hashed), jobs


@pytest.mark.parametrize(
    "login", ["19900009001", "199 0000 9001", "+8619900009001", "１９９００００９００１", "resident"]
)
def test_a_mobile_number_signs_in_by_password_however_it_is_written(login: str, browser: CommunityClient) -> None:
    browser.post("/accounts/login/", {"login": login, "password": "weiyifang-demo"})
    assert is_signed_in(browser)


def test_a_number_is_guessed_at_no_oftener_for_being_written_in_many_ways() -> None:
    for login in ("19900009001", "199 0000 9001", "+8619900009001", "199-0000-9001", "（199）00009001"):
        CommunityClient().post("/accounts/login/", {"login": login, "password": "a wrong one"})
    answer = CommunityClient().post("/accounts/login/", {"login": "8619900009001", "password": "weiyifang-demo"})
    assert answer.status_code == 429
