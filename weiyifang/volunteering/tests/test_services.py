from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from weiyifang.communities import services as communities
from weiyifang.core import actors, clock
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.organizations.models import Organization
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Account, Consent, Duty, Purpose, Resident
from weiyifang.people.roles import Role
from weiyifang.volunteering import export, kinds, queries, rules, services, verify
from weiyifang.volunteering.models import Belonging, Certificate, Team, Volunteer
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
SYSTEM = actors.system


def test_one_resident_may_lead_two_teams_and_holds_the_duty_in_each(
    cast: dict[str, Actor], accounts: dict[str, Account], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("volunteer")
    first, second = make.team("摄友之家服务队", leader=me), make.team("方寸俱乐部服务队", leader=me)
    duties = Duty.objects.filter(account=accounts["volunteer"], role=Role.TEAM_LEADER, until=None)
    assert {duty.scope for duty in duties} == {source_of(first), source_of(second)}
    services.appoint_leader(team=first, resident=resident_of("supervisor"), by=cast["staff"])
    assert [duty.scope for duty in duties.all()] == [source_of(second)]
    services.end(team=second, reason="人散了", by=cast["staff"])
    assert not duties.all().exists()
    assert verify.check() == []


def test_a_teams_leader_keeps_that_team_and_no_other_and_begins_none(cast: dict[str, Actor]) -> None:
    mine, other = make.team("一队"), make.team("二队")
    leads = Actor(
        community_id=mine.community_id,
        rights={"manage_teams": frozenset({source_of(mine)}), "open_workbench": frozenset({source_of(mine)})},
    )
    one = make.volunteer("甲")
    services.add_member(team=mine, resident=one.resident, by=leads)
    with pytest.raises(NotAllowed):
        services.add_member(team=other, resident=one.resident, by=leads)
    with pytest.raises(NotAllowed):
        services.begin(name="三队", purpose="做事。", by=leads)
    with pytest.raises(NotAllowed):
        services.end(team=mine, reason="散", by=leads)
    assert [*rules.volunteers_of(leads)] == [one]
    assert not rules.can_begin_some(leads)


def test_an_organizations_leader_begins_teams_of_it_alone(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    team = services.begin(name="歌队", purpose="唱。", organizer=source_of(choir), by=cast["leader"])
    assert rules.can_manage(cast["leader"], team)
    with pytest.raises(NotAllowed):
        services.begin(name="别的队", purpose="做。", by=cast["leader"])
    with pytest.raises(NotAllowed):
        services.edit(team=team, organizer="", by=cast["leader"])
    with pytest.raises(services.OwnAppointment):
        services.appoint_leader(team=team, resident=resident_of("leader"), by=cast["leader"])
    with pytest.raises(services.TeamNameTaken, match="歌队"):
        make.team("歌队")


def test_signing_up_is_a_consent_and_taking_that_back_signs_off(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    make.words()
    me = resident_of("resident")
    with pytest.raises(people.ConsentNeeded):
        services.sign_up(resident=me, agreed=False, by=cast["resident"])
    mine = services.sign_up(resident=me, skills=["meals", "nonsense"], agreed=True, by=cast["resident"])
    assert mine.skills == ["meals"]
    assert people_read.has_consented(me.pk, Purpose.VOLUNTEERING)
    team = make.team()
    services.join(team=team, by=cast["resident"])
    with pytest.raises(services.AlreadyInIt):
        services.join(team=team, by=cast["resident"])
    with pytest.raises(services.AlreadyVolunteer):
        services.sign_up(resident=me, agreed=True, by=cast["resident"])
    consent = Consent.objects.get(resident=me, text__purpose=Purpose.VOLUNTEERING)
    people.withdraw_consent(consent=consent, by=cast["resident"])
    assert queries.volunteer_of(me.pk) is None
    assert not Belonging.objects.live().exists()
    services.sign_up(resident=me, agreed=True, by=cast["resident"])
    assert verify.check() == []


def test_without_published_words_nobody_signs_up(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    with pytest.raises(people.WordsNeeded):
        services.sign_up(resident=resident_of("resident"), agreed=True, by=cast["resident"])


def test_minors_come_with_a_guardian_and_children_not_yet(cast: dict[str, Actor]) -> None:
    make.words()
    today = clock.today()
    teen = make.resident("小李", born_on=date(today.year - 15, 1, 1))
    child = make.resident("小小", born_on=date(today.year - 9, 1, 1))
    alone = Actor(community_id=teen.community_id, resident_id=teen.pk)
    with pytest.raises(people.GuardianNeeded):
        services.sign_up(resident=teen, agreed=True, by=alone)
    services.sign_up(resident=teen, agreed=True, by=cast["staff"])
    with pytest.raises(services.TooYoung):
        services.sign_up(resident=child, agreed=True, by=cast["staff"])
    nobody_knows = people.register_resident(name="不知道", by=SYSTEM())
    with pytest.raises(people.BirthdayNeeded):
        services.sign_up(resident=nobody_knows, agreed=True, by=cast["staff"])


def test_nobody_is_in_a_team_who_has_not_signed_up_and_none_twice(cast: dict[str, Actor]) -> None:
    team, stranger, one = make.team(), make.resident("没报名的"), make.volunteer("甲")
    with pytest.raises(services.NotAVolunteer, match="没报名的"):
        services.add_member(team=team, resident=stranger, by=cast["staff"])
    place = services.add_member(team=team, resident=one.resident, by=cast["staff"])
    with pytest.raises(IntegrityError, match="belonging_once"), transaction.atomic():
        Belonging(team=team, volunteer=one).save(force_insert=True)
    with pytest.raises(IntegrityError, match="volunteer_once"), transaction.atomic():
        Volunteer(resident=one.resident).save(force_insert=True)
    services.end_belonging(belonging=place, by=cast["staff"])
    with pytest.raises(services.OverAlready):
        services.end_belonging(belonging=place, by=cast["staff"])
    services.edit(team=team, takes_members=False, by=cast["staff"])
    team.refresh_from_db()
    with pytest.raises(services.TakesNobody):
        services.join(team=team, by=Actor(community_id=team.community_id, resident_id=one.resident_id))


def test_a_certificate_holds_until_its_day_and_is_asked_for_in_time(cast: dict[str, Actor]) -> None:
    one, today = make.volunteer("甲"), clock.today()
    with pytest.raises(services.Expired):
        services.note_certificate(volunteer=one, kind="health", valid_until=today - timedelta(days=1), by=cast["staff"])
    with pytest.raises(services.UnknownCertificate):
        services.note_certificate(volunteer=one, kind="magic", valid_until=today, by=cast["staff"])
    soon = services.note_certificate(
        volunteer=one, kind="health", valid_until=today + timedelta(days=20), by=cast["staff"]
    )
    assert [*queries.ending_soon(cast["staff"])] == [soon]
    renewed = services.note_certificate(
        volunteer=one, kind="health", valid_until=today + timedelta(days=380), by=cast["staff"]
    )
    assert [*queries.ending_soon(cast["staff"])] == []
    assert queries.good_certificates([one.pk])[one.pk] == [renewed]
    services.strike_certificate(certificate=renewed, by=cast["staff"])
    with pytest.raises(services.OverAlready):
        services.strike_certificate(certificate=renewed, by=cast["staff"])
    assert verify.check() == []


def test_nobody_notes_a_certificate_of_their_own(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    mine = make.volunteer(of=resident_of("leader"))
    team = make.team(organizer="")
    services.add_member(team=team, resident=mine.resident, by=SYSTEM())
    me = Actor(
        community_id=team.community_id,
        resident_id=mine.resident_id,
        rights={"manage_teams": frozenset({source_of(team)})},
    )
    with pytest.raises(NotAllowed):
        services.note_certificate(volunteer=mine, kind="health", valid_until=clock.today(), by=me)


def test_who_leaves_the_community_is_in_no_team(cast: dict[str, Actor]) -> None:
    team, one = make.team(), make.volunteer("甲")
    services.add_member(team=team, resident=one.resident, by=SYSTEM())
    people.mark_left(resident=one.resident, by=SYSTEM())
    assert not Belonging.objects.live().exists()
    one.refresh_from_db()
    assert one.until == clock.today()


def test_the_leader_hears_of_who_joins_and_the_members_of_the_end(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    team = make.team(leader=resident_of("volunteer"))
    make.volunteer(of=resident_of("resident"))
    services.join(team=team, by=cast["resident"])
    assert Notice.objects.get(kind="joined_team").resident_id == cast["volunteer"].resident_id
    services.end(team=team, reason="并到另一支队", by=cast["staff"])
    assert Notice.objects.get(kind="team_ended").resident_id == cast["resident"].resident_id


def test_a_person_takes_along_what_is_held_on_them(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me = resident_of("resident")
    mine = make.volunteer(of=me, words="会修自行车", skills=["repairs"])
    team = make.team(leader=me)
    services.join(team=team, by=cast["resident"])
    services.note_certificate(volunteer=mine, kind="driving", valid_until=clock.today(), by=cast["staff"])
    said = [value for record in export.held_on(me) for value in record.values()]
    assert {team.name, "会修自行车", "小修小补", "驾驶证"} <= set(said)


@pytest.mark.any_lock_order
def test_verify_names_what_was_changed_behind_the_back(cast: dict[str, Actor]) -> None:
    team, one = make.team(), make.volunteer("甲")
    place = services.add_member(team=team, resident=one.resident, by=SYSTEM())
    paper = services.note_certificate(volunteer=one, kind="health", valid_until=clock.today(), by=cast["staff"])
    assert verify.check() == []
    Team.objects.filter(pk=team.pk).update(leader=one.resident)
    Belonging.objects.filter(pk=place.pk).update(until=clock.today())
    Certificate.objects.filter(pk=paper.pk).update(valid_until=clock.today() + timedelta(days=999))
    Volunteer(resident=make.resident("凭空来的"), skills=["flying"]).save(force_insert=True)
    checks = {fault.check for fault in verify.check()}
    assert checks == {f"volunteering.{name}" for name in ("teams", "belongings", "certificates", "volunteers", "kinds")}


def test_a_community_says_which_skills_there_are_and_who_has_one_that_ended_keeps_it() -> None:
    sewing = make.volunteer("会缝的", skills=["repairs"])
    tomorrow = clock.today() + timedelta(days=1)
    for said in ({"code": "", "name": "缝补"}, {"code": "repairs", "ended": True}):
        communities.set_rule(rule="volunteering.skills", since=tomorrow, values=said, why="队里缝补多", by=SYSTEM())
    with clock.at(clock.now() + timedelta(days=2)):
        both = ["own-1", "repairs"]
        sewing = services.edit_volunteer(volunteer=sewing, words="", skills=both, times=[], is_named=False, by=SYSTEM())
        assert (sewing.skills, sewing.skill_names) == (both, "缝补 · 小修小补")
        assert make.volunteer("新来的", skills=both).skills == ["own-1"]
        assert "repairs" not in dict(kinds.choices(kinds.SKILL))
        assert "repairs" in dict(kinds.choices(kinds.SKILL, also=both))
        assert verify.check() == []
