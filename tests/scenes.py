"""What stands on the stage, package by package, made through the verbs. See `stage.Stage`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.scenes_papers import papers_of_rows
from tests.scenes_people import people_and_accounts, people_of_the_register
from tests.stage import NOON, TODAY, Act, Acts, Cast, Paths, Stage, browsers_of, home_of, picked
from weiyifang.activities import calendars, codes
from weiyifang.activities import services as activities
from weiyifang.activities.models import Enrollment, Method, Session
from weiyifang.activities.questions import Question, QuestionKind
from weiyifang.activities.tests import make as activity
from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core import clock, found
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.core.web import versions
from weiyifang.files.tests import make as papers
from weiyifang.fund import queries
from weiyifang.fund import services as fund
from weiyifang.fund.services import Correction, Move
from weiyifang.fund.tests import make as money
from weiyifang.ledger.models import Transfer
from weiyifang.news import reading
from weiyifang.news import services as news
from weiyifang.news.models import Article
from weiyifang.news.tests import make as paper
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people.demo import actors_of, make_cast, make_outsider
from weiyifang.people.models import Account, Resident
from weiyifang.people.tests.make import a_resident


def on_stage(slug: str, blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The stage in the community of this slug, in a transaction that is undone. For fixtures of a module."""
    with blocker.unblock(), transaction.atomic(), clock.at(NOON):
        nanhu = open_community(code=500108002001, slug="nanhu", phone="023-0000 0000")
        neighbour = open_community(code=500108002002, slug="neighbour")
        here, other = (nanhu, neighbour) if slug == "nanhu" else (neighbour, nanhu)
        yield build(here, other)
        reading.counts.flush()
        transaction.set_rollback(True)


def build(community: Community, other: Community) -> Stage:
    """Everything in `community`; the outsider lives in `other`."""
    with in_community(community):
        a_resident("第一位")  # so that no number of ours is one of the neighbours' handful
        a_resident("第二位")
    accounts = {**make_cast(community), "outsider": make_outsider(other)}
    with in_community(community):
        led = _led(accounts["leader"])
        make_cast(community, leader_of=source_of(led))
        cast = actors_of(accounts)
        paths: Paths = {}
        acts: Acts = {}
        found_scenes = [module.add for module in found.modules("tests.scenes")]
        own = (_activities, _fund, _news, _organizations, papers_of_rows, people_of_the_register)
        for add in (*own, *found_scenes):
            add(cast, led, paths, acts)
        people_and_accounts(cast, accounts, paths, acts)
        acts["POST look/"] = Act(by="visitor", body={"mode": "care"})
    return Stage(community=community, cast=cast, browsers=browsers_of(accounts), paths=paths, acts=acts)


def _led(leader: Account) -> Organization:
    made = organization.application("南湖书法社", leader=Resident.objects.get(account=leader))
    return organizations.file(organization=made, by=system())


ASKED = [
    Question(words="有什么不能吃？"),
    Question(words="围裙尺码", kind=QuestionKind.CHOICE, choices=("大号", "小号")),
    Question(words="带几个小孩？", kind=QuestionKind.NUMBER),
]

# --- activities -------------------------------------------------------------------------------------------------


