from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from weiyifang.communities.models import Community
from weiyifang.core import actors, timeline
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.core.text import TooLong
from weiyifang.core.wordlists import NoSuchWord
from weiyifang.organizations import export, queries, services, verify
from weiyifang.organizations.kinds import KINDS
from weiyifang.organizations.models import STATUS_FLOW, JoinRequest, Membership, Organization, RequestState, Status
from weiyifang.organizations.tests import make
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.numbers import NotAPhone
from weiyifang.people.roles import Role

VERBS: dict[str, Callable[[Organization], Organization]] = {
    Status.FILED: lambda one: services.file(organization=one, by=actors.system()),
    Status.REGISTERED: lambda one: services.register(
        organization=one, credit_code=make.CREDIT_CODE, by=actors.system()
    ),
    Status.DISSOLVED: lambda one: services.dissolve(organization=one, reason="散了", by=actors.system()),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Status.values, VERBS)))
def test_an_organization_moves_along_its_flow_and_nowhere_else(here: Community, before: str, after: str) -> None:
    organization = make.in_status(before)
    if after in STATUS_FLOW.get(before, set()):
        VERBS[after](organization)
        assert Organization.objects.get().status == after
    else:
        with pytest.raises(ForbiddenMove):
            VERBS[after](organization)
        assert Organization.objects.get().status == before


