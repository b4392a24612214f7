"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import Any

from tests.stage import TODAY, Act, Acts, Cast, Paths, home_of, picked
from weiyifang.activities import calendars, codes, programme_file, services
from weiyifang.activities.models import Act as StageAct
from weiyifang.activities.models import Audience, Enrollment, Method, Mode, Session
from weiyifang.activities.questions import Question, QuestionKind
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization, Status
from weiyifang.organizations.tests import make as organization
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident

ASKED = [
    Question(words="有什么不能吃？"),
    Question(words="围裙尺码", kind=QuestionKind.CHOICE, choices=("大号", "小号")),
    Question(words="带几个小孩？", kind=QuestionKind.NUMBER),
]


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    for variant, organizer in (("", ""), (" @own", source_of(led))):
        _one_organizers(cast, organizer, variant, paths, acts)
    _enrollments(cast, paths, acts)
    _together(led, paths, acts)
    _missed(cast, led, paths, acts)
    _children(cast, led, paths, acts)

    def oneself(who: str) -> dict[str, Any]:
        return {"who": [str(home_of(cast, who).pk)]}

    coming = make.session(title="剪纸", questions=ASKED)
    doors = make.session(days=0, hours=1, title="坝坝茶", places=0)
    paths["activities/"] = paths["api/activities/"] = _numbers(coming)
    paths["activities/<number>/<date_number>/arrival/"] = {**_numbers(doors), "code": codes.door_code(doors)}
    acts["POST activities/<number>/<date_number>/enrollments/"] = Act(by="resident", body=oneself)
    acts["POST activities/<number>/<date_number>/arrival/<code>/"] = Act(by="resident", body=oneself)
    acts["POST api/activities/<number>/<date_number>/enrollments"] = Act(by="resident")
    papers = {"kind": "activities_rosters", "period": f"{TODAY:%Y-%m}"}
    acts["POST workbench/activities/papers/"] = Act(by="staff", body=papers, is_streamed=True)
    shown = make.session(title="盛典的节目单", kind="gala", places=0)
    _act(shown, "合唱")
    services.publish_running_order(session=shown, by=system())
    paths["activities/<number>/<date_number>/programme/"] = _numbers(shown)
    performed = make.performed()
    paths["workbench/activities/acts/<pk>/card/"] = {"pk": performed.pk}
    paths["activities/cards/"] = {"code": codes.thanks(performed)}
    by_lot = make.lottery(title="抽签的", people=5)
    services.draw(session=by_lot, by=system())
    for route in ("draw/", "draw.json"):
        paths[f"activities/<number>/<date_number>/{route}"] = _numbers(by_lot)
    market = make.session(title="公益集市", kind="market", places=0)
    stalls = services.set_up_stalls(session=market, count=3, by=system())
    services.take_stall(stall=stalls[0], organization=source_of(led), goods="旧书", by=system())
    paths["activities/<number>/<date_number>/stalls/"] = _numbers(market)
    paths["activities/stalls/"] = {"pk": stalls[0].pk}
    other = organization.in_status(Status.FILED, "绿手指花社")
    mine = {"number": "2", "organization": source_of(other), "goods": "多肉"}
    acts["POST activities/<number>/<date_number>/stalls/"] = Act(by="staff", body=mine)
    acts["POST activities/stalls/<pk>/end/"] = Act(by="leader")
    held = make.session(days=0, hours=-1, title="慈善日义卖", kind="market", places=0)
    sold, wrong = services.set_up_stalls(session=held, count=2, by=system())
    services.take_stall(stall=sold, organization=source_of(led), by=system())
    services.take_stall(stall=wrong, organization=source_of(other), by=system())
    for _person in range(2):
        services.count_proceeds(stall=wrong, amount_fen=0, by=system())
    bench = "workbench/activities/"
    paths[f"{bench}<number>/<date_number>/stalls/"] = _numbers(held)
    paths[f"{bench}stalls/"] = {"pk": sold.pk}
    paths[f"{bench}stalls/<pk>/proceeds/taking-back/"] = {"pk": wrong.pk}
    more = {"count": "2", "place": "湖边"}
    acts[f"POST {bench}<number>/<date_number>/stalls/"] = Act(by="staff", body=more, repeats=True)
    acts[f"POST {bench}stalls/<pk>/proceeds/"] = Act(by="staff", body={"amount": "86.50"})
    acts[f"POST {bench}stalls/<pk>/proceeds/taking-back/"] = Act(by="staff", body={"reason": "少数了一包"})
    planned = services.Brought(
        details={"title": "表格里的课", "place": "二楼", "places": 12},
        dates=[
            services.Date(starts_at=clock.now() + timedelta(days=20), ends_at=clock.now() + timedelta(days=20, hours=2))
        ],
    )
    paths[f"{bench}import/"] = {"brought_in": services.bring(wanted=[planned], by=system())}
    acts[f"POST {bench}import/"] = Act(by="staff", body=cache(partial(_from_a_file, cast)))
    acts[f"POST {bench}import/<brought_in>/publication/"] = Act(by="staff")
    acts[f"POST {bench}import/<brought_in>/end/"] = Act(by="staff")
    draft = make.activity(title="还在准备")
    make.date_of(draft)
    paths["activities/ @draft"] = paths["api/activities/ @draft"] = {"number": draft.number, "date_number": 1}


