"""Moments in which a page of the workbench is different from what the table's walk shows. See `pages`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from tests.browser.moments import ARTICLE, LONG, TOLD
from tests.browser.pages import BENCH, HOME, NEXT_DOOR, Moment, Visit
from tests.stage import TODAY, Stage
from weiyifang.activities import calendars, codes
from weiyifang.activities import services as activities
from weiyifang.activities.models import Method
from weiyifang.activities.tests import make as activity
from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import in_community
from weiyifang.core.web import versions
from weiyifang.errands import services as errands
from weiyifang.errands.models import Errand
from weiyifang.files.arranging import Wanted, Words
from weiyifang.files.services import Brought
from weiyifang.files.tests import make as papers
from weiyifang.fund import services as fund
from weiyifang.fund.models import APPROVAL_LASTS, PaymentRequest
from weiyifang.fund.services import Correction, Move
from weiyifang.fund.tests import make as money
from weiyifang.news import services as news
from weiyifang.news.tests import make as paper
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people import services as people
from weiyifang.people import typed_forms
from weiyifang.people.demo import make_cast
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.tests.make import a_resident, an_id_number

TABLE = """姓名,性别,出生日期,手机,小区,楼栋,单元,门牌
张三,女,1951-03-08,19900007012,南湖路三号院,3,2,5-2
,男,,,,,,
李四,不详,昨天,123,南湖路三号院,3,2,5月1日
陈大双,女,1988.08,,,,,
陈小双,女,1988-08-08,,南湖路三号院,3,2,6-1
陈小霜,女,1988-08-08,,南湖路三号院,3,2,6-1
张三,女,,19900007013,,,,
合计,,,,,,,5人
填表人：王小明,,,,,,,
"""
WORKERS = ("staff", "secretary", "accountant", "leader", "volunteer", "supervisor")


def today_of_each(stage: Stage) -> Iterator[Visit]:
    """Today's work, as each of those who work here sees it; and every act."""
    money.request(stage.cast["staff"], title=LONG, payee="重庆市南岸区花园路粮油供应有限责任公司")
    for who in WORKERS:
        yield Visit(name=f"today-{who}", address=BENCH, who=who)
    yield Visit(name="history", address=f"{BENCH}history/", who="supervisor")


def searching(stage: Stage) -> Iterator[Visit]:
    """What one word finds at the desk, of one kind, and nothing; what somebody without the register finds."""
    for number in range(7):
        activity.session(title=f"{LONG}{number}"[:60])
    money.request(stage.cast["staff"], title="茶艺用的茶叶")
    yield Visit(name="search-found", address=f"{BENCH}find/?q=茶", who="secretary")
    yield Visit(name="search-of-one-kind", address=f"{BENCH}find/?q=茶&of=activities", who="secretary")
    yield Visit(name="search-nothing", address=f"{BENCH}find/?q=没有这个", who="volunteer")
    yield Visit(name="search-public", address="/c/nanhu/find/?q=茶", who="resident")
    yield Visit(name="search-public-nothing", address="/c/nanhu/find/?q=没有这个", who="visitor")


def forgetting(stage: Stage) -> Iterator[Visit]:
    """What somebody asked, as they and as the second person see it; confirmed; the whole list, and when it is empty."""
    going, other = Resident.objects.get(name="要被忘记的"), Resident.objects.get(name="没有账号的")
    people.ask_erasure_of(resident=other, reason="died", by=stage.cast["staff"])
    page = f"{BENCH}residents/{{}}/erasure/"
    yield Visit(name="erasure-my-own-asking", address=page.format(other.number), who="staff")
    yield Visit(name="erasure-to-confirm", address=page.format(other.number), who="secretary")
    people.confirm_erasure(resident=going, by=stage.cast["staff"])
    yield Visit(name="erasure-confirmed", address=page.format(going.number), who="secretary")
    yield Visit(name="resident-going", address=f"{BENCH}residents/{going.number}/", who="secretary")
    yield Visit(name="erasures", address=f"{BENCH}erasures/", who="secretary")
    yield Visit(name="today-confirm", address=BENCH, who="secretary")
    for one in (going, other):
        people.take_back_erasure(resident=one, by=stage.cast["staff"])
    yield Visit(name="erasures-none", address=f"{BENCH}erasures/", who="secretary")
    yield Visit(
        name="erasure-no-reason", address=page.format(other.number), who="staff", sends={"reason": ""}, status=422
    )


