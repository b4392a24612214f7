"""Who may do what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from weiyifang.activities import queries, rules, services
from weiyifang.activities.models import Activity
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.people.models import RelationKind, Resident
from weiyifang.people.roles import Permission
from weiyifang.people.services import relate

EVERYBODY = ("resident", "volunteer", "leader", "staff", "accountant", "supervisor", "street_officer", "secretary")


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (rules.can_manage, {"staff", "secretary"}),
        (rules.can_enrol_others, {"staff", "secretary"}),
        (rules.can_check_in, {"staff", "secretary", "volunteer"}),
    ],
)
def test_what_the_committee_puts_on_is_run_by_the_committee(
    cast: dict[str, Actor], rule: Callable[[Actor, Activity], bool], allowed: set[str]
) -> None:
    activity = make.activity()
    assert {who for who in EVERYBODY if rule(cast[who], activity)} == allowed


def test_a_leader_runs_what_their_own_organization_puts_on(cast: dict[str, Actor], leader_of: str) -> None:
    own, other = make.activity(organizer=leader_of), make.activity()
    leader = cast["leader"]
    assert rules.can_manage(leader, own)
    assert rules.can_check_in(leader, own)
    assert not rules.can_manage(leader, other)
    assert list(rules.manageable_by(leader)) == [own]
    assert set(rules.manageable_by(cast["volunteer"], Permission.CHECK_IN)) == {own, other}


def test_a_leader_plans_in_nobody_elses_name(cast: dict[str, Actor], leader_of: str) -> None:
    services.plan(by=cast["leader"], title="排练", place="坝子", organizer=leader_of)
    with pytest.raises(NotAllowed):
        services.plan(by=cast["leader"], title="排练", place="坝子")
    own = Activity.objects.get()
    with pytest.raises(NotAllowed):
        services.edit(activity=own, by=cast["leader"], organizer="")


def test_drafts_are_visible_to_those_who_prepare_them(cast: dict[str, Actor], leader_of: str) -> None:
    own, other = make.activity(organizer=leader_of), make.activity()
    shown = make.session().activity
    assert set(rules.visible_to(cast["staff"])) == {own, other, shown}
    assert set(rules.visible_to(cast["leader"])) == {own, shown}
    assert set(rules.visible_to(cast["resident"])) == {shown}
    for who in EVERYBODY:
        seen = set(rules.visible_to(cast[who]))
        assert seen == {one for one in (own, other, shown) if rules.can_see(cast[who], one)}


def test_one_acts_for_oneself_and_those_one_stands_for(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me, mother, sister = resident_of("resident"), make.resident("李婆婆"), make.resident("阿妹")
    relate(resident=mother, helper=me, kind=RelationKind.PROXY, by=system())
    relate(resident=sister, helper=me, kind=RelationKind.FAMILY, by=system())
    assert queries.people_to_act_for(cast["resident"]) == [me, mother]
    assert queries.people_to_act_for(cast["staff"]) == []
    activity = make.activity()
    assert rules.can_enrol(cast["resident"], activity, mother.pk)
    assert not rules.can_enrol(cast["resident"], activity, sister.pk)


def test_a_guardian_enrols_nobody_who_has_come_of_age(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me, child = resident_of("resident"), make.resident("小宝", born_on=date(2010, 10, 20))
    relate(resident=child, helper=me, kind=RelationKind.GUARDIAN, by=system())
    activity = make.activity()
    for day, acts in ((date(2028, 10, 19), True), (date(2028, 10, 20), False)):
        with clock.at(clock.local(day, "23:59")):
            assert rules.can_enrol(cast["resident"], activity, child.pk) is acts
            assert queries.people_to_act_for(cast["resident"]) == [me] + [child] * acts


@pytest.mark.parametrize("who", ["resident", "volunteer", "accountant", "supervisor", "street_officer"])
def test_who_may_not_plan_cannot_through_any_verb(cast: dict[str, Actor], who: str) -> None:
    session, by = make.session(), cast[who]
    activity = session.activity
    for attempt in (
        lambda: services.plan(by=by, title="x", place="x"),
        lambda: services.edit(activity=activity, by=by, title="x"),
        lambda: services.cancel(activity=activity, reason="x", by=by),
        lambda: services.cancel_session(session=session, reason="x", by=by),
        lambda: services.finish(activity=activity, by=by),
        lambda: services.add_session(activity=activity, starts_at=session.ends_at, ends_at=session.ends_at, by=by),
        lambda: services.enroll_many(session=session, residents=[], by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()
