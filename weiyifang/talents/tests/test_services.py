from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from weiyifang.communities import services as communities
from weiyifang.core import actors, clock, text
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import Consent, Purpose, Resident
from weiyifang.talents import export, kinds, queries, services, verify
from weiyifang.talents.models import RequestState, Talent, TalentRequest, Thanks
from weiyifang.talents.tests import make
from weiyifang.timetable import services as timetable
from weiyifang.timetable.models import Allocation
from weiyifang.timetable.subjects import Subject

pytestmark = pytest.mark.usefixtures("here")
SYSTEM = actors.system


def test_being_on_the_list_is_a_consent_and_taking_that_back_takes_one_off(
    cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    me, by = resident_of("resident"), cast["resident"]
    with pytest.raises(people.WordsNeeded):
        services.put_down(resident=me, what="拍照", agreed=True, by=by)
    make.words()
    with pytest.raises(people.ConsentNeeded):
        services.put_down(resident=me, what="拍照", agreed=False, by=by)
    with pytest.raises(text.Missing):
        services.put_down(resident=me, what=" ", agreed=True, by=by)
    mine = services.put_down(resident=me, what="拍照", topics=["photos", "nonsense"], agreed=True, by=by)
    assert mine.topics == ["photos"]
    assert people_read.has_consented(me.pk, Purpose.TALENTS)
    with pytest.raises(services.OnTheList):
        services.put_down(resident=me, what="修图", agreed=True, by=by)
    asked = make.request(mine)
    people.withdraw_consent(consent=Consent.objects.get(resident=me, text__purpose=Purpose.TALENTS), by=by)
    assert queries.talent_of(me.pk) is None
    asked.refresh_from_db()
    assert asked.state == RequestState.CLOSED
    assert Notice.objects.get(kind="talent_gone").resident_id == asked.resident_id
    assert verify.check() == []


def test_a_minor_comes_with_a_guardian_and_the_desk_puts_nobody_down_without_a_paper(cast: dict[str, Actor]) -> None:
    make.words()
    child = make.resident("小的", born_on=date(clock.today().year - 12, 1, 1))
    with pytest.raises(people.GuardianNeeded):
        services.put_down(resident=child, what="拉小提琴", agreed=True, by=make.oneself(child))
    with pytest.raises(people.ConsentNeeded):
        services.put_down(resident=child, what="拉小提琴", agreed=False, by=cast["staff"])
    services.put_down(resident=child, what="拉小提琴", agreed=True, by=cast["staff"])
    with pytest.raises(NotAllowed):
        services.put_down(resident=make.resident("别人"), what="写字", agreed=True, by=cast["resident"])
    nameless = people.register_resident(name="不知几岁", by=SYSTEM())
    with pytest.raises(people.BirthdayNeeded):
        services.put_down(resident=nameless, what="写字", agreed=True, by=make.oneself(nameless))


def test_somebody_is_found_by_words_topic_and_name_until_they_are_off_the_list(cast: dict[str, Actor]) -> None:
    one = make.talent("摄影师", what="给老人拍照", topics=["photos", "editing"], words="拍了四十年")
    other = make.talent("写字的", what="写春联", topics=["calligraphy"])
    assert [*queries.listed("拍照")] == [*queries.listed("摄影师")] == [*queries.listed("四十年 老人")] == [one]
    assert [*queries.listed("书法")] == [*queries.listed(topic="calligraphy")] == [other]  # by the topic's name
    assert [*queries.listed()] == [*queries.listed(topic="no such")] == [one, other]
    services.take_off(talent=one, by=make.oneself(one.resident))
    with pytest.raises(services.OffTheList):
        services.take_off(talent=one, by=cast["staff"])
    with pytest.raises(services.OffTheList):
        services.edit(talent=one, what="x", words="", topics=[], takes_requests=True, by=cast["staff"])
    assert [*queries.listed()] == [other]
    with pytest.raises(services.NotNow):
        make.request(one)


def test_a_neighbour_asks_once_hears_the_answer_and_the_committee_is_told_as_an_account(
    cast: dict[str, Actor],
) -> None:
    one, asker = make.talent(), make.resident("请人的")
    asked = make.request(one, asker)
    assert Notice.objects.get(kind="talent_asked").resident_id == one.resident_id
    with pytest.raises(services.AskedBefore, match="拍照的"):
        make.request(one, asker)
    with pytest.raises(services.AskedThemselves):
        make.request(one, one.resident)
    with pytest.raises(text.Missing):
        make.request(one, what=" ")
    with pytest.raises(NotAllowed):  # nobody but the talent, and the desk, answers
        services.accept(request=asked, by=make.oneself(asker))
    with pytest.raises(text.Missing):
        services.decline(request=asked, answer="", by=make.oneself(one.resident))
    services.decline(request=asked, answer="这周不行", by=make.oneself(one.resident))
    assert Notice.objects.get(kind="talent_declined").resident_id == asker.pk
    assert Notice.objects.get(kind="talent_asked").done_at is not None
    with pytest.raises(ForbiddenMove):
        services.accept(request=asked, by=make.oneself(one.resident))
    ours = services.ask(talent=one, resident=None, what="拍全家福", by=cast["staff"])
    services.accept(request=ours, by=make.oneself(one.resident))
    assert Notice.objects.get(kind="talent_accepted").account_id == cast["staff"].account_id
    assert verify.check() == []


def test_a_leader_asks_for_their_organization_alone_and_nobody_asks_in_anothers_name(
    choir: Organization, cast: dict[str, Actor], resident_of: Callable[[str], Resident]
) -> None:
    one, leader = make.talent(), resident_of("leader")
    asked = services.ask(talent=one, resident=leader, of=source_of(choir), what="拍演出照", by=cast["leader"])
    queries.say_whose([asked])
    assert asked.whose is not None
    assert asked.whose.name == choir.name
    for by, of, resident in (
        (cast["leader"], "", None),
        (cast["resident"], source_of(choir), None),
        (cast["resident"], "", leader),
    ):
        with pytest.raises(NotAllowed):
            services.ask(talent=one, resident=resident, of=of, what="拍照", by=by)
    assert [*queries.requests_for(cast["leader"])] == [asked]
    services.accept(request=asked, by=make.oneself(one.resident))
    services.ask(talent=make.talent("写字的"), resident=leader, of=source_of(choir), what="写横幅", by=cast["leader"])
    organizations.dissolve(organization=choir, reason="人散了", by=cast["staff"])
    assert {row.state for row in TalentRequest.objects.all()} == {RequestState.CLOSED}
    assert verify.check() == []


def test_a_phone_is_shown_to_the_other_alone_if_its_owner_said_so_and_not_for_ever(cast: dict[str, Actor]) -> None:
    one = make.talent(of=make.resident("拍照的", phone="13800138001"))
    asker = make.resident("请人的", phone="13800138002")
    mine, theirs = make.oneself(asker), make.oneself(one.resident)
    asked = make.request(one, asker, gives_phone=True)
    assert queries.phones(asked, theirs) == ("", "")  # not before the yes
    hidden = services.accept(request=asked, by=theirs)
    assert queries.phones(hidden, mine) == ("", "")
    assert queries.phones(hidden, theirs) == ("", people_read.number_to_ring(asker))
    hidden = services.withdraw(request=hidden, by=mine)
    assert queries.phones(hidden, theirs) == ("", "")
    given = services.accept(request=make.request(one, asker, days=3), gives_phone=True, by=theirs)
    assert queries.phones(given, mine) == (people_read.number_to_ring(one.resident), "")
    for other in (cast["staff"], cast["resident"], cast["secretary"]):
        assert queries.phones(given, other) == ("", "")
    with clock.at(make.at(3 + 14, "10:59")):
        assert queries.phones(given, mine)[0]
    with clock.at(make.at(3 + 14, "11:01")):
        assert queries.phones(given, mine) == ("", "")


def test_nobody_is_asked_too_often_by_one_and_the_community_says_how_often_that_is() -> None:
    asker = make.resident("请人的")
    communities.set_rule(
        rule="talents.limits",
        since=clock.today() + timedelta(days=1),
        values={"most_open": 2, "phone_days": 1},
        why="别问烦了",
        by=SYSTEM(),
    )
    with clock.at(clock.now() + timedelta(days=2)):
        first = make.request(make.talent("甲"), asker)
        make.request(make.talent("乙"), asker)
        third = make.talent("丙")
        with pytest.raises(services.TooManyOpen, match="2"):
            make.request(third, asker)
        services.withdraw(request=first, by=make.oneself(asker))
        assert Notice.objects.get(kind="talent_no_longer_asked").resident_id == first.talent.resident_id
        make.request(third, asker)


def test_a_yes_to_a_time_stands_in_the_one_calendar_and_what_stands_there_is_said() -> None:
    one = make.talent("拍照的")
    me = make.oneself(one.resident)
    first, beside = make.request(one, days=3, what="给合唱团拍照"), make.request(one, days=3, what="拍集市")
    services.accept(request=first, by=me)
    with pytest.raises(services.Busy, match="给合唱团拍照"):
        services.accept(request=beside, by=me)
    beside.refresh_from_db()
    assert beside.is_waiting
    services.decline(request=first, answer="病了", by=me)
    services.accept(request=beside, by=me)
    asker = beside.resident
    assert asker is not None
    services.withdraw(request=beside, by=make.oneself(asker))
    assert not Allocation.objects.live().exists()
    timetable.allocate(
        subjects=[Subject(id=one.resident_id, kind="people.resident", name="拍照的")],
        starts_at=make.at(5, "10:00"),
        ends_at=make.at(5, "12:00"),
        source="activities.session:01900000-0000-7000-8000-000000000001",
        by=SYSTEM(),
    )
    with pytest.raises(services.Busy):
        services.accept(request=make.request(one, days=5), by=me)
    assert verify.check() == []


def test_times_have_sense_and_what_has_come_is_neither_accepted_nor_taken_back() -> None:
    one = make.talent()
    for starts_at, ends_at in (
        (make.at(3), make.at(3)),
        (make.at(3), None),
        (make.at(-1), make.at(-1, "10:00")),
        (make.at(3), make.at(4)),
    ):
        with pytest.raises(services.TimeWrong):
            make.request(one, starts_at=starts_at, ends_at=ends_at)
    me, asker = make.oneself(one.resident), make.resident("请人的")
    late, done = make.request(one, days=2), make.accepted(one, asker, days=3)
    with clock.at(make.at(4)):
        with pytest.raises(services.TimeOver):
            services.accept(request=late, by=me)
        with pytest.raises(services.TimeOver):
            services.withdraw(request=done, by=make.oneself(asker))
        with pytest.raises(services.TimeOver):
            services.decline(request=done, answer="没去成", by=me)
    assert verify.check() == []


def test_thanks_are_read_by_the_neighbours_as_long_as_both_want_it(cast: dict[str, Actor]) -> None:
    one, asker = make.talent(), make.resident("请人的")
    mine, theirs = make.oneself(asker), make.oneself(one.resident)
    done = make.accepted(one, asker, days=3)
    with pytest.raises(services.NothingDone):
        services.thank(request=done, words="谢谢", by=mine)
    with clock.at(make.at(3, "12:00")):
        with pytest.raises(NotAllowed):
            services.thank(request=done, words="谢谢我自己", by=theirs)
        thanks = services.thank(request=done, words="拍得真好", is_named=True, by=mine)
        assert Notice.objects.get(kind="talent_thanked").resident_id == one.resident_id
        assert not queries.thanks_to(one).exists()
        with pytest.raises(services.ThankedAlready):
            services.thank(request=done, words="再谢一次", by=mine)
        with pytest.raises(NotAllowed):
            services.show_thanks(thanks=thanks, by=mine)
        services.show_thanks(thanks=thanks, by=theirs)
        assert [*queries.thanks_to(one)] == [thanks]
        with pytest.raises(NotAllowed):
            services.take_back_thanks(thanks=thanks, by=cast["resident"])
        services.take_back_thanks(thanks=thanks, by=theirs)
        assert not queries.thanks_to(one).exists()
        with pytest.raises(ForbiddenMove):
            services.show_thanks(thanks=thanks, by=theirs)
        again = services.thank(request=done, words="还是要谢", by=mine)
        services.take_back_thanks(thanks=again, by=mine)
    assert verify.check() == []


def test_who_moves_away_is_off_the_list_and_nothing_is_open_with_them() -> None:
    one, other = make.talent("要走的"), make.talent("留下的")
    promised, waiting = make.accepted(one, days=3), make.request(one)
    asked = make.request(other, one.resident)
    people.mark_left(resident=one.resident, by=SYSTEM())
    for row in (promised, waiting, asked):
        row.refresh_from_db()
        assert row.state == RequestState.CLOSED
    assert not Allocation.objects.live().exists()
    assert Notice.objects.filter(kind="talent_gone").count() == 2
    assert Notice.objects.get(kind="talent_no_longer_asked").resident_id == other.resident_id
    assert [*queries.listed()] == [other]
    assert verify.check() == []


def test_a_person_takes_along_what_is_held_on_them() -> None:
    me = make.resident("请人的")
    one = make.talent(of=me, what="会剪纸", words="剪了三十年", topics=["crafts"])
    make.request(one, what="教孩子剪纸")
    done = make.accepted(make.talent("写字的"), me, what="写春联")
    services.thank(request=done, words="字真好", by=make.oneself(me))
    said = [value for record in export.held_on(me) for value in record.values()]
    assert {"会剪纸", "剪了三十年", "剪纸手工", "教孩子剪纸", "写春联", "字真好"} <= set(said)


@pytest.mark.any_lock_order
def test_verify_names_what_was_changed_behind_the_back() -> None:
    one = make.talent()
    done = make.accepted(one, days=3)
    talk = make.accepted(one)
    thanks = services.thank(request=talk, words="谢谢", by=make.oneself(talk.resident or make.resident()))
    assert verify.check() == []
    Talent.objects.filter(pk=one.pk).update(number=999, topics=["flying"])
    TalentRequest.objects.filter(pk=talk.pk).update(state=RequestState.DECLINED)
    Thanks.objects.filter(pk=thanks.pk).update(state="shown")
    Allocation.objects.filter(source=source_of(done)).delete()
    Consent.objects.update(withdrawn_at=clock.now())
    checks = {fault.check for fault in verify.check()}
    assert checks == {
        f"talents.{name}" for name in ("talents", "topics", "requests", "thanks", "calendars", "consents")
    }


def test_the_database_itself_keeps_one_place_on_the_list_and_one_open_question() -> None:
    one, asker = make.talent(), make.resident("请人的")
    asked = make.request(one, asker)
    with pytest.raises(IntegrityError, match="talent_once"), transaction.atomic():
        Talent(number=77, resident=one.resident, what="又一次").save(force_insert=True)
    with pytest.raises(IntegrityError, match="talent_request_once"), transaction.atomic():
        TalentRequest(talent=one, resident=asker, what="又一次").save(force_insert=True)
    with pytest.raises(IntegrityError, match="talent_request_both_times_or_none"), transaction.atomic():
        TalentRequest.objects.filter(pk=asked.pk).update(starts_at=make.at(3))


def test_a_community_says_which_topics_there_are_and_who_has_one_that_ended_keeps_it() -> None:
    one = make.talent(topics=["law"])
    tomorrow = clock.today() + timedelta(days=1)
    for said in ({"code": "", "name": "川剧"}, {"code": "law", "ended": True}):
        communities.set_rule(rule="talents.topics", since=tomorrow, values=said, why="会川剧的多", by=SYSTEM())
    with clock.at(clock.now() + timedelta(days=2)):
        both = ["own-1", "law"]
        one = services.edit(talent=one, what="唱川剧", words="", topics=both, takes_requests=True, by=SYSTEM())
        assert (sorted(one.topics), one.topic_names) == (sorted(both), "川剧 · 法律财税")
        assert make.talent("新来的", topics=both).topics == ["own-1"]
        assert [row.what for row in queries.listed("川剧")] == ["唱川剧", "给老人拍照"]
        assert "law" not in dict(kinds.choices())
        assert verify.check() == []