def at_the_door(stage: Stage) -> Iterator[Visit]:
    """A list with people who came, who are expected, who wait, without a name; a ticket that is good, and one not."""
    soon = activity.session(days=0, hours=2, title=LONG, places=15, party_size=3)
    family = activity.enroll(soon, activity.resident("一家三口"), places=3)
    activities.check_in(session=soon, resident=family.resident, method=Method.QR, people=2, by=system())
    seats = [activity.enroll(soon, activity.resident(f"欧阳{number}号")) for number in range(9)]
    noted = activities.enroll(
        session=soon, resident=activity.resident("谭素珍"), places=3, note="坐轮椅，要靠门口的位子", by=system()
    )
    for number in range(3):
        activity.wait(soon, activity.resident(f"等着的{number}"))
    for seat in seats[:4]:
        activities.check_in(session=soon, resident=seat.resident, method=Method.ROSTER, by=system())
    activities.check_in(session=soon, resident=activity.resident("没报名的"), method=Method.ROSTER, by=system())
    activities.count_guests(session=soon, people=12, by=system())
    door = f"{BENCH}activities/{soon.activity.number}/{soon.number}/"
    yield Visit(name="door", address=door, who="volunteer")
    yield Visit(name="door-roster", address=f"{door}roster/", who="volunteer")
    wrong = {"code": "000000", "_once": "door"}
    yield Visit(name="door-wrong-code", address=f"{door}attendances/", who="volunteer", sends=wrong, status=422)
    yield Visit(name="ticket", address=f"{HOME}activities/tickets/{codes.ticket(noted)}/", who="volunteer")
    gone = seats[-1]
    activities.cancel_enrollment(enrollment=gone, by=system())
    yield Visit(name="ticket-gone", address=f"{HOME}activities/tickets/{codes.ticket(gone)}/", who="volunteer")


def somebody_by_name(stage: Stage) -> Iterator[Visit]:
    """The person picker: four of one name; at the door, at the desk, for a duty; and what is asked once more."""
    home = "重庆市南岸区花园路街道南湖路三号院"
    for number in range(4):
        a_resident("欧阳明月", address=people.Door(home, str(number + 1), "2", "5-1"))
    one = Resident.objects.filter(name="欧阳明月").order_by("number")[1]
    account = people.make_account(name="欧阳明月", phone="199 0000 7055", phone_verified=True)
    people.link_account(resident=one, account=account, by=system())
    soon = activity.session(days=0, hours=1, title=LONG, places=12, party_size=3)
    activity.enroll(soon, one)
    bench = f"{BENCH}activities/"
    at = f"{bench}{soon.activity.number}/{soon.number}/"
    typed = {"who": "欧阳明月", "places": "2", "_once": "pick"}
    yield Visit(name="pick-at-the-door", address=f"{at}attendances/", who="volunteer", sends=typed, status=422)
    yield Visit(name="pick-nobody", address=f"{at}enrollments/", who="staff", sends={"who": "没有这个人"}, status=422)
    yield Visit(name="pick-at-the-desk", address=f"{at}enrollments/", who="staff", sends=typed, status=422)
    yield Visit(name="desk-choose", address=f"{bench}for/{one.number}/", who="staff")
    yield Visit(name="desk-chosen", address=f"{at}enrollments/?for={one.number}", who="staff")
    full = activity.session(title="最后一个位子", places=1)
    activity.enroll(full)
    late = {"who": "欧阳明月", "who_among": "欧阳明月", "who_is": str(one.number), "places": "1", "_once": "late"}
    address = f"{bench}{full.activity.number}/{full.number}/enrollments/"
    yield Visit(name="desk-full", address=address, who="staff", sends=late, status=422)
    duty = {"who": "欧阳明月", "role": "staff", "_once": "duty"}
    yield Visit(name="duty-asked-again", address=f"{BENCH}duties/new/", who="secretary", sends=duty)
    led = f"{BENCH}organizations/{Organization.objects.get(name='南湖书法社').number}/leader/"
    leads = {"who": "欧阳明月", "who_among": "欧阳明月", "who_is": str(one.number), "_once": "lead"}
    yield Visit(name="leader-asked-again", address=led, who="secretary", sends=leads)