def test_a_resident_applies_and_leads_but_has_no_duty_before_it_is_filed(
    cast: dict[str, Actor], accounts: dict[str, Account], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    made = services.apply(leader=me, name="编织社", kind="charity", pearl="", purpose="织毛衣。", by=cast["resident"])
    assert (made.leader, made.pearl) == (me, "编")
    assert Membership.objects.live().get(organization=made).resident == me
    duties = Duty.objects.filter(account=accounts["resident"], scope=source_of(made), until=None)
    assert not duties.exists()
    services.file(organization=made, by=cast["staff"])
    assert duties.get().role == Role.LEADER


def test_a_resident_applies_for_nobody_else(cast: dict[str, Actor]) -> None:
    with pytest.raises(NotAllowed):
        services.apply(leader=make.resident(), name="编织社", kind="charity", purpose="织毛衣。", by=cast["resident"])


def test_a_name_belongs_to_one_living_organization(choir: Organization) -> None:
    with pytest.raises(services.NameTaken, match="南湖合唱团"):
        make.application("南湖 合唱团")
    with pytest.raises(IntegrityError, match="organization_name"), transaction.atomic():
        Organization(number=99, name=choir.name, kind="culture", pearl="歌", purpose="x").save(force_insert=True)
    services.dissolve(organization=choir, reason="散了", by=actors.system())
    make.application("南湖合唱团")


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        ({"name": "  "}, services.NameMissing),
        ({"name": "长" * 41}, TooLong),
        ({"kind": "banks"}, NoSuchWord),
        ({"pearl": "合唱"}, services.OnePearl),
        ({"phone": "喊一声"}, NotAPhone),
    ],
)
def test_what_makes_no_sense_is_refused(here: Community, details: dict[str, str], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make.application(**{"name": "某社", **details})  # type: ignore[arg-type]  # a dictionary of plain values
    assert not Organization.objects.exists()


def test_nothing_is_filed_without_a_leader_or_registered_without_its_code(here: Community) -> None:
    organization = make.application()
    with pytest.raises(services.LeaderNeeded):
        services.file(organization=organization, by=actors.system())
    services.appoint_leader(organization=organization, resident=make.resident(), by=actors.system())
    services.file(organization=organization, by=actors.system())
    with pytest.raises(services.CreditCodeNeeded):
        services.register(organization=organization, credit_code="123", by=actors.system())


def test_a_leader_edits_their_own_organization_but_not_its_name_and_no_other(
    choir: Organization, cast: dict[str, Actor]
) -> None:
    services.edit(organization=choir, purpose="唱四个声部。", by=cast["leader"])
    choir.refresh_from_db()
    assert choir.purpose == "唱四个声部。"
    with pytest.raises(NotAllowed):
        services.edit(organization=choir, name="大合唱团", by=cast["leader"])
    with pytest.raises(NotAllowed):
        services.edit(organization=make.application("编织社"), purpose="x", by=cast["leader"])
    assert next(entry.verb for entry in timeline.of(source_of(choir))) == "OrganizationEdited"


def test_leading_and_the_duty_go_from_one_to_the_next(
    choir: Organization, cast: dict[str, Actor], accounts: dict[str, Account], resident_of: Callable[[str], Resident]
) -> None:
    services.appoint_leader(organization=choir, resident=resident_of("leader"), by=cast["staff"])
    services.appoint_leader(organization=choir, resident=resident_of("volunteer"), by=cast["staff"])
    held = Duty.objects.filter(scope=source_of(choir), until=None)
    assert [duty.account_id for duty in held] == [accounts["volunteer"].pk]
    services.dissolve(organization=choir, reason="散了", by=cast["staff"])
    assert not held.all().exists()
    assert not Membership.objects.live().filter(organization=choir).exists()


def test_nobody_appoints_themselves_and_a_leader_does_not_just_leave(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    with pytest.raises(NotAllowed):
        services.appoint_leader(organization=choir, resident=resident_of("leader"), by=cast["leader"])
    services.appoint_leader(organization=choir, resident=resident_of("leader"), by=cast["staff"])
    mine = Membership.objects.live().get(organization=choir, resident=resident_of("leader"))
    with pytest.raises(services.LeaderStays, match="冉光明"):
        services.end_membership(membership=mine, by=cast["leader"])


@pytest.mark.any_lock_order
def test_verify_names_a_request_to_join_that_was_given_to_another(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    asked = services.ask_to_join(organization=choir, resident=resident_of("resident"), by=cast["resident"])
    assert verify.check() == []
    JoinRequest.objects.filter(pk=asked.pk).update(resident=make.resident("别人"))
    assert [(fault.check, fault.where) for fault in verify.check()] == [("organizations.requests", source_of(asked))]


def test_somebody_asks_and_the_leader_says_yes(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    asked = services.ask_to_join(organization=choir, resident=me, words="会唱中音", by=cast["resident"])
    with pytest.raises(services.AskedAlready):
        services.ask_to_join(organization=choir, resident=me, by=cast["resident"])
    with pytest.raises(NotAllowed):
        services.accept(request=asked, by=cast["resident"])
    assert [one.pk for one in queries.waiting_requests(cast["leader"])] == [asked.pk]
    services.accept(request=asked, by=cast["leader"])
    with pytest.raises(services.AlreadyMember):
        services.ask_to_join(organization=choir, resident=me, by=cast["resident"])
    with pytest.raises(ForbiddenMove):
        services.decline(request=asked, answer="满了", by=cast["leader"])
    assert not queries.waiting_requests(cast["leader"]).exists()


def test_a_declined_or_withdrawn_request_can_be_asked_again(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    first = services.ask_to_join(organization=choir, resident=me, by=cast["resident"])
    services.decline(request=first, answer="这季度满了，下季度来", by=cast["leader"])
    second = services.ask_to_join(organization=choir, resident=me, by=cast["resident"])
    services.withdraw_request(request=second, by=cast["resident"])
    services.ask_to_join(organization=choir, resident=me, by=cast["resident"])
    assert JoinRequest.objects.filter(state=RequestState.ASKED).count() == 1


def test_a_resident_is_a_member_once_at_a_time(choir: Organization) -> None:
    one = make.resident("李大爷")
    first = services.add_member(organization=choir, resident=one, title="管账", by=actors.system())
    with pytest.raises(services.AlreadyMember, match="李大爷"):
        services.add_member(organization=choir, resident=one, by=actors.system())
    with pytest.raises(IntegrityError, match="membership_once"), transaction.atomic():
        Membership(organization=choir, resident=one).save(force_insert=True)
    services.end_membership(membership=first, by=actors.system())
    with pytest.raises(services.AlreadyOver):
        services.end_membership(membership=first, by=actors.system())
    assert len(services.add_members(organization=choir, residents=[one, one], by=actors.system())) == 1


def test_who_moved_away_does_not_join(choir: Organization) -> None:
    from weiyifang.people import services as people

    gone = make.resident("走了的人")
    people.mark_left(resident=gone, by=actors.system())
    gone.refresh_from_db()
    with pytest.raises(people.LivesElsewhere):
        services.add_member(organization=choir, resident=gone, by=actors.system())


def test_the_kinds_depend_on_the_place() -> None:
    def offered(community: int) -> list[str]:
        with in_community(community):
            return [kind.zh for kind in KINDS.on(date(2026, 1, 1), {}).offered]

    assert offered(500108002001) == ["为民服务", "公益慈善", "邻里互助", "文体娱乐", "农村生产技术服务"]
    assert offered(510104001001) == ["生活服务", "社区事务", "文体活动", "公益慈善"]
    assert offered(110101001001) == offered(500108002001)
    codes = [kind.code for rule in KINDS.shipped for kind in rule.words]
    assert len(codes) == len(set(codes))


def test_strangers_are_told_names_by_source(choir: Organization) -> None:
    source = source_of(choir)
    found = queries.named([source, "activities.activity:01900000-0000-7000-8000-000000000001", ""])
    assert found[source].name == "南湖合唱团"
    assert len(found) == 1


def test_who_asks_to_be_forgotten_is_no_member_and_their_words_are_gone(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    services.ask_to_join(organization=choir, resident=me, words="我住三号院", by=cast["resident"])
    services.appoint_leader(organization=choir, resident=me, by=cast["staff"])
    services.forget_person(resident_id=me.pk, name=me.name, instead="某居民", by=actors.system())
    choir.refresh_from_db()
    assert choir.leader is None
    assert not Membership.objects.live().filter(resident=me).exists()
    assert JoinRequest.objects.get().words == ""


def test_a_person_can_take_along_what_is_held_on_them(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    services.add_member(organization=choir, resident=me, title="管账", by=actors.system())
    services.ask_to_join(
        organization=make.in_status(Status.FILED, "棋社"), resident=me, words="会下棋", by=cast["resident"]
    )
    held = list(export.held_on(me))
    assert [next(iter(one.values())) for one in held] == ["南湖合唱团", "棋社"]
    assert "管账" in held[0].values()
    assert "会下棋" in held[1].values()
