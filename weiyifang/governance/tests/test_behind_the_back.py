"""What somebody with the owner's rights changes behind the program's back is named by `verify`, each by its row.

A small community lives through a little of everything; then each deed is done in SQL, looked at, and rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import CharField, TextField

from weiyifang.activities import services as activities
from weiyifang.activities.models import Attendance, Method
from weiyifang.activities.tests import make as make_activities
from weiyifang.communities.models import Community
from weiyifang.core import clock, journal
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.core.models import TimelineEntry
from weiyifang.core.server.database import as_owner
from weiyifang.core.tenancy import CommunityModel, source_of
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as make_fund
from weiyifang.governance import anchors, verify
from weiyifang.governance.services import anchor
from weiyifang.ledger import chain
from weiyifang.ledger.models import Book, Seal, Transfer
from weiyifang.news import services as news
from weiyifang.news.tests import make as make_news
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Membership, Organization
from weiyifang.organizations.tests import make as make_organizations
from weiyifang.people import services as people
from weiyifang.people.models import Account, ConsentText, Duty, Purpose, ReadReason, Resident
from weiyifang.people.roles import Role

pytestmark = pytest.mark.any_lock_order  # what an intruder does keeps no order


@dataclass
class Life:
    """Rows by a short name, and what somebody kept outside."""

    rows: dict[str, Any] = field(default_factory=dict)
    kept: list[anchors.Kept] = field(default_factory=list)

    def __getitem__(self, name: str) -> UUID:
        return UUID(str(self.rows[name].pk))


@pytest.fixture
def life(transactional_db: None, here: Community, accounts: dict[str, Account], cast: dict[str, Actor]) -> Life:
    lived = Life()
    _people(lived, accounts, cast)
    _organizations(lived)
    _fund(lived, cast)
    _activities(lived, cast)
    _news(lived, cast)
    lived.kept = anchor()
    return lived


def _people(lived: Life, accounts: dict[str, Account], cast: dict[str, Actor]) -> None:
    names = ("王孃孃", "王大姐", "王幺妹")
    neighbour, sister, cousin = (people.register_resident(name=name, by=system()) for name in names)
    people.publish_standard_texts(by=cast["secretary"])
    photos = ConsentText.objects.get(purpose=Purpose.PHOTOS)
    duty = people.give_duty(account=accounts["resident"], role=Role.VOLUNTEER, by=cast["secretary"])
    lived.rows |= {
        "neighbour": neighbour,
        "sister": sister,
        "cousin": cousin,
        "duty": Duty.objects.get(account=accounts["accountant"]),
        "ended duty": people.end_duty(duty=duty, by=cast["secretary"]),
        "consent": people.give_consent(resident=neighbour, text=photos, by=cast["staff"]),
        "back": people.withdraw_consent(
            consent=people.give_consent(resident=sister, text=photos, by=cast["staff"]), by=cast["staff"]
        ),
        "text": photos,
        "read": people.read_sensitive(
            resident=neighbour, fields=("phone",), reason=ReadReason.CALL, by=cast["secretary"]
        ),
        "relation": people.relate(resident=neighbour, helper=sister, kind="family", by=cast["staff"]),
        "outsider": accounts["supervisor"],
    }


def _organizations(lived: Life) -> None:
    choir = Organization.objects.get()
    one, two, three = (make_organizations.resident(name) for name in ("张一", "张二", "张三"))
    joined = organizations.add_member(organization=choir, resident=one, by=system())
    many = organizations.add_members(organization=choir, residents=[two, three], by=system())
    lived.rows |= {
        "choir": choir,
        "member": joined,
        "one of many": many[0],
        "left": organizations.end_membership(membership=many[1], by=system()),
        "leads": Membership.objects.get(resident=choir.leader),
    }


def _fund(lived: Life, cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    gift = make_fund.gift(cast["accountant"], resident_id=lived["neighbour"], donor_name="王孃孃")
    wrong = make_fund.gift(cast["accountant"], 500)
    fund.take_back(donation=wrong, reason="写错了", by=cast["accountant"])
    paid = make_fund.paid(cast)
    lived.rows |= {
        "gift": gift,
        "taken back": wrong,
        "paid": paid,
        "asked": make_fund.request(cast["staff"]),
        "approved": fund.approve_payment(request=make_fund.request(cast["staff"]), by=cast["secretary"]),
        "last gift": make_fund.gift(cast["accountant"], 700),
    }


def _activities(lived: Life, cast: dict[str, Actor]) -> None:
    tea = make_activities.session(hours=1, days=0, books_place=True)
    enrolled = make_activities.enroll(tea, lived.rows["neighbour"])
    gave_up = make_activities.enroll(tea, lived.rows["sister"])
    activities.cancel_enrollment(enrollment=gave_up, by=system())
    came = activities.check_in(session=tea, resident=lived.rows["neighbour"], method=Method.QR, by=cast["staff"])
    guests = activities.count_guests(session=tea, people=7, by=cast["staff"])
    mistake = activities.check_in(session=tea, resident=lived.rows["sister"], method=Method.QR, by=cast["staff"])
    activities.void_attendance(attendance=mistake, reason="不是她", by=cast["staff"])
    called_off = make_activities.date_of(tea.activity, days=9)
    activities.cancel_session(session=make_activities.again(called_off), reason="停电", by=cast["staff"])
    lived.rows |= {
        "tea": tea,
        "planned": tea.activity,
        "enrolled": enrolled,
        "gave up": gave_up,
        "came": came,
        "guests": guests,
        "mistake": mistake,
        "void": Attendance.objects.get(voids=mistake),
        "called off": called_off,
    }


def _news(lived: Life, cast: dict[str, Actor]) -> None:
    article = make_news.published(by=cast["staff"], reviewer=cast["secretary"])
    lived.rows |= {"article": article, "draft": make_news.draft(by=cast["staff"])}
    lived.rows["revision"] = article.revisions.get()


# --- the deeds: what is done, in SQL, and to which row. {name} is the row's id, {new} a new one ---------------------

UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DEEDS = re.findall(
    r"^-- ([a-z ]+): (.+)\n((?:^(?!--).*\n)+)",
    (Path(__file__).parent / "behind_the_back.sql").read_text("utf-8"),
    re.MULTILINE,
)


def batches() -> list[list[tuple[str, str, str]]]:
    """The deeds, together with others when they are done to other rows: looking takes longer than doing."""
    made: list[list[tuple[str, str, str]]] = []
    for deed in DEEDS:
        for batch in made:
            if deed[0] not in {row for row, *_more in batch} and deed[0] != "new":
                batch.append(deed)
                break
        else:
            made.append([deed])
    return made


def fill(sql: str, lived: Life, new: UUID) -> str:
    ids = {name: f"'{lived[name]}'" for name in lived.rows} | {"new": f"'{new}'"}
    for name, quoted in ids.items():
        sql = sql.replace(f"{{{name}}}", quoted)
    return sql


@pytest.fixture
def looked(life: Life) -> Iterator[Life]:
    assert found() == []
    with as_owner(connection):
        yield life
    assert found() == []


def found() -> list[str]:
    return [f"{fault.where}: {fault.what}" for _name, faults in verify.run() for fault in faults]


def test_each_change_is_named_by_its_row(looked: Life) -> None:
    assert len(DEEDS) == 75
    missed = {}
    for batch in batches():
        new = new_id()
        with transaction.atomic():
            with connection.cursor() as cursor:
                for _row, name, sql in batch:
                    cursor.execute(fill(sql, looked, new))
                    assert cursor.rowcount == 1, name
            named = {pk for line in found() for pk in UUID_TEXT.findall(line.partition(": ")[0])}
            for row, name, _sql in batch:
                if str(new if row == "new" else looked[row]) not in named:
                    missed[name] = named
            transaction.set_rollback(True)
    assert missed == {}


def entry_of(source: str, verb: str) -> TimelineEntry:
    return TimelineEntry.objects.get(subject=source, verb=verb)


def test_each_change_of_the_timeline_is_named_by_its_row(looked: Life) -> None:
    paid = entry_of(source_of(looked.rows["paid"]), "PaymentApproved")
    deeds = {
        "is gone": "DELETE FROM core_timelineentry WHERE id = {entry}",
        "is another's": "UPDATE core_timelineentry SET actor_account_id = {outsider} WHERE id = {entry}",
        "is about another": "UPDATE core_timelineentry SET subject = 'fund.paymentrequest:' || {asked}"
        " WHERE id = {entry}",
        "says another amount": "UPDATE core_timelineentry SET values = values || '{\"amount_fen\": 1}'"
        " WHERE id = {entry}",
        "was at another time": "UPDATE core_timelineentry SET at = at - interval '1 hour' WHERE id = {entry}",
        "with the row it tells of": "UPDATE core_timelineentry SET actor_account_id = {outsider} WHERE id = {entry};"
        "UPDATE fund_paymentrequest SET approved_by_id = {outsider} WHERE id = {paid}",
    }
    missed = {}
    for name, sql in deeds.items():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(fill(sql.replace("{entry}", f"'{paid.pk}'"), looked, new_id()))
            if not any(line.startswith(source_of(paid)) for line in found()):
                missed[name] = found()
            transaction.set_rollback(True)
    assert missed == {}


def test_a_fact_slipped_in_for_last_month_is_named(looked: Life) -> None:
    long_ago = clock.now() - timedelta(days=30)
    pk = journal.first_id_at(long_ago)
    for seal_it in (False, True):
        with transaction.atomic():
            TimelineEntry(id=pk, verb="SensitiveFieldsRead", subject="people.resident:1", at=long_ago).save()
            if seal_it:
                journal.seal_all()
            assert any(str(pk) in line for line in found())
            transaction.set_rollback(True)


def remove_the_newest_gift(lived: Life) -> None:
    """With its transfer, its seal, its fact and what it moved, and the journal from where it stands."""
    gift = lived["last gift"]
    source = f"fund.donation:{gift}"
    transfer = Transfer.objects.get(source=source)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_seal WHERE transfer_id = %s", [transfer.pk])
        cursor.execute("DELETE FROM ledger_transfer WHERE id = %s", [transfer.pk])
        for side, account in (("debits", transfer.debit_id), ("credits", transfer.credit_id)):
            cursor.execute(
                f"UPDATE ledger_balance SET {side} = {side} - %s WHERE account_id = %s AND pool_id = %s",
                [transfer.amount, account, transfer.pool_id],
            )
        cursor.execute("DELETE FROM fund_donation WHERE id = %s", [gift])
        cursor.execute("DELETE FROM core_timelineentry WHERE subject = %s", [source])


def forget_the_journal() -> None:
    """Nothing in the database says any more what was there, and the journal begins anew with what is left."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM governance_anchor; DELETE FROM core_block")
    journal.seal_all()