def planning(stage: Stage) -> Iterator[Visit]:
    """An activity of one's own organization, a term, a form with faults, the form looked at before it is kept."""
    own = stage.paths["workbench/activities/ @own"]["number"]
    yield Visit(name="plan-led", address=f"{BENCH}activities/{own}/", who="leader")
    yield Visit(name="plan-like", address=f"{BENCH}activities/new/?like={own}", who="leader")
    yield Visit(name="plan-drafts", address=f"{BENCH}activities/?view=drafts", who="staff")
    term = activity.activity(title="书法班", mode="term", places=21, kind="class", fee_fen=2_500)
    for week in range(1, 9):
        activity.date_of(term, days=7 * week)
    activities.publish(activity=term, by=system())
    yield Visit(name="plan-term", address=f"{BENCH}activities/{term.number}/", who="staff")
    taken = activity.session(title=LONG, books_place=True, place="三楼书画室")
    activity.enroll(taken)
    activity.date_of(activity.activity(title="写春联", place="3楼书画室"), days=5)
    elsewhere = {"day": "2026-10-19", "begins": "12:30", "ends": "14:00", "place": ""}
    moves = f"{BENCH}activities/{taken.activity.number}/1/time/"
    yield Visit(name="plan-move", address=moves, who="staff")
    yield Visit(name="plan-move-taken", address=moves, who="staff", sends=elsewhere, status=422)
    new = f"{BENCH}activities/new/"
    yield Visit(name="plan-faults", address=new, who="staff", sends={"title": "", "places": "-3"}, status=422)
    wish = {**_wish(), "preview": "1"}
    yield Visit(name="plan-preview", address=new, who="staff", sends=wish)
    yield Visit(name="plan-none", address=f"{BENCH}activities/?q=没有这个", who="staff")


CALENDAR = """BEGIN:VCALENDAR
{old}BEGIN:VEVENT
UID:a
SUMMARY:书法班第一课
DTSTART:20261020T090000
DTEND:20261020T103000
LOCATION:3楼书画室
END:VEVENT
BEGIN:VEVENT
UID:b
SUMMARY:书法班第二课
DTSTART:20261027T090000
DTEND:20261027T103000
LOCATION:南湖社区党群服务中心二楼茶艺室
END:VEVENT
BEGIN:VEVENT
UID:c
SUMMARY:写春联
DTSTART:20261019T130000
DTEND:20261019T140000
END:VEVENT
BEGIN:VEVENT
UID:d
SUMMARY:全天写生
DTSTART;VALUE=DATE:20261101
END:VEVENT
BEGIN:VEVENT
UID:e
SUMMARY:没有时间
END:VEVENT
BEGIN:VEVENT
UID:f
SUMMARY:过了的课
DTSTART:20261001T090000
DTEND:20261001T103000
END:VEVENT
END:VCALENDAR
"""


def bringing_a_calendar(stage: Stage) -> Iterator[Visit]:
    """A calendar looked at: events of every kind; what is to be moved or called off, asked once more; nothing new."""
    course = activity.activity(title="书法班", place="三楼书画室", books_place=True)
    activities.publish(activity=activity.date_of(course, days=4).activity, by=system())
    dates = [activity.date_of(course, days=days) for days in (8, 9)]
    for one in dates:
        activity.enroll(one)
    activity.date_of(activity.activity(title="写春联", place="3楼书画室", books_place=True), days=5)
    address = f"{BENCH}activities/{course.number}/dates/calendar/"
    old = "".join(
        f"BEGIN:VEVENT\nUID:{one.pk}@weiyifang\nDTSTART:202610{day}T090000\nDTEND:202610{day}T110000\n{more}\n"
        "SEQUENCE:3\nEND:VEVENT\n"
        for one, day, more in zip(dates, (24, 23), ("SUMMARY:书法班", "STATUS:CANCELLED"), strict=True)
    )

    def file(text: str) -> dict[str, Any]:
        return {"file": SimpleUploadedFile("书法班.ics", text.encode())}

    yield Visit(name="calendar-seen", address=address, who="staff", sends=file(CALENDAR.format(old=old)))
    yield Visit(name="calendar-none", address=address, who="staff", sends=file("BEGIN:VCALENDAR\nEND:VCALENDAR\n"))
    yield Visit(name="calendar-refused", address=address, who="staff", sends=file("hello"), status=422)
    by = stage.cast["staff"]
    brought = calendars.read(course, CALENDAR.format(old=old).encode())
    sealed = calendars.seal(brought, course, by)
    for act, one in (("moved", dates[0]), ("off", dates[1])):
        sent = {"calendar": sealed, "act": act, act: [one.pk.hex], "reason": "老师病了"}
        yield Visit(name=f"calendar-{act}", address=address, who="staff", sends=sent)
    yield Visit(
        name="calendar-nothing-ticked",
        address=address,
        who="staff",
        sends={"calendar": sealed, "act": "off"},
        status=422,
    )


