"""Moments in which a residents' page is different from what the table's walk shows. See `pages`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import override_settings

from tests.browser.pages import HOME, NEXT_DOOR, Moment, Visit
from tests.stage import TODAY, Stage
from weiyifang.activities import codes
from weiyifang.activities import services as activities
from weiyifang.activities.models import Session
from weiyifang.activities.tests import make as activity
from weiyifang.core.actors import system
from weiyifang.fund import services as fund
from weiyifang.fund.tests import make as money
from weiyifang.ledger.models import Transfer
from weiyifang.news import services as news
from weiyifang.news.tests import make as paper
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import Account, RelationKind, Resident
from weiyifang.people.tests.make import a_resident
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.models import Team

LONG = "插花茶艺孝敬爸妈暨重阳节敬老爱老系列活动之南湖路三号院专场"
TOLD = "带一只瓶子来，花和茶都备好了。\n\n老师从选花讲起，做好的带回家。"
ARTICLE = """今天早上八点，三号院门口的路灯换好了。

## 换了哪些

- 三号院门口两盏
- 坡上三盏，原来一直不亮

> 晚上走路不怕了。——五楼的王孃孃

9. 灯不亮，打社区电话

10. 说清是哪一盏
    - 灯杆上有号
    - 没有号的说在哪家门口

1、#3 楼后面的，物业来换

2、>60 岁的邻居家里的灯，义修队上门

