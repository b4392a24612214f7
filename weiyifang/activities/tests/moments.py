"""Pages to look at when an activity is planned, full or over, and at its door. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.browser.pages import BENCH, HOME, LONG, Moment, Visit
from tests.stage import Stage, home_of
from weiyifang.activities import calendars, codes
from weiyifang.activities import services as activities
from weiyifang.activities.models import Method, Mode, Session
from weiyifang.activities.tests import make as activity
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.organizations import queries as organizations
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind
from weiyifang.people.tests.make import a_resident

TOLD = "带一只瓶子来，花和茶都备好了。\n\n老师从选花讲起，做好的带回家。"


def _at(session: Session) -> str:
    return f"{HOME}activities/{session.activity.number}/{session.number}/"


def places_in_an_activity(stage: Stage) -> Iterator[Visit]:
    """Few seats, none, no enrolment at all; and what those see who are in, who wait, who are offered one."""
    few = activity.session(title="剪纸", places=20, summary="一张红纸，一把剪刀。", description=TOLD)
    for number in range(17):
        activity.enroll(few, activity.resident(f"邻居{number}"))
    yield Visit(name="activity-few-seats", address=_at(few))
    full = activity.session(title=LONG, places=2, description=TOLD, fee_fen=1_500, audience="elders", min_age=60)
    first = activity.enroll(full, activity.resident("欧阳明月", born_on=date(1950, 1, 2)))
    activity.enroll(full, activity.resident("钱多", born_on=date(1950, 1, 2)))
    yield Visit(name="activity-full", address=_at(full))
    activity.wait(full, activity.resident("等着的", born_on=date(1950, 1, 2)))
    yield Visit(name="activity-queue", address=_at(full), who="resident")
    activity.wait(full, home_of(stage.cast, "resident"))
    yield Visit(name="activity-waiting", address=_at(full), who="resident")
    yield Visit(name="activity-my-turn", address=f"{_at(full)}enrollments/", who="resident")
    offers = activity.session(title="只剩一个", places=1)
    first = activity.enroll(offers)
    activity.wait(offers, home_of(stage.cast, "resident"))
    activities.cancel_enrollment(enrollment=first, by=system())
    yield Visit(name="activity-offered", address=f"{_at(offers)}enrollments/", who="resident")
    doors = activity.session(title="坝坝茶", places=0, kind="gathering", description=TOLD)
    yield Visit(name="activity-open-door", address=_at(doors), who="resident")
    yield Visit(name="activity-open-door-poster", address=f"{_at(doors)}poster/")


def enrolment(stage: Stage) -> Iterator[Visit]:
    """With a mother to act for: nothing ticked, too late for the last seat, enrolled, given back."""
    mother = a_resident("谭素珍", born_on=date(1938, 2, 3))
    people.relate(resident=mother, helper=home_of(stage.cast, "resident"), kind=RelationKind.PROXY, by=system())
    session = activity.session(title=LONG, places=9, party_size=3, kind="workshop", description=TOLD)
    sends = f"{_at(session)}enrollments/"
    yield Visit(name="enrol-for-two", address=_at(session), who="resident")
    yield Visit(name="enrol-nothing-ticked", address=sends, who="resident", sends={"places": "1"}, status=422)
    last = activity.session(title="最后一个位子", places=1)
    activity.enroll(last)
    late = {"who": str(mother.pk)}
    yield Visit(name="enrol-too-late", address=f"{_at(last)}enrollments/", who="resident", sends=late, status=422)
    both = {"who": [str(mother.pk), str(home_of(stage.cast, "resident").pk)], "note": "妈妈不吃辣"}
    yield Visit(name="enrol-done", address=sends, who="resident", sends=both)
    given = activity.enroll(session, mother)
    activity.enroll(session, home_of(stage.cast, "resident"), places=2)
    yield Visit(name="enrol-mine", address=sends, who="resident")
    today = activity.session(days=0, hours=1, title="包饺子", party_size=3)
    activity.enroll(today, home_of(stage.cast, "resident"), places=3)
    yield Visit(name="arrival-of-three", address=f"{_at(today)}arrival/{codes.door_code(today)}/", who="resident")
    back = f"{HOME}activities/enrollments/{given.pk}/cancellation/"
    yield Visit(name="enrol-given-back", address=back, who="resident", sends={"_once": "gate"})
    full = activity.session(title="剪纸", places=1)
    gone = activity.enroll(full, mother)
    turn = activity.wait(full, home_of(stage.cast, "resident"))
    yield Visit(name="enrol-in-the-queue", address=f"{_at(full)}enrollments/", who="resident")
    for name, pk in (("enrol-turn-given-up", turn.pk), ("enrol-seat-went-on", gone.pk)):
        back = f"{HOME}activities/enrollments/{pk}/cancellation/"
        yield Visit(name=name, address=back, who="resident", sends={"_once": "gate"})
        activity.wait(full)
    soon = activity.session(title="包粽子", places=1, days=0, hours=1)
    activity.enroll(soon)
    yield Visit(name="enrol-queue-closed", address=_at(soon), who="resident")


def come_together(stage: Stage) -> Iterator[Visit]:
    """With a mother to act for: too few seats for both, waiting as one; and dates that were missed."""
    me, mother = home_of(stage.cast, "resident"), a_resident("谭素珍", born_on=date(1938, 2, 3))
    people.relate(resident=mother, helper=me, kind=RelationKind.PROXY, by=system())
    both = [activities.Member(resident=one) for one in (me, mother)]
    few = activity.session(title="剪纸", places=2)
    activity.enroll(few)
    ticked = {"who": [str(me.pk), str(mother.pk)]}
    yield Visit(name="together-too-few", address=f"{_at(few)}enrollments/", who="resident", sends=ticked, status=422)
    activities.queue_group(session=few, people=both, by=system())
    yield Visit(name="together-in-the-queue", address=f"{_at(few)}enrollments/", who="resident")
    for days in (5, 9):
        activity.missed(stage.cast["resident"], days=days)
    yield Visit(name="missed-dates", address=f"{HOME}activities/absences/", who="resident")
    kept = activity.session(title="茶艺", days=9)
    late = {"who": str(me.pk)}
    yield Visit(name="missed-too-often", address=f"{_at(kept)}enrollments/", who="resident", sends=late, status=422)


def one_lesson(stage: Stage) -> Iterator[Visit]:
    """A pupil of one class and the parallel one: the card, what can be had there, had; the list at the door; none."""
    me, mother = home_of(stage.cast, "resident"), a_resident("谭素珍", born_on=date(1938, 2, 3))
    people.relate(resident=mother, helper=me, kind=RelationKind.PROXY, by=system())
    teacher = activity.resident("王老师")
    own = activity.activity(mode=Mode.TERM, places=21, title="书法一班", fee_fen=2_500, instructor=teacher)
    missed = activity.date_of(own, days=1)
    activity.date_of(own, days=8)
    activities.publish(activity=own, by=system())
    pupil = activity.enroll(activity.again(missed), me)
    other = activity.activity(
        mode=Mode.TERM, places=21, title="书法二班", fee_fen=2_500, instructor=teacher, guest_seats=2, trials=True
    )
    lessons = [activity.date_of(other, days=days) for days in (3, 10)]
    activities.publish(activity=other, by=system())
    activities.take_leave(enrollment=pupil, lesson=missed, by=system())
    card, page = f"{HOME}activities/enrollments/{pupil.pk}/card/", f"{HOME}activities/{other.number}/visits/"
    yield Visit(name="lesson-card", address=card, who="resident")
    yield Visit(name="lesson-other-class", address=_at(activity.again(lessons[0])), who="resident")
    yield Visit(name="lesson-choose", address=page, who="resident")
    yield Visit(name="lesson-none-ticked", address=page, who="resident", sends={"lesson": "1"}, status=422)
    activities.make_up(lesson=activity.again(lessons[0]), missed=missed, resident=me, by=system())
    activities.try_lesson(lesson=activity.again(lessons[0]), resident=mother, by=system())
    yield Visit(name="lesson-mine", address=page, who="resident")
    yield Visit(name="lesson-door", address=f"{BENCH}activities/{other.number}/1/", who="staff")
    yield Visit(name="lesson-own-door", address=f"{BENCH}activities/{own.number}/1/", who="staff")
    with clock.at(clock.now() - timedelta(hours=4)):
        shared = activity.activity(
            mode=Mode.TERM, places=9, title="国画班", fee_fen=2_500, instructor=me, teacher_share=4_000
        )
        today = activity.date_of(shared, days=0, hours=1)
        activities.publish(activity=shared, by=system())
        for _pupil in range(2):
            came = activity.enroll(activity.again(today)).resident
            activities.check_in(session=activity.again(today), resident=came, method=Method.ROSTER, by=system())
    yield Visit(name="lesson-statement", address=f"{HOME}activities/{shared.number}/lessons/", who="resident")
    yield Visit(name="lesson-share-typed", address=f"{BENCH}activities/{shared.number}/edit/", who="staff")
    yield Visit(name="lesson-none", address=f"{HOME}activities/{own.number}/visits/", who="resident")


def drawn_by_lot(stage: Stage) -> Iterator[Visit]:
    """On the list, drawn with a seat or without; the page of the draw before and after; the desk before it."""
    me = home_of(stage.cast, "resident")
    before = activity.session(title="亲子陶艺", places=8, order="lottery", closes_hours=24, description=TOLD)
    for number in range(11):
        activity.enroll(before, activity.resident(f"邻居{number}"))
    yield Visit(name="lot-open", address=_at(before), who="resident")
    yield Visit(name="lot-page-before", address=f"{_at(before)}draw/")
    activity.enroll(before, me)
    yield Visit(name="lot-on-the-list", address=f"{_at(before)}enrollments/", who="resident")
    yield Visit(name="lot-door", address=f"{BENCH}activities/{before.activity.number}/1/", who="staff")
    timers = activity.session(title="茶艺", places=3, order="timers", closes_hours=24)
    activity.enroll(timers, me)
    yield Visit(name="timers-on-the-list", address=f"{_at(timers)}enrollments/", who="resident")
    closed = activity.lottery(title=LONG, people=14, places=6)
    yield Visit(name="lot-door-closed", address=f"{BENCH}activities/{closed.activity.number}/1/", who="staff")
    activities.draw(session=closed, by=system())
    yield Visit(name="lot-page-after", address=f"{_at(closed)}draw/")


def activities_in_other_states(stage: Stage) -> Iterator[Visit]:
    """A term, one called off, one that is over, a draft."""
    term = activity.activity(title="书法班", mode="term", places=21, kind="class", fee_fen=2_500, fee_note="笔墨自带")
    for week in range(1, 9):
        activity.date_of(term, days=7 * week)
    activities.publish(activity=term, by=system())
    yield Visit(name="activity-term", address=f"{HOME}activities/{term.number}/", who="resident")
    off = activity.session(title="登山", kind="trip")
    activities.cancel_session(session=off, reason="当天有暴雨预警，改到下个月再去", by=system())
    yield Visit(name="activity-called-off", address=_at(off))
    weekly = activity.activity(title="重阳节演出", kind="gala", places=0)
    over = activity.date_of(weekly, days=-3)
    for week in range(7):
        activity.date_of(weekly, days=1 + 7 * week)
    activities.publish(activity=weekly, by=system())
    yield Visit(name="activity-over", address=_at(over), who="resident")
    yield Visit(name="activity-dates", address=f"{HOME}activities/{weekly.number}/")


def on_the_stage(stage: Stage) -> Iterator[Visit]:
    """A gala's running order: none yet, too long, shown to all."""
    gala = activity.session(title="公益盛典", kind="gala", places=0)
    bench = f"{BENCH}activities/{gala.activity.number}/{gala.number}/acts/"
    yield Visit(name="acts-none", address=bench, who="staff")
    for title, minutes, chairs in (("开场大合唱《我们的南湖》", 12, 0), ("二胡齐奏", 8, 8), (LONG, 120, 2)):
        act = activities.add_act(
            session=gala,
            title=title,
            performers="六十岁以上的姐妹",
            minutes=minutes,
            changeover=2,
            microphones=3,
            chairs=chairs,
            needs="谱台六个",
            by=system(),
        )
    yield Visit(name="acts-too-long", address=bench, who="staff")
    activities.edit_act(act=act, minutes=20, by=system())
    activities.publish_running_order(session=gala, by=system())
    yield Visit(name="acts-shown", address=bench, who="staff")
    yield Visit(name="acts-sheet", address=f"{bench}sheet/", who="staff")
    yield Visit(name="acts-programme", address=f"{_at(gala)}programme/")
    yield Visit(name="acts-activity", address=_at(gala))