def _wish() -> dict[str, str]:
    told = {"title": LONG, "kind": "workshop", "audience": "elders", "place": "二楼茶艺室", "mode": "session"}
    return {
        **told,
        "places": "12",
        "party_size": "1",
        "cover": "tea",
        "summary": "带一只瓶子来。",
        "description": "花和茶都备好了。",
    }


def payments(stage: Stage) -> Iterator[Visit]:
    """A payment in each of its states, with the buttons of whoever may go on."""
    cast = dict(stage.cast)
    waits = money.request(cast["staff"], fen=1_234_567, title=LONG, payee="重庆市南岸区花园路粮油供应有限责任公司")
    row = f"{BENCH}fund/payments/"
    yield Visit(name="payment-mine", address=f"{row}{waits.pk}/", who="staff")
    yield Visit(name="payment-to-approve", address=f"{row}{waits.pk}/", who="secretary")
    nothing = {"reason": "", "_once": "no-reason"}
    yield Visit(
        name="payment-no-reason", address=f"{row}{waits.pk}/return/", who="secretary", sends=nothing, status=422
    )
    back = fund.send_back_payment(request=waits, reason="少一张发票，补了再交", by=cast["secretary"])
    yield Visit(name="payment-sent-back", address=f"{row}{back.pk}/", who="staff")
    refused = fund.refuse_payment(request=money.request(cast["staff"]), reason="不合用途", by=cast["secretary"])
    yield Visit(name="payment-refused", address=f"{row}{refused.pk}/", who="staff")
    approved = fund.approve_payment(request=money.request(cast["staff"]), by=cast["secretary"])
    yield Visit(name="payment-to-pay", address=f"{row}{approved.pk}/", who="accountant")
    paid = fund.pay(request=approved, slip="回单 12", by=cast["accountant"])
    wrong = Correction(kind="mistake", amount_fen=8_880, happened_on=TODAY, reason="数量记错了，少送了一袋米")
    fix = fund.ask_correction(payment=paid, wanted=wrong, by=cast["accountant"])
    yield Visit(name="correction-to-confirm", address=f"{BENCH}fund/corrections/{fix.pk}/", who="secretary")
    fund.confirm_correction(row=fix, by=cast["secretary"])
    yield Visit(name="correction-booked", address=f"{BENCH}fund/corrections/{fix.pk}/", who="accountant")
    money.gift(cast["accountant"], 5_000, method="cash", channel="market")
    carried = Move(from_method="cash", to_method="bank", amount_fen=5_000, happened_on=TODAY, slip="存款单 0815")
    moved = fund.ask_move(wanted=carried, by=cast["accountant"])
    yield Visit(name="move-mine", address=f"{BENCH}fund/moves/{moved.pk}/", who="accountant")
    fund.confirm_move(row=moved, by=cast["secretary"])
    yield Visit(name="moves-booked", address=f"{BENCH}fund/moves/", who="secretary")
    fund.state_balance(method="bank", stated_on=TODAY, stated_fen=1, note="手续费还没记", by=cast["accountant"])
    yield Visit(name="statements-differ", address=f"{BENCH}fund/statements/", who="accountant")
    yield Visit(name="journal-bank", address=f"{BENCH}fund/books/1002/", who="accountant")
    yield Visit(name="books-with-places", address=f"{BENCH}fund/books/", who="accountant")
    late = fund.approve_payment(request=money.request(cast["staff"]), by=cast["secretary"])
    PaymentRequest.objects.filter(pk=late.pk).update(approved_at=clock.now() - APPROVAL_LASTS)
    yield Visit(name="payment-lapsed", address=f"{row}{late.pk}/", who="staff")
    yield Visit(name="payment-paid", address=f"{row}{paid.pk}/", who="street_officer")
    yield Visit(name="payments-none", address=f"{BENCH}fund/?state=withdrawn", who="secretary")
    yield Visit(name="payments-accountant", address=f"{BENCH}fund/", who="accountant")
    yield Visit(name="payments-led", address=f"{BENCH}fund/", who="leader")
    far = {"month": "2026-10-01", "_once": "too-early"}
    yield Visit(name="books-too-early", address=f"{BENCH}fund/books/", who="accountant", sends=far, status=422)
    gift = {"channel": "partners", "amount": "no", "_once": "faults"}
    yield Visit(name="income-faults", address=f"{BENCH}fund/income/", who="accountant", sends=gift, status=422)


