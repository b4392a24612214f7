"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.stage import TODAY, Act, Acts, Cast, Paths, home_of, picked
from weiyifang.core.actors import Actor, system
from weiyifang.files.tests.on_stage import PAGE, papers_of
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import Account, ConsentText, Duty, Purpose
from weiyifang.people.roles import Role
from weiyifang.people.tests.make import a_resident


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    _register(cast, paths, acts)
    _oneself_and_duties(cast, paths, acts)
    ward, mother = a_resident("小周", born_on=date(2016, 5, 4)), a_resident("周妈妈", born_on=date(1985, 1, 2))
    guardian = people.relate(resident=ward, helper=mother, kind="guardian", by=cast["staff"])
    papers_of(guardian, "proof", "", by="staff", seed=1, cast=cast, paths=paths, acts=acts)
    acts[f"POST {PAGE}look/"] = Act(by="staff", body={"reason": "service"}, repeats=True)


def _register(cast: Cast, paths: Paths, acts: Acts) -> None:
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


def _oneself_and_duties(cast: Cast, paths: Paths, acts: Acts) -> None:
    """One's own pages, and what staff do about accounts and duties."""
    me, by, bench = home_of(cast, "resident"), system(), "workbench/residents/"
    staff, volunteer = (Account.objects.get(username=name) for name in ("staff", "volunteer"))
    helper = a_resident("帮手", phone="199 0000 7003")
    own = people.relate(resident=me, helper=helper, kind="family", by=by)
    texts = {text.purpose: text for text in ConsentText.objects.all()}
    agreed = people.give_consent(resident=me, text=texts[Purpose.MESSAGES], by=by)
    a_resident(staff.name, phone="199 0000 9004")  # the staff member lives here, but never said so
    unlinked = a_resident("没有账号的")
    linked = a_resident("有账号的")
    other = people.make_account(username="linked", name="有账号的", phone="199 0000 7011", phone_verified=True)
    people.link_account(resident=linked, account=other, by=by)
    spare = people.make_account(username="spare", name="备用", phone="199 0000 7012", phone_verified=True)
    duty = Duty.objects.get(account=volunteer, role=Role.VOLUNTEER)
    paths["me/relations/"] = {"pk": own.pk}
    paths["me/consents/<pk>/of/"] = {"pk": texts[Purpose.PHOTOS].pk, "person": me.pk}
    paths["me/suggestions/"] = {"person": me.pk}
    paths["me/consents/<pk>/end/"] = {"pk": agreed.pk}
    paths[f"{bench}<number>/account/"] = {"number": unlinked.number}
    paths[f"{bench}<number>/account/end/"] = {"number": linked.number}
    over = people.end_duty(duty=people.give_duty(account=spare, role=Role.STAFF, by=by), by=by)
    paths["workbench/duties/"] = {"pk": duty.pk}
    paths["workbench/duties/<pk>/again/"] = {"pk": over.pk}
    acts["POST me/claim/"] = Act(by="staff", body={"name": staff.name, "born_on": "1950-01-02"})
    acts["POST me/consents/<pk>/of/<person>/"] = Act(by="resident")
    acts["POST me/suggestions/<person>/"] = Act(
        by="resident", before=lambda: people.switch_suggestions(resident=me, wanted=False, by=cast["resident"])
    )
    acts["POST me/suggestions/<person>/end/"] = Act(by="resident")
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
