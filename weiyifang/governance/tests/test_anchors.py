"""Whoever kept a head sees that the end of a chain was cut off, or that all of it was made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from weiyifang.communities.models import Community
from weiyifang.core import clock, journal
from weiyifang.core.actors import Actor, system
from weiyifang.core.faults import Fault
from weiyifang.core.models import Block, TimelineEntry
from weiyifang.core.server.database import as_owner
from weiyifang.fund import queries as fund_read
from weiyifang.fund import services as fund
from weiyifang.fund.queries import Sealed
from weiyifang.fund.tests import make
from weiyifang.governance import anchors, services, verify
from weiyifang.governance.models import Anchor
from weiyifang.governance.services import anchor
from weiyifang.ledger.models import Period, Seal

pytestmark = pytest.mark.any_lock_order  # what an intruder does keeps no order


@pytest.fixture
def gifts(transactional_db: None, here: Community, cast: dict[str, Actor]) -> Actor:
    fund.open_fund(by=system())
    for _each in range(3):
        make.gift(cast["accountant"])
    return cast["accountant"]


def told(fault_list: list[Fault]) -> list[tuple[str, str]]:
    return [(fault.where, fault.what.partition(",")[0]) for fault in fault_list]


def test_the_heads_of_all_chains_are_kept_once_each(gifts: Actor) -> None:
    kept = anchor()
    assert {one.chain for one in kept} == {"journal", "ledger.fund"}
    assert next(one for one in kept if one.chain == "ledger.fund").number == 3
    again = anchor()  # the journal has the anchors in it now; the books stand still
    assert [row.chain for row in Anchor.objects.order_by("at", "chain")] == ["journal", "ledger.fund", "journal"]
    assert verify.anchored() == []
    assert list(anchors.compare([*kept, *again])) == []


def cut_the_journal_off() -> None:
    """The last blocks with everything written down in them, anchors included."""
    last = Block.objects.filter(model="core.timelineentry").latest("number")
    for block in Block.objects.filter(number__gte=last.number):
        if block.model == "core.timelineentry":
            TimelineEntry.objects.filter(pk__in=block.members)._raw_delete("default")
    Anchor.objects.all()._raw_delete("default")
    Block.objects.filter(number__gte=last.number)._raw_delete("default")


def make_the_books_anew() -> None:
    """Every seal's hash, each following from the one before: nothing within the chain shows it."""
    Seal.objects.filter(seal_no=3)._raw_delete("default")
    Anchor.objects.all()._raw_delete("default")


def write_the_journal_anew() -> None:
    TimelineEntry.objects.filter(verb="DonationReceived").update(actor_account_id=None)
    Anchor.objects.all()._raw_delete("default")
    Block.objects.all()._raw_delete("default")
    journal.seal_all()


@pytest.mark.parametrize(
    ("deed", "chain"),
    [(cut_the_journal_off, "journal"), (write_the_journal_anew, "journal"), (make_the_books_anew, "ledger.fund")],
)
def test_a_kept_file_shows_what_the_database_hides(gifts: Actor, tmp_path: Path, deed: object, chain: str) -> None:
    """Even when the anchors in the database go with the rest."""
    file = tmp_path / "nanhu.anchors"
    anchor()
    call_command("anchor", str(file), stdout=StringIO())
    assert callable(deed)
    with as_owner(connection), transaction.atomic():
        deed()
        assert chain in {where for where, _what in told(list(anchors.compare(anchors.read(file))))}
        screen = StringIO()
        with pytest.raises(SystemExit):
            call_command("verify", community="nanhu", anchors=file, stdout=screen)
        assert f"anchors: {chain}: number" in screen.getvalue()
        transaction.set_rollback(True)
    call_command("verify", community="nanhu", anchors=file, stdout=StringIO())


def test_the_anchors_kept_here_show_it_too(gifts: Actor) -> None:
    anchor()
    with as_owner(connection), transaction.atomic():
        Seal.objects.filter(seal_no=3)._raw_delete("default")
        assert told(verify.anchored()) == [("ledger.fund", "number 3")]
        transaction.set_rollback(True)


def test_each_night_the_heads_go_into_the_folder_for_them(gifts: Actor, tmp_path: Path) -> None:
    with override_settings(ANCHORS=tmp_path / "kept"):
        first, second = services.anchor(), services.anchor()
    (file,) = (tmp_path / "kept").iterdir()
    assert file.name == "500108002001.anchors"
    assert anchors.read(tmp_path / "kept") == [anchors.parse(str(one)) for one in [*first, *second]]


def test_without_a_file_the_heads_are_printed(gifts: Actor) -> None:
    screen = StringIO()
    call_command("anchor", stdout=screen)
    lines = [anchors.parse(line) for line in screen.getvalue().splitlines()]
    assert {line.chain for line in lines} == {"journal", "ledger.fund"}
    assert list(anchors.compare(lines)) == []


def test_a_file_that_is_none_of_ours_is_refused(gifts: Actor, tmp_path: Path) -> None:
    file = tmp_path / "list.anchors"
    file.write_text("陈桂芳 138…\n", "utf-8")
    with pytest.raises(CommandError, match="no line of anchors"):
        call_command("verify", anchors=file, stdout=StringIO())
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify", anchors=tmp_path / "missing", stdout=StringIO())


def test_a_community_that_is_gone_is_missed(gifts: Actor, tmp_path: Path) -> None:
    file = tmp_path / "other.anchors"
    file.write_text(str(services.anchor()[0]).replace("500108002001", "500108002099") + "\n", "utf-8")
    screen = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", anchors=file, stdout=screen)
    assert "500108002099" in screen.getvalue()


def test_a_shortened_hash_is_compared_as_far_as_it_goes(gifts: Actor) -> None:
    kept = anchor()
    assert list(anchors.compare([replace(one, hash=one.hash[:32]) for one in kept])) == []
    for wrong in ("0" * 32, "", kept[0].hash[:31]):
        assert list(anchors.compare([replace(kept[0], hash=wrong)]))


def test_a_root_that_was_exchanged_since_is_known_by_its_month_and_does_not_agree(gifts: Actor) -> None:
    month = clock.today().replace(day=1)
    with clock.at(clock.now() + timedelta(days=40)):
        fund.close_month(month=month, by=gifts)
    digits = Period.objects.get().root_hash[:32]
    assert fund_read.sealed_as(digits) == Sealed(month=month, agrees=True)
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_period SET root_hash = repeat('0', 64)")
    assert fund_read.sealed_as(digits) == Sealed(month=month, agrees=False)
    assert fund_read.sealed_as("1" * 32) is None