def test_the_newest_gift_cannot_be_removed_with_its_seal(looked: Life) -> None:
    with transaction.atomic():
        remove_the_newest_gift(looked)
        assert any("is gone" in line for line in found())  # the journal misses the fact, the anchors the seal
        assert any(line.startswith("ledger.fund: number") for line in found())
        forget_the_journal()
        assert found() == []  # whoever rewrites all of it is not found out from inside
        outside = {fault.where for fault in anchors.compare(looked.kept)}
        assert outside == {"journal", "ledger.fund"}
        transaction.set_rollback(True)


def test_a_seal_changed_with_all_that_follow_is_found_by_the_anchors(looked: Life) -> None:
    with transaction.atomic():
        first = Seal.objects.get(book=Book.objects.get(), seal_no=1).transfer
        Transfer.objects.filter(pk=first.pk).update(by_account_id=None)
        before = chain.START
        for seal in Seal.objects.order_by("seal_no").select_related("transfer"):
            row = seal.transfer
            before = chain.link(
                before,
                seal.seal_no,
                row.content_hash,
                transfer_id=row.pk,
                journal=row.journal,
                recorded_at=row.recorded_at,
                by_account_id=None if row.pk == first.pk else row.by_account_id,
            )
            Seal.objects.filter(pk=seal.pk).update(hash=before)
        assert any(line.startswith("ledger.fund: number") for line in found())
        transaction.set_rollback(True)


