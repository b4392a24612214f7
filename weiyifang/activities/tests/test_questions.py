"""What an activity asks on its form: by page, desk and program; on the list, in the file, forgotten with the person."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from weiyifang.activities import queries, services, sheets
from weiyifang.activities.models import Activity, Enrollment
from weiyifang.activities.questions import (
    MOST,
    AskedTwice,
    NotAnAnswer,
    NotAsked,
    NothingToChoose,
    Question,
    QuestionKind,
    TooManyQuestions,
    Unanswered,
)
from weiyifang.activities.tests import make
from weiyifang.core import text
from weiyifang.core.actors import system
from weiyifang.people.models import RelationKind, Resident
from weiyifang.people.services import relate
from weiyifang.people.testing import ClientOf

pytestmark = pytest.mark.usefixtures("here")

HOME = "/c/nanhu/activities/"
BENCH = "/c/nanhu/workbench/activities/"
FOOD = Question(words="有什么不能吃？")
SIZE = Question(words="围裙尺码", kind=QuestionKind.CHOICE, choices=("大号", "小号"), is_required=True)
CHILDREN = Question(words="带几个小孩？", kind=QuestionKind.NUMBER)
ALL = [FOOD, SIZE, CHILDREN]


def the_resident(client_of: ClientOf) -> tuple[Any, Resident]:
    browser = client_of("resident")
    return browser, Resident.objects.get(account_id=browser.session["_auth_user_id"])


def test_the_page_asks_and_keeps_the_answers(client_of: ClientOf) -> None:
    session = make.session(questions=ALL)
    browser, me = the_resident(client_of)
    page = browser.get(f"{HOME}1/1/").content.decode()
    assert all(one.words in page for one in ALL)
    sent = {"who": [str(me.pk)], FOOD.key: "花生", SIZE.key: "大号", CHILDREN.key: "2"}
    assert browser.post(f"{HOME}1/1/enrollments/", sent).status_code == 302
    assert Enrollment.objects.get(session=session).answers == {
        FOOD.words: "花生",
        SIZE.words: "大号",
        CHILDREN.words: "2",
    }
    assert "花生" in browser.get(f"{HOME}1/1/enrollments/").content.decode()


@pytest.mark.parametrize("wrong", [{}, {SIZE.key: "中号"}, {SIZE.key: "大号", CHILDREN.key: "两个"}])
def test_what_does_not_answer_a_question_enrols_nobody_and_stays_typed(
    client_of: ClientOf, wrong: dict[str, str]
) -> None:
    make.session(questions=ALL)
    browser, me = the_resident(client_of)
    answer = browser.post(f"{HOME}1/1/enrollments/", {"who": [str(me.pk)], FOOD.key: "花生酱", **wrong})
    assert answer.status_code == 422
    assert "花生酱" in answer.content.decode()
    assert not Enrollment.objects.exists()


def each(person: Resident, question: Question) -> str:
    """The name of somebody's own field."""
    return f"{question.key}-{person.pk}"


def test_a_family_is_asked_one_by_one_and_comes_together(client_of: ClientOf) -> None:
    make.session(questions=[FOOD, SIZE])
    browser, me = the_resident(client_of)
    mother = make.resident("老母亲")
    relate(kind=RelationKind.PROXY, resident=mother, helper=me, by=system())
    both: dict[str, Any] = {"who": [str(me.pk), str(mother.pk)], FOOD.key: "花生"}
    first = browser.post(f"{HOME}1/1/enrollments/", both)
    assert first.status_code == 422
    assert first.content.decode().count('value="花生"') == 2  # each begins with what was said for all
    both |= {"asked": [str(me.pk), str(mother.pk)], each(me, FOOD): "花生", each(mother, FOOD): "糖"}
    both |= {each(me, SIZE): "大号"}
    again = browser.post(f"{HOME}1/1/enrollments/", both)
    assert again.status_code == 422  # the mother's size is wanted too
    assert not Enrollment.objects.exists()
    assert browser.post(f"{HOME}1/1/enrollments/", both | {each(mother, SIZE): "小号"}).status_code == 302
    rows = Enrollment.objects.order_by("place_in_group")
    assert [row.answers for row in rows] == [
        {FOOD.words: "花生", SIZE.words: "大号"},
        {FOOD.words: "糖", SIZE.words: "小号"},
    ]
    assert len({row.together for row in rows}) == 1


