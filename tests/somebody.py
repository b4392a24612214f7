"""Somebody who did a bit of everything, in every topic and every role, and wrote their name wherever one may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from weiyifang.activities import services as activities
from weiyifang.activities.models import Enrollment, Method
from weiyifang.activities.tests import make as activity
from weiyifang.banking.tests import make as bank
from weiyifang.banking.tests import samples as statements
from weiyifang.calendars.tests import make as calendars
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import OnceRecord
from weiyifang.core.server.jobs import run_jobs
from weiyifang.core.tenancy import source_of
from weiyifang.files import services as files
from weiyifang.files.tests import make as drawn
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.grants import services as grant_services
from weiyifang.grants.tests import make as grants
from weiyifang.news import reading
from weiyifang.news import services as news
from weiyifang.news.services import counting
from weiyifang.news.tests import make as paper
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.outreach import services as outreach
from weiyifang.people import queries as people_queries
from weiyifang.people import services as people
from weiyifang.people.models import Account, Purpose, ReadReason, RelationKind, Resident, TypedForm
from weiyifang.people.testing import CommunityClient
from weiyifang.people.tests.make import an_id_number
from weiyifang.sharing.tests import make as things
from weiyifang.stage import services as stage
from weiyifang.stage.tests import make as shows
from weiyifang.talents import services as talents
from weiyifang.talents.tests import make as skilled
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.tests import make as helping

NAME, PHONE, ID_NUMBER = "申屠采薇", "199 0000 7077", an_id_number("99010019660717002")


def in_every_topic(cast: dict[str, Actor]) -> Resident:
    """Somebody who has done a bit of everything, with an account, and wrote their name wherever one may."""
    account = people.make_account(username="caiwei", name=NAME, phone=PHONE, phone_verified=True)
    home = people.Door("学府花园", "9", "1", "9-9")
    person = people.register_resident(name=NAME, phone=PHONE, id_number=ID_NUMBER, address=home, by=system())
    people.link_account(resident=person, account=account, by=system())
    oneself = Actor(community_id=person.community_id, account_id=account.pk, resident_id=person.pk, name=NAME)
    _in_activities(person, oneself)
    _in_organizations(person, oneself)
    _in_rooms(person, oneself)
    _in_the_fund(person, account, cast)
    _in_the_grants(account, cast)
    _in_the_paper(account, cast)
    _on_the_register(person, oneself, cast)
    _in_volunteering(person, oneself, cast)
    _in_talents(person, oneself, cast)
    outreach.note_contact(resident=person, outcome="away", by=cast["staff"])
    _on_in_a_show(person)
    calendars.link(oneself)
    for role, act in (("leader", _as_leader), ("staff", _as_staff), ("accountant", _as_accountant)):
        _on_duty(account, role, act, cast)
    for role, act in (("volunteer", _as_volunteer), ("secretary", _as_secretary)):
        _on_duty(account, role, act, cast)
    _signed_in(account)
    return Resident.objects.get(pk=person.pk)


def _in_activities(person: Resident, oneself: Actor) -> None:
    today = activity.session(days=0, hours=1, title="端午包粽子", leaving="noted")
    enrollment = activity.enroll(today, person)
    Enrollment.objects.filter(pk=enrollment.pk).update(note=f"{NAME}要坐前排")
    activities.check_in(session=today, resident=person, method=Method.ROSTER, by=system())
    activities.check_out(session=today, resident=person, by=system())
    full = activity.session(title="满员的茶艺课", places=1)
    activity.enroll(full)
    activity.wait(full, person)
    activity.activity(title="我来教剪纸", instructor=person)
    away = activity.missed(oneself, title="没赶上的剪纸")
    said = activities.object_to_absence(enrollment=away, said=f"{NAME}那天住院", by=oneself)
    activities.decide_excuse(excuse=said, counts=False, answer=f"{NAME}好好养着", by=system())
    term = activity.activity(title="国画班", mode="term", places=9)
    lesson = activity.date_of(term, days=3)
    activities.publish(activity=term, by=system())
    pupil = activity.enroll(activity.again(lesson), person)
    activities.take_leave(enrollment=pupil, lesson=lesson, by=oneself)


def _in_organizations(person: Resident, oneself: Actor) -> None:
    organizations.add_member(organization=organization.in_status("filed", "南湖合唱团"), resident=person, by=system())
    organizations.ask_to_join(
        organization=organization.in_status("filed", "南湖棋社"), resident=person, words=f"我是{NAME}", by=oneself
    )
    organization.application("采薇诗社", leader=person)
    full = organization.in_status("filed", "南湖摄影队")
    asked = organizations.ask_to_join(organization=full, resident=person, words=f"{NAME}想来", by=oneself)
    organizations.decline(request=asked, answer=f"{NAME}家太远了", by=system())


def _in_volunteering(person: Resident, oneself: Actor, cast: dict[str, Actor]) -> None:
    mine = helping.volunteer(of=person, words=f"我是{NAME}，会做面", skills=["meals"], is_named=True)
    team = helping.team("采薇送餐队", leader=person)
    volunteering.join(team=team, by=oneself)
    volunteering.claim(need=helping.shift(team).needs.get(), by=oneself)
    held = helping.shift(team, days=6)
    volunteering.claim(need=held.needs.get(), by=oneself)
    with clock.at(held.ends_at):
        (row,) = volunteering.note_as_planned(shift=held, by=cast["staff"])
        volunteering.refuse_hours(hours=row, reason=f"{NAME}走早了", by=cast["secretary"])
        (again,) = volunteering.note_as_planned(shift=held, by=cast["staff"])
        volunteering.approve_hours(hours=[again], by=cast["secretary"])
        volunteering.issue_paper(resident=person, year=clock.today().year, by=oneself)
    asked = helping.help_for(person, remark=f"请到{NAME}家来取药", place=f"{NAME}家")
    volunteering.hand_to_team(request=asked, team=team, by=cast["staff"])
    volunteering.close_unfound(request=helping.help_for(person), reason=f"{NAME}住得远", by=cast["staff"])
    gift = volunteering.give_time(giver=person, receiver=helping.resident("邻居"), amount=30, by=oneself)
    volunteering.take_time_back(gift=gift, reason=f"{NAME}转错了", by=cast["staff"])
    volunteering.name_heir(giver=person, receiver=gift.receiver, by=oneself)
    shift = helping.shift(team, days=4)
    volunteering.call_off(shift=shift, reason=f"{NAME}病了", by=cast["staff"])
    volunteering.note_certificate(volunteer=mine, kind="health", valid_until=clock.today(), by=cast["staff"])
    volunteering.end(team=helping.team("散了的队"), reason=f"{NAME}没空了", by=cast["staff"])


def _in_talents(person: Resident, oneself: Actor, cast: dict[str, Actor]) -> None:
    mine = skilled.talent(of=person, what=f"{NAME}修相机", words=f"找{NAME}就对了", topics=["photos"])
    done = skilled.accepted(mine, what=f"请{NAME}修相机", place=f"{NAME}家楼下", gives_phone=True)
    thanks = talents.thank(request=done, words=f"谢谢{NAME}", by=skilled.oneself(done.resident or person))
    talents.show_thanks(thanks=thanks, by=oneself)
    skilled.request(mine, days=3)
    other = skilled.talent("写春联的", words=f"教过{NAME}", what="写春联")
    asked = skilled.accepted(other, person, what="写一副寿联", gives_phone=True)
    talents.thank(request=asked, words=f"{NAME}多谢了", is_named=True, by=oneself)
    no = skilled.request(other, what="给活动写横幅")
    talents.decline(request=no, answer=f"{NAME}先约了我", by=cast["staff"])


def _on_in_a_show(person: Resident) -> None:
    troupe = organization.in_status("filed", "采薇艺术团")
    organizations.add_member(organization=troupe, resident=person, by=system())
    show = shows.played(troupe, on=2, price_fen=333_336, shares=shows.WITH_MEMBERS, title="重阳演出", customer=NAME)
    stage.put_in(engagement=show, residents=[person], by=system())
    stage.note_held(engagement=show, by=system())
    income = stage.receive(engagement=show, amount_fen=333_336, received_on=clock.today(), by=system())
    stage.give_back(income=income, amount_fen=233_334, reason=f"{NAME}没有来", by=system())
    ahead = shows.agreed(troupe, days=20, title="冬至演出", note=f"找{NAME}拿钥匙")
    stage.put_in(engagement=ahead, residents=[person], by=system())
    stage.call_off(engagement=shows.request(days=25), reason=f"{NAME}病了", by=system())


def _in_rooms(person: Resident, oneself: Actor) -> None:
    things.book(things.resource("邻里会议室"), resident=person, purpose=f"{NAME}的生日", by=oneself)
    things.book(things.resource("谈心室"), days=2, purpose=f"帮{NAME}调解")


def _in_the_fund(person: Resident, account: Account, cast: dict[str, Actor]) -> None:
    fund.open_fund(by=system())
    money.gift(cast["accountant"], 5_000, resident_id=person.pk, donor_name=NAME, note=f"{NAME}为父亲捐")
    money.gift(cast["accountant"], 66_600, resident_id=person.pk, donor_name=NAME, is_named=True)
    duty = people.give_duty(account=account, role="staff", by=system())
    money.request(people_actor(account), title="粽叶和糯米")
    people.end_duty(duty=duty, by=system())
    row = ["2026-03-02", "50", "", "50", NAME, f"{NAME}为父亲捐"]
    bank.statement(cast["accountant"], statements.plain([row]))


def _in_the_grants(account: Account, cast: dict[str, Actor]) -> None:
    group = organization.in_status("filed", "采薇棋社")
    run = grants.published(cast, grants.table([["采薇棋社", "80"]]))
    duty = people.give_duty(account=account, role="leader", scope=source_of(group), by=system())
    grant = grants.of(run, group)
    appeal = grant_services.appeal(grant=grant, words=f"{NAME}的活动漏了", by=people_actor(account))
    said = f"{NAME}：复核无误"
    grant_services.answer_appeal(appeal=appeal, answer=said, tenths=None, grade="", by=cast["secretary"])
    people.end_duty(duty=duty, by=system())


def _in_the_paper(account: Account, cast: dict[str, Actor]) -> None:
    paper.column()
    duty = people.give_duty(account=account, role="staff", by=system())
    article = news.submit(article=paper.draft(by=people_actor(account), title="端午那天"), by=people_actor(account))
    article = news.publish(article=article, by=cast["secretary"])
    day = clock.today()
    news.record_reads([counting.Opening(article.pk, day, reading.reader_key(f"account {account.pk}", day))])
    people.end_duty(duty=duty, by=system())


def _on_the_register(person: Resident, oneself: Actor, cast: dict[str, Actor]) -> None:
    people.publish_standard_texts(by=system())
    people.give_consent(resident=person, text=people_queries.current_texts()[Purpose.PHOTOS], by=oneself)
    messages = people.give_consent(resident=person, text=people_queries.current_texts()[Purpose.MESSAGES], by=oneself)
    people.withdraw_consent(consent=messages, by=oneself)
    child = people.register_resident(name="申屠小宝", born_on=date(2018, 5, 1), by=system())
    relation = people.relate(resident=child, helper=person, kind=RelationKind.GUARDIAN, by=cast["staff"])
    files.add(owner=source_of(relation), brought=drawn.brought(drawn.picture()), what="proof", by=cast["staff"])
    lesson = activity.session(title="小手做灯笼", audience="children", places=9)
    activities.name_fetcher(enrollment=activity.enroll(lesson, child), name=f"{NAME}的妈妈", by=oneself)
    people.ask_erasure(resident=person, by=oneself)
    people.take_back_erasure(resident=person, by=oneself)
    people.ask_erasure_of(resident=person, reason="writing", by=cast["staff"])
    people.take_back_erasure(resident=person, by=cast["staff"])
    helper = Resident.objects.get(pk=cast["volunteer"].resident_id or "")
    people.relate(resident=person, helper=helper, kind=RelationKind.PROXY, by=oneself)
    people.read_sensitive(resident=person, fields=("phone",), reason=ReadReason.CALL, by=cast["staff"])


def _on_duty(
    account: Account, role: str, act: Callable[[Actor, dict[str, Actor]], None], cast: dict[str, Actor]
) -> None:
    """A duty that is given, done and over again."""
    if role == "leader":  # it comes with leading
        resident = Resident.objects.get(account=account)
        led = organization.in_status("filed", "南湖诵读社")
        organizations.appoint_leader(organization=led, resident=resident, by=system())
        act(people_actor(account), cast)
        organizations.appoint_leader(organization=led, resident=organization.resident("接班的"), by=system())
        return
    duty = people.give_duty(account=account, role=role, by=system())
    act(people_actor(account), cast)
    people.end_duty(duty=duty, by=system())


def _as_leader(by: Actor, cast: dict[str, Actor]) -> None:
    led = Organization.objects.get(name="南湖诵读社")
    organizations.add_member(organization=led, resident=organization.resident("诵读的"), by=by)
    wants = organization.resident("也想诵读的")
    oneself = Actor(community_id=by.community_id, resident_id=wants.pk)
    asked = organizations.ask_to_join(organization=led, resident=wants, words=f"听{NAME}说起的", by=oneself)
    organizations.decline(request=asked, answer=f"满员了，可以找{NAME}", by=by)


def _as_staff(by: Actor, cast: dict[str, Actor]) -> None:
    other = people.register_resident(name="新来的邻居", phone="199 0000 7078", by=by)
    people.read_sensitive(resident=other, fields=("phone",), reason=ReadReason.CALL, by=by)
    people.note_export(residents=Resident.objects.living_here().filter(pk=other.pk), sensitive=True, by=by)
    people.keep_draft(file_name=f"{NAME}.csv", content=f"姓名,手机\n{NAME},{PHONE}\n".encode(), by=by)
    paper.draft(by=by, title="窗花怎么剪")
    sent_back = news.submit(article=paper.draft(by=by, title="退回的一篇"), by=by)
    news.send_back(article=sent_back, reason=f"{NAME}请改短一点", by=cast["secretary"])
    request = money.request(by, title="十把剪刀")
    fund.send_back_payment(request=request, reason=f"{NAME}少交一张发票", by=cast["secretary"])
    session = activity.session(days=0, hours=1, title="代人报名的课")
    child = activity.resident("代报名的")
    row = activity.enroll(session, child)
    Enrollment.objects.filter(pk=row.pk).update(note=f"{NAME}帮着报的")


def _as_accountant(by: Actor, cast: dict[str, Actor]) -> None:
    money.gift(by, 10_000, note=f"{NAME}经手")
    approved = fund.approve_payment(request=money.request(cast["staff"]), by=cast["secretary"])
    fund.pay(request=approved, by=by)


def _as_volunteer(by: Actor, cast: dict[str, Actor]) -> None:
    session = activity.session(days=0, hours=2, title="门口的一课")
    guest = activity.resident("门口来的")
    activity.enroll(session, guest)
    activities.check_in(session=session, resident=guest, method=Method.ROSTER, by=by)


def _as_secretary(by: Actor, cast: dict[str, Actor]) -> None:
    fund.approve_payment(request=money.request(cast["staff"], title="扩音器"), by=by)
    news.publish(article=news.submit(article=paper.draft(by=cast["staff"]), by=cast["staff"]), by=by)
    spare = people.make_account(username="spare", name="备用", phone="199 0000 7079", phone_verified=True)
    duty = people.give_duty(account=spare, role="staff", by=by)
    people.invite(account=spare, by=by)
    people.end_duty(duty=duty, by=by)
    account = Account.objects.get(pk=str(by.account_id))
    people.invite(account=account, by=system())
    TOTP.activate(account, generate_totp_secret())


def _signed_in(account: Account) -> None:
    """A session that is open, an answer that is kept, a form that waits, a code on its way, tries that are counted."""
    browser = CommunityClient()
    browser.force_login(account)
    browser.get("/c/nanhu/me/details/")
    browser.post("/c/nanhu/look/", {"_once": "own", "size": "large", "next": "/"})
    OnceRecord(scope=f"{account.pk} POST /c/nanhu/x/", key="k", body_hash="", body=NAME.encode()).save()
    TypedForm(account=account, path="/c/nanhu/me/relations/", body=f"name={NAME}&phone={PHONE}").save()
    CommunityClient().post("/accounts/login/code/", {"phone": PHONE})
    run_jobs()


def people_actor(account: Account) -> Actor:
    from weiyifang.people.actors import actor_for

    return actor_for(account)