def _wanted(brought: Brought) -> Wanted:
    return Wanted(brought=brought, said=Words("三号院门口新换的路灯亮着，坡上还有人在散步"))


def the_desk(stage: Stage) -> Iterator[Visit]:
    """An article in each of its states, with the buttons of whoever may go on."""
    staff, secretary = stage.cast["staff"], stage.cast["secretary"]
    row = f"{BENCH}news/"
    draft = paper.draft(by=staff, title=LONG, text=ARTICLE, digest="五盏路灯换好了。")
    yield Visit(name="desk-draft", address=f"{row}{draft.number}/", who="staff")
    review = news.submit(article=draft, by=staff)
    yield Visit(name="desk-in-review", address=f"{row}{review.number}/", who="secretary")
    yield Visit(name="desk-handed-in", address=f"{row}{review.number}/", who="staff")
    yield Visit(name="desk-secretary", address=row, who="secretary")
    back = news.send_back(article=review, reason="再写清楚是哪几盏灯", by=secretary)
    yield Visit(name="desk-sent-back", address=f"{row}{back.number}/", who="staff")
    public = news.publish(article=news.submit(article=back, by=staff), by=secretary)
    yield Visit(name="desk-published", address=f"{row}{public.number}/", who="secretary")
    gone = news.withdraw(article=public, reason="过时了", by=secretary)
    yield Visit(name="desk-withdrawn", address=f"{row}{gone.number}/", who="staff")
    yield Visit(name="desk-faults", address=f"{row}new/", who="staff", sends={"title": ""}, status=422)
    lit = papers.brought(papers.picture(1200, 800))
    shown = paper.draft(by=staff, title="路灯修好了", text=f"{ARTICLE}\n\n![晚上八点](图2)", pictures=_wanted(lit))
    news.edit(article=shown, by=staff, pictures=_wanted(papers.brought(papers.picture(600, 900, seed=2))))
    news.edit(article=shown, by=staff, pictures=_wanted(papers.brought(papers.picture(900, 900, seed=3))))
    yield Visit(name="desk-pictures", address=f"{row}{shown.number}/draft/", who="staff")
    away = {"title": shown.title, "column": str(shown.column_id), "text": shown.text, "away": "3"}
    yield Visit(name="desk-picture-away", address=f"{row}{shown.number}/draft/", who="staff", sends=away)
    blind = away | {"away": "", "words_1": "", "words_2": "路灯", "add": "1"}
    yield Visit(name="desk-picture-faults", address=f"{row}{shown.number}/draft/", who="staff", sends=blind, status=422)
    yield Visit(name="desk-with-pictures", address=f"{row}{shown.number}/", who="staff")
    yield Visit(name="desk-leader", address=row, who="leader")
    yield Visit(name="desk-published-none", address=f"{row}published/?q=没有这个", who="staff")


def managing_organizations(stage: Stage) -> Iterator[Visit]:
    """One that is only applied for, one registered with members, one dissolved, one's own; a search without a hit."""
    row = f"{BENCH}organizations/"
    applied = Organization.objects.get(name="南湖诗社")
    yield Visit(name="manage-applied", address=f"{row}{applied.number}/", who="staff")
    large = organization.in_status("registered", "重庆市南岸区花园路街道南湖社区夕阳红老年合唱团")
    for number in range(25):
        organizations.add_member(organization=large, resident=organization.resident(f"欧阳{number}号"), by=system())
    yield Visit(name="manage-registered", address=f"{row}{large.number}/", who="secretary")
    yield Visit(name="manage-members", address=f"{row}{large.number}/roster/", who="secretary")
    yield Visit(name="manage-list", address=row, who="staff")
    yield Visit(name="manage-none", address=f"{row}?q=没有这个", who="staff")
    gone = organizations.dissolve(organization=large, reason="大家都搬走了", by=system())
    yield Visit(name="manage-dissolved", address=f"{row}{gone.number}/", who="staff")
    led = Organization.objects.get(name="南湖书法社")
    yield Visit(name="manage-led", address=f"{row}{led.number}/", who="leader")


