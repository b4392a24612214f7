"""Words to people of a date: written by whoever runs it, and the reminder of the day before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from weiyifang.activities import services
from weiyifang.activities.models import Message, Method, Mode, Session, Whom
from weiyifang.activities.tests import make
from weiyifang.activities.verify import check
from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.models import TimelineEntry
from weiyifang.notices.models import Notice
from weiyifang.notices.queries import in_words
from weiyifang.people.models import RelationKind
from weiyifang.people.services import relate
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")

BENCH = "/c/nanhu/workbench/activities/1/1/message/"
WORDS = "请带一个水杯，张采薇老师在门口等大家。"


def readers(kind: str) -> list[str]:
    return sorted(row.resident.name for row in Notice.objects.filter(kind=kind).select_related("resident"))


def said(kind: str) -> set[str]:
    return {line.words for line in in_words(Notice.objects.filter(kind=kind).select_related("whose"))}


def a_full_date() -> Session:
    session = make.session(places=2)
    for name in ("甲", "乙"):
        make.enroll(session, make.resident(name))
    make.wait(session, make.resident("丙"))
    return session


@pytest.mark.parametrize(("whom", "who"), [(Whom.ENROLLED, ["乙", "甲"]), (Whom.WAITING, ["丙"])])
def test_each_group_is_written_to_by_itself(whom: Whom, who: list[str]) -> None:
    message = services.write_to(session=a_full_date(), whom=whom, words=WORDS, by=system())
    assert readers("organizer_wrote") == who
    assert message.people == len(who)
    assert all(WORDS in words for words in said("organizer_wrote"))
    assert not check()


def test_who_came_is_thanked_and_whoever_acts_for_them_reads_it_too() -> None:
    session, mother, daughter = make.session(days=0, hours=1), make.resident("妈妈"), make.resident("女儿")
    relate(kind=RelationKind.PROXY, resident=mother, helper=daughter, by=system())
    make.enroll(session, make.resident("没来的"))
    make.enroll(session, mother)
    with clock.at(session.starts_at):
        services.check_in(session=session, resident=mother, method=Method.ROSTER, by=system())
        services.write_to(session=session, whom=Whom.CAME, words="谢谢大家。", by=system())
    assert readers("organizer_wrote") == ["女儿", "妈妈"]


def test_nobody_writes_to_an_empty_group() -> None:
    with pytest.raises(services.NobodyThere):
        services.write_to(session=make.session(), whom=Whom.CAME, words=WORDS, by=system())
    assert not Message.objects.exists()


def test_no_word_of_a_message_is_kept_where_it_could_not_be_forgotten() -> None:
    services.write_to(session=a_full_date(), whom=Whom.ENROLLED, words=WORDS, by=system())
    for kept in (
        *Notice.objects.values_list("values", flat=True),
        *TimelineEntry.objects.values_list("values", flat=True),
    ):
        assert "水杯" not in str(kept)
    services.forget_in_messages(name="张采薇", instead="一位居民")
    (words,) = said("organizer_wrote")
    assert "张采薇" not in words
    assert "一位居民老师" in words
    Message.objects.all().delete()  # a notice outlives it and says so
    assert "水杯" not in "".join(said("organizer_wrote"))


def test_whoever_runs_it_writes_on_a_page_that_says_who_wrote_before(client_of: ClientOf) -> None:
    a_full_date()
    staff = client_of("staff")
    page = staff.get(BENCH).content.decode()
    assert 'value="waiting"' in page
    assert 'value="came"' not in page  # nobody came: there is nobody to choose
    assert staff.post(BENCH, {"whom": "came", "words": WORDS}).status_code == 422
    assert staff.post(BENCH, {"whom": "enrolled", "words": WORDS}).status_code == 302
    page = staff.get(BENCH).content.decode()
    assert WORDS in page
    assert "周敏" in page
    assert client_of("volunteer").get(BENCH).status_code == 403


def test_the_day_before_whoever_has_a_seat_is_reminded_once() -> None:
    session = make.session(days=1, places=1)
    make.session(days=2, title="后天的")
    make.enroll(session, make.resident("甲"))
    make.wait(session, make.resident("等着的"))
    assert [services.remind(by=system()) for _again in range(3)] == [1, 0, 0]
    assert readers("day_before") == ["甲"]
    (words,) = said("day_before")
    assert session.activity.title in words


def test_a_date_that_moved_is_reminded_of_anew_and_one_called_off_is_not() -> None:
    moved, off = make.session(days=1, title="改期的"), make.session(days=1, title="取消的")
    for session in (moved, off):
        make.enroll(session, make.resident(f"{session.activity.title}甲"))
    services.cancel_session(session=off, reason="下雨", by=system())
    assert services.remind(by=system()) == 1
    later = moved.starts_at + timedelta(days=3)
    services.move_session(session=moved, starts_at=later, ends_at=later + timedelta(hours=1), by=system())
    with clock.at(later - timedelta(days=1)):
        assert services.remind(by=system()) == 1
    assert readers("day_before") == ["改期的甲", "改期的甲"]


def test_pupils_of_a_term_are_reminded_of_each_lesson() -> None:
    term = make.activity(mode=Mode.TERM, places=5)
    first, second = make.date_of(term, days=1), make.date_of(term, days=2)
    services.publish(activity=term, by=system())
    make.enroll(make.again(first), make.resident("学生"))
    assert services.remind(by=system()) == 1
    with clock.at(second.starts_at - timedelta(days=1)):
        assert services.remind(by=system()) == 1
    assert readers("day_before") == ["学生", "学生"]