def _numbers(session: Session) -> dict[str, Any]:
    return {"number": session.activity.number, "date_number": session.number}


def _one_organizers(cast: Cast, organizer: str, variant: str, paths: Paths, acts: Acts) -> None:
    """The workbench's things of one organizer."""
    by = "leader" if organizer else "staff"
    at_the_door = "leader" if organizer else "volunteer"
    soon = make.session(days=0, hours=1, title="今天的课", organizer=organizer, questions=ASKED)
    begun = make.session(days=0, hours=-1, title="上午的课", organizer=organizer, places=0)
    unsure = make.session(title="可能办不成的", organizer=organizer)
    over = make.session(title="取消了的", organizer=organizer)
    services.cancel_session(session=over, reason="下雨", by=system())
    draft = make.activity(title="草稿", organizer=organizer)
    make.date_of(draft)
    came = services.check_in(session=soon, resident=organization.resident("来过"), method=Method.ROSTER, by=system())
    coming = make.enroll(soon, organization.resident("要来"))
    bench = "workbench/activities/"
    details = {
        "title": "新活动",
        "kind": "workshop",
        "audience": "everyone",
        "organizer": organizer,
        "place": "二楼茶艺室",
        "mode": "session",
        "order": "come",
        "places": 12,
        "party_size": 1,
        "cover": "tea",
    }
    gala = make.session(days=0, hours=1, title="盛典", organizer=organizer, kind="gala", places=0)
    acts_of = [_act(gala, title) for title in ("开场", "合唱", "变脸", "谢幕")]
    on_stage = f"{bench}<number>/<date_number>/acts/"
    paths[f"{on_stage}{variant}"] = _numbers(gala)
    paths[f"{bench}acts/{variant}"] = {"pk": acts_of[1].pk}
    performed = {
        "title": "采茶舞",
        "performers": "邻居们",
        "minutes": 6,
        "changeover": 1,
        "microphones": 2,
        "chairs": 0,
    }
    acts[f"POST {on_stage}{variant}"] = Act(by=by, body=performed, repeats=True)
    acts[f"POST {bench}acts/<pk>/{variant}"] = Act(by=by, body=performed)
    if not variant:
        paths[f"{bench}acts/<pk>/removal/"] = {"pk": acts_of[3].pk}
        acts[f"POST {on_stage}publication/"] = Act(by=by)
        acts[f"POST {bench}acts/<pk>/place/"] = Act(by=by, body={"to": "1"})
        acts[f"POST {bench}acts/<pk>/removal/"] = Act(by=by)
    caller = make.resident("打电话来的")
    paths[f"{bench}{variant}"] = paths[f"api/activities/<number>/<date_number>/roster{variant}"] = _numbers(soon)
    paths[f"{bench}enrollments/{variant}"] = {"pk": make.enroll(soon, make.resident("不来了的")).pk}
    acts[f"POST {bench}enrollments/<pk>/cancellation/{variant}"] = Act(by=by, body={"sure": "1"})
    paths[f"{bench}for/{variant}"] = {"resident": caller.number}
    if not variant:  # where nothing is asked, others come with them
        asks_nothing = make.session(title="不问什么的", places=9)
        paths[f"{bench}<number>/<date_number>/enrollments/"] = _numbers(asks_nothing)
    acts[f"POST {bench}<number>/<date_number>/enrollments/{variant}"] = Act(
        by=by, body={**picked(caller), "places": "1"}
    )
    paths[f"api/activities/<number>/<date_number>/attendances{variant}"] = _numbers(soon)
    paths[f"{bench}<number>/publication/{variant}"] = {"number": draft.number}
    paths[f"{bench}<number>/end/{variant}"] = _numbers(over)
    paths[f"{bench}<number>/<date_number>/completion/{variant}"] = _numbers(begun)
    paths[f"{bench}<number>/cancellation/{variant}"] = _numbers(unsure)
    paths[f"{bench}<number>/<date_number>/cancellation/{variant}"] = _numbers(unsure)
    paths[f"{bench}<number>/<date_number>/time/{variant}"] = _numbers(unsure)
    paths[f"{bench}<number>/<date_number>/draw/{variant}"] = _numbers(
        make.lottery(title="等着抽签的", organizer=organizer)
    )
    acts[f"POST {bench}<number>/<date_number>/draw/{variant}"] = Act(by=by)
    paths[f"{bench}attendances/{variant}"] = {"pk": came.pk}
    paths[f"activities/tickets/{variant}"] = {"ticket": codes.ticket(coming)}
    acts[f"POST {bench}new/{variant}"] = Act(by=by, body=details, repeats=True)
    acts[f"POST {bench}<number>/edit/{variant}"] = Act(by=by, body=details)
    ask = {"words-0": "有什么不能吃？", "kind-0": "text", "choices-0": ""}
    acts[f"POST {bench}<number>/questions/{variant}"] = Act(by=by, body=ask)
    keep = {"places-elders": "2", "hours-elders": "24"}
    paths[f"{bench}<number>/shares/{variant}"] = {"number": draft.number}
    acts[f"POST {bench}<number>/shares/{variant}"] = Act(by=by, body=keep)
    acts[f"POST {bench}<number>/dates/{variant}"] = Act(
        by=by, body={"day": "2026-11-02", "begins": "09:00", "ends": "10:30"}
    )
    yes = cache(partial(_from_a_calendar, cast, soon))  # sealed once: sent again it is the same
    acts[f"POST {bench}<number>/dates/calendar/{variant}"] = Act(by=by, body=yes)
    acts[f"POST {bench}<number>/publication/{variant}"] = Act(by=by)
    acts[f"POST {bench}<number>/end/{variant}"] = Act(by=by)
    acts[f"POST {bench}<number>/cancellation/{variant}"] = Act(by=by, body={"reason": "停电"})
    acts[f"POST {bench}<number>/<date_number>/cancellation/{variant}"] = Act(by=by, body={"reason": "停电"})
    message = {"whom": "enrolled", "words": "请带一个水杯。"}
    acts[f"POST {bench}<number>/<date_number>/message/{variant}"] = Act(by=by, body=message, repeats=True)
    acts[f"POST {bench}<number>/<date_number>/time/{variant}"] = Act(
        by=by, body={"day": "2026-11-03", "begins": "09:00", "ends": "10:30", "place": "三楼"}
    )
    acts[f"POST {bench}<number>/<date_number>/attendances/{variant}"] = Act(
        by=at_the_door, body={"people": 3}, repeats=True
    )
    acts[f"POST {bench}<number>/<date_number>/completion/{variant}"] = Act(by=at_the_door)
    acts[f"POST {bench}attendances/<pk>/void/{variant}"] = Act(by=at_the_door)
    acts[f"POST activities/tickets/<ticket>/{variant}"] = Act(by=at_the_door)
    acts[f"POST api/activities/<number>/<date_number>/attendances{variant}"] = Act(
        by=at_the_door, body=[{"people": 2, "nonce": str(new_id())}]
    )