详细的价目在[基金的公示](https://example.org/a-very-long-address-that-does-not-break-by-itself/2026/10/14)里。
"""


def _me(stage: Stage) -> Resident:
    return Resident.objects.get(account=stage.cast["resident"].account_id)


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
    activity.wait(full, _me(stage))
    yield Visit(name="activity-waiting", address=_at(full), who="resident")
    yield Visit(name="activity-my-turn", address=f"{_at(full)}enrollments/", who="resident")
    offers = activity.session(title="只剩一个", places=1)
    first = activity.enroll(offers)
    activity.wait(offers, _me(stage))
    activities.cancel_enrollment(enrollment=first, by=system())
    yield Visit(name="activity-offered", address=f"{_at(offers)}enrollments/", who="resident")
    doors = activity.session(title="坝坝茶", places=0, kind="gathering", description=TOLD)
    yield Visit(name="activity-open-door", address=_at(doors), who="resident")
    yield Visit(name="activity-open-door-poster", address=f"{_at(doors)}poster/")


def enrolment(stage: Stage) -> Iterator[Visit]:
    """With a mother to act for: nothing ticked, too late for the last seat, enrolled, given back."""
    mother = a_resident("谭素珍", born_on=date(1938, 2, 3))
    people.relate(resident=mother, helper=_me(stage), kind=RelationKind.PROXY, by=system())
    session = activity.session(title=LONG, places=9, party_size=3, kind="workshop", description=TOLD)
    sends = f"{_at(session)}enrollments/"
    yield Visit(name="enrol-for-two", address=_at(session), who="resident")
    yield Visit(name="enrol-nothing-ticked", address=sends, who="resident", sends={"places": "1"}, status=422)
    last = activity.session(title="最后一个位子", places=1)
    activity.enroll(last)
    late = {"who": str(mother.pk)}
    yield Visit(name="enrol-too-late", address=f"{_at(last)}enrollments/", who="resident", sends=late, status=422)
    both = {"who": [str(mother.pk), str(_me(stage).pk)], "note": "妈妈不吃辣"}
    yield Visit(name="enrol-done", address=sends, who="resident", sends=both)
    given = activity.enroll(session, mother)
    activity.enroll(session, _me(stage), places=2)
    yield Visit(name="enrol-mine", address=sends, who="resident")
    today = activity.session(days=0, hours=1, title="包饺子", party_size=3)
    activity.enroll(today, _me(stage), places=3)
    yield Visit(name="arrival-of-three", address=f"{_at(today)}arrival/{codes.door_code(today)}/", who="resident")
    back = f"{HOME}activities/enrollments/{given.pk}/cancellation/"
    yield Visit(name="enrol-given-back", address=back, who="resident", sends={"_once": "gate"})
    full = activity.session(title="剪纸", places=1)
    gone = activity.enroll(full, mother)
    turn = activity.wait(full, _me(stage))
    yield Visit(name="enrol-in-the-queue", address=f"{_at(full)}enrollments/", who="resident")
    for name, pk in (("enrol-turn-given-up", turn.pk), ("enrol-seat-went-on", gone.pk)):
        back = f"{HOME}activities/enrollments/{pk}/cancellation/"
        yield Visit(name=name, address=back, who="resident", sends={"_once": "gate"})
        activity.wait(full)
    soon = activity.session(title="包粽子", places=1, days=0, hours=1)
    activity.enroll(soon)
    yield Visit(name="enrol-queue-closed", address=_at(soon), who="resident")


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


def lists(stage: Stage) -> Iterator[Visit]:
    """All to come, what was, one's own search without a hit."""
    for number in range(24):
        activity.session(days=3 + number // 3, title=f"{LONG}第{number + 1}场", places=12)
    yield Visit(name="activities-all", address=f"{HOME}activities/?when=all&page=2")
    yield Visit(name="activities-past", address=f"{HOME}activities/?when=past")
    yield Visit(name="activities-none", address=f"{HOME}activities/?q=没有这个&when=all")
    yield Visit(name="organizations-none", address=f"{HOME}organizations/?q=没有这个")
    yield Visit(name="organizations-kind", address=f"{HOME}organizations/?kind=culture")
    yield Visit(name="news-none", address=f"{HOME}news/?q=没有这个")
    yield Visit(name="news-column", address=f"{HOME}news/?column=community")
    yield Visit(name="find-none", address="/?q=没有这个地方")
    yield Visit(name="find-hit", address="/?q=南湖")
    yield Visit(name="find-region", address="/?in=500108000000")


def the_fund_after_a_month(stage: Stage) -> Iterator[Visit]:
    """Sealed months, payments, a correction, a named giver; and what a search does not find."""
    cast = dict(stage.cast)
    money.gift(cast["accountant"], 4_461_400, donor_name="重庆市南岸区花园路粮油供应有限责任公司", is_named=True)
    before = date(TODAY.year, TODAY.month, 1) - timedelta(days=1)
    money.gift(cast["accountant"], 50_000, received_on=before, channel="residents", resident_id=_me(stage).pk)
    money.paid(cast, 123_450)
    wrong = money.gift(cast["accountant"], 7_700)
    fund.take_back(donation=wrong, reason="记到别的社区去了", by=cast["accountant"])
    fund.close_month(month=before, by=cast["accountant"])
    correction = Transfer.objects.get(reverses__isnull=False)
    out = Transfer.objects.filter(source__startswith="fund.paymentrequest").order_by("-id")[0]
    yield Visit(name="fund-full", address=f"{HOME}fund/")
    held = money.ledger_now()
    fund.state_balance(method="bank", stated_on=TODAY, stated_fen=held, by=cast["accountant"])
    yield Visit(name="fund-compared", address=f"{HOME}fund/")
    yield Visit(name="fund-months-sealed", address=f"{HOME}fund/months/")
    yield Visit(name="fund-transfer-out", address=f"{HOME}fund/transfers/{out.pk}/")
    yield Visit(name="fund-correction", address=f"{HOME}fund/transfers/{correction.pk}/")
    yield Visit(name="fund-corrected", address=f"{HOME}fund/transfers/{correction.reverses_id}/")
    yield Visit(name="fund-channel", address=f"{HOME}fund/transfers/?channel=partners")
    yield Visit(name="fund-none", address=f"{HOME}fund/transfers/?q=没有这笔")
    yield Visit(name="home-fund", address=HOME)


def articles(stage: Stage) -> Iterator[Visit]:
    """Everything an article may hold, corrected since; one of an organization; a notice all must read."""
    writer, reviewer = stage.cast["staff"], stage.cast["secretary"]
    rich = paper.published(by=writer, reviewer=reviewer, title=LONG, text=ARTICLE, digest="五盏路灯换好了。")
    words: dict[str, Any] = {"title": LONG, "digest": "五盏路灯换好了。", "text": ARTICLE}
    news.correct(article=rich, **words, note="坡上是三盏，不是两盏", by=reviewer)
    news.pin(article=rich, until=TODAY, by=reviewer)
    kinds = {"is_notice": True, "is_important": True}
    notice = paper.published(by=writer, reviewer=reviewer, title="周四停水", text="上午九点到下午三点停水。", **kinds)
    yield Visit(name="article-rich", address=f"{HOME}news/{rich.number}/")
    yield Visit(name="article-notice", address=f"{HOME}news/{notice.number}/", who="staff")
    led = Organization.objects.get(name="南湖书法社")
    yield Visit(name="news-organization", address=f"{HOME}news/?of=organizations.organization:{led.pk}")
    yield Visit(name="news-first-page", address=f"{HOME}news/")
    yield Visit(name="notices", address=f"{HOME}news/notices/")
    yield Visit(name="home-staff", address=HOME, who="staff")


def belonging(stage: Stage) -> Iterator[Visit]:
    """An organization as somebody sees it who belongs to it, who asked, who leads it; and one not filed yet."""
    joined, asked = Organization.objects.get(name="南湖太极队"), Organization.objects.get(name="南湖棋社")
    led, choir = Organization.objects.get(name="南湖书法社"), Organization.objects.get(name="南湖合唱团")
    yield Visit(name="organization-joined", address=f"{HOME}organizations/{joined.number}/", who="resident")
    yield Visit(name="organization-asked", address=f"{HOME}organizations/{asked.number}/", who="resident")
    yield Visit(name="organization-led", address=f"{HOME}organizations/{led.number}/", who="leader")
    yield Visit(name="organization-visitor", address=f"{HOME}organizations/{choir.number}/")
    faults = {"name": "", "kind": "culture"}
    yield Visit(name="apply-faults", address=f"{HOME}organizations/new/", who="resident", sends=faults, status=422)


def oneself(stage: Stage) -> Iterator[Visit]:
    """My page with everything on it, and without; what a visitor sees on the front page."""
    yield Visit(name="home-visitor", address=HOME)
    yield Visit(name="me-supervisor", address=f"{HOME}me/", who="supervisor")
    yield Visit(name="me-staff", address=f"{HOME}me/", who="staff")
    yield Visit(name="claim-found", address=f"{HOME}me/claim/", who="staff")
    wrong = {"name": "不是我", "born_on": "1950-01-03"}
    yield Visit(name="claim-wrong", address=f"{HOME}me/claim/", who="staff", sends=wrong)
    yield Visit(name="claim-not-found", address=f"{HOME}me/claim/", who="accountant")
    people.ask_erasure(resident=_me(stage), by=stage.cast["resident"])
    yield Visit(name="erasure-asked", address=f"{HOME}me/erasure/", who="resident")
    people.take_back_erasure(resident=_me(stage), by=stage.cast["resident"])
    people.ask_erasure_of(resident=_me(stage), reason="writing", by=stage.cast["staff"])
    yield Visit(name="erasure-of-the-desk", address=f"{HOME}me/erasure/", who="resident")
    yield Visit(name="mine-to-be-forgotten", address=f"{HOME}me/", who="resident")
    yield Visit(name="me-to-be-forgotten", address=f"{HOME}me/details/", who="resident")


def refusals(stage: Stage) -> Iterator[Visit]:
    """Every "no": not for you, already sent with other contents, too late, not there."""
    yield Visit(name="refused", address=f"{HOME}workbench/residents/", who="resident", status=403)
    pk = stage.paths["activities/enrollments/"]["pk"]
    restoration = f"{HOME}activities/enrollments/{pk}/restoration/"
    yield Visit(name="refused-act", address=restoration, who="resident", sends={"_once": "x"}, status=409)
    choir = Organization.objects.get(name="南湖合唱团")
    asks = f"{HOME}organizations/{choir.number}/requests/"
    first = stage.browsers["resident"].post(
        asks, {"words": "想来", "_once": "k"}, headers={"Origin": "http://testserver"}
    )
    assert first.status_code == 302
    again = {"words": "别的话", "_once": "k"}
    yield Visit(name="refused-once", address=asks, who="resident", sends=again, status=422)
    yield Visit(name="error-404", address=f"{HOME}nothing/here/", status=404)
    yield Visit(name="error-404-outside", address="/nothing/here/", status=404)


def helping(stage: Stage) -> Iterator[Visit]:
    """Whoever is no volunteer yet signs up; a team that takes nobody, and one that has ended."""
    volunteering.sign_off_resident(resident_id=_me(stage).pk, by=system())
    yield Visit(name="volunteering-sign-up", address=f"{HOME}volunteering/me/", who="resident")
    forgot = {"words": "会修自行车", "_once": "v"}
    yield Visit(name="volunteering-no-yes", address=f"{HOME}volunteering/me/", who="resident", sends=forgot, status=422)
    team = Team.objects.get(number=stage.paths["volunteering/teams/"]["number"])
    yield Visit(name="volunteering-join-first", address=f"{HOME}volunteering/teams/{team.number}/", who="resident")
    volunteering.end(team=team, reason="并到护绿队", by=system())
    yield Visit(name="volunteering-ended", address=f"{HOME}volunteering/teams/{team.number}/")


def nothing_yet(stage: Stage) -> Iterator[Visit]:
    """The community next door, where nothing has happened: every empty state at once."""
    for name in ("", "activities/", "news/", "organizations/", "volunteering/"):
        yield Visit(name=f"empty-{name.strip('/') or 'home'}", address=NEXT_DOOR + name)
    yield Visit(name="empty-fund", address=f"{NEXT_DOOR}fund/", status=404)
    yield Visit(name="empty-me", address=f"{NEXT_DOOR}me/", who="outsider")


def accounts(stage: Stage) -> Iterator[Visit]:
    """Signing in, what a person sees of the own account, the look."""
    yield Visit(name="login", address="/accounts/login/")
    wrong = {"login": "staff", "password": "wrong"}
    yield Visit(name="login-wrong", address="/accounts/login/", sends=wrong)
    yield Visit(name="login-code", address="/accounts/login/code/")
    yield Visit(name="signup", address="/accounts/signup/")
    yield Visit(name="password-change", address="/accounts/password/change/", who="staff")
    yield Visit(name="second-factor", address="/accounts/2fa/", who="staff")
    yield Visit(name="sessions", address="/accounts/sessions/", who="staff")
    yield Visit(name="sign-in-again", address="/accounts/reauthenticate/", who="staff")
    again = "/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/"
    yield Visit(name="second-factor-new", address=again, who="staff", sends={"password": settings.DEMO_PASSWORD})
    yield Visit(name="find", address="/")
    yield Visit(name="look-outside", address="/look/")
    new = {"phone": "199 0000 8881", "password1": "a long enough one"}
    yield Visit(name="signup-code", address="/accounts/signup/", sends=new)
    with override_settings(STAFF_TOTP=True):
        people.invite(account=Account.objects.get(username="staff"), by=system())
        yield Visit(name="invitation", address="/accounts/invitation/", who="staff")
        wrong = {"code": "AAAA-BBBB-CCCC"}
        yield Visit(name="invitation-wrong", address="/accounts/invitation/", who="staff", sends=wrong, status=422)


def second_step(stage: Stage) -> Iterator[Visit]:
    """Whoever has an app, codes and, at last, a passkey looks after them; a code is shown before each."""
    account = Account.objects.get(username="resident")
    TOTP.activate(account, generate_totp_secret())
    codes_left = iter(RecoveryCodes.activate(account).get_unused_codes())

    def proved(name: str, address: str) -> Visit:
        wall = f"/accounts/2fa/reauthenticate/?next=/accounts/{address}"
        return Visit(name=f"account-{name}", address=wall, who="resident", sends={"code": next(codes_left)})

    yield proved("app-off", "2fa/totp/deactivate/")
    yield proved("codes", "2fa/recovery-codes/")
    yield proved("codes-new", "2fa/recovery-codes/generate/")
    yield proved("passkey-new", "2fa/webauthn/add/")
    for name in ("2fa", "phone/change", "logout", "inactive"):
        yield Visit(name=f"account-{name.replace('/', '-')}", address=f"/accounts/{name}/", who="resident")
    key = Authenticator.objects.create(user=account, type="webauthn", data={"name": "我的手机", "credential": {}})
    yield Visit(name="account-passkeys", address="/accounts/2fa/webauthn/", who="resident")
    yield proved("passkey-name", f"2fa/webauthn/keys/{key.pk}/edit/")
    yield proved("passkey-away", f"2fa/webauthn/keys/{key.pk}/remove/")


MOMENTS: tuple[Moment, ...] = (
    places_in_an_activity,
    enrolment,
    activities_in_other_states,
    lists,
    the_fund_after_a_month,
    articles,
    belonging,
    oneself,
    helping,
    refusals,
    nothing_yet,
    accounts,
    second_step,
)
