"""Who reads a calendar: whoever has its address, as long as its owner wants it and lives here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from weiyifang.calendars import queries, services, verify
from weiyifang.calendars.models import Link
from weiyifang.calendars.tests import make
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import TimelineEntry
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.sharing import services as sharing
from weiyifang.sharing.tests import make as rooms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
MINE = "/c/nanhu/me/calendars/"
ADDRESS = re.compile(r"http://testserver(/c/nanhu/calendars/[-\w]{43}\.ics)")


@pytest.fixture(autouse=True)
def promises(here: Community, request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "planted" not in request.node.name:
        assert verify.check() == []


def said(response: Any) -> str:
    return str(response.content.decode())


def status(address: str) -> int:
    return Client().get(address).status_code


def shown(browser: Client) -> str:
    """The address on the page that follows."""
    found = ADDRESS.search(said(browser.get(MINE)))
    assert found
    return found[1]


def test_an_address_is_shown_once_is_kept_by_nobody_and_opens_what_is_mine(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    rooms.book(rooms.resource(), resident=resident_of("resident"), purpose="生日")
    browser = client_of("resident")
    assert browser.post(MINE, {"of": "", "_once": "1"}).status_code == 302
    address = shown(browser)
    assert not ADDRESS.search(said(browser.get(MINE)))
    assert make.titles(address) == ["二楼手工教室"]
    secret = address.rpartition("/")[2].removesuffix(".ics")
    link = Link.objects.get()
    assert link.digest == queries.digest_of(secret) != secret
    assert not [entry for entry in TimelineEntry.objects.all() if secret in str(entry.values)]
    again = browser.post(MINE, {"of": "", "_once": "2"})
    assert (again.status_code, "已经有地址" in said(again)) == (422, True)
    assert "今天" not in said(browser.get(MINE)) or link.fetched_on == clock.today()


def test_with_one_press_another_address_opens_it_and_with_one_none(client_of: ClientOf) -> None:
    browser = client_of("resident")
    browser.post(MINE, {"of": "", "_once": "1"})
    first, link = shown(browser), Link.objects.get()
    for other in ("volunteer", "leader"):
        for verb in ("renewal", "end"):
            assert client_of(other).post(f"{MINE}{link.pk}/{verb}/", {"_once": "x"}).status_code == 404
    browser.post(f"{MINE}{link.pk}/renewal/", {"_once": "2"})
    second = shown(browser)
    assert [status(address) for address in (first, second)] == [404, 200]
    browser.post(f"{MINE}{link.pk}/end/", {"_once": "3"})
    assert status(second) == 404
    assert browser.post(f"{MINE}{link.pk}/renewal/", {"_once": "4"}).status_code == 409
    browser.post(MINE, {"of": "", "_once": "5"})
    assert status(shown(browser)) == 200


def test_a_strange_address_opens_nothing() -> None:
    for strange in ("x", "-" * 43, "a" * 500):
        assert status(make.address(strange)) == 404


def test_it_ends_when_its_owner_leaves_or_is_forgotten_and_with_their_account(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    _one, left = make.link(cast["resident"])
    people.mark_left(resident=resident_of("resident"), by=system())
    people.mark_returned(resident=resident_of("resident"), by=system())
    assert status(left) == 404
    _two, closed = make.link(cast["volunteer"])
    account = resident_of("volunteer").account
    assert account is not None
    account.is_active = False
    account.save()
    assert status(closed) == 404
    person = resident_of("resident")
    _three, gone = make.link(cast["resident"])
    assert status(gone) == 200
    people.erase_person(resident=person, by=system())
    assert status(gone) == 404
    assert not Link.objects.live().filter(resident=person).exists()


def test_the_leader_reads_what_the_organization_has_while_they_lead_it(
    cast: dict[str, Actor], choir: Organization, resident_of: Callable[[str], Resident]
) -> None:
    of = source_of(choir)
    organizations.appoint_leader(organization=choir, resident=resident_of("leader"), by=system())
    with pytest.raises(NotAllowed):
        make.link(cast["resident"], of=of)
    rooms.book(rooms.resource(), organization=of)
    link, address = make.link(cast["leader"], of=of)
    assert make.titles(address) == ["二楼手工教室"]
    organizations.appoint_leader(organization=choir, resident=rooms.resident("接班的"), by=system())
    assert status(address) == 404
    services.end(link=link, by=Actor(community_id=link.community_id, resident_id=link.resident_id))


def test_an_organization_that_ends_has_no_calendar(cast: dict[str, Actor], choir: Organization) -> None:
    _link, address = make.link(cast["leader"], of=source_of(choir))
    organizations.dissolve(organization=choir, reason="散了", by=system())
    assert status(address) == 404
    assert not Link.objects.live().exists()


def test_what_has_not_changed_is_not_sent_again(cast: dict[str, Actor], resident_of: Callable[[str], Resident]) -> None:
    booking = rooms.book(rooms.resource(), resident=resident_of("resident"))
    link, address = make.link(cast["resident"])
    first = Client().get(address)
    later = clock.now() + timedelta(minutes=5)
    with clock.at(later):
        unchanged = Client().get(address, headers={"If-None-Match": first["ETag"]})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        sharing.move(booking=booking, starts_at=rooms.at(2, 9), ends_at=rooms.at(2, 11), pieces=1, by=system())
        assert Client().get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
        assert Link.objects.get(pk=link.pk).fetched_on == clock.today()
    assert first["Cache-Control"] == "private, no-cache"


def test_one_address_asked_too_often_waits_for_tomorrow_and_others_do_not(cast: dict[str, Actor]) -> None:
    (link, busy), (_two, other) = make.link(cast["resident"]), make.link(cast["volunteer"])
    assert status(busy) == 200
    Link.objects.filter(pk=link.pk).update(fetches=services.MOST_A_DAY - 1)
    assert [status(busy), status(busy), status(other)] == [200, 429, 200]
    with clock.at(clock.now() + timedelta(days=1)):
        assert status(busy) == 200


def test_the_proxy_writes_no_address_of_a_calendar() -> None:
    conf = (Path(settings.BASE_DIR) / "deploy/nginx/weiyifang.conf").read_text()
    found = re.search(r"map \$uri (\$\w+) \{\s+~(\S+) ", conf)
    assert found
    written, pattern = found[1], found[2].replace("?<", "?P<")
    assert f'"$request_method {written}"' in conf
    assert re.match(
        pattern, reverse("calendars:feed", args=["x"], urlconf="config.community_urls").replace("/", "/c/nanhu/", 1)
    )


def test_planted_addresses_of_those_who_are_gone_or_that_nobody_made_are_named(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    link, _address = make.link(cast["resident"])
    Resident.objects.filter(pk=link.resident_id).update(left_on=clock.today())
    Link(resident=resident_of("volunteer"), digest="0" * 64).save()
    assert {fault.check for fault in verify.check()} == {"calendars.owners", "calendars.links"}
