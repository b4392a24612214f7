"""The part of the stage that is about people: oneself, the register, duties, messages, rules. See `scenes`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import TODAY, Act
from weiyifang.communities.services import set_rule
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.errands import services as errands
from weiyifang.errands.models import Errand
from weiyifang.notices import services as notices
from weiyifang.notices.models import Delivery, Route
from weiyifang.notices.tests import make as letters
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import Account, ConsentText, Duty, Purpose, Resident
from weiyifang.people.roles import Role
from weiyifang.people.tests.make import a_resident

Paths = dict[str, Mapping[str, Any]]
Acts = dict[str, Act]
Cast = Mapping[str, Actor]


def home_of(cast: Cast, who: str) -> Resident:
    """The resident record of one of the cast; of the resident for those who have none."""
    found = (cast[who].resident_id if who in cast else None) or cast["resident"].resident_id
    assert found is not None
    return Resident.objects.get(pk=found)


def picked(person: Resident) -> dict[str, str]:
    """What a form sends when this person was looked up and chosen."""
    return {"who": person.name, "who_among": person.name, "who_is": str(person.number)}


# --- people -----------------------------------------------------------------------------------------------------


def _people(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    me, by = home_of(cast, "resident"), system()
    bench = "workbench/residents/"
    home = people.Door("学府花园", "6", "1", "4-2")
    person = a_resident("赵一鸣", phone="199 0000 7001", address=home)
    relation = people.relate(resident=person, helper=a_resident("赵小明"), kind="family", by=by)
    left = people.mark_left(resident=a_resident("搬走的"), by=by)
    read = people.read_sensitive(resident=person, fields=("phone",), reason="call", by=cast["staff"])
    texts = {text.purpose: text for text in people.publish_standard_texts(by=by)}
    table = "姓名,出生日期\n钱多多,1960-05-06\n孙一,昨天\n"
    draft = people.keep_draft(file_name="a.csv", content=table.encode(), by=cast["staff"])
    assert person.household is not None
    paths[bench] = paths["api/people/"] = {"number": person.number, "pk": read.pk}
    paths[f"{bench}<number>/relations/"] = {"number": person.number, "pk": relation.pk}
    paths[f"{bench}<number>/consents/"] = {"number": person.number, "pk": texts[Purpose.REGISTER].pk}
    paths[f"{bench}<number>/return/"] = {"number": left.number}
    paths[f"{bench}import/"] = {"pk": draft.pk}
    paths["workbench/households/"] = {"pk": person.household.pk}
    paths["workbench/consents/"] = {"purpose": "photos"}
    steps: dict[str, dict[str, Any]] = {
        "details": {"name": "赵一鸣", "born_on": "1950-01-03"},
        "address": {"compound": "学府花园", "building": "9", "door": "1-1"},
        "departure": {"on": str(TODAY)},
        "return": {},
        "numbers": {"fields_read": ["phone"], "reason": "call"},
        "relations": {"kind": "contact", **picked(me)},
        "erasure": {"reason": "desk"},
    }
    for step, body in steps.items():
        acts[f"POST {bench}<number>/{step}/"] = Act(by="staff", body=body, repeats=step == "numbers")
    acts[f"POST {bench}new/"] = Act(by="staff", body={"name": "孙新", "phone": "199 0000 7002"}, repeats=True)
    acts["POST api/people/residents"] = Act(by="staff", body={"name": "李新", "phone": "199 0000 7004"}, repeats=True)
    acts[f"POST {bench}import/"] = Act(
        by="staff", body={"file": lambda: SimpleUploadedFile("a.csv", table.encode())}, repeats=True
    )
    acts[f"POST {bench}import/<pk>/"] = Act(by="staff")
    acts[f"POST {bench}import/<pk>/end/"] = Act(by="staff")
    acts[f"POST {bench}export/"] = Act(by="staff", body={"form": "csv"}, is_streamed=True)
    acts[f"POST {bench}<number>/relations/<pk>/end/"] = Act(by="staff")
    acts[f"POST {bench}<number>/consents/<pk>/"] = Act(by="staff")
    acts["POST workbench/consents/"] = Act(by="secretary")
    acts["POST workbench/consents/<purpose>/"] = Act(by="secretary", body={"text": "新的说法。"})


def _notices(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """Something told to the resident, and somebody without a phone that rings here."""
    me = home_of(cast, "resident")
    mine = letters.told(me)
    letters.told(letters.resident("刘婆婆"))
    letters.told(letters.resident("赵爷爷", phone="199 0000 7009"))
    notices.route_new()
    told = Delivery.objects.filter(route=Route.PHONE, notice__kind="called_off")
    ticked, waiting = told.filter(notice__resident__account=None).order_by("-id")[:2]
    notices.mark(delivery=ticked, by=cast["volunteer"])
    paths["me/messages/"] = {"pk": mine.pk}
    paths["workbench/messages/"] = {"route": "phone"}
    paths["workbench/messages/deliveries/"] = {"pk": waiting.pk}
    paths["workbench/messages/deliveries/<pk>/telling/end/"] = {"pk": ticked.pk}
    acts["POST me/messages/<pk>/"] = Act(by="resident", repeats=True)
    acts["POST me/messages/<pk>/end/"] = Act(by="resident")
    acts["POST me/messages/<pk>/return/"] = Act(
        by="resident", before=lambda: notices.finish(notice=mine, by=cast["resident"])
    )
    acts["POST me/messages/reading/"] = Act(by="resident", repeats=True)
    acts["POST workbench/messages/deliveries/<pk>/telling/"] = Act(by="volunteer")
    acts["POST workbench/messages/deliveries/<pk>/telling/end/"] = Act(by="volunteer")


def _rules(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    bench, queue, by = "workbench/rules/", "activities.queue", cast["secretary"]
    since, why = clock.today() + timedelta(days=40), "居民议事会11月20日定的"
    own = set_rule(rule=queue, since=since, values={"closes_minutes": 120}, why=why, by=by)
    body = {"since": str(TODAY + timedelta(days=1)), "closes_minutes": "90", "answer_minutes": "20", "why": why}
    paths[bench] = {"name": queue, "pk": own.pk}
    acts[f"POST {bench}<name>/"] = Act(by="secretary", body=body)
    acts[f"POST {bench}own/<pk>/end/"] = Act(by="secretary")


def _errands(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """The staff member's: one that waits, one that is done and has its file, one that is not wanted any more."""
    by, bench = cast["staff"], "workbench/errands/<pk>/"

    def asked(text: str) -> Errand:
        wanted = {"wishes": {"text": text}, "form": "csv", "sensitive": False}
        return errands.ask(kind="residents_export", arguments=wanted, by=by)

    waiting, done, ended = asked("三号院"), asked(""), asked("四号院")
    errands.carry_out(errand_id=done.pk)
    errands.cancel(errand=ended, by=by)
    paths["workbench/errands/"] = {"pk": waiting.pk}
    paths[f"{bench}file/"] = {"pk": done.pk}
    paths[f"{bench}again/"] = {"pk": ended.pk}
    acts[f"POST {bench}end/"] = Act(by="staff")
    acts[f"POST {bench}again/"] = Act(by="staff")
    acts[f"POST {bench}file/"] = Act(by="staff", is_streamed=True)


