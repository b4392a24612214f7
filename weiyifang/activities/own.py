"""What on an activity's page is the reader's own: their places and turns, and the form to take some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weiyifang.activities import queries, rules, services
from weiyifang.activities.forms_people import EnrollForm
from weiyifang.activities.models import Session
from weiyifang.activities.questions import NONE
from weiyifang.core.look import wording
from weiyifang.core.web.own import Reader
from weiyifang.people.models import Resident
from weiyifang.people.roles import Permission

NOBODYS: Mapping[str, Any] = {  # what the page knows of its reader before it is filled
    "people": [],
    "mine": [],
    "given_up": [],
    "nobody_fits": False,
    "is_in": False,
    "has_come": False,
    "form": None,
    "can_manage": False,
    "teaches": False,
    "leads": False,
}


def enrolment(reader: Reader) -> Mapping[str, Any] | None:
    """Whom one may enrol and who is in already, the form, and what was given up a moment ago."""
    actor = reader.actor
    if actor is None or actor.is_visitor:
        return None
    known: dict[str, Any] | None = getattr(reader.request, "their_enrolment", None)
    if known is None:  # several places of the page ask for it
        known = _theirs(reader)
        reader.request.their_enrolment = known  # type: ignore[attr-defined]  # remembered with the request
    return known


def _theirs(reader: Reader) -> dict[str, Any]:
    assert reader.actor is not None
    page, session, seats = reader.page, reader.page["session"], reader.page["seats"]
    form = page["form"]
    people = list(form.people.values()) if form else queries.people_to_act_for(reader.actor)
    rows = queries.rows_in(session, people, services.WAY_BACK) if session else []
    mine = queries.mine_in(session, people, rows) if rows else []
    there = {one.resident.pk for one in mine}
    others = [
        (one, one.age_on(wording.as_day(session.starts_at)), services.why_not(session, one))
        for one in people
        if session and one.pk not in there
    ]
    return {
        "people": others,
        "mine": mine,
        "given_up": queries.just_given_up(rows, seats, services.WAY_BACK) if page["is_open"] else [],
        "nobody_fits": bool(others) and all(why for _person, _age, why in others),
        "is_in": any(one.is_confirmed for one in mine),
        "has_come": any(one.has_come for one in mine),
        "form": form or _form(session, people),
        "leads": bool(reader.actor.scopes(Permission.MANAGE_OWN_ORGANIZATION)),
    }


def _form(session: Session | None, people: list[Resident]) -> EnrollForm:
    """Ticked beforehand: oneself, when there is nobody else to choose and nothing keeps one out."""
    is_clear = len(people) == 1 and session is not None and not services.why_not(session, people[0])
    questions = session.activity.questions if session is not None else NONE
    return EnrollForm(people=people, questions=questions, initial={"who": [str(people[0].pk)] if is_clear else []})


def desk(reader: Reader) -> Mapping[str, Any] | None:
    """The way to the workbench, for whoever runs it; to the lessons of a class, for its teacher."""
    actor, activity = reader.actor, reader.page["activity"]
    if actor is None or actor.is_visitor:
        return None
    teaches = activity.is_term and rules.can_see_lessons(actor, activity)
    may = bool(actor.rights) and rules.can_manage(actor, activity)
    return {"can_manage": may, "teaches": teaches} if may or teaches else None
