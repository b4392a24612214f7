"""A gift from the phone page over the double to its receipt, and to its proof once the month is sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PageOf
from tests.processes import eventually
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.server.jobs import run_jobs
from weiyifang.fund import services
from weiyifang.wechat_pay.models import Order, State

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("here")]


def test_a_gift_goes_from_the_phone_to_its_receipt_and_its_proof(
    page_of: PageOf, cast: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    services.open_fund(by=cast["accountant"])
    page = page_of()
    page.goto("/c/nanhu/fund/")
    page.locator('a[href$="/fund/give/"]').click()
    page.locator('input[name="own"]').fill("66.66")
    page.locator('input[name="note"]').fill("给老人买米")
    page.locator('form[method="post"] button.primary').click()
    page.wait_for_url("**/fund/give/*/")
    run_jobs()  # the worker's part
    page.reload()
    page.locator('a[href*="/wechat-pay/double/"]').click()
    page.locator('button[value="pay"]').click()
    page.wait_for_url("**/fund/give/*/")
    assert eventually(lambda: Order.objects.get().state == State.PAID, 20)  # told over the line, by itself
    page.reload()
    page.locator('a[href*="/fund/receipts/"]').click()
    expect(page.get_by_text("66.66").first).to_be_visible()
    given, really = clock.today(), timezone.now
    monkeypatch.setattr(timezone, "now", lambda: really() + timedelta(days=40))
    services.close_month(month=given.replace(day=1), by=cast["accountant"])
    page.reload()
    page.locator("[data-receipt] button").click()
    expect(page.locator("[data-receipt]")).to_have_attribute("data-outcome", "right")
