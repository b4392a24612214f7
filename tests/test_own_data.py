"""A person's own copy holds everything, in every topic; once forgotten, their name is nowhere and no tally changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from weiyifang.activities import queries as activities_queries
from weiyifang.activities import services as activities
from weiyifang.activities.models import Enrollment, Method
from weiyifang.activities.tests import make as activity
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.tenancy import source_of
from weiyifang.fund import queries as fund_queries
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.governance import verify
from weiyifang.news import queries as paper_queries
from weiyifang.news import reading
from weiyifang.news import services as news
from weiyifang.news.tests import make as paper
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Membership, Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people import privacy
from weiyifang.people import queries as people_queries
from weiyifang.people import services as people
from weiyifang.people.models import Account, Duty, Purpose, ReadReason, RelationKind, Resident
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.test_privacy import tables_that_hold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]

AN_ACT = "an act of duty: it stands in the history, which the export holds"
NOT_IN_THE_EXPORT = {
    "people_resident.account_id": "the record itself, which the export begins with",
    "people_consent.given_by_id": "the yes is in the export of whom it is for; " + AN_ACT,
    "people_sensitiveread.reader_id": "it is about those whose numbers were read; " + AN_ACT,
    "people_erasurerequest.asked_by_id": "the wish is in the export of whom it is about; " + AN_ACT,
    "people_erasurerequest.confirmed_by_id": "as above; " + AN_ACT,
    "people_typedform.account_id": "a form that waits an hour for whoever typed it, and is shown to them alone",
    "people_importdraft.made_by_id": "a file with other people's data, forgotten after a day",
    "activities_enrollment.enrolled_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "activities_attendance.recorded_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "fund_donation.recorded_by_id": AN_ACT,
    "fund_paymentrequest.approved_by_id": AN_ACT,
    "fund_paymentrequest.paid_by_id": AN_ACT,
    "news_article.reviewer_id": AN_ACT,
    "ledger_hold.by_account_id": AN_ACT,
    "ledger_holdresolution.by_account_id": AN_ACT,
    "ledger_transfer.by_account_id": AN_ACT,
    "ledger_period.by_account_id": AN_ACT,
    "account_emailaddress.user_id": "nobody has a mail address here",
}
ASKED = re.compile(r'"(\w+)"\."(\w+)" (?:=|IN)')


@pytest.fixture
def leader_of(here: Community) -> str:
    """The cast's leader leads something that is there."""
    return source_of(organization.in_status(Status.FILED, "南湖书法社"))


