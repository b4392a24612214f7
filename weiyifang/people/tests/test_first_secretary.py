"""The first duty of a new community comes from the terminal; from there on, people give them to one another."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import override_settings

from weiyifang.communities.models import Community
from weiyifang.core import timeline
from weiyifang.core.server.jobs import run_jobs
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.people import queries, services
from weiyifang.people.models import Account, Duty
from weiyifang.people.roles import Role
from weiyifang.people.secrets import find_key
from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import CommunityClient
from weiyifang.people.tests.test_sign_in import totp

pytestmark = pytest.mark.django_db
PHONE = "139 0000 7001"


def appoint(*more: str, slug: str = "nanhu", name: str = "向红梅", phone: str = PHONE) -> str:
    said = StringIO()
    call_command("community", "secretary", slug, "--name", name, "--phone", phone, *more, stdout=said)
    return said.getvalue()


def secretaries(community: Community) -> list[str]:
    with in_community(community):
        return [held.name for held in queries.with_names(queries.duties_held().filter(role=Role.SECRETARY))]


def test_a_new_community_gets_its_secretary(community: Community) -> None:
    said = appoint()
    assert secretaries(community) == ["向红梅"]
    assert "/accounts/login/" in said
    assert "139 **** 7001" in said
    assert "13900007001" not in said.replace(" ", "")
    account = Account.objects.get(phone_key=find_key("+8613900007001"))
    assert account.phone_verified
    assert not account.has_usable_password()


@override_settings(STAFF_TOTP=True)
def test_the_secretary_comes_in_by_phone_and_sets_up_a_second_factor(community: Community) -> None:
    cache.clear()
    MemorySender.sent.clear()
    invitation = re.search(r"shown only here: (\S+)", appoint())
    assert invitation
    browser = CommunityClient()
    browser.post("/accounts/login/code/", {"phone": PHONE})
    run_jobs()
    code = re.search(r"\d{6}", MemorySender.sent[-1][1])
    assert code
    answer = browser.post("/accounts/login/code/confirm/", {"code": code[0]})
    assert answer.headers["Location"] == "/accounts/2fa/totp/activate/"
    shows = browser.get("/accounts/2fa/totp/activate/").headers["Location"]
    browser.post(shows, {"code": invitation[1]})
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200
    browser.post("/accounts/2fa/totp/activate/", {"code": totp(browser.session["mfa.totp.secret"])})
    assert Authenticator.objects.filter(type="totp").exists()
    assert browser.get("/c/nanhu/workbench/duties/").status_code == 200


def test_who_has_an_account_keeps_it(community: Community) -> None:
    account = services.make_account(name="向阿姨", phone=PHONE)
    assert "向阿姨 is secretary" in appoint(slug="500108002001")
    account.refresh_from_db()
    assert (account.name, account.phone_verified) == ("向阿姨", True)


def test_a_second_one_only_when_asked_for(community: Community) -> None:
    appoint()
    with pytest.raises(CommandError, match="--also"):
        appoint(name="周敏", phone="139 0000 7002")
    assert secretaries(community) == ["向红梅"]
    appoint("--also", name="周敏", phone="139 0000 7002")
    assert sorted(secretaries(community)) == ["向红梅", "周敏"]
    with pytest.raises(CommandError):
        appoint("--also")  # the same person again
    assert Duty.everywhere.count() == 2  # in whatever community


def test_another_communitys_secretary_does_not_count(community: Community, neighbour: Community) -> None:
    appoint(slug="neighbour")
    appoint(name="周敏", phone="139 0000 7002")
    assert (secretaries(community), secretaries(neighbour)) == (["周敏"], ["向红梅"])


def test_it_is_remembered_who_did_it(community: Community) -> None:
    appoint()
    with in_community(community):
        assert [entry.verb for entry in timeline.of(source_of(Duty.objects.get()))] == ["DutyGiven"]


@pytest.mark.parametrize(("slug", "phone"), [("nowhere", PHONE), ("500108002009", PHONE), ("nanhu", "not a phone")])
def test_what_is_wrong_is_said_in_a_sentence(community: Community, slug: str, phone: str) -> None:
    with pytest.raises(CommandError, match=r"\.|。"):
        appoint(slug=slug, phone=phone)
    assert not Account.objects.exists()
