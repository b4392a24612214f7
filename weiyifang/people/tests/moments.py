"""Pages to look at when somebody signs in, is looked for, and is forgotten. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import override_settings

from tests.browser.pages import BENCH, HOME, LONG, Moment, Visit
from tests.stage import Stage, home_of
from weiyifang.activities.tests import make as activity
from weiyifang.core.actors import system
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
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


def oneself(stage: Stage) -> Iterator[Visit]:
    """My page with everything on it, and without; what a visitor sees on the front page."""
    yield Visit(name="home-visitor", address=HOME)
    yield Visit(name="me-supervisor", address=f"{HOME}me/", who="supervisor")
    yield Visit(name="me-staff", address=f"{HOME}me/", who="staff")
    yield Visit(name="claim-found", address=f"{HOME}me/claim/", who="staff")
    wrong = {"name": "不是我", "born_on": "1950-01-03"}
    yield Visit(name="claim-wrong", address=f"{HOME}me/claim/", who="staff", sends=wrong)
    yield Visit(name="claim-not-found", address=f"{HOME}me/claim/", who="accountant")
    people.ask_erasure(resident=home_of(stage.cast, "resident"), by=stage.cast["resident"])
    yield Visit(name="erasure-asked", address=f"{HOME}me/erasure/", who="resident")
    people.take_back_erasure(resident=home_of(stage.cast, "resident"), by=stage.cast["resident"])
    people.ask_erasure_of(resident=home_of(stage.cast, "resident"), reason="writing", by=stage.cast["staff"])
    yield Visit(name="erasure-of-the-desk", address=f"{HOME}me/erasure/", who="resident")
    yield Visit(name="mine-to-be-forgotten", address=f"{HOME}me/", who="resident")
    yield Visit(name="me-to-be-forgotten", address=f"{HOME}me/details/", who="resident")


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


MOMENTS: tuple[Moment, ...] = (
    oneself,
    forgetting,
    accounts,
    second_step,
    somebody_by_name,
    the_register,
    a_large_register,
    invitations,
)
