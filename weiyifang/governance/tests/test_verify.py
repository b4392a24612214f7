from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import InternalError, connection

from tests.concurrency import at_once
from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor, system
from weiyifang.core.faults import Fault
from weiyifang.core.models import TimelineEntry
from weiyifang.core.server.database import as_owner
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation
from weiyifang.fund.tests import make
from weiyifang.governance import verify
from weiyifang.people import services as people


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


@pytest.mark.django_db(transaction=True)
def test_what_is_done_while_it_looks_is_no_fault(here: Community) -> None:
    """Facts are read before rows: somebody registered in between has a row and, so it seems, no fact."""

    def check() -> list[Fault]:
        told = TimelineEntry.objects.count()
        at_once(lambda: people.register_resident(name="赵一鸣", by=system()))
        assert TimelineEntry.objects.count() == told
        return []

    assert verify.in_one_view(check)() == []
    assert TimelineEntry.objects.filter(verb="ResidentRegistered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_looking_changes_nothing(here: Community) -> None:
    def check() -> list[Fault]:
        TimelineEntry(verb="DutyGiven", subject="people.duty:1").save()
        return []

    with pytest.raises(InternalError, match="read-only transaction"):
        verify.in_one_view(check)()