def the_register(stage: Stage) -> Iterator[Visit]:
    """Nobody found, a file with faults, somebody who left, whose numbers were looked at, a form with faults."""
    row = f"{BENCH}residents/"
    yield Visit(name="register-nobody", address=f"{row}?q=没有这个人", who="staff")
    draft = people.keep_draft(file_name="居民名册.csv", content=TABLE.encode("gbk"), by=stage.cast["staff"])
    yield Visit(name="register-preview", address=f"{row}import/{draft.pk}/", who="staff")
    home = people.Door("重庆市南岸区花园路街道南湖路三号院", "3", "2", "5-1")
    person = a_resident("阿卜杜热合曼·买买提", phone="199 0000 7021", id_number=an_id_number(), address=home)
    for number in range(6):
        helper = a_resident(f"家里人{number}")
        people.relate(resident=person, helper=helper, kind="family", by=system())
    read = people.read_sensitive(resident=person, fields=("phone", "id_number"), reason="call", by=stage.cast["staff"])
    yield Visit(name="register-person", address=f"{row}{person.number}/", who="staff")
    yield Visit(name="register-looked", address=f"{row}{person.number}/numbers/{read.pk}/", who="staff")
    left = people.mark_left(resident=person, by=system())
    yield Visit(name="register-left", address=f"{row}{left.number}/", who="staff")
    wrong = {"name": "", "phone": "12"}
    yield Visit(name="register-faults", address=f"{row}new/", who="staff", sends=wrong, status=422)


def a_large_register(stage: Stage) -> Iterator[Visit]:
    """The last page of one building of a compound: more people than five pages hold."""
    home = "重庆市南岸区花园路街道南湖路三号院"
    a_resident("搬进来的", address=people.Door(home, "12", "", "1-1"))
    for number in range(101):
        a_resident(f"住户{number}", address=people.Door(home, "9", "2", f"{number // 4 + 1}-1"))
    address = f"{BENCH}residents/?compound={home}&building=9&page=6"
    yield Visit(name="register-building", address=address, who="staff")


def nothing_to_do_yet(stage: Stage) -> Iterator[Visit]:
    """The workbench next door, on its first day."""
    next_door = Community.objects.get(slug="neighbour")
    make_cast(next_door)
    bench = f"{NEXT_DOOR}workbench/"
    for name in ("", "activities/", "news/", "news/published/", "news/columns/", "organizations/", "residents/"):
        yield Visit(name=f"first-{name.strip('/').replace('/', '-') or 'today'}", address=bench + name, who="secretary")
    yield Visit(name="first-fund", address=f"{bench}fund/", who="accountant")
    with in_community(next_door):
        fund.open_fund(by=system())
    yield Visit(name="first-payments", address=f"{bench}fund/", who="accountant")
    yield Visit(name="first-income", address=f"{bench}fund/income/", who="accountant")
    yield Visit(name="first-books", address=f"{bench}fund/books/", who="accountant")
    yield Visit(name="first-public-fund", address=f"{NEXT_DOOR}fund/")
    yield Visit(name="first-months", address=f"{NEXT_DOOR}fund/months/")
    yield Visit(name="first-transfers", address=f"{NEXT_DOOR}fund/transfers/")


def invitations(stage: Stage) -> Iterator[Visit]:
    """Where staff need a second factor: who has one, who is invited; and an invitation, shown once."""
    with override_settings(STAFF_TOTP=True):
        for who in ("secretary", "accountant"):
            TOTP.activate(Account.objects.get(username=who), generate_totp_secret())
        duties = f"{BENCH}duties/"
        duty = Duty.objects.select_related("account").get(account__username="staff")
        lost = Duty.objects.get(account__username="accountant")
        people.invite(account=duty.account, by=stage.cast["secretary"])
        yield Visit(name="duties-invitations", address=duties, who="secretary")
        shown = f"{duties}{duty.pk}/invitation/"
        yield Visit(name="duty-invitation", address=shown, who="secretary", sends={"_once": "gate"})
        yield Visit(name="duty-invitation-anew", address=f"{duties}{lost.pk}/invitation/", who="secretary")