def columns_about_people() -> Iterator[str]:
    """Every column of every table that points at a person: by a foreign key, or by an account's id."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            target = field.remote_field.model if field.remote_field else None
            plain_id = isinstance(field, models.UUIDField) and re.search(r"account_id$|_by_id$", field.name)
            if target in {Account, Resident} or plain_id:
                yield f"{model._meta.db_table}.{field.column}"


def test_the_export_asks_every_table_about_the_person(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    with CaptureQueriesContext(connection) as asked:
        privacy.export_person(resident_of("volunteer"))
    found = {".".join(column) for query in asked.captured_queries for column in ASKED.findall(query["sql"])}
    there = set(columns_about_people())
    forgotten = sorted(there - found - set(NOT_IN_THE_EXPORT))
    assert not forgotten, f"put into the package's export.py, or say here why not: {forgotten}"
    assert set(NOT_IN_THE_EXPORT) <= there - found, "these are gone, or are in the export now"


# --- a life in every topic --------------------------------------------------------------------------------------

NAME, PHONE = "申屠采薇", "199 0000 7077"


@pytest.fixture
def person(cast: dict[str, Actor]) -> Resident:
    """Somebody who has done a bit of everything, with an account, and wrote their name wherever one may."""
    account = people.make_account(username="caiwei", name=NAME, phone=PHONE, phone_verified=True)
    home = people.Door("学府花园", "9", "1", "9-9")
    person = people.register_resident(name=NAME, phone=PHONE, address=home, by=system())
    people.link_account(resident=person, account=account, by=system())
    oneself = Actor(community_id=person.community_id, account_id=account.pk, resident_id=person.pk, name=NAME)
    _in_activities(person, oneself)
    _in_organizations(person, oneself)
    _in_the_fund(person, account, cast)
    _in_the_paper(account, cast)
    _on_the_register(person, oneself, cast)
    return Resident.objects.get(pk=person.pk)


def _in_activities(person: Resident, oneself: Actor) -> None:
    today = activity.session(days=0, hours=1, title="端午包粽子")
    enrollment = activity.enroll(today, person)
    Enrollment.objects.filter(pk=enrollment.pk).update(note=f"{NAME}要坐前排")
    activities.check_in(session=today, resident=person, method=Method.ROSTER, by=system())
    full = activity.session(title="满员的茶艺课", places=1)
    activity.enroll(full)
    activity.wait(full, person)
    activity.activity(title="我来教剪纸", instructor=person)


def _in_organizations(person: Resident, oneself: Actor) -> None:
    organizations.add_member(organization=organization.in_status("filed", "南湖合唱团"), resident=person, by=system())
    organizations.ask_to_join(
        organization=organization.in_status("filed", "南湖棋社"), resident=person, words=f"我是{NAME}", by=oneself
    )
    organization.application("采薇诗社", leader=person)


def _in_the_fund(person: Resident, account: Account, cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    money.gift(cast["accountant"], 66_600, resident_id=person.pk, donor_name=NAME, is_named=True)
    duty = people.give_duty(account=account, role="staff", by=system())
    money.request(people_actor(account), title="粽叶和糯米")
    people.end_duty(duty=duty, by=system())


def _in_the_paper(account: Account, cast: dict[str, Actor]) -> None:
    paper.column()
    duty = people.give_duty(account=account, role="staff", by=system())
    article = news.submit(article=paper.draft(by=people_actor(account), title="端午那天"), by=people_actor(account))
    article = news.publish(article=article, by=cast["secretary"])
    day = clock.today()
    news.record_reads([reading.Opening(article.pk, day, reading.reader_key(f"account {account.pk}", day))])
    people.end_duty(duty=duty, by=system())


def _on_the_register(person: Resident, oneself: Actor, cast: dict[str, Actor]) -> None:
    people.publish_standard_texts(by=system())
    people.give_consent(resident=person, text=people_queries.current_texts()[Purpose.PHOTOS], by=oneself)
    helper = Resident.objects.get(pk=cast["volunteer"].resident_id or "")
    people.relate(resident=person, helper=helper, kind=RelationKind.PROXY, by=oneself)
    people.read_sensitive(resident=person, fields=("phone",), reason=ReadReason.CALL, by=cast["staff"])


def people_actor(account: Account) -> Actor:
    from weiyifang.people.actors import actor_for

    return actor_for(account)


def tallies() -> dict[str, Any]:
    """What the community counts, wherever it counts."""
    return {
        "attendances": activities_queries.attendances(),
        "people served": activities_queries.people_served(),
        "in the fund": fund_queries.overview(*fund_queries.year_until()).balance,
        "articles": paper_queries.total_articles(),
        "reads": paper_queries.total_reads(),
        "memberships ever": Membership.objects.count(),
        "enrolments ever": Enrollment.objects.count(),
        "residents ever": Resident.objects.count(),
        "duties ever": Duty.objects.count(),
    }


def test_what_each_topic_holds_is_in_the_copy(person: Resident) -> None:
    held = privacy.as_json(person)
    said = {key: json.dumps(part, ensure_ascii=False) for key, part in held.items()}
    for key, facts in {
        "register": (NAME, "199 0000 7077", "9-9"),
        "account": ("caiwei",),
        "activities": ("端午包粽子", "坐前排", "满员的茶艺课", "我来教剪纸"),
        "organizations": ("南湖合唱团", "南湖棋社", f"我是{NAME}", "采薇诗社"),
        "fund": ("66600", "粽叶和糯米"),
        "news": ("端午那天",),
        "relations": ("罗小军",),
        "looks": ("周敏",),
    }.items():
        for fact in facts:
            assert fact in said[key], (key, fact)
    assert {key for key, part in held.items() if not part} <= {"sessions", "erasures"}
    assert len(held["duties"]) == 2
    assert len(held["history"]) >= 5


def test_the_person_reads_it_all_on_one_page(person: Resident, client_of: ClientOf) -> None:
    browser = client_of("visitor")
    assert person.account is not None
    browser.force_login(person.account)
    page = browser.get("/c/nanhu/me/data/").content.decode()
    for fact in ("端午包粽子", "南湖合唱团", "粽叶和糯米", "端午那天"):
        assert fact in page, fact


def test_forgotten_in_every_topic_and_every_tally_stands(person: Resident) -> None:
    before = tallies()
    assert before["in the fund"] == 66_600
    assert before["attendances"] == before["people served"] == 1
    assert len(tables_that_hold(NAME)) >= 4
    account = person.account
    assert account is not None
    oneself = Actor(community_id=person.community_id, account_id=account.pk, resident_id=person.pk)
    people.ask_erasure(resident=person, by=oneself)
    with clock.at(clock.now() + timedelta(days=4)):
        assert people.erase_due() == 1
    assert tables_that_hold(NAME, "caiwei", "19900007077", "199 0000 7077") == set()
    assert tallies() == before
    assert [fault for _package, faults in verify.run() for fault in faults] == []