def _activities(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    for variant, organizer in (("", ""), (" @own", source_of(led))):
        _one_organizers(cast, organizer, variant, paths, acts)
    _enrollments(cast, paths, acts)

    def oneself(who: str) -> dict[str, Any]:
        return {"who": [str(home_of(cast, who).pk)]}

    coming, doors = (
        activity.session(title="剪纸", questions=ASKED),
        activity.session(days=0, hours=1, title="坝坝茶", places=0),
    )
    paths["activities/"] = paths["api/activities/"] = _numbers(coming)
    paths["activities/<number>/<date_number>/arrival/"] = {**_numbers(doors), "code": codes.door_code(doors)}
    acts["POST activities/<number>/<date_number>/enrollments/"] = Act(by="resident", body=oneself)
    acts["POST activities/<number>/<date_number>/arrival/<code>/"] = Act(by="resident", body=oneself)
    acts["POST api/activities/<number>/<date_number>/enrollments"] = Act(by="resident")
    papers = {"kind": "activities_rosters", "period": f"{TODAY:%Y-%m}"}
    acts["POST workbench/activities/papers/"] = Act(by="staff", body=papers, is_streamed=True)
    draft = activity.activity(title="还在准备")
    activity.date_of(draft)
    paths["activities/ @draft"] = paths["api/activities/ @draft"] = {"number": draft.number, "date_number": 1}


def _numbers(session: Session) -> dict[str, Any]:
    return {"number": session.activity.number, "date_number": session.number}


def _one_organizers(cast: Cast, organizer: str, variant: str, paths: Paths, acts: Acts) -> None:
    """The workbench's things of one organizer."""
    by = "leader" if organizer else "staff"
    at_the_door = "leader" if organizer else "volunteer"
    soon = activity.session(days=0, hours=1, title="今天的课", organizer=organizer, questions=ASKED)
    begun = activity.session(days=0, hours=-1, title="上午的课", organizer=organizer, places=0)
    unsure = activity.session(title="可能办不成的", organizer=organizer)
    over = activity.session(title="取消了的", organizer=organizer)
    activities.cancel_session(session=over, reason="下雨", by=system())
    draft = activity.activity(title="草稿", organizer=organizer)
    activity.date_of(draft)
    came = activities.check_in(session=soon, resident=organization.resident("来过"), method=Method.ROSTER, by=system())
    coming = activity.enroll(soon, organization.resident("要来"))
    bench = "workbench/activities/"
    details = {
        "title": "新活动",
        "kind": "workshop",
        "audience": "everyone",
        "organizer": organizer,
        "place": "二楼茶艺室",
        "mode": "session",
        "places": 12,
        "party_size": 1,
        "cover": "tea",
    }
    caller = activity.resident("打电话来的")
    paths[f"{bench}{variant}"] = paths[f"api/activities/<number>/<date_number>/roster{variant}"] = _numbers(soon)
    paths[f"{bench}enrollments/{variant}"] = {"pk": activity.enroll(soon, activity.resident("不来了的")).pk}
    acts[f"POST {bench}enrollments/<pk>/cancellation/{variant}"] = Act(by=by, body={"sure": "1"})
    paths[f"{bench}for/{variant}"] = {"resident": caller.number}
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
    paths[f"{bench}attendances/{variant}"] = {"pk": came.pk}
    paths[f"activities/tickets/{variant}"] = {"ticket": codes.ticket(coming)}
    acts[f"POST {bench}new/{variant}"] = Act(by=by, body=details, repeats=True)
    acts[f"POST {bench}<number>/edit/{variant}"] = Act(by=by, body=details)
    ask = {"words-0": "有什么不能吃？", "kind-0": "text", "choices-0": ""}
    acts[f"POST {bench}<number>/questions/{variant}"] = Act(by=by, body=ask)
    acts[f"POST {bench}<number>/dates/{variant}"] = Act(
        by=by, body={"day": "2026-11-02", "begins": "09:00", "ends": "10:30"}
    )
    yes = cache(partial(_from_a_calendar, cast, soon))  # sealed once: sent again it is the same
    acts[f"POST {bench}<number>/dates/calendar/{variant}"] = Act(by=by, body=yes)
    acts[f"POST {bench}<number>/publication/{variant}"] = Act(by=by)
    acts[f"POST {bench}<number>/end/{variant}"] = Act(by=by)
    acts[f"POST {bench}<number>/cancellation/{variant}"] = Act(by=by, body={"reason": "停电"})
    acts[f"POST {bench}<number>/<date_number>/cancellation/{variant}"] = Act(by=by, body={"reason": "停电"})
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


def _from_a_calendar(cast: Cast, of: Session, who: str) -> dict[str, Any]:
    """A yes to the one event of a calendar that was looked at."""
    begins = clock.now() + timedelta(days=30)
    entry = calendars.Entry(
        key="0" * 32, sequence=0, starts_at=begins, ends_at=begins + timedelta(hours=1), title="加一节"
    )
    sealed = calendars.seal(calendars.Brought(entries=[entry]), of.activity, cast.get(who, system()))
    return {"calendar": sealed, "act": "new", "new": [entry.key]}


def _enrollments(cast: Cast, paths: Paths, acts: Acts) -> None:
    """The resident's own: one that stands, one given back, one that is offered a seat."""
    me = home_of(cast, "resident")
    standing = activity.enroll(activity.session(title="有座"), me)
    given_back = activity.enroll(activity.session(title="退掉"), me)
    activities.cancel_enrollment(enrollment=given_back, by=system())
    full = activity.session(title="只剩一个", places=1)
    last = activity.enroll(full)
    offered = activity.wait(full, me)
    activities.cancel_enrollment(enrollment=Enrollment.objects.get(pk=last.pk), by=system())
    paths["activities/enrollments/"] = paths["api/activities/enrollments/"] = {"pk": standing.pk}
    paths["activities/enrollments/<pk>/restoration/"] = {"pk": given_back.pk}
    paths["activities/enrollments/<pk>/acceptance/"] = {"pk": offered.pk}
    for step in ("cancellation", "restoration", "acceptance"):
        acts[f"POST activities/enrollments/<pk>/{step}/"] = Act(by="resident")
    acts["DELETE api/activities/enrollments/<pk>"] = Act(by="resident")


# --- the fund ---------------------------------------------------------------------------------------------------


def _fund(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    fund.open_fund(by=system())
    mine = money.gift(cast["accountant"], 1_000_000, resident_id=cast["resident"].resident_id)
    wrong = money.gift(cast["accountant"], 500)
    bench = "workbench/fund/"
    payment = {"title": "米面油", "payee": "粮油店", "category": "meals", "amount": "300", "pool": "general"}
    for variant, asks, source in (("", "staff", ""), (" @own", "leader", source_of(led))):
        waits = money.request(cast[asks], organization=source)
        returned = fund.send_back_payment(
            request=money.request(cast[asks], organization=source), reason="少票", by=cast["secretary"]
        )
        approved = fund.approve_payment(request=money.request(cast[asks], organization=source), by=cast["secretary"])
        photo = papers.picture(seed=len(variant))
        paper = fund.add_paper(request=waits, brought=papers.brought(photo), by=cast[asks])
        paths[f"files/{variant}"] = {"pk": paper.pk, "size": "phone"}
        paths[f"{bench}payments/{variant}"] = {"pk": waits.pk}
        paths[f"{bench}payments/<pk>/edit/{variant}"] = {"pk": returned.pk}
        paths[f"{bench}payments/<pk>/payout/{variant}"] = {"pk": approved.pk}
        wanted = {**payment, "organization": source}
        acts[f"POST {bench}payments/new/{variant}"] = Act(by=asks, body=wanted, repeats=True)
        acts[f"POST {bench}payments/<pk>/edit/{variant}"] = Act(by=asks, body=wanted, repeats=True)
        paths[f"{bench}payments/<pk>/papers/{variant}"] = {"pk": waits.pk, "file_pk": paper.pk}
        another = partial(SimpleUploadedFile, "IMG_0001.jpg", papers.picture(seed=2), "image/jpeg")
        acts[f"POST {bench}payments/<pk>/papers/{variant}"] = Act(by=asks, body={"file": another})
        acts[f"POST {bench}payments/<pk>/papers/<file_pk>/end/{variant}"] = Act(by=asks)
        acts[f"POST {bench}payments/<pk>/approval/{variant}"] = Act(by="secretary")
        acts[f"POST {bench}payments/<pk>/return/{variant}"] = Act(by="secretary", body={"reason": "少一张票"})
        acts[f"POST {bench}payments/<pk>/refusal/{variant}"] = Act(by="secretary", body={"reason": "不合适"})
        acts[f"POST {bench}payments/<pk>/withdrawal/{variant}"] = Act(by=asks)
        acts[f"POST {bench}payments/<pk>/payout/{variant}"] = Act(by="accountant", body={"slip": "12"})
        in_fen = {**wanted, "amount_fen": 30_000}
        del in_fen["amount"]
        acts[f"POST api/fund/payments{variant}"] = Act(by=asks, body=in_fen, repeats=True)
    done = money.paid(dict(cast))
    back = Correction(kind="refund", amount_fen=5_000, happened_on=clock.today(), reason="退了一袋米")
    fix = fund.ask_correction(payment=done, wanted=back, by=cast["accountant"])
    cash = Move(from_method="bank", to_method="cash", amount_fen=10_000, happened_on=clock.today())
    moved = fund.ask_move(wanted=cash, by=cast["accountant"])
    paths[f"{bench}payments/<pk>/correction/"] = {"pk": done.pk}
    paths[f"{bench}corrections/"] = {"pk": fix.pk}
    paths[f"{bench}moves/"] = {"pk": moved.pk}
    paths[f"{bench}entries/"] = {"pk": Transfer.objects.order_by("id")[0].pk}
    paths[f"{bench}books/<code>/"] = {"code": "1002"}
    taken = {"kind": "refund", "amount": "1", "happened_on": str(clock.today()), "reason": "退货"}
    acts[f"POST {bench}payments/<pk>/correction/"] = Act(by="accountant", body=taken, repeats=True)
    carried = {
        "from_method": "bank",
        "to_method": "cash",
        "pool": "general",
        "amount": "1",
        "happened_on": str(clock.today()),
    }
    acts[f"POST {bench}moves/"] = Act(by="accountant", body=carried, repeats=True)
    for name in ("moves", "corrections"):
        acts[f"POST {bench}{name}/<pk>/confirmation/"] = Act(by="secretary")
        acts[f"POST {bench}{name}/<pk>/refusal/"] = Act(by="secretary", body={"reason": "没有回单"})
        acts[f"POST {bench}{name}/<pk>/withdrawal/"] = Act(by="accountant")
    said = {"method": "bank", "stated_on": str(clock.today()), "amount": "1", "note": "试一试"}
    acts[f"POST {bench}statements/file/"] = Act(by="staff", body={"period": f"{TODAY:%Y}"}, is_streamed=True)
    acts[f"POST {bench}statements/"] = Act(
        by="accountant",
        body=lambda _who: {**said, "_seen": versions.mark(queries.booked_figure("bank", clock.today()))},
        repeats=True,
    )
    paths["fund/mine/"] = {"pk": mine.pk}
    paths["fund/transfers/"] = {"pk": Transfer.objects.order_by("id")[0].pk}
    paths[f"{bench}income/"] = {"pk": wrong.pk}
    gift = {"channel": "partners", "method": "bank", "received_on": str(TODAY), "pool": "general"}
    acts[f"POST {bench}opening/"] = Act(by="accountant")
    acts[f"POST {bench}income/"] = Act(by="accountant", body={**gift, "amount": "200.50"}, repeats=True)
    acts[f"POST {bench}income/<pk>/correction/"] = Act(by="accountant", body={"reason": "记错了"})
    month = date(2026, 9, 1)
    acts[f"POST {bench}books/"] = Act(
        by="accountant",
        body=lambda _who: {"month": str(month), "_seen": versions.mark(queries.month_figures(month))},
    )
    acts["POST api/fund/receipts"] = Act(by="accountant", body={**gift, "amount_fen": 20_050}, repeats=True)


# --- the paper --------------------------------------------------------------------------------------------------


def _news(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    bench = "workbench/news/<number>/"
    for variant, writes, source in (("", "staff", ""), (" @own", "leader", source_of(led))):
        writer, secretary = cast[writes], cast["secretary"]

        def in_state(state: str, writer: Actor = writer, source: str = source) -> Article:
            article = paper.draft(by=writer, organization_source=source)
            if state != "draft":
                article = news.submit(article=article, by=writer)
            if state == "published":
                article = news.publish(article=article, by=cast["secretary"])
            return article

        draft, review, public = in_state("draft"), in_state("in_review"), in_state("published")
        gone = news.withdraw(article=in_state("published"), reason="过时", by=secretary)
        article = {
            "title": "路灯",
            "column": str(draft.column_id),
            "organization_source": source,
            "text": "今晚亮。",
            "digest": "亮了。",
        }
        paths[f"workbench/news/{variant}"] = paths[f"news/{variant}"] = {"number": public.number}
        paths[f"api/news/articles/{variant}"] = {"number": public.number}
        for step in ("draft/", "submission/"):
            paths[f"{bench}{step}{variant}"] = {"number": draft.number}
        for step in ("submission/end/", "publication/", "return/"):
            paths[f"{bench}{step}{variant}"] = {"number": review.number}
        paths[f"{bench}reopening/{variant}"] = {"number": gone.number}
        paths["workbench/news/<number>/ @draft"] = paths["news/ @draft"] = {"number": draft.number}
        paths["api/news/articles/ @draft"] = {"number": draft.number}
        acts[f"POST workbench/news/new/{variant}"] = Act(by=writes, body=article, repeats=True)
        acts[f"POST {bench}draft/{variant}"] = Act(by=writes, body=article)
        acts[f"POST {bench}submission/{variant}"] = Act(by=writes)
        acts[f"POST {bench}submission/end/{variant}"] = Act(by=writes)
        acts[f"POST {bench}publication/{variant}"] = Act(by="secretary")
        acts[f"POST {bench}return/{variant}"] = Act(by="secretary", body={"reason": "再写几句"})
        acts[f"POST {bench}correction/{variant}"] = Act(
            by="secretary", body={"title": "路灯", "text": "明晚亮。", "note": "是明晚"}, repeats=True
        )
        acts[f"POST {bench}withdrawal/{variant}"] = Act(by=writes, body={"reason": "过时"})
        acts[f"POST {bench}reopening/{variant}"] = Act(by=writes)
        acts[f"POST {bench}pin/{variant}"] = Act(by="secretary", body={"until": str(TODAY)}, repeats=True)
        program = {**article, "column": "community"}
        acts[f"POST api/news/articles{variant}"] = Act(by=writes, body=program, repeats=True)
    acts["POST workbench/news/columns/"] = Act(by="secretary", body={"name": "运动", "code": "sport"})
    acts["POST workbench/news/columns/ @usual"] = Act(by="secretary", body={"usual": "1"})


# --- organizations ----------------------------------------------------------------------------------------------


def _organizations(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    me, bench = home_of(cast, "resident"), "workbench/organizations/"
    choir = organization.in_status("filed", "南湖合唱团")
    asked = organizations.ask_to_join(
        organization=organization.in_status("filed", "南湖棋社"), resident=me, by=cast["resident"]
    )
    joined = organization.in_status("filed", "南湖太极队")
    organizations.add_member(organization=joined, resident=me, by=system())
    applied = organization.application("南湖诗社", leader=organization.resident("申请人"))
    for variant, of, by in (("", choir, "staff"), (" @own", led, "leader")):
        member = organizations.add_member(organization=of, resident=organization.resident("社员"), by=system())
        wants = organization.resident("想来")
        oneself = Actor(community_id=of.community_id, resident_id=wants.pk)
        request = organizations.ask_to_join(organization=of, resident=wants, by=oneself)
        newcomer = organization.resident("新来的")
        told = {"name": of.name, "kind": of.kind, "purpose": "一起做事。"}
        paths[f"organizations/{variant}"] = paths[f"api/organizations/{variant}"] = {"number": of.number}
        paths[f"{bench}{variant}"] = {"number": of.number, "pk": member.pk}
        paths[f"{bench}requests/{variant}"] = {"pk": request.pk}
        acts[f"POST {bench}requests/<pk>/acceptance/{variant}"] = Act(by=by)
        acts[f"POST {bench}requests/<pk>/refusal/{variant}"] = Act(by=by, body={"answer": "满员了"})
        acts[f"POST {bench}<number>/details/{variant}"] = Act(by=by, body=told)
        acts[f"POST {bench}<number>/members/{variant}"] = Act(by=by, body=picked(newcomer))
        acts[f"POST {bench}<number>/members/<pk>/end/{variant}"] = Act(by=by)
        acts[f"POST {bench}<number>/leader/{variant}"] = Act(by="staff", body={**picked(newcomer), "sure": "1"})
    paths["organizations/ @applied"] = paths["api/organizations/ @applied"] = {"number": applied.number}
    paths["organizations/<number>/requests/mine/"] = {"number": asked.organization.number}
    paths["organizations/<number>/membership/"] = {"number": joined.number}
    told = {"name": "南湖摄影队", "kind": "culture", "purpose": "一起拍照。"}
    acts["POST organizations/new/"] = Act(by="resident", body=told)
    acts["POST organizations/<number>/requests/"] = Act(by="resident", body={"words": "我也想来。"})
    acts["POST organizations/<number>/requests/mine/withdrawal/"] = Act(by="resident")
    acts["POST organizations/<number>/membership/end/"] = Act(by="resident")
    acts[f"POST {bench}new/"] = Act(by="staff", body=told)
    steps: dict[str, dict[str, Any]] = {
        "file": {"on": str(TODAY)},
        "register": {"on": str(TODAY), "credit_code": organization.CREDIT_CODE},
        "dissolve": {"on": str(TODAY), "reason": "散了"},
    }
    for name, body in steps.items():
        of = applied if name == "file" else choir
        paths[f"{bench}<number>/<name>/ @{name}"] = {"number": of.number, "name": name}
        acts[f"POST {bench}<number>/<name>/ @{name}"] = Act(by="staff", body=body)