def test_whoever_is_left_of_a_family_keeps_what_they_answered(client_of: ClientOf) -> None:
    make.session(questions=[SIZE])
    browser, me = the_resident(client_of)
    mother = make.resident("老母亲")
    relate(kind=RelationKind.PROXY, resident=mother, helper=me, by=system())
    alone = {"who": [str(mother.pk)], "asked": [str(me.pk), str(mother.pk)], each(mother, SIZE): "小号"}
    assert browser.post(f"{HOME}1/1/enrollments/", alone).status_code == 302
    assert Enrollment.objects.get().answers == {SIZE.words: "小号"}


def test_at_the_desk_each_of_several_is_asked(client_of: ClientOf) -> None:
    make.session(questions=[SIZE])
    staff, two = client_of("staff"), [make.resident("李孃孃"), make.resident("周孃孃")]
    sent: dict[str, Any] = {"who": two[0].name, "places": 1, "others": two[1].name, SIZE.key: "小号"}
    assert each(two[1], SIZE) in staff.post(f"{BENCH}1/1/enrollments/", sent).content.decode()
    sent |= {"asked": [str(one.pk) for one in two], each(two[0], SIZE): "小号", each(two[1], SIZE): "大号"}
    assert staff.post(f"{BENCH}1/1/enrollments/", sent).status_code == 302
    said = dict(Enrollment.objects.values_list("resident__name", "answers"))
    assert said == {"李孃孃": {SIZE.words: "小号"}, "周孃孃": {SIZE.words: "大号"}}


def test_the_desk_asks_the_same_and_so_does_the_queue(client_of: ClientOf) -> None:
    session = make.session(questions=[SIZE], places=1)
    staff = client_of("staff")
    for who, queue in ((make.resident("李孃孃"), ""), (make.resident("周孃孃"), "1")):
        sent = {"who": who.name, "places": 1, "queue": queue}
        assert staff.post(f"{BENCH}1/1/enrollments/", sent).status_code == 422
        assert staff.post(f"{BENCH}1/1/enrollments/", {**sent, SIZE.key: "小号"}).status_code == 302
        assert Enrollment.objects.get(session=session, resident=who).answers == {SIZE.words: "小号"}