def what_was_typed(stage: Stage) -> Iterator[Visit]:
    """The wall in front of money, and what was typed before it: on its page, and where there is none."""
    row = money.request(stage.cast["staff"])
    fund.approve_payment(request=row, by=stage.cast["secretary"])
    payout, income = f"{BENCH}fund/payments/{row.pk}/payout/", f"{BENCH}fund/income/"
    accountant = Account.objects.get(username="accountant")
    typed_forms.put(accountant.pk, payout, "papers=收据第 7、8、9 号")
    yield Visit(name="typed-no-page", address=f"{payout}?typed=1", who="accountant")
    gift = "channel=residents&amount=88.50&received_on=2026-10-14&method=cash&pool=general&donor_name=欧阳明月"
    typed_forms.put(accountant.pk, income, gift)
    yield Visit(name="typed-on-its-page", address=f"{income}?typed=1", who="accountant")
    TOTP.activate(accountant, generate_totp_secret())
    wall = f"/accounts/2fa/reauthenticate/?next={income}"
    yield Visit(name="second-factor-again", address=wall, who="accountant")


def what_changed_since(stage: Stage) -> Iterator[Visit]:
    """Decided on an old page: a button alone, words that were typed, an article with new lines."""
    row = money.request(stage.cast["staff"], fen=1_200)
    seen = versions.mark(row, at=clock.now())
    dear = fund.Wanted(title=LONG, payee="重庆市南岸区花园路粮油供应有限责任公司", category="venue", amount_fen=120_000)
    with clock.at(clock.now() + timedelta(minutes=1)):
        fund.resubmit_payment(request=row, wanted=dear, by=stage.cast["staff"])
    page = f"{BENCH}fund/payments/{row.pk}/"
    old = {"_seen": seen, "reason": "少一张发票"}
    yield Visit(name="changed-approval", address=f"{page}approval/", who="secretary", sends=old, status=409)
    yield Visit(name="changed-reason", address=f"{page}return/", who="secretary", sends=old, status=422)
    article = paper.draft(by=stage.cast["staff"], text=ARTICLE)
    seen = versions.mark(article, at=clock.now())
    with clock.at(clock.now() + timedelta(minutes=1)):
        news.edit(article=article, by=stage.cast["secretary"], text=f"{ARTICLE}\n\n{TOLD}", title=LONG)
    mine = {"_seen": seen, "title": "路灯", "text": "我这边也改了。", "column": str(article.column_id)}
    draft = f"{BENCH}news/{article.number}/draft/"
    yield Visit(name="changed-draft", address=draft, who="staff", sends=mine, status=422)


def long_work(stage: Stage) -> Iterator[Visit]:
    """Under way, begun again, standing still, done with its file, refused; who is running what; nothing yet."""
    wanted = {"wishes": {"text": "学府花园"}, "form": "xlsx", "sensitive": False}
    row = errands.ask(kind="residents_export", arguments=wanted, by=stage.cast["staff"])
    page = f"{BENCH}errands/{row.pk}/"

    def stands(name: str, **how: Any) -> Visit:
        Errand.objects.filter(pk=row.pk).update(**how)
        return Visit(name=f"long-work-{name}", address=page, who="staff")

    yield Visit(name="long-work-waiting", address=page, who="staff")
    yield stands("under-way", state="running", begun=1, done=8_460, total=22_001)
    yield stands("again", begun=2, why="stopped")
    yield stands("ending", cancel_asked_at=clock.now())
    long_ago = clock.now() - timedelta(minutes=25)
    yield stands("still", cancel_asked_at=None, moved_at=long_ago)
    yield Visit(name="long-work-overseen", address=f"{BENCH}errands/", who="secretary")
    yield Visit(name="long-work-on-the-day", address=BENCH, who="secretary")
    over = clock.now()
    yield stands("refused", state="failed", why="refused", ended_at=over, said="这个文件导入过了，或者放了一天多。")
    done = errands.ask(kind="residents_export", arguments={**wanted, "form": "csv"}, by=stage.cast["staff"])
    errands.carry_out(errand_id=done.pk)
    yield Visit(name="long-work-done", address=f"{BENCH}errands/{done.pk}/", who="staff")
    yield Visit(name="long-work-mine", address=f"{BENCH}errands/", who="staff")
    yield Visit(name="long-work-none", address=f"{BENCH}errands/", who="accountant")


MOMENTS: tuple[Moment, ...] = (
    long_work,
    today_of_each,
    searching,
    at_the_door,
    somebody_by_name,
    forgetting,
    planning,
    bringing_a_calendar,
    payments,
    the_desk,
    managing_organizations,
    the_register,
    a_large_register,
    invitations,
    what_was_typed,
    what_changed_since,
    nothing_to_do_yet,
)
