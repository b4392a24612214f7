"""Who left, who is inside, and by whom a child was fetched: the same in whatever order it was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from weiyifang.activities import queries, services, verify
from weiyifang.activities.models import Attendance, Audience, Enrollment, Fetcher, Leaving, Method, Passage, Session
from weiyifang.activities.services import Came, Fetched, Left
from weiyifang.activities.tests import make
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.ids import new_id
from weiyifang.core.refusals import NotAllowed
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident

pytestmark = pytest.mark.usefixtures("here")
M = timedelta(minutes=1)


@pytest.fixture
def lesson() -> Session:
    """For children, from an hour ago until in an hour."""
    with clock.at(clock.now() - timedelta(hours=2)):
        return make.session(days=0, hours=1, audience=Audience.CHILDREN, places=9, party_size=3)


@pytest.fixture
def child(lesson: Session, resident_of: Any) -> Resident:
    """Of the resident of the cast, enrolled."""
    born = clock.today() - timedelta(days=8 * 366)
    found = make.resident("豆豆", born_on=born)
    people.relate(resident=found, helper=resident_of("resident"), kind=RelationKind.GUARDIAN, by=system())
    with clock.at(clock.now() - timedelta(hours=2)):
        make.enroll(lesson, found)
    return found


def enrolled(child: Resident) -> Enrollment:
    return Enrollment.objects.get(resident=child)


def came(session: Session, who: Resident, ago: int, nonce: UUID | None = None) -> Callable[[], object]:
    """A fact of so many minutes ago, to be sent."""
    one = Came(
        session_id=session.pk,
        resident_id=who.pk,
        happened_at=clock.now() - ago * M,
        method=Method.ROSTER,
        nonce=nonce or new_id(),
    )
    return lambda: services.record_attendances(batch=[one], by=system())


def left(session: Session, who: Resident, ago: int, **by: Any) -> Callable[[], object]:
    one = Left(resident_id=who.pk, happened_at=clock.now() - ago * M, by=Fetched(**by) if by else None)
    return lambda: services.record_departures(session=session, batch=[one], by=system())


def where(session: Session) -> list[tuple[str, str | None, str]]:
    """Everybody who came: when they left, and by whom a child was fetched."""
    now = clock.now()
    found = []
    for one, passage in queries.with_left(queries.here_or_gone(session)):
        by = passage and (passage.guardian or passage.fetcher)
        ago = None if one.left_at is None else f"{(now - one.left_at) / M:.0f}"
        assert one.resident is not None
        found.append((one.resident.name, ago, by.name if by else ""))
    return sorted(found)


def test_a_child_that_one_phone_let_in_is_fetched_at_the_other_by_the_grandmother_named_before(
    lesson: Session, child: Resident, cast: dict[str, Actor]
) -> None:
    """Both phones were without network, and send in either order: the day ends alike."""
    grandmother = services.name_fetcher(enrollment=enrolled(child), name="陈奶奶", by=cast["resident"])
    facts = [came(lesson, child, 40), left(lesson, child, 5, fetcher_id=grandmother.pk)]
    ends = []
    for order in permutations(facts):
        with transaction.atomic():
            for fact in order:
                fact()
                fact()  # and each once more
            ends.append((where(lesson), queries.attendances(), queries.inside(lesson).children))
            assert verify.check() == []
            transaction.set_rollback(True)
    assert ends == [([("豆豆", "5", "陈奶奶")], 1, 0)] * 2


def test_in_again_after_out_and_every_other_order_end_alike(lesson: Session) -> None:
    person = make.resident("外婆")
    facts = [came(lesson, person, 50), left(lesson, person, 40), came(lesson, person, 30), left(lesson, person, 10)]
    ends = set()
    for order in permutations(facts):
        with transaction.atomic():
            for fact in order:
                fact()
            ends.add((*where(lesson), queries.attendances(), queries.people_served()))
            transaction.set_rollback(True)
    assert ends == {(("外婆", "10", ""), 1, 1)}


def test_of_several_leavings_the_earliest_counts_and_one_before_coming_in_does_not(lesson: Session) -> None:
    one, two, three = make.residents(3)
    facts = [
        *(came(lesson, who, 30) for who in (one, two)),
        *(left(lesson, one, ago) for ago in (5, 8, 40)),
        *(left(lesson, two, ago) for ago in (30, 31)),
        left(lesson, three, 5),
    ]
    for fact in facts:
        fact()
    assert where(lesson) == [("居民1", "8", ""), ("居民2", None, "")]
    found = queries.inside(lesson)
    assert (found.children, found.others, [who.name for who in found.unknown]) == (0, 1, ["居民3"])


def test_a_child_is_never_let_go_without_a_word_with_whom(lesson: Session, child: Resident, resident_of: Any) -> None:
    came(lesson, child, 30)()
    stranger = make.resident("路人")
    for by in (None, Fetched(), Fetched(name="王叔叔"), Fetched(why="妈妈加班")):
        with pytest.raises(services.ToWhom):
            services.check_out(session=lesson, resident=child, fetched=by, by=system())
    for by in (Fetched(guardian_id=stranger.pk), Fetched(fetcher_id=new_id())):
        with pytest.raises(services.NotTheirs):
            services.check_out(session=lesson, resident=child, fetched=by, by=system())
    assert not Passage.objects.exists()
    mother = Fetched(guardian_id=resident_of("resident").pk)
    services.check_out(session=lesson, resident=child, fetched=mother, by=system())
    assert where(lesson) == [("豆豆", "0", "陈桂芳")]


def test_whoever_is_named_for_one_class_or_until_a_day_fetches_there_and_no_longer_than_that(
    lesson: Session, child: Resident, cast: dict[str, Actor]
) -> None:
    mother = cast["resident"]
    other = make.session(days=0, hours=1, audience=Audience.CHILDREN)
    for_it = services.name_fetcher(enrollment=enrolled(child), name="陈奶奶", by=mother)
    today = services.name_fetcher(enrollment=enrolled(child), name="李阿姨", until=clock.today(), by=mother)

    def names(session: Session) -> list[str]:
        return [one.name for one in queries.may_fetch(session, {child.pk})[child.pk]]

    assert names(lesson) == ["陈桂芳", "陈奶奶", "李阿姨"]
    assert names(other) == ["陈桂芳", "李阿姨"]
    assert names(make.session(days=2, audience=Audience.CHILDREN)) == ["陈桂芳"]
    services.end_fetcher(fetcher=for_it, by=mother)
    services.end_fetcher(fetcher=today, by=mother)
    assert names(lesson) == ["陈桂芳"]
    assert verify.check() == []


def test_only_a_guardian_says_who_else_may_fetch(lesson: Session, child: Resident, cast: dict[str, Actor]) -> None:
    for who in ("staff", "volunteer"):
        with pytest.raises(NotAllowed):
            services.name_fetcher(enrollment=enrolled(child), name="王叔叔", by=cast[who])
    mine = services.name_fetcher(enrollment=enrolled(child), name="陈奶奶", by=cast["resident"])
    assert services.name_fetcher(enrollment=enrolled(child), name=" 陈奶奶 ", by=cast["resident"]) == mine
    with pytest.raises(NotAllowed):
        services.end_fetcher(fetcher=mine, by=cast["staff"])
    with pytest.raises(services.DayIsOver):
        services.name_fetcher(enrollment=enrolled(child), name="舅舅", until=date(2020, 1, 1), by=cast["resident"])


def test_ten_may_fetch_a_child_and_no_eleventh(lesson: Session, child: Resident, cast: dict[str, Actor]) -> None:
    for number in range(10):
        services.name_fetcher(enrollment=enrolled(child), name=f"亲戚{number}", by=cast["resident"])
    with pytest.raises(services.TooManyFetchers):
        services.name_fetcher(enrollment=enrolled(child), name="亲戚十", by=cast["resident"])


def test_a_mistake_is_a_second_row_and_then_they_are_inside_again(lesson: Session) -> None:
    person = make.resident()
    came(lesson, person, 30)()
    row = services.check_out(session=lesson, resident=person, by=system())
    with pytest.raises(services.LeftAlready):
        services.check_out(session=lesson, resident=person, by=system())
    services.void_passage(passage=row, by=system())
    services.void_passage(passage=row, by=system())
    assert where(lesson) == [("王孃孃", None, "")]
    assert Passage.objects.count() == 2
    assert verify.check() == []


def test_whoever_left_and_comes_back_is_inside_and_still_counted_once(lesson: Session) -> None:
    person = make.resident()
    services.check_in(session=lesson, resident=person, method=Method.QR, by=system())
    services.check_out(session=lesson, resident=person, by=system())
    with clock.at(clock.now() + M):
        services.check_in(session=lesson, resident=person, method=Method.QR, by=system())
        assert where(lesson) == [("王孃孃", None, "")]
        with pytest.raises(services.AlreadyCounted):
            services.check_in(session=lesson, resident=person, method=Method.QR, by=system())
    assert (queries.attendances(), Attendance.objects.count(), Passage.objects.count()) == (1, 1, 2)
    assert verify.check() == []


def test_where_nobody_asks_who_leaves_nothing_is_kept_of_it(lesson: Session) -> None:
    person = make.resident()
    for leaving, audience in ((Leaving.NOT_NOTED, Audience.CHILDREN), (Leaving.USUAL, Audience.EVERYONE)):
        other = make.session(days=0, hours=1, leaving=leaving, audience=audience)
        for _twice in range(2):
            came(other, person, 1)()
        with pytest.raises(services.NobodyNotesLeaving):
            left(other, person, 1)()
    assert not Passage.objects.exists()


def test_passages_are_only_ever_added(lesson: Session) -> None:
    came(lesson, make.resident(), 30)()
    row = services.check_out(session=lesson, resident=Resident.objects.get(name="王孃孃"), by=system())
    for deed in (lambda: Passage.objects.update(way="in"), lambda: Passage.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            deed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Passage(session=lesson, resident=row.resident, way="out", happened_at=clock.now(), nonce=row.nonce).save()


def test_somebody_else_is_written_down_where_it_can_be_forgotten(lesson: Session, child: Resident) -> None:
    came(lesson, child, 30)()
    services.check_out(
        session=lesson, resident=child, fetched=Fetched(name="王叔叔", why="豆豆妈妈来电话"), by=system()
    )
    assert where(lesson) == [("豆豆", "0", "王叔叔")]
    services.forget_fetchers(resident_id=child.pk, account_id=None, name="豆豆", instead="某居民")
    assert list(Fetcher.objects.values_list("name", "why")) == [("某居民", "")]
    assert verify.check() == []


def test_what_was_taken_back_after_the_child_was_fetched_is_no_fault_of_who_stood_at_the_door(
    lesson: Session, child: Resident, cast: dict[str, Actor]
) -> None:
    """Taken back before: the child went with them all the same, it is kept, and the guardians are told."""
    came(lesson, child, 30)()
    grandmother = services.name_fetcher(enrollment=enrolled(child), name="陈奶奶", by=cast["resident"])
    with clock.at(clock.now() - 10 * M):
        services.end_fetcher(fetcher=grandmother, by=cast["resident"])
    left(lesson, child, 15, fetcher_id=grandmother.pk)()
    assert not Notice.objects.filter(kind="handed_to_another").exists()
    left(lesson, child, 5, fetcher_id=grandmother.pk)()
    assert sorted(str(one.resident) for one in Notice.objects.filter(kind="handed_to_another")) == ["豆豆", "陈桂芳"]
    assert where(lesson) == [("豆豆", "15", "陈奶奶")]


def test_children_who_were_left_behind_wait_at_the_workbench(lesson: Session, child: Resident) -> None:
    came(lesson, child, 30)()
    came(lesson, make.resident(), 30)()
    with clock.at(lesson.ends_at + M):
        assert list(queries.forgotten_inside()) == [lesson]
        services.check_out(session=lesson, resident=child, fetched=Fetched(name="舅舅", why="来晚了"), by=system())
        assert list(queries.forgotten_inside()) == []
        assert queries.inside(lesson).others == 1


def test_what_begins_to_note_who_leaves_asks_for_nobody_who_came_long_before(child: Resident, lesson: Session) -> None:
    came(lesson, child, 30)()
    with clock.at(lesson.ends_at + timedelta(days=3)):
        assert list(queries.forgotten_inside()) == []
