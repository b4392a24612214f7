from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor, system
from weiyifang.core.database import as_owner
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation
from weiyifang.fund.tests import make
from weiyifang.governance import verify


def faults() -> list[str]:
    return [fault.check for _name, found in verify.run() for fault in found]


def test_a_clean_community_keeps_every_promise(here: Community, cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    make.gift(cast["accountant"])
    assert faults() == []
    told = StringIO()
    call_command("verify", community="nanhu", stdout=told)
    assert "Every promise is kept" in told.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_reference_that_leads_nowhere_is_found(here: Community, cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    row = make.gift(cast["accountant"])
    with as_owner(connection):
        Donation.objects.filter(pk=row.pk).update(source="activities.attendance:01900000-0000-7000-8000-00000000dead")
    assert "references" in faults()


@pytest.mark.django_db(transaction=True)
def test_a_planted_fault_ends_the_command_with_one(here: Community, cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    row = make.gift(cast["accountant"])
    with as_owner(connection):
        Donation.objects.filter(pk=row.pk).update(amount_fen=1)
    with pytest.raises(SystemExit) as end:
        call_command("verify", community="nanhu", stdout=StringIO())
    assert end.value.code == 1