def _act(of: Session, title: str) -> StageAct:
    return services.add_act(session=of, title=title, performers="邻居们", minutes=5, by=system())


def _from_a_calendar(cast: Cast, of: Session, who: str) -> dict[str, Any]:
    """A yes to the one event of a calendar that was looked at."""
    begins = clock.now() + timedelta(days=30)
    entry = calendars.Entry(
        key="0" * 32, sequence=0, starts_at=begins, ends_at=begins + timedelta(hours=1), title="加一节"
    )
    sealed = calendars.seal(calendars.Brought(entries=[entry]), of.activity, cast.get(who, system()))
    return {"calendar": sealed, "new": [entry.key]}


def _pupil(who: Resident) -> Enrollment:
    """Of a class whose first lesson was this morning."""
    with clock.at(clock.now() - timedelta(hours=4)):
        term = make.activity(mode=Mode.TERM, places=21, fee_fen=2500, title="书法班")
        first = make.date_of(term, days=0, hours=1)
        make.date_of(term, days=7)
        services.publish(activity=term, by=system())
        pupil = make.enroll(make.again(first), who)
        services.check_in(session=make.again(first), resident=who, method=Method.ROSTER, by=system())
    return pupil


def _visits(cast: Cast, pupil: Enrollment, paths: Paths, acts: Acts) -> None:
    """One lesson of another class, and that a pupil cannot come to one of their own."""
    other = make.activity(mode=Mode.TERM, places=9, title="国画班", guest_seats=9, trials=True)
    first = make.date_of(other, days=3)
    services.publish(activity=other, by=system())
    services.try_lesson(lesson=make.again(first), resident=make.resident("试听的"), by=system())

    def tries(who: str) -> dict[str, Any]:
        return {"what": f"trial-{home_of(cast, who).pk}", "lesson": "1"}

    away, coming = Session.objects.get(activity=pupil.activity, number=2), make.date_of(pupil.activity, days=14)
    taken = services.take_leave(enrollment=pupil, lesson=coming, by=system())
    paths["activities/<number>/visits/"] = {"number": other.number}
    paths["activities/enrollments/<pk>/leaves/"] = {"pk": pupil.pk}
    paths["activities/leaves/"] = paths["api/activities/leaves/"] = {"pk": taken.pk}
    paths["api/activities/<number>/<date_number>/visits"] = _numbers(make.again(first))
    paths["api/activities/<number>/<date_number>/leaves"] = _numbers(make.again(away))
    acts["POST activities/<number>/visits/"] = Act(by="resident", body=tries)
    acts["POST activities/enrollments/<pk>/leaves/"] = Act(by="resident", body={"lesson": "2"})
    acts["POST activities/leaves/<pk>/end/"] = acts["DELETE api/activities/leaves/<pk>"] = Act(by="resident")
    acts["POST api/activities/<number>/<date_number>/visits"] = Act(by="resident")
    acts["POST api/activities/<number>/<date_number>/leaves"] = Act(
        by="resident", body={"resident": pupil.resident.number}
    )