def test_what_was_told_before_there_was_a_journal_is_no_fault(looked: Life) -> None:
    """Facts of earlier versions know no fingerprints, and of many members only how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            earlier = "values - 'fingerprint' - 'html_hash' - 'memberships' - 'residents'"
            cursor.execute(f"UPDATE core_timelineentry SET values = {earlier}")
        forget_the_journal()
        assert found() == []
        Membership.objects.filter(pk=looked["one of many"])._raw_delete("default")
        assert [line.partition(": ")[0] for line in found()] == [source_of(looked.rows["choir"])]
        transaction.set_rollback(True)


FILES = {  # what is changed in a table that a file speaks of: what is named
    "UPDATE ledger_account SET name = '私房钱' WHERE code = '1002'": "account 1002",
    "UPDATE ledger_account SET floored = false WHERE code = '1001'": "account 1001",
    "UPDATE ledger_account SET code = '1003' WHERE code = '1009'": "account 1003",
    "UPDATE ledger_pool SET restricted = NOT restricted WHERE code = 'general'": "pool general",
    "UPDATE fund_paymentrequest SET pool = 'mine' WHERE id = {asked}": "pool mine",
    "UPDATE fund_donation SET channel = 'mine' WHERE id = {gift}": "channel mine",
    "UPDATE core_timelineentry SET verb = 'DutySold' WHERE verb = 'DutyGiven'": "DutySold",
}


def test_tables_and_the_files_that_name_them_are_compared(looked: Life) -> None:
    missed = {}
    for sql, where in FILES.items():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(fill(sql, looked, new_id()))
                assert cursor.rowcount >= 1, sql
            if where not in (named := {line.partition(": ")[0] for line in found()}):
                missed[sql] = named
            transaction.set_rollback(True)
    assert missed == {}


def test_no_source_hides_in_a_column_of_another_type(life: Life) -> None:
    """`references` looks at columns by their type: any other that holds a source would be looked at by nobody."""
    known, hidden = set(verify.source_columns()), []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            for field in model._meta.local_concrete_fields if issubclass(model, CommunityModel) else ():
                if isinstance(field, (CharField, TextField)) and (model, field.column) not in known:
                    name = connection.ops.quote_name
                    table, column = name(model._meta.db_table), name(str(field.column))
                    cursor.execute(
                        f"SELECT count(*) FROM {table} WHERE {column} ~ '^[a-z_]+[.][a-z_]+:[0-9a-f-]{{36}}'"
                    )
                    if cursor.fetchone()[0]:
                        hidden.append(str(field))
    assert hidden == []


def test_what_the_program_does_itself_is_no_fault(life: Life, cast: dict[str, Actor], tmp_path: Path) -> None:
    """Forgetting a giver, dissolving an organization, withdrawing and taking up an article again."""
    neighbour = Resident.objects.get(pk=life["neighbour"])
    people.erase_person(resident=neighbour, by=system())
    organizations.dissolve(organization=life.rows["choir"], reason="散了", by=system())
    news.withdraw(article=life.rows["article"], reason="过时了", by=cast["secretary"])
    again = news.reopen(article=life.rows["article"], by=cast["secretary"])
    news.edit(article=again, text="昨晚就亮。", column=make_news.column("notices"), by=cast["staff"])
    news.submit(article=again, by=cast["staff"])
    activities.edit(activity=life.rows["planned"], place="三楼", by=cast["staff"])
    fund.send_back_payment(request=life.rows["approved"], reason="写清楚", by=cast["secretary"])
    assert found() == []