def test_a_program_answers_by_the_words_and_reads_them_on_the_list(client_of: ClientOf) -> None:
    make.session(questions=ALL)
    browser, me = the_resident(client_of)
    told = browser.get("/c/nanhu/api/activities/1/1").json()["questions"]
    assert [one["words"] for one in told] == [one.words for one in ALL]
    there = "/c/nanhu/api/activities/1/1/enrollments"
    for wrong, code in (
        ({}, "Unanswered"),
        ({SIZE.words: "中号"}, "NotAnAnswer"),
        ({SIZE.words: "大号", "鞋码": "38"}, "NotAsked"),
        ({SIZE.words: "大号", FOOD.words: "花" * 121}, "TooLong"),
    ):
        refused = browser.post(there, {"answers": wrong}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    answers = {SIZE.words: "大号", CHILDREN.words: "３"}
    made = browser.post(there, {"answers": answers}, content_type="application/json")
    assert (made.status_code, made.json()["answers"]) == (201, {SIZE.words: "大号", CHILDREN.words: "3"})
    (line,) = client_of("staff").get("/c/nanhu/api/activities/1/1/roster").json()
    assert (line["resident"], line["answers"][CHILDREN.words]) == (me.number, "3")


def test_the_list_on_paper_at_the_door_and_as_a_file_holds_the_answers(client_of: ClientOf) -> None:
    session = make.session(questions=[FOOD, SIZE])
    services.enroll(
        session=session, resident=make.resident("甲"), answers={FOOD.words: "辣椒", SIZE.words: "大号"}, by=system()
    )
    services.edit(activity=session.activity, questions=[SIZE], by=system())  # what was asked before stays on the list
    services.enroll(
        session=make.again(session), resident=make.resident("乙"), answers={SIZE.words: "小号"}, by=system()
    )
    staff = client_of("staff")
    for page in ("", "roster/"):
        shown = staff.get(f"{BENCH}1/1/{page}").content.decode()
        assert "辣椒" in shown
        assert "小号" in shown
    session = make.again(session)
    rows = list(load_workbook(BytesIO(sheets.roster(session, queries.roster(session)))).active.values)  # type: ignore[union-attr]  # a workbook has a sheet
    heads = next(row for row in rows if SIZE.words in row)
    assert heads[-2:] == (SIZE.words, FOOD.words)
    assert {(row[1], *(cell or "" for cell in row[-2:])) for row in rows[rows.index(heads) + 1 :]} == {
        ("甲", "大号", "辣椒"),
        ("乙", "小号", ""),
    }


def test_answers_are_forgotten_with_the_person_and_with_a_name_in_them() -> None:
    session = make.session(questions=[FOOD])
    me, other = make.resident("张采薇"), make.resident("别人")
    for who, said in ((me, "花生"), (other, "和张采薇一起，她对花生过敏")):
        services.enroll(session=session, resident=who, answers={FOOD.words: said}, by=system())
    services.forget_notes(resident_id=me.pk, name="张采薇", instead="一位居民")
    assert Enrollment.objects.get(resident=me).answers == {}
    assert Enrollment.objects.get(resident=other).answers == {FOOD.words: "和一位居民一起，她对花生过敏"}


def test_whoever_runs_it_writes_the_questions_and_an_empty_one_is_left_out(client_of: ClientOf) -> None:
    activity = make.activity(questions=[FOOD])
    staff = client_of("staff")
    there = f"{BENCH}{activity.number}/questions/"
    assert FOOD.words in staff.get(there).content.decode()
    sent = {"words-0": "", "kind-0": "text", "choices-0": ""}
    sent |= {"words-1": "围裙尺码", "kind-1": "choice", "choices-1": "大号\n小号", "required-1": "on"}
    sent |= {"words-2": "", "kind-2": "text", "choices-2": ""}
    assert staff.post(there, sent).status_code == 302
    assert Activity.objects.get(pk=activity.pk).questions == (SIZE,)
    refused = staff.post(there, {**sent, "choices-1": "大号"})
    assert refused.status_code == 422
    assert "围裙尺码" in refused.content.decode()


def test_one_planned_like_another_asks_the_same(client_of: ClientOf) -> None:
    activity = make.activity(questions=ALL)
    details = {"title": "明年的", "place": "二楼", "kind": "workshop", "audience": "everyone", "mode": "session"}
    sent = {**details, "places": 5, "party_size": 1, "cover": "tea"}
    assert client_of("staff").post(f"{BENCH}new/?like={activity.number}", sent).status_code == 302
    assert Activity.objects.get(title="明年的").questions == tuple(ALL)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ([FOOD] * 2, AskedTwice),
        ([Question(words=str(n)) for n in range(MOST + 1)], TooManyQuestions),
        ([Question(words="选", kind=QuestionKind.CHOICE, choices=("一",))], NothingToChoose),
        ([Question(words="选", kind=QuestionKind.CHOICE, choices=("一", "一"))], NothingToChoose),
        ([Question(words="\u200b")], text.Missing),
        ([Question(words="问" * 61)], text.TooLong),
    ],
)
def test_questions_nobody_can_answer_are_refused(asked: list[Question], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make.activity(questions=asked)


def test_a_list_enrols_without_asking_and_whoever_asks_is_named_in_a_refusal() -> None:
    session = make.session(questions=[SIZE])
    services.enroll_many(session=session, residents=[make.resident("名单上的")], by=system())
    with pytest.raises(Unanswered, match="围裙尺码"):
        make.enroll(session)
    for answers, refusal in (({SIZE.words: "中号"}, NotAnAnswer), ({SIZE.words: "大号", "鞋码": "38"}, NotAsked)):
        with pytest.raises(refusal):
            services.enroll(session=session, resident=make.resident(), answers=answers, by=system())