def _missed(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """Dates the resident missed: one nobody spoke of yet, one they objected to."""
    silent = make.missed(cast["resident"], days=20)
    said = make.missed(cast["resident"], cast["volunteer"], days=10, organizer=source_of(led))
    spoken = services.object_to_absence(enrollment=said, said="那天住院了", by=cast["resident"])
    quiet = Enrollment.objects.get(session=said.session, resident=home_of(cast, "volunteer"))
    assert said.session is not None
    paths["activities/absences/"] = {"pk": silent.pk}
    acts["POST activities/absences/<pk>/objection/"] = Act(by="resident", body={"said": "我在的"})
    paths["api/activities/absences/"] = {"pk": silent.pk}
    acts["POST api/activities/absences/<pk>/objection"] = Act(by="resident", body={"said": "我在的"})
    paths["workbench/activities/<number>/<date_number>/absences/ @own"] = _numbers(said.session)
    excused = {"enrollment": str(quiet.pk), "answer": "停电"}
    acts["POST workbench/activities/<number>/<date_number>/absences/ @own"] = Act(by="leader", body=excused)
    paths["workbench/activities/absences/ @own"] = {"pk": spoken.pk}
    acts["POST workbench/activities/absences/<pk>/ @own"] = Act(by="leader", body={"answer": "好好休息"})


def _children(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """Classes for children, one of them the resident's: some are inside, one was let out by mistake."""
    bench = "workbench/activities/"
    child = make.resident("豆豆", born_on=TODAY - timedelta(days=8 * 366))
    people.relate(resident=child, helper=home_of(cast, "resident"), kind=RelationKind.GUARDIAN, by=system())
    for variant, organizer in (("", ""), (" @own", source_of(led))):
        by = "leader" if organizer else "volunteer"
        lesson = make.session(
            days=0, hours=1, title="小手做灯笼", audience=Audience.CHILDREN, places=9, organizer=organizer
        )
        seat, grown_up = make.enroll(lesson, child), make.resident("帮忙的")
        named = services.name_fetcher(enrollment=seat, name="陈奶奶", by=cast["resident"])
        for who in (child, grown_up):
            services.check_in(session=lesson, resident=who, method=Method.ROSTER, by=system())
        left = services.check_out(session=lesson, resident=grown_up, by=system())
        paths[f"{bench}<number>/<date_number>/inside/{variant}"] = _numbers(lesson)
        leaves = f"{bench}<number>/<date_number>/departures/<resident>/{variant}"
        paths[leaves] = {**_numbers(lesson), "resident": child.number}
        acts[f"POST {leaves}"] = Act(by=by, body={"by": f"f{named.pk}"})
        paths[f"{bench}passages/{variant}"] = {"pk": left.pk}
        acts[f"POST {bench}passages/<pk>/void/{variant}"] = Act(by=by)
        paths[f"api/activities/<number>/<date_number>/departures{variant}"] = _numbers(lesson)
        out = [{"resident": child.number, "fetcher": str(named.pk), "nonce": str(new_id())}]
        acts[f"POST api/activities/<number>/<date_number>/departures{variant}"] = Act(by=by, body=out)
        if not variant:
            more = services.name_fetcher(enrollment=seat, name="李阿姨", by=cast["resident"])
            paths["activities/enrollments/<pk>/fetchers/"] = {"pk": seat.pk}
            paths["activities/fetchers/"] = {"pk": more.pk}
            acts["POST activities/enrollments/<pk>/fetchers/"] = Act(by="resident", body={"name": "舅舅"})
            acts["POST activities/fetchers/<pk>/end/"] = Act(by="resident")


def _together(led: Organization, paths: Paths, acts: Acts) -> None:
    """Several people at once: members of the organization, and anybody by a program."""
    member, guest = organization.resident("社员"), organization.resident("一起来的")
    organizations.add_member(organization=led, resident=member, by=system())
    free = make.session(title="一起来", places=9)
    paths["workbench/activities/<number>/<date_number>/members/ @own"] = _numbers(free)
    ticked = {"of": str(led.number), "who": [str(member.number)]}
    acts["POST workbench/activities/<number>/<date_number>/members/ @own"] = Act(by="leader", body=ticked)
    paths["api/activities/<number>/<date_number>/groups"] = _numbers(free)
    acts["POST api/activities/<number>/<date_number>/groups"] = Act(
        by="staff", body={"people": [{"resident": guest.number}]}
    )


def _from_a_file(cast: Cast, who: str) -> dict[str, Any]:
    """A yes to the one row of a programme that was looked at."""
    row = {
        "title": "剪窗花",
        "day": str(TODAY + timedelta(days=40)),
        "begins": "9:00",
        "ends": "11:00",
        "place": "二楼",
    }
    sealed = programme_file.seal(programme_file.Read(rows=[(2, row)]), cast.get(who, system()))
    return {"programme": sealed, "dates": "1"}


def _enrollments(cast: Cast, paths: Paths, acts: Acts) -> None:
    """The resident's own: one that stands, one given back, one that is offered a seat."""
    me = home_of(cast, "resident")
    standing = make.enroll(make.session(title="有座"), me)
    given_back = make.enroll(make.session(title="退掉"), me)
    services.cancel_enrollment(enrollment=given_back, by=system())
    full = make.session(title="只剩一个", places=1)
    last = make.enroll(full)
    offered = make.wait(full, me)
    services.cancel_enrollment(enrollment=Enrollment.objects.get(pk=last.pk), by=system())
    pupil = _pupil(me)
    for page in ("card", "certificate"):
        paths[f"activities/enrollments/<pk>/{page}/"] = {"pk": pupil.pk}
    _visits(cast, pupil, paths, acts)
    paths["activities/certificates/"] = {"code": codes.certificate(pupil)}
    paths["activities/<number>/lessons/"] = {"number": pupil.activity.number}
    paths["activities/enrollments/"] = paths["api/activities/enrollments/"] = {"pk": standing.pk}
    paths["activities/enrollments/<pk>/restoration/"] = {"pk": given_back.pk}
    paths["activities/enrollments/<pk>/acceptance/"] = {"pk": offered.pk}
    acts["POST activities/enrollments/<pk>/restoration/"] = Act(by="resident")
    for step in ("cancellation", "acceptance"):  # a program gives back and takes one's own alone
        acts[f"POST activities/enrollments/<pk>/{step}/"] = Act(by="resident", body={"together": "1"})
    acts["DELETE api/activities/enrollments/<pk>"] = Act(by="resident")
