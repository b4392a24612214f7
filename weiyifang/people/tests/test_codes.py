"""Six digits: three wrong ones are three, however fast, and what a stranger does is a stranger's."""

from __future__ import annotations

import contextlib
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from tests.concurrency import at_once
from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core import clock
from weiyifang.core.server.jobs import run_jobs
from weiyifang.core.tenancy import in_community
from weiyifang.people import codes, limits, services
from weiyifang.people.models import Account, SentCode, Tally
from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import CommunityClient
from weiyifang.people.tests.test_sign_in import NOBODYS, PHONE, ask_for_code, is_signed_in, last_code

STRANGERS, OWNERS = "198.51.100.7", "203.0.113.7"


def wrong(right: str) -> str:
    return "000000" if right != "000000" else "111111"


def type_in(browser: CommunityClient, code: str) -> Any:
    return browser.post("/accounts/login/code/confirm/", {"code": code})


def sent_to_owner() -> int:
    run_jobs()
    return len([text for phone, text in MemorySender.sent if phone == "+8619900009001" and re.search(r"\d{6}", text)])


def the_same_device(browser: CommunityClient) -> CommunityClient:
    """On another day, without the session."""
    later = CommunityClient(REMOTE_ADDR=OWNERS)
    later.cookies["known"] = browser.cookies["known"].value
    return later


@pytest.fixture
def at_the_door(transactional_db: None) -> None:
    MemorySender.sent.clear()
    home = open_community(code=500108002001, slug="nanhu")
    with in_community(home):
        services.make_account(username="resident", phone=PHONE, phone_verified=True)


@pytest.mark.usefixtures("at_the_door")
class TestAtTheSameMoment:
    """With real transactions: each request has a connection of its own."""

    def test_of_thirty_wrong_codes_three_are_looked_at_and_the_right_one_last_in_line_is_too_late(self) -> None:
        handle = codes.make()
        right = codes.digits(handle)
        for _wave in range(5):
            assert at_once(*[lambda: codes.is_right(handle, wrong(right))] * 6) == [False] * 6
        assert not codes.is_right(handle, right)

    def test_the_same_from_browsers_that_share_a_session(self) -> None:
        browser = CommunityClient()
        ask_for_code(browser, PHONE)
        right = last_code()

        def one_of_them(code: str) -> bool:
            thief = CommunityClient()
            thief.cookies.update(browser.cookies)
            type_in(thief, code)
            return is_signed_in(thief)

        assert at_once(*[lambda: one_of_them(wrong(right))] * 6) == [False] * 6
        assert not one_of_them(right)
        assert not SentCode.objects.filter(tries__lt=0).exists()

    def test_a_right_code_opens_once(self) -> None:
        handle = codes.make()
        opened = at_once(*[lambda: codes.is_right(handle, codes.digits(handle))] * 3)
        assert sorted(map(str, opened)) == ["False", "False", "True"]

    def test_of_a_hundred_tries_as_many_pass_as_may(self, rf: Any) -> None:
        def twenty() -> int:
            passed = 0
            for _time in range(20):
                with contextlib.suppress(limits.TooOften):
                    limits.count(rf.post("/", REMOTE_ADDR=OWNERS), "change_phone", "somebody")
                    passed += 1
            return passed

        assert sum(map(int, at_once(*[twenty] * 5))) == limits.RULES["change_phone"][0].minute  # type: ignore[arg-type]  # of one kind, as many as it takes
        assert set(Tally.objects.values_list("count", flat=True)) == {3}

    def test_counting_taking_back_and_forgetting_at_once_stop_nobody(self, rf: Any) -> None:
        def busy(number: int) -> None:
            for time in range(30):
                request = rf.post("/", REMOTE_ADDR=f"203.0.113.{time % 3}")
                with contextlib.suppress(limits.TooOften):
                    limits.count(request, "password", f"name {number}").rollback()
                    limits.count(request, "login_failed", f"name {number}")
                    limits.forget(request, "login_failed", f"name {number}")
                with clock.at(clock.now() + timedelta(days=2)):
                    services.forget_tries()

        assert at_once(*(lambda number=number: busy(number) for number in range(5))) == [None] * 5

    def test_messages_asked_for_at_once_are_counted_like_any(self) -> None:
        answers = at_once(*[lambda: ask_for_code(CommunityClient(), PHONE).status_code] * 6)
        assert sorted(map(int, answers)) == [302] * 3 + [429] * 3  # type: ignore[arg-type]  # codes of answers, none raised
        assert sent_to_owner() == 3

    def test_what_is_counted_is_not_undone_with_a_request(self, rf: Any) -> None:
        from django.db import transaction

        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            limits.count(rf.post("/"), "code")
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            codes.make()


