"""More of everything on the stage, so that whatever lists it has more rows: `add(stage, 3)` adds three of each kind."""

from __future__ import annotations

from tests.stage import Stage
from weiyifang.activities import services as activities
from weiyifang.activities.models import Activity, Method, Session
from weiyifang.activities.tests import make as activity
from weiyifang.core.actors import Actor, system
from weiyifang.core.bulk import forget_plans
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.news import services as news
from weiyifang.news.models import Article
from weiyifang.news.tests import make as paper
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.people.roles import Role
from weiyifang.people.tests.make import a_resident


def add(stage: Stage, count: int) -> None:
    """Each round is its own: names and numbers go on from what is there."""
    with in_community(stage.community):
        for _round in range(count):
            serial = Resident.objects.count()
            me = Resident.objects.get(account=stage.cast["resident"].account_id)
            led = Organization.objects.get(name="南湖书法社")
            _people(stage, me, serial)
            _organizations(stage, led, me, serial)
            for organizer in ("", source_of(led)):
                _activities(stage, organizer, me)
                _papers(stage, organizer)
                _money(stage, organizer, me)
    forget_plans()


def _people(stage: Stage, me: Resident, serial: int) -> None:
    by, staff = system(), stage.cast["staff"]
    known = Resident.objects.get(name="赵一鸣")
    assert known.household is not None
    home = people.Door(known.household.compound, known.household.building, known.household.unit, known.household.door)
    child = a_resident(f"赵家人{serial}", address=home, phone=f"1990001{serial:04}")
    for person in (known, me):
        people.relate(resident=person, helper=child, kind="family", by=by)
        people.relate(resident=a_resident(f"远亲{serial}"), helper=person, kind="contact", by=by)
        people.read_sensitive(resident=person, fields=("phone",), reason="call", by=staff)
    account = people.make_account(
        username=f"more{serial}", name=f"社工{serial}", phone=f"1990002{serial:04}", phone_verified=True
    )
    people.give_duty(account=account, role=Role.STAFF, by=by)
    people.end_duty(duty=people.give_duty(account=account, role=Role.VOLUNTEER, by=by), by=by)
    going = a_resident(f"要走的{serial}")
    people.ask_erasure_of(resident=going, reason="writing", by=staff)


def _organizations(stage: Stage, led: Organization, me: Resident, serial: int) -> None:
    organization.in_status("applied", f"诗社{serial}")
    filed = organization.in_status("filed", f"棋社{serial}")
    organizations.add_member(organization=filed, resident=me, by=system())
    for of in (led, Organization.objects.get(name="南湖合唱团")):
        organizations.add_member(organization=of, resident=organization.resident(f"社员{serial}"), by=system())
        wants = organization.resident(f"想来{serial}")
        oneself = Actor(community_id=of.community_id, resident_id=wants.pk)
        organizations.ask_to_join(organization=of, resident=wants, by=oneself)


def _activities(stage: Stage, organizer: str, me: Resident) -> None:
    for days in (0, 2, 9):
        full = activity.session(days=days, hours=2, title="又一场", organizer=organizer, places=2)
        activity.enroll(full, places=1)
        activity.enroll(full)
        activity.wait(full)
        activity.wait(full, me)
    activity.enroll(activity.session(title="有座的", organizer=organizer), me)
    called_off = activity.session(title="不办了", organizer=organizer)
    activities.cancel_session(session=called_off, reason="下雨", by=system())
    draft = activity.activity(title="又一份草稿", organizer=organizer)
    activity.date_of(draft)
    todays = {"activity__title": "今天的课", "activity__organizer": organizer, "number": 1}
    today = Session.objects.select_related("activity").get(**todays)
    activities.check_in(session=today, resident=activity.resident(), method=Method.ROSTER, by=system())
    for shown in Activity.objects.filter(title__in=("剪纸", "今天的课"), organizer=organizer):
        activity.date_of(shown, days=20 + Session.objects.filter(activity=shown).count())


def _papers(stage: Stage, source: str) -> None:
    writer, secretary = stage.cast["leader" if source else "staff"], stage.cast["secretary"]
    paper.draft(by=writer, organization_source=source)
    news.submit(article=paper.draft(by=writer, organization_source=source), by=writer)
    made = [news.submit(article=paper.draft(by=writer, organization_source=source), by=writer) for _ in range(2)]
    shown, gone = [news.publish(article=article, by=secretary) for article in made]
    news.withdraw(article=gone, reason="过时", by=secretary)
    for article in (shown, Article.objects.published().order_by("number")[0]):
        words = f"今晚就亮{Article.objects.count()}。"
        news.correct(article=article, title=article.title, text=words, digest="亮了。", note="再改一处", by=secretary)


def _money(stage: Stage, source: str, me: Resident) -> None:
    cast = stage.cast
    asks = cast["leader" if source else "staff"]
    money.gift(cast["accountant"], 100_000, resident_id=me.pk)
    money.gift(cast["accountant"], 100_000, organization=source)
    money.request(asks, organization=source)
    fund.send_back_payment(request=money.request(asks, organization=source), reason="少票", by=cast["secretary"])
    for is_paid in (False, True):
        approved = fund.approve_payment(request=money.request(asks, organization=source), by=cast["secretary"])
        if is_paid:
            fund.pay(request=approved, by=cast["accountant"])
