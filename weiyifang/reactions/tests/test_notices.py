"""What happens is told to whom it concerns: to each once, and to nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import set_urlconf

from weiyifang.activities import services as activities
from weiyifang.activities.models import Activity, Enrollment
from weiyifang.activities.tests import make as events
from weiyifang.capacity import services as capacity
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import reactions
from weiyifang.core.tenancy import id_in
from weiyifang.fund import services as fund
from weiyifang.fund.models import PurposeChange
from weiyifang.fund.tests import make as money
from weiyifang.news import services as news
from weiyifang.news.tests import make as articles
from weiyifang.notices import kinds, queries
from weiyifang.notices.models import Delivery, Notice, Route
from weiyifang.notices.tasks import deliver
from weiyifang.notices.tests import make
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as groups
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident
from weiyifang.people.roles import Role
from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.gateway_double import gateway_double
from weiyifang.reactions.notice_kinds import KINDS
from weiyifang.reactions.tasks import remind_of_months

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
NOON = datetime(2026, 10, 14, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    MemorySender.sent.clear()
    with clock.at(NOON):
        yield


def told(kind: str) -> list[str]:
    """Whom this was told to, by name."""
    rows = Notice.objects.filter(kind=kind).select_related("resident", "account", "whose").order_by("id")
    return sorted(str(row.resident or row.account) + (f" for {row.whose}" if row.whose else "") for row in rows)


def words(kind: str) -> str:
    (line,) = queries.in_words(Notice.objects.filter(kind=kind).select_related("whose")[:1])
    return line.words


def notice_of(notice: Notice) -> Enrollment:
    """The enrolment it is about."""
    return Enrollment.objects.get(pk=id_in(notice.about))


# --- activities ---------------------------------------------------------------------------------------------------


def test_a_called_off_date_is_told_to_all_who_enrolled_or_waited_and_to_whoever_stands_by_them() -> None:
    date_of = events.session(places=1)
    first, second = events.resident("王孃孃"), events.resident("李伯伯")
    daughter = events.resident("王小妹")
    people.relate(resident=first, helper=daughter, kind=RelationKind.PROXY, by=system())
    events.enroll(date_of, first)
    events.wait(date_of, second)
    activities.cancel_session(session=date_of, reason="老师病了", by=system())
    assert sorted(told("called_off")) == ["李伯伯", "王孃孃", "王小妹 for 王孃孃"]
    assert "插花茶艺孝敬爸妈" in words("called_off")
    assert "10月16日" in words("called_off")


def test_the_reason_is_not_kept_in_a_notice_where_it_could_not_be_forgotten() -> None:
    date_of = events.session()
    events.enroll(date_of)
    activities.cancel_session(session=date_of, reason="王老师病了", by=system())
    assert "王老师" not in str(list(Notice.objects.values("values", "about", "kind")))


def test_on_the_demo_s_terms_a_called_off_class_is_in_the_messages_the_log_and_the_list(
    resident_of: Any,
) -> None:
    date_of = events.session(places=3)
    at_home, by_text, by_phone = resident_of("resident"), make.agreed(make.resident("刘婆婆")), make.resident("赵爷爷")
    for person in (at_home, by_text, by_phone):
        events.enroll(date_of, person)
    activities.cancel_session(session=date_of, reason="停水", by=system())
    deliver()
    assert sorted(told("called_off")) == sorted(["陈桂芳", "刘婆婆", "赵爷爷"])
    assert {row.notice.resident for row in queries.dealt_with(Route.SMS)} == {by_text}
    assert by_phone in {row.notice.resident for row in queries.to_do(Route.PHONE)}


def test_who_gives_a_seat_up_is_told_nothing() -> None:
    enrollment = events.enroll(events.session())
    activities.cancel_enrollment(enrollment=enrollment, by=system())
    assert not Notice.objects.exists()


def test_who_leaves_the_community_is_not_told_that_it_is_called_off() -> None:
    person = events.resident()
    events.enroll(events.session(), person)
    people.mark_left(resident=person, by=system())
    assert not Notice.objects.exists()


def test_a_moved_date_is_told_to_all_who_come_with_the_new_time() -> None:
    date_of = events.session(places=1)
    events.enroll(date_of, events.resident("王孃孃"))
    events.wait(date_of, events.resident("李伯伯"))
    later = date_of.starts_at + timedelta(days=1)
    activities.move_session(session=date_of, starts_at=later, ends_at=later + timedelta(hours=2), by=system())
    assert told("date_moved") == ["李伯伯", "王孃孃"]
    assert "10月17日" in words("date_moved")


def test_another_place_is_told_to_all_who_come() -> None:
    date_of = events.session()
    events.enroll(date_of, events.resident("王孃孃"))
    activities.edit(activity=date_of.activity, place="一楼大厅", by=system())
    assert told("elsewhere") == ["王孃孃"]


def test_a_seat_that_comes_free_is_offered_in_a_message_with_its_end() -> None:
    date_of = events.session(places=1)
    enrollment = events.enroll(date_of)
    events.wait(date_of, events.resident("李伯伯"))
    activities.cancel_enrollment(enrollment=enrollment, by=system())
    assert told("seat_offered") == ["李伯伯"]
    notice = Notice.objects.get()
    assert notice.until == NOON + timedelta(hours=24)
    assert "10月15日" in words("seat_offered")
    activities.accept_offer(enrollment=notice_of(notice), by=system())
    notice.refresh_from_db()
    assert notice.done_at == NOON


def test_an_offer_nobody_answers_is_told_to_who_lost_it_and_to_the_next() -> None:
    date_of = events.session(places=1)
    enrollment = events.enroll(date_of)
    events.wait(date_of, events.resident("李伯伯"))
    events.wait(date_of, events.resident("赵爷爷"))
    activities.cancel_enrollment(enrollment=enrollment, by=system())
    with clock.at(NOON + timedelta(hours=25)):
        capacity.expire_due(by=system())
    assert told("offer_lapsed") == ["李伯伯"]
    assert told("seat_offered") == ["李伯伯", "赵爷爷"]


def test_who_moves_up_without_being_asked_is_told() -> None:
    date_of = events.session(places=1)
    events.pool(date_of).__class__.objects.update(offer_hours=0)
    enrollment = events.enroll(date_of)
    events.wait(date_of, events.resident("李伯伯"))
    activities.cancel_enrollment(enrollment=enrollment, by=system())
    assert told("moved_up") == ["李伯伯"]


def test_a_called_off_lesson_is_told_to_every_pupil_who_keeps_the_seat() -> None:
    of = events.activity(mode="term", places=3)
    lesson, _other = events.date_of(of), events.date_of(of, 9)
    activities.publish(activity=of, by=system())
    events.enroll(events.again(lesson), events.resident("王孃孃"))
    activities.cancel_session(session=events.again(lesson), reason="停电", by=system())
    assert told("lesson_called_off") == ["王孃孃"]
    assert told("called_off") == []
    assert Activity.objects.get().enrollments.live().count() == 1


# --- desks --------------------------------------------------------------------------------------------------------


@pytest.fixture
def desks(cast: dict[str, Actor]) -> dict[str, Actor]:
    """The cast, without what they were told when they got their duties."""
    Notice.objects.all().delete()
    return cast


def names(*keys: str) -> list[str]:
    from weiyifang.people.demo import PARTS

    return sorted(part.name for part in PARTS if part.key in keys)


def test_a_payment_goes_from_desk_to_desk(desks: dict[str, Actor]) -> None:
    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"])
    row = money.request(desks["staff"])
    assert told("payment_to_approve") == names("secretary")
    row = fund.send_back_payment(request=row, reason="少一张发票", by=desks["secretary"])
    assert told("payment_sent_back") == names("staff")
    assert "米面油" in words("payment_sent_back")


def test_an_approved_payment_waits_for_whoever_pays_and_for_nobody_once_it_is_paid(desks: dict[str, Actor]) -> None:
    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"])
    row = fund.approve_payment(request=money.request(desks["staff"]), by=desks["secretary"])
    assert told("payment_to_pay") == names("accountant", "cashier")
    assert {one.kind for one in Notice.objects.filter(done_at=None)} == {"payment_to_pay"}
    fund.pay(request=row, by=desks["accountant"])
    assert not Notice.objects.filter(done_at=None).exists()


def test_what_two_have_to_confirm_waits_for_the_other_and_for_nobody_once_it_is_decided(
    desks: dict[str, Actor],
) -> None:
    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"], method="cash")
    move = fund.ask_move(
        wanted=fund.Move(from_method="cash", to_method="bank", amount_fen=50_000, happened_on=clock.today()),
        by=desks["accountant"],
    )
    assert told("move_to_confirm") == names("secretary")
    assert "500.00" in words("move_to_confirm")
    fund.confirm_move(row=move, by=desks["secretary"])
    paid = money.paid(desks)
    correction = fund.ask_correction(
        payment=paid,
        wanted=fund.Correction(kind="refund", amount_fen=100, happened_on=clock.today(), reason="退回"),
        by=desks["accountant"],
    )
    assert told("correction_to_confirm") == names("secretary")
    fund.refuse_correction(row=correction, reason="没有退", by=desks["secretary"])
    whole = fund.Change(
        why="giver",
        from_pool="general",
        to_pool="meals",
        amount_fen=100,
        happened_on=clock.today(),
        paper="来函",
        reason="捐款人说",
    )
    fund.withdraw_change(row=fund.ask_change(wanted=whole, by=desks["accountant"]), by=desks["accountant"])
    fund.ask_change(wanted=whole, by=desks["accountant"])
    assert told("change_to_confirm") == names("secretary") * 2
    fund.refuse_change(row=PurposeChange.objects.latest("number"), reason="没有来函", by=desks["secretary"])
    assert not Notice.objects.filter(kind__endswith="to_confirm", done_at=None).exists()


def test_an_article_that_its_writer_takes_back_is_no_news_to_the_writer(desks: dict[str, Actor]) -> None:
    article = news.submit(article=articles.draft(by=desks["staff"]), by=desks["staff"])
    news.take_back(article=article, by=desks["staff"])
    assert told("article_sent_back") == []
    assert not Notice.objects.filter(done_at=None).exists()


def test_who_watches_over_the_books_gets_the_heads_of_the_chains_in_a_text_message(desks: dict[str, Actor]) -> None:
    from weiyifang.governance import services as oversight

    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"])
    (journal, book) = oversight.anchor()
    with clock.at(NOON + timedelta(days=30)):
        fund.close_month(month=date(2026, 10, 1), by=desks["accountant"])
        assert told("month_sealed") == names("secretary", "supervisor", "street_officer")
        deliver()
    texts = [text for _phone, text in MemorySender.sent]
    assert len(texts) == 3
    assert all(journal.hash in text for text in texts)
    assert all("2026-10" in text for text in texts)
    assert book.chain in texts[0]


def test_a_short_text_message_carries_as_much_of_the_root_as_is_needed_to_compare_it(
    desks: dict[str, Actor], client_of: ClientOf, settings: Any
) -> None:
    settings.SMS_SENDER = "weiyifang.people.gateways.Tencent"
    settings.SMS_KEY_ID = settings.SMS_KEY_SECRET = settings.SMS_SIGN = settings.SMS_APP = "x"
    settings.SMS_TEMPLATES = {"code": "T1", "notice": "T2"}
    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"])
    with clock.at(NOON + timedelta(days=30)), gateway_double() as double:
        settings.SMS_URL, double.says = double.url, {"Response": {"SendStatusSet": [{"Code": "Ok"}]}}
        fund.close_month(month=date(2026, 10, 1), by=desks["accountant"])
        deliver()
    (said,) = {json.loads(body)["TemplateParamSet"][0] for body in double.bodies}
    assert (len(double.bodies), len(said)) == (3, 32)

    def compared(typed: str) -> str:
        months = client_of("visitor").get("/c/nanhu/fund/months/", {"digits": typed}, headers={"Accept-Language": "en"})
        return months.content.decode()

    as_written = f"{said[:8]} {said[8:16].upper()} {said[16:]}"
    assert "Yes: the root of October 2026 begins so" in compared(as_written)
    assert "No sealed month here begins so" in compared("0" * 32)
    assert "At least 32 signs" in compared(said[:31])


def test_who_seals_months_is_reminded_once_of_each_and_no_more_when_it_is_sealed(desks: dict[str, Actor]) -> None:
    fund.open_fund(by=desks["accountant"])
    money.gift(desks["accountant"])
    for day in (1, 18, 19, 20, 21, 22):
        with clock.at(NOON + timedelta(days=day)):
            remind_of_months()
    assert told("month_to_seal") == names("accountant")
    assert "2026-10" in words("month_to_seal")
    with clock.at(NOON + timedelta(days=30)):
        fund.close_month(month=date(2026, 10, 1), by=desks["accountant"])
    assert not Notice.objects.filter(kind="month_to_seal", done_at=None).exists()


def test_a_community_without_a_fund_is_reminded_of_nothing() -> None:
    remind_of_months()
    assert not Notice.objects.exists()


def test_an_article_goes_to_review_and_back(desks: dict[str, Actor]) -> None:
    article = news.submit(article=articles.draft(by=desks["staff"]), by=desks["staff"])
    assert told("article_to_review") == names("secretary")
    news.send_back(article=article, reason="写清楚时间", by=desks["secretary"])
    assert told("article_sent_back") == names("staff")


# --- organizations and people -------------------------------------------------------------------------------------


def test_the_leader_is_told_who_wants_to_join_and_they_what_came_of_it(
    cast: dict[str, Actor], resident_of: Any
) -> None:
    choir = organizations.file(organization=groups.application(leader=groups.resident("何婆婆")), by=system())
    asking = [
        organizations.ask_to_join(organization=choir, resident=resident_of(key), words="", by=cast[key])
        for key in ("resident", "volunteer")
    ]
    assert told("asked_to_join") == ["何婆婆", "何婆婆"]
    organizations.accept(request=asking[0], by=system())
    organizations.decline(request=asking[1], answer="满了", by=system())
    assert told("taken_in") == names("resident")
    assert told("not_taken_in") == names("volunteer")
    assert "南湖合唱团" in words("not_taken_in")
    assert Organization.objects.count() == 1


def test_a_duty_that_is_given_or_ends_is_told(desks: dict[str, Actor], accounts: Any) -> None:
    duty = people.give_duty(account=accounts["resident"], role=Role.VOLUNTEER, by=desks["secretary"])
    people.end_duty(duty=duty, by=desks["secretary"])
    assert told("duty_given") == told("duty_ended") == names("resident")


def test_both_are_told_when_somebody_stands_by_another_and_when_not_any_more() -> None:
    one, other = groups.resident("王孃孃"), groups.resident("王小妹")
    relation = people.relate(resident=one, helper=other, kind=RelationKind.FAMILY, by=system())
    people.unrelate(relation=relation, by=system())
    assert (told("stands_by"), told("is_stood_by")) == (["王小妹"], ["王孃孃"])
    assert (told("no_longer_stands_by"), told("is_no_longer_stood_by")) == (["王小妹"], ["王孃孃"])


def test_who_is_forgotten_leaves_no_message_about_them() -> None:
    date_of = events.session()
    person, helper = events.resident("王孃孃"), events.resident("王小妹")
    people.relate(resident=person, helper=helper, kind=RelationKind.PROXY, by=system())
    events.enroll(date_of, person)
    activities.cancel_session(session=date_of, reason="停水", by=system())
    people.erase_person(resident=person, by=system())
    left = Notice.objects.exclude(kind__contains="stand")
    assert not left.exists()
    assert Resident.objects.count() == 2


# --- the page of kinds --------------------------------------------------------------------------------------------


def test_every_kind_is_told_by_a_reaction_and_every_reaction_tells_a_kind_there_is() -> None:
    import inspect
    from importlib import import_module
    from pkgutil import iter_modules

    from weiyifang import reactions as package
    from weiyifang.reactions import notices

    named = [module.name for module in iter_modules(package.__path__) if module.name.startswith("notices")]
    source = "".join(inspect.getsource(import_module(f"{package.__name__}.{name}")) for name in named)
    source += '"show_paid_member" "show_given_back_member"'  # the members' beside the troupe's, by `_tell_of_money`
    assert [code for code in KINDS if f'"{code}"' not in source] == []
    wired = {react.__name__ for follow in reactions().values() for react in follow}
    public = {
        name
        for name, one in vars(notices).items()
        if inspect.isfunction(one) and one.__module__ == notices.__name__ and not name.startswith("_")
    }
    assert public - wired == {"remind_of_month"}  # the clock's


def test_every_kind_has_its_words_in_both_languages_and_leads_to_a_page(accounts: Any) -> None:
    from django.utils import translation

    values = {
        "number": 1, "date": 1, "starts_at": NOON.isoformat(), "answer_by": NOON.isoformat(), "role": Role.STAFF,
        "payment": "01900000-0000-7000-8000-000000000001", "row": "01900000-0000-7000-8000-000000000001",
        "amount_fen": 50_000, "moved_to": NOON.isoformat(), "month": "2026-10-01", "root": "r",
        "left_at": NOON.isoformat(),
        "heads": ["journal/1/h"], "minutes": 60, "errand": "01900000-0000-7000-8000-000000000001", "count": 2,
        "booking": "01900000-0000-7000-8000-000000000001", "request": "01900000-0000-7000-8000-000000000001",
        "run": "01900000-0000-7000-8000-000000000001", "grant": "01900000-0000-7000-8000-000000000001", "year": 2026,
    }  # fmt: skip
    told_of = kinds.Told(title="插花", values=values)
    set_urlconf("config.community_urls")
    try:
        for code, kind in KINDS.items():
            with translation.override("en"):
                english = kind.words(told_of)
            with translation.override("zh-hans"):
                chinese = kind.words(told_of)
            assert english, code
            assert chinese not in {"", english}, code
            assert kind.url(told_of).startswith("/"), code
    finally:
        set_urlconf(None)


def test_a_delivery_is_made_once_however_often_the_clock_asks() -> None:
    date_of = events.session()
    events.enroll(date_of)
    activities.cancel_session(session=date_of, reason="停水", by=system())
    for _time in range(3):
        deliver()
    assert Delivery.objects.count() == 1