# --- the owner and a stranger -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("accounts", "quiet")
class TestOwnerAndStranger:
    def test_a_stranger_does_not_end_the_code_of_the_owner(self) -> None:
        owner, stranger = CommunityClient(REMOTE_ADDR=OWNERS), CommunityClient(REMOTE_ADDR=STRANGERS)
        ask_for_code(owner, PHONE)
        code = last_code()
        for _time in range(3):
            ask_for_code(stranger, PHONE)
            for _guess in range(3):
                type_in(stranger, wrong(last_code()))
        type_in(owner, code)
        assert is_signed_in(owner)
        assert not is_signed_in(stranger)

    def test_the_code_of_one_session_opens_no_other(self) -> None:
        owner, stranger = CommunityClient(), CommunityClient()
        ask_for_code(stranger, PHONE)
        ask_for_code(owner, PHONE)
        type_in(stranger, last_code())
        assert not is_signed_in(stranger)

    def test_a_stranger_does_not_use_up_the_messages_of_the_owner(self) -> None:
        now = clock.now()
        for minute in range(0, 120, 10):
            with clock.at(now + timedelta(minutes=minute)):
                for _time in range(3):
                    ask_for_code(CommunityClient(REMOTE_ADDR=STRANGERS), PHONE)
        before = sent_to_owner()
        assert before <= limits.RULES["message"][2].day
        with clock.at(now + timedelta(minutes=120)):
            assert ask_for_code(CommunityClient(REMOTE_ADDR=OWNERS), PHONE).status_code == 302
        assert sent_to_owner() == before + 1

    def test_a_flood_over_one_community_leaves_the_others_their_messages(
        self, neighbour: Community, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        only_one = [*limits.RULES["message"][:-1], limits.By(("community",), 2, 2, 2)]
        monkeypatch.setitem(limits.RULES, "message", only_one)

        def ask(number: int, onward: str) -> int:
            browser = CommunityClient(REMOTE_ADDR=f"198.51.{number}.7")
            asked = {"phone": f"199 0000 70{number:02}", "next": onward}
            return int(browser.post("/accounts/login/code/", asked).status_code)

        assert [ask(number, "/c/nanhu/me/") for number in range(3)] == [302, 302, 429]
        assert ask(3, "/c/neighbour/") == 302
        assert [ask(number, f"/c/made-up-{number}/") for number in (4, 5, 6)] == [302, 302, 429]

    def test_however_many_strangers_there_are_a_device_that_is_known_gets_its_code(self) -> None:
        known = CommunityClient(REMOTE_ADDR=OWNERS)
        ask_for_code(known, PHONE)
        type_in(known, last_code())
        assert is_signed_in(known)
        known.post("/accounts/logout/")
        assert not is_signed_in(known)
        now = clock.now()
        for minutes in range(0, 180, 20):
            with clock.at(now + timedelta(minutes=minutes)):
                for network in range(6):
                    ask_for_code(CommunityClient(REMOTE_ADDR=f"198.51.{network}.7"), PHONE)
        assert sent_to_owner() <= limits.RULES["message"][3].day + 1
        with clock.at(now + timedelta(minutes=160)):
            assert ask_for_code(CommunityClient(REMOTE_ADDR=OWNERS), PHONE).status_code == 429
            assert ask_for_code(known, PHONE).status_code == 302
            type_in(known, last_code())
        assert is_signed_in(known)

    def test_what_makes_a_device_known_cannot_be_made_up_or_used_for_another_phone(self) -> None:
        stranger = CommunityClient(REMOTE_ADDR=STRANGERS)
        stranger.post("/accounts/login/", {"login": "leader", "password": "weiyifang-demo"})
        assert is_signed_in(stranger)
        stranger.post("/accounts/logout/")
        for _time in range(3):
            ask_for_code(CommunityClient(REMOTE_ADDR=STRANGERS), PHONE)
        assert ask_for_code(stranger, PHONE).status_code == 429
        stranger.cookies["known"] = "WyJteSBkZXZpY2UiXQ:1w:abc"
        assert ask_for_code(stranger, PHONE).status_code == 429

    @pytest.mark.parametrize("phone", [PHONE, NOBODYS])
    def test_all_who_guess_at_the_codes_of_one_phone_are_counted_together(self, phone: str) -> None:
        by = limits.RULES["code"]
        here = []
        for _browser in range(3):  # each with a code of its own, and three tries at it
            stranger = CommunityClient(REMOTE_ADDR=STRANGERS)
            ask_for_code(stranger, phone)
            here += [type_in(stranger, "000000").status_code for _guess in range(3)]
        assert here.index(429) == by[1].minute
        everywhere = 0
        for network in range(3):
            stranger = CommunityClient(REMOTE_ADDR=f"198.51.{network}.7")
            ask_for_code(stranger, phone)
            everywhere += [type_in(stranger, "000000").status_code for _guess in range(3)].count(429)
        assert everywhere == 9 - (by[2].minute - by[1].minute)

    def test_guessing_at_codes_does_not_lock_out_a_known_device(self) -> None:
        known = CommunityClient(REMOTE_ADDR=OWNERS)
        ask_for_code(known, PHONE)
        type_in(known, last_code())
        known.post("/accounts/logout/")
        for network in range(4):
            stranger = CommunityClient(REMOTE_ADDR=f"198.51.{network}.7")
            ask_for_code(stranger, PHONE)
            for _guess in range(3):
                type_in(stranger, wrong(last_code()))
        ask_for_code(known, PHONE)
        type_in(known, last_code())
        assert is_signed_in(known)

    def test_guessing_at_a_password_from_elsewhere_does_not_lock_out_a_known_device(self) -> None:
        known = CommunityClient(REMOTE_ADDR=OWNERS)
        right = {"login": "staff", "password": "weiyifang-demo"}
        known.post("/accounts/login/", right)
        known.post("/accounts/logout/")
        for network in range(limits.RULES["password"][2].minute):
            CommunityClient(REMOTE_ADDR=f"198.51.{network}.7").post(
                "/accounts/login/", {**right, "password": "a guess"}
            )
        fresh = CommunityClient(REMOTE_ADDR=OWNERS)
        assert fresh.post("/accounts/login/", right).status_code == 429
        known.post("/accounts/login/", right)
        assert is_signed_in(known)


# --- how long, and how it is said -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("accounts", "quiet")
class TestWindows:
    def test_there_is_a_limit_by_the_minute_the_hour_and_the_day(self, rf: Any) -> None:
        now, sent = clock.now(), []
        for quarter in range(26 * 4):
            passed = 0
            with clock.at(now + timedelta(minutes=15 * quarter)):
                for _time in range(4):
                    with contextlib.suppress(limits.TooOften):
                        limits.count(rf.post("/"), "message", PHONE)
                        passed += 1
            sent.append(passed)
        by = limits.RULES["message"][2]
        assert sent[0] == by.minute
        assert sum(sent[:4]) == by.hour
        assert sum(sent[: 24 * 4]) == by.day
        assert sum(sent[24 * 4 :]) == by.day  # and the next day again

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [("en", "Please wait a minute and try again."), ("zh-hans", "请等 1 分钟再试")],
    )
    def test_it_says_in_both_languages_when_to_try_again(self, language: str, sentence: str) -> None:
        for _time in range(4):
            answer = ask_for_code(CommunityClient(headers={"Accept-Language": language}), PHONE)
        assert answer.status_code == 429
        assert 50 <= int(answer.headers["Retry-After"]) <= 60
        assert sentence in answer.content.decode()

    def test_the_platform_sends_no_more_than_its_owner_wants_to_pay_for(self, settings: Any) -> None:
        settings.SMS_PER_DAY = 10
        known = CommunityClient()
        ask_for_code(known, PHONE)
        type_in(known, last_code())
        now = clock.now()
        for hour in range(1, 20):
            with clock.at(now + timedelta(hours=hour)):
                for number in range(3):
                    phone = f"199 0000 7{hour:02}{number}"
                    answer = ask_for_code(CommunityClient(REMOTE_ADDR=f"198.51.{hour}.7"), phone)
        assert answer.status_code == 429
        run_jobs()
        assert len(MemorySender.sent) == 8  # what is left is for devices that are known
        known.post("/accounts/logout/")
        with clock.at(now + timedelta(hours=20)):
            assert [ask_for_code(the_same_device(known), PHONE).status_code for _time in range(3)] == [302, 302, 429]

    def test_a_clock_that_was_ahead_keeps_nobody_out(self) -> None:
        with clock.at(clock.now() + timedelta(days=400)):
            for _time in range(4):
                ask_for_code(CommunityClient(), PHONE)
        assert ask_for_code(CommunityClient(), PHONE).status_code == 302

    def test_a_code_is_good_for_three_minutes(self) -> None:
        handle, now = codes.make(), clock.now()
        with clock.at(now + timedelta(seconds=190)):
            assert not codes.is_right(handle, codes.digits(handle))

    def test_full_width_digits_are_digits(self, browser: CommunityClient) -> None:
        ask_for_code(browser, PHONE)
        type_in(browser, f" {last_code().translate({48 + digit: 0xFF10 + digit for digit in range(10)})} ")
        assert is_signed_in(browser)