def at_a_market(stage: Stage) -> Iterator[Visit]:
    """Stalls for a market to come; money counted once, alike, differently, and taken back."""
    coming = activity.session(title="公益集市", kind="market", places=0)
    free = activities.set_up_stalls(session=coming, count=12, place="坝子东边", by=system())
    sources = [source for source, _name in organizations.givers()]
    activities.take_stall(stall=free[0], organization=sources[0], goods="多肉和花苗", by=system())
    yield Visit(name="stalls-free", address=f"{_at(coming)}stalls/", who="staff")
    held = activity.session(days=0, hours=-1, title=LONG, kind="market", places=0)
    bench = f"{BENCH}activities/{held.activity.number}/{held.number}/stalls/"
    yield Visit(name="stalls-none", address=bench, who="staff")
    stalls = activities.set_up_stalls(session=held, count=4, by=system())
    for stall, organization, counts in zip(stalls, sources, ((8_650, 8_650), (4_000, 4_050), (12_000,)), strict=False):
        activities.take_stall(stall=stall, organization=organization, goods="旧书旧报", by=system())
        for fen in counts:
            activities.count_proceeds(stall=stall, amount_fen=fen, by=system())
    yield Visit(name="stalls-counted", address=bench, who="staff")
    yield Visit(name="stalls-public", address=f"{_at(held)}stalls/")
    for name, stall in zip(("agreed", "differed", "once"), stalls, strict=False):
        yield Visit(name=f"stall-{name}", address=f"{BENCH}activities/stalls/{stall.pk}/proceeds/", who="staff")


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