def people_and_accounts(cast: Cast, accounts: Mapping[str, Account], paths: Paths, acts: Acts) -> None:
    """One's own pages, and what staff do about accounts and duties."""
    me, by, bench = home_of(cast, "resident"), system(), "workbench/residents/"
    helper = a_resident("帮手", phone="199 0000 7003")
    own = people.relate(resident=me, helper=helper, kind="family", by=by)
    texts = {text.purpose: text for text in ConsentText.objects.all()}
    agreed = people.give_consent(resident=me, text=texts[Purpose.MESSAGES], by=by)
    a_resident(accounts["staff"].name, phone="199 0000 9004")  # the staff member lives here, but never said so
    unlinked = a_resident("没有账号的")
    linked = a_resident("有账号的")
    other = people.make_account(username="linked", name="有账号的", phone="199 0000 7011", phone_verified=True)
    people.link_account(resident=linked, account=other, by=by)
    spare = people.make_account(username="spare", name="备用", phone="199 0000 7012", phone_verified=True)
    duty = Duty.objects.get(account=accounts["volunteer"], role=Role.VOLUNTEER)
    paths["me/relations/"] = {"pk": own.pk}
    paths["me/consents/<pk>/of/"] = {"pk": texts[Purpose.PHOTOS].pk, "person": me.pk}
    paths["me/consents/<pk>/end/"] = {"pk": agreed.pk}
    paths[f"{bench}<number>/account/"] = {"number": unlinked.number}
    paths[f"{bench}<number>/account/end/"] = {"number": linked.number}
    over = people.end_duty(duty=people.give_duty(account=spare, role=Role.STAFF, by=by), by=by)
    paths["workbench/duties/"] = {"pk": duty.pk}
    paths["workbench/duties/<pk>/again/"] = {"pk": over.pk}
    acts["POST me/claim/"] = Act(by="staff", body={"name": accounts["staff"].name, "born_on": "1950-01-02"})
    acts["POST me/consents/<pk>/of/<person>/"] = Act(by="resident")
    acts["POST me/consents/<pk>/end/"] = Act(by="resident")
    acts["POST me/relations/"] = Act(
        by="resident", body={"kind": "contact", "name": helper.name, "phone": "199 0000 7003"}
    )
    acts["POST me/relations/<pk>/end/"] = Act(by="resident")
    acts["POST me/erasure/"] = Act(by="resident")
    acts["POST me/erasure/end/"] = Act(
        by="resident", before=lambda: people.ask_erasure(resident=me, by=cast["resident"])
    )
    going = a_resident("要被忘记的")
    asking = Actor(community_id=going.community_id, account_id=spare.pk, rights=cast["staff"].rights)
    people.ask_erasure_of(resident=going, reason="writing", by=asking)
    for step in ("confirmation", "end"):
        paths[f"{bench}<number>/erasure/{step}/"] = {"number": going.number}
        acts[f"POST {bench}<number>/erasure/{step}/"] = Act(by="staff")
    acts[f"POST {bench}<number>/account/"] = Act(by="staff", body={"who": spare.username})
    acts[f"POST {bench}<number>/account/end/"] = Act(by="staff")
    acts["POST workbench/duties/new/"] = Act(
        by="secretary", body={"who": spare.username, "role": "volunteer", "sure": "1"}
    )
    acts["POST workbench/duties/<pk>/end/"] = Act(by="secretary")
    acts["POST workbench/duties/<pk>/invitation/"] = Act(by="secretary", repeats=True)
    acts["POST workbench/duties/<pk>/again/"] = Act(by="secretary")


OF_PEOPLE = (_people, _notices, _rules, _errands)