# --- what is kept ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.computers_clock  # what is kept for seconds in a table has the database's
@pytest.mark.usefixtures("accounts", "quiet")
class TestWhatIsKept:
    def test_nothing_is_thrown_away_before_its_time(self, rf: Any) -> None:
        for _time in range(3):
            ask_for_code(CommunityClient(), PHONE)
        for number in range(1_000):
            cache.add(f"used {number}", "y", timeout=30)
        for number in range(200):
            limits.count(rf.post("/", REMOTE_ADDR=f"10.0.0.{number}"), "login")
            codes.make()
        assert not any(cache.add(f"used {number}", "y", timeout=30) for number in range(0, 1_000, 50))
        assert ask_for_code(CommunityClient(), PHONE).status_code == 429
        services.forget_tries()
        assert ask_for_code(CommunityClient(), PHONE).status_code == 429
        assert not cache.add("used 0", "y", timeout=30)

    def test_what_is_over_is_forgotten_at_night(self) -> None:
        ask_for_code(CommunityClient(), PHONE)
        cache.set("over", "y", timeout=-1)
        with clock.at(clock.now() + timedelta(days=2)):
            services.forget_tries()
        assert not Tally.objects.exists()
        assert not SentCode.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM weiyifang_cache WHERE expires < now()")
            assert cursor.fetchone() == (0,)

    def test_no_counter_tells_whose_it_is(self, accounts: dict[str, Account]) -> None:
        browser = CommunityClient(REMOTE_ADDR=STRANGERS)
        ask_for_code(browser, PHONE)
        browser.post("/accounts/login/", {"login": "staff", "password": "a wrong one"})
        cache.set(f"allauth.mfa.totp.used?user={accounts['staff'].pk}", "y")
        told = ""
        with connection.cursor() as cursor:
            for table in ("people_tally", "people_sentcode", "weiyifang_cache"):
                cursor.execute(f"SELECT coalesce(string_agg({table}::text, ' '), '') FROM {table}")
                told += cursor.fetchone()[0]
        assert len(told) > 500
        for secret in ("19900009001", "staff", STRANGERS, "198.51", str(accounts["staff"].pk), last_code()):
            assert secret not in told

    def test_what_allauth_limits_is_counted_here(self, client_of: Any) -> None:
        signed_in = client_of("resident")
        for _time in range(11):
            answer = signed_in.post("/accounts/reauthenticate/", {"password": "a wrong one"})
        assert answer.status_code == 429
        for _time in range(31):
            answer = CommunityClient().post("/accounts/2fa/webauthn/login/", {"credential": "{}"})
        assert answer.status_code == 429
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM weiyifang_cache")
            assert cursor.fetchone() == (0,)
