"""A person's own copy holds everything, in every topic; once forgotten, their name is nowhere and no tally changes."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import somebody
from tests.somebody import ID_NUMBER, NAME, PHONE
from weiyifang.activities import queries as activities_queries
from weiyifang.activities.models import Enrollment
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.fund import queries as fund_queries
from weiyifang.governance import verify
from weiyifang.news import queries as paper_queries
from weiyifang.organizations.models import Membership, Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people import privacy
from weiyifang.people import services as people
from weiyifang.people import tasks as registers
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.secrets import find_key
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.test_privacy import tables_that_hold
from weiyifang.sharing.models import Booking
from weiyifang.talents.models import Talent, TalentRequest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]

AN_ACT = "an act of duty: it stands in the history, which the export holds"
NOT_IN_THE_EXPORT = {
    "people_resident.account_id": "the record itself, which the export begins with",
    "people_consent.given_by_id": "the yes is in the export of whom it is for; " + AN_ACT,
    "people_erasurerequest.asked_by_id": "the wish is in the export of whom it is about; " + AN_ACT,
    "people_erasurerequest.confirmed_by_id": "as above; " + AN_ACT,
    "people_importdraft.made_by_id": "a file with other people's data, forgotten after a day",
    "wechat_pay_order.resident_id": "what waits half an hour to be paid; then it is a gift, which the copy holds",
    "wechat_pay_refund.asked_by_id": AN_ACT,
    "wechat_pay_refund.decided_by_id": AN_ACT,
    "banking_statementdraft.made_by_id": "a file with other people's data, forgotten after a day",
    "banking_statement.imported_by_id": AN_ACT,
    "banking_match.made_by_id": AN_ACT,
    "banking_explanation.asked_by_id": AN_ACT,
    "banking_explanation.confirmed_by_id": AN_ACT,
    "banking_line.aside_by_id": AN_ACT,
    "activities_enrollment.enrolled_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "activities_excuse.decided_by_id": AN_ACT,
    "activities_lessonleave.asked_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "activities_message.written_by_id": AN_ACT,
    "activities_stallcount.first_by_id": AN_ACT,
    "activities_stallcount.second_by_id": AN_ACT,
    "activities_passage.recorded_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "activities_attendance.recorded_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "fund_donation.recorded_by_id": AN_ACT,
    "sharing_handover.noted_by_id": AN_ACT,
    "sharing_application.asked_by_id": "an organization's wishes; " + AN_ACT,
    "sharing_booking.asked_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "notices_delivery.done_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "files_file.added_by_id": AN_ACT,
    "errands_errand.asked_by_id": AN_ACT,
    "fund_paymentrequest.checked_by_id": AN_ACT,
    "fund_paymentreview.reviewed_by_id": AN_ACT,
    "fund_committeevoice.said_by_id": AN_ACT,
    "fund_paymentrequest.approved_by_id": AN_ACT,
    "fund_paymentrequest.paid_by_id": AN_ACT,
    "fund_paymentcorrection.asked_by_id": AN_ACT,
    "fund_paymentcorrection.decided_by_id": AN_ACT,
    "fund_moneymove.asked_by_id": AN_ACT,
    "fund_moneymove.decided_by_id": AN_ACT,
    "fund_budget.asked_by_id": AN_ACT,
    "fund_budget.decided_by_id": AN_ACT,
    "fund_budgetword.said_by_id": AN_ACT,
    "fund_purpose.opened_by_id": AN_ACT,
    "fund_purpose.closed_by_id": AN_ACT,
    "fund_purposechange.asked_by_id": AN_ACT,
    "fund_purposechange.decided_by_id": AN_ACT,
    "fund_statedbalance.entered_by_id": AN_ACT,
    "grants_grantrun.begun_by_id": AN_ACT,
    "grants_grantrun.handed_in_by_id": AN_ACT,
    "grants_grantrun.confirmed_by_id": AN_ACT,
    "grants_grantrun.paid_by_id": AN_ACT,
    "grants_appeal.answered_by_id": AN_ACT,
    "news_article.reviewer_id": AN_ACT,
    "volunteering_certificate.seen_by_id": "it is in the export of whom it is about; " + AN_ACT,
    "volunteering_hours.own_account_id": "whose hours they are: in the copy by the record as a volunteer",
    "volunteering_hours.noted_by_id": "it is in the export of whom it is about; " + AN_ACT,
    "volunteering_hours.decided_by_id": "as above; " + AN_ACT,
    "volunteering_hours.back_by_id": "as above; " + AN_ACT,
    "volunteering_timegift.given_by_id": "it is in the export of both whom it is about; " + AN_ACT,
    "volunteering_yearpaper.issued_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "volunteering_helprequest.asked_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "volunteering_slot.assigned_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "talents_talentrequest.asked_by_id": "it is in the export of whom it is for; " + AN_ACT,
    "outreach_specialneed.noted_by_id": "as above; " + AN_ACT,
    "outreach_contact.noted_by_id": "it is in the export of whom it is about; " + AN_ACT,
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


NO_FIELD_OF_THEIRS = {
    "id": "the row's own",
    "community": "the community that asks",
    "erased_at": "there is nobody left who could ask",
    "phone_key": "found by the phone, which is in the copy",
    "id_number_key": "found by the number, which is in the copy",
    "phone_verified": "the moment it was shown to be theirs is in the copy",
    "is_active": "who asks is signed in",
    "password": "a hash nobody reads",
    "session_round": "how often every session was ended",
    "invitation": "an HMAC nobody reads",
    "invitation_tries": "how often the invitation was typed in wrongly; seven days",
    "look": "how pages look, which the person sees and sets",
}


@pytest.mark.parametrize("model", [Resident, Account])
def test_every_field_of_the_record_and_the_account_is_in_the_copy(model: type[models.Model], person: Resident) -> None:
    fields = {field.name for field in model._meta.local_fields}
    source = inspect.getsource(privacy._register) + inspect.getsource(privacy._account)
    missing = {name for name in fields if not re.search(rf"\b(resident|account)\.(get_)?{name}\b", source)}
    missing -= {name for name in fields if f"{name}_display" in source}
    forgotten = missing - set(NO_FIELD_OF_THEIRS)
    assert not forgotten, f"put it into people/privacy.py, or say here why not: {sorted(forgotten)}"


POINTS_AT_NOBODY = {  # tables that know people without pointing at them
    "people_tally": "HMACs that tell of nobody, gone in the night after they are over",
    "people_sentcode": "as above, ten minutes",
    "core_remark": "in the copy beside the fact it was said with",
    "core_timelineentry": "in the copy, by whom it is about and who acted",
    "core_oncerecord": "pages that were shown before; seven days",
    "core_block": "digests of rows",
    "governance_anchor": "heads of chains",
    "banking_bankaccount": "the fund's own accounts, by their numbers",
    "fund_budgetline": "what is planned to be spent on what",
    "grants_runninggrant": "results and grants of organizations",
    "banking_matchedentry": "which entry a line of a bank is: whose it is knows the fund",
    "errands_errandfile": "a list of many people, thrown away after some days and when one of them is forgotten",
    "files_content": "what somebody brought for a payment: on the page of what it belongs to, with which it goes",
    "people_household": "the address, with the record",
    "people_account": "in the copy, by the record it belongs to",
    "organizations_organization": "what they lead",
    "stage_engagement": "the shows they are on in, by their place there; who wanted one is the unit's word, sealed",
    "stage_offer": "the answers of organizations",
    "stage_income": "what was paid for a show; their part of it is in the copy",
    "volunteering_belonging": "the teams they are in, with their record as a volunteer",
    "volunteering_slot": "the shifts they took on, likewise",
    "volunteering_hours": "when they were there, likewise",
    "volunteering_timegift": "time they gave on and were given, likewise",
    "volunteering_shift": "who is in it stands with their record as a volunteer",
    "volunteering_need": "as above",
    "activities_runningorder": "which acts a gala has",
    "activities_stall": "an organization that has it, and what it sells",
    "activities_act": "an organization that performs; words for who does are read by everybody and name teams",
    "talents_thanks": "with what was asked, of both: who thanked, and who was thanked",
    "news_read": "a reader's key of one day, of which nobody knows whose it is; 35 days",
    "news_dayreader": "as above",
    "capacity_claim": "the place behind an enrolment, by its source; the enrolment is in the copy",
    "capacity_waitentry": "as above",
    "timetable_allocation": "the hours of somebody who teaches or helps, by what it is, which is in the copy",
    "django_session": "the session itself; where one is signed in is in the copy",
    "procrastinate_jobs": "work for later: a sealed phone, until the message is sent",
    "mfa_authenticator": "how many there are is in the copy, the secrets are not",
}


def test_every_table_is_in_the_copy_or_says_why_not_or_knows_nobody() -> None:
    """A new table must be thought about: whose words, whose deeds, whose numbers are in it?"""
    pointing = {column.partition(".")[0] for column in columns_about_people()}
    knows_nobody = re.compile(
        r"^(communities|auth|account|django_content|ledger|capacity_(placepool|share)|procrastinate|replay)"
        r"|^sharing_(resource|closure|round|wish|slot)|^timetable_part|^outreach_grid"
        r"|^(core_(counter|installation|clockmark|changes?)|people_consenttext|activities_(activity|draw|session)"
        r"|news_(column|readtally|readtotal|daytally))"
    )
    tables = {model._meta.db_table for model in apps.get_models()}
    open_ones = {table for table in tables - pointing - set(POINTS_AT_NOBODY) if not knows_nobody.match(table)}
    assert set(POINTS_AT_NOBODY) <= tables, "these are gone"
    assert not open_ones, f"say in POINTS_AT_NOBODY what they know of people: {sorted(open_ones)}"


SECRETS = (NAME, "caiwei", "19900007077", PHONE, ID_NUMBER)


@pytest.fixture
def person(cast: dict[str, Actor]) -> Resident:
    return somebody.in_every_topic(cast)


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
        "talents ever": Talent.objects.count(),
        "requests to talents ever": TalentRequest.objects.count(),
        "bookings ever": Booking.objects.count(),
        "residents ever": Resident.objects.count(),
        "duties ever": Duty.objects.count(),
    }


def test_what_each_topic_holds_is_in_the_copy(person: Resident) -> None:
    held = privacy.as_json(person)
    said = {key: json.dumps(part, ensure_ascii=False) for key, part in held.items()}
    for key, facts in {
        "register": (NAME, "199 0000 7077", "9-9"),
        "account": ("caiwei",),
        "activities": (
            "端午包粽子",
            "坐前排",
            "满员的茶艺课",
            "我来教剪纸",
            "那天住院",
            "好好养着",
            "的妈妈",
            "跟谁",
        ),
        "organizations": ("南湖合唱团", "南湖棋社", f"我是{NAME}", "采薇诗社"),
        "volunteering": ("采薇送餐队", "会做面", "健康证", "送午饭", "走早了", "来取药"),
        "talents": ("修相机", "写一副寿联", "多谢了"),
        "outreach": ("没在家",),
        "sharing": ("邻里会议室", "的生日"),
        "calendars": ("我自己的日历",),
        "stage": ("重阳演出", "244.45"),
        "fund": ("666.00", "粽叶和糯米"),
        "grants": ("的活动漏了", "复核无误"),
        "news": ("端午那天",),
        "relations": ("罗小军",),
        "looks": ("周敏",),
        "papers": ("证明材料",),
    }.items():
        for fact in facts:
            assert fact in said[key], (key, fact)
    assert {key for key, part in held.items() if not part} <= {"sessions", "erasures"}
    assert len(held["duties"]) == 8
    assert len(held["history"]) >= 5


def test_the_person_reads_it_all_on_one_page(person: Resident, client_of: ClientOf) -> None:
    browser = client_of("visitor")
    assert person.account is not None
    browser.force_login(person.account)
    page = browser.get("/c/nanhu/me/data/").content.decode()
    for fact in ("端午包粽子", "南湖合唱团", "粽叶和糯米", "端午那天"):
        assert fact in page, fact


NO_WORDS = re.compile(
    r"\d{4}-\d\d-\d\dT|\d:\d\d:\d\d"  # moments as programs write them
    r"|[0-9a-f]{8}-[0-9a-f]{4}-|\b[a-z]+\.[a-z]+:"  # ids, sources
    r"|\b(True|False|None)\b|\b[A-Z][a-z]+[A-Z][a-z]+\b|\b[a-z]+_[a-z_]+\b|Mozilla"  # how the program calls it
    r"|\bfen\b|分为单位"
)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_one_s_own_data_is_said_in_words(language: str, person: Resident) -> None:
    """No microseconds, no codes, no ids: what a neighbour reads."""
    with translation.override(language):
        sections = privacy.export_person(person)
        for section in sections:
            for record in (*section.shown, *section.folded):
                for name, value in record.items():
                    assert not NO_WORDS.search(f"{name}: {value}"), (section.key, name, value)
        said = {key: json.dumps(part, ensure_ascii=False) for key, part in privacy.as_json(person).items()}
    assert "666.00" in str([section.shown for section in sections if section.key == "fund"])
    assert not re.search(r":\d\d\.\d+", str(said)), "microseconds"


def test_the_copy_is_dated_newest_first_and_folds_what_is_long(person: Resident) -> None:
    sections = {section.key: section for section in privacy.export_person(person)}
    history = sections["history"]
    assert len(history.shown) == privacy.OPEN
    assert len(history.folded) == len(history.records) - privacy.OPEN > 0
    for key, field in (("history", "when"), ("erasures", "asked at"), ("looks", "when")):
        with translation.override("en"):
            moments = [record[field] for record in _section(person, key).records]
        assert moments == sorted(moments, reverse=True), key
    assert all(section.about for section in sections.values())


def _section(person: Resident, key: str) -> privacy.Section:
    return next(section for section in privacy.export_person(person) if section.key == key)


def test_forgotten_in_every_topic_and_every_tally_stands(person: Resident) -> None:
    before = tallies()
    assert before["in the fund"] == 66_600 + 5_000 + 10_000 - 30_000 + 48_001
    assert before["attendances"] == before["people served"] == 3
    assert len(tables_that_hold(NAME)) >= 4
    account = person.account
    assert account is not None
    keys = (find_key("+8619900007077"), find_key(ID_NUMBER))
    assert tables_that_hold(*keys) == {"people_account", "people_resident"}
    oneself = Actor(community_id=person.community_id, account_id=account.pk, resident_id=person.pk)
    people.ask_erasure(resident=person, by=oneself)
    with clock.at(clock.now() + timedelta(days=4)):
        assert people.erase_due() == 1
        for job in (registers.forget_sessions, registers.forget_drafts):  # what a night takes along by itself
            job()
        assert [fault for _package, faults in verify.run() for fault in faults] == []
    assert tables_that_hold(*SECRETS, *keys) == set()
    assert tallies() == before