def children_fetched(stage: Stage) -> Iterator[Visit]:
    """A class for children at its end: some are inside, one is fetched, one by somebody whom nobody had named."""
    mother = home_of(stage.cast, "resident")
    soon = activity.session(days=0, hours=1, title="小手做灯笼", audience="children", places=15)
    seats = []
    for number, name in enumerate(("豆豆", "欧阳小雨", "一一", "陈念念")):
        child = activity.resident(name, born_on=clock.today() - timedelta(days=(6 + number) * 366))
        people.relate(resident=child, helper=mother, kind=RelationKind.GUARDIAN, by=system())
        seats.append(activity.enroll(soon, child))
        activities.check_in(session=soon, resident=child, method=Method.ROSTER, by=system())
    activities.check_in(session=soon, resident=activity.resident("帮忙的阿姨"), method=Method.ROSTER, by=system())
    activities.count_guests(session=soon, people=2, by=system())
    by = stage.cast["resident"]
    named = activities.name_fetcher(enrollment=seats[0], name="陈奶奶，花白头发，穿棕色外套", by=by)
    activities.name_fetcher(enrollment=seats[0], name="李阿姨", until=clock.today() + timedelta(days=30), by=by)
    by_another = activities.Fetched(name="王叔叔（楼下邻居）", why="妈妈来电话，说路上堵车，请他先接回去")
    activities.check_out(
        session=soon, resident=seats[1].resident, fetched=activities.Fetched(guardian_id=mother.pk), by=system()
    )
    activities.check_out(session=soon, resident=seats[2].resident, fetched=by_another, by=system())
    door = f"{BENCH}activities/{soon.activity.number}/{soon.number}/"
    yield Visit(name="fetch-door", address=door, who="volunteer")
    yield Visit(name="fetch-inside", address=f"{door}inside/", who="volunteer")
    yield Visit(name="fetch-roster", address=f"{door}roster/", who="volunteer")
    leaves = f"{door}departures/{seats[0].resident.number}/"
    yield Visit(name="fetch-whom", address=leaves, who="volunteer")
    yield Visit(name="fetch-whom-none", address=leaves, who="volunteer", sends={"by": "other"}, status=422)
    other = {"by": "other", "name": "王叔叔", "why": "妈妈来电话"}
    yield Visit(name="fetch-again", address=leaves, who="volunteer", sends=other)
    yield Visit(name="fetch-left", address=f"{door}departures/{seats[2].resident.number}/", who="volunteer")
    yield Visit(name="fetch-offline", address=f"{door}offline/", who="volunteer")
    assert named.enrollment_id
    yield Visit(
        name="fetch-family", address=f"{HOME}activities/enrollments/{named.enrollment_id}/fetchers/", who="resident"
    )
    yield Visit(name="fetch-ticket", address=f"{_at(soon)}enrollments/", who="resident")


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
    sent = {"calendar": sealed, "moved": [dates[0].pk.hex], "off": [dates[1].pk.hex], "reason": "老师病了"}
    yield Visit(name="calendar-once-more", address=address, who="staff", sends=sent)
    yield Visit(name="calendar-nothing-ticked", address=address, who="staff", sends={"calendar": sealed}, status=422)


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


MOMENTS: tuple[Moment, ...] = (
    places_in_an_activity,
    enrolment,
    come_together,
    one_lesson,
    drawn_by_lot,
    activities_in_other_states,
    on_the_stage,
    at_a_market,
    at_the_door,
    children_fetched,
    planning,
    bringing_a_calendar,
)
