"""An invoice in a place: `python -m tests.place_invoice brought|seen`. Prints as JSON what each one saw of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys

import django

WHO = ("secretary", "supervisor", "resident")  # approves, watches over, is none of these
PAGE = "/c/nanhu/workbench/fund/payments/"


def brought() -> None:
    """Staff ask for a payment and photograph its invoice."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from weiyifang.core.actors import system
    from weiyifang.files.tests import make as drawn
    from weiyifang.fund import services as fund
    from weiyifang.fund.tests import make
    from weiyifang.people.demo import actors_of, make_cast

    community = open_community(code=500108002001, slug="nanhu")
    accounts = make_cast(community)
    with in_community(community):
        fund.open_fund(by=system())
        row = make.request(actors_of(accounts)["staff"])
    photo = SimpleUploadedFile("IMG_0001.jpg", drawn.from_a_telephone(1200, 900), "image/jpeg")
    assert browser_of(accounts["staff"]).post(f"{PAGE}{row.pk}/papers/", {"file": photo}).status_code == 302


def seen() -> dict[str, str]:
    """The SHA-256 of the picture on the page of the one payment, as each gets it; else the status."""
    found: dict[str, str] = {}
    with in_community(Community.objects.get(slug="nanhu")):
        (payment,) = PaymentRequest.objects.values_list("pk", flat=True)
        (file,) = File.objects.filter(owner__startswith="fund.").values_list("pk", flat=True)
    for who in WHO:
        browser = browser_of(Account.objects.get(username=who))
        page = browser.get(f"{PAGE}{payment}/")
        addresses = re.findall(r'href="(/c/nanhu/files/[^"]+)"', page.content.decode())
        answer = browser.get(addresses[0] if addresses else f"/c/nanhu/files/{file}/print/")
        shown = answer.status_code == 200
        found[who] = hashlib.sha256(answer.content).hexdigest() if shown else str(answer.status_code)
    return found


def browser_of(account: Account) -> CommunityClient:
    browser = CommunityClient(headers={"host": "127.0.0.1"})
    browser.force_login(account)
    return browser


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from weiyifang.communities.models import Community
    from weiyifang.communities.services import open_community
    from weiyifang.core.tenancy import in_community
    from weiyifang.files.models import File
    from weiyifang.fund.models import PaymentRequest
    from weiyifang.people.models import Account
    from weiyifang.people.testing import CommunityClient

    if sys.argv[1] == "brought":
        brought()
    print(json.dumps(seen()))
