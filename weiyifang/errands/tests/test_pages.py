"""The page of long work: how far it is, without a script; what came of it, for whoever asked and nobody else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import override_settings
from openpyxl import load_workbook

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.models import TimelineEntry
from weiyifang.errands import services
from weiyifang.errands.models import Errand, State
from weiyifang.errands.tests import make
from weiyifang.people import services as people
from weiyifang.people.models import ImportDraft, Resident
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
BENCH = "/c/nanhu/workbench/errands/"


@pytest.fixture
def running(cast: dict[str, Actor]) -> Errand:
    errand = make.asked(cast["staff"])
    Errand.objects.filter(pk=errand.pk).update(state=State.RUNNING, begun=1, done=8_000, total=22_000)
    return errand


def shown(response: Any) -> str:
    return str(response.content.decode())


def test_while_it_is_under_way_the_page_says_how_far_and_loads_itself_anew(
    client_of: ClientOf, running: Errand
) -> None:
    page = client_of("staff").get(f"{BENCH}{running.pk}/", headers={"Accept-Language": "en"})
    assert "8,000 of 22,000" in shown(page)
    assert "<title>36% ·" in shown(page)
    assert page.headers["Refresh"] == "3"
    assert 'role="status"' in shown(page)


def test_who_reads_it_aloud_can_have_it_stand_still(client_of: ClientOf, running: Errand) -> None:
    assert "Refresh" not in client_of("staff").get(f"{BENCH}{running.pk}/?still=1").headers


def test_nobody_stays_signed_in_for_ever_before_work_that_does_not_end(client_of: ClientOf, running: Errand) -> None:
    Errand.objects.filter(pk=running.pk).update(asked_at=clock.now() - timedelta(hours=2))
    assert "Refresh" not in client_of("staff").get(f"{BENCH}{running.pk}/").headers


def test_what_is_over_is_not_loaded_anew(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    done = make.carried_out(make.asked(cast["staff"]))
    page = client_of("staff").get(f"{BENCH}{done.pk}/")
    assert "Refresh" not in page.headers
    assert "10 rows" in shown(page)


def test_others_see_who_is_running_what_and_nothing_of_what_is_in_it(
    client_of: ClientOf, running: Errand, cast: dict[str, Actor]
) -> None:
    for who in ("secretary", "supervisor"):
        assert client_of(who).get(f"{BENCH}{running.pk}/").status_code == 404
        listed = shown(client_of(who).get(BENCH))
        assert cast["staff"].name in listed
        assert "8,000" in listed
        assert "everybody" not in listed
    assert cast["staff"].name not in shown(client_of("accountant").get(BENCH)).partition("<main")[2]


def test_the_day_of_the_secretary_names_what_stands_still(client_of: ClientOf, running: Errand) -> None:
    day = "/c/nanhu/workbench/"
    assert BENCH not in shown(client_of("secretary").get(day)).partition("<main")[2]
    Errand.objects.filter(pk=running.pk).update(moved_at=clock.now() - timedelta(minutes=11))
    assert BENCH in shown(client_of("secretary").get(day)).partition("<main")[2]
    assert BENCH not in shown(client_of("staff").get(day)).partition("<main")[2]


def test_the_file_is_saved_and_that_it_was_fetched_stays_known(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    done = make.carried_out(make.asked(cast["staff"]))
    answer = client_of("staff").post(f"{BENCH}{done.pk}/file/")
    assert b"".join(answer.streaming_content) == b"\xef\xbb\xbfa,b"  # type: ignore[attr-defined]  # it is a stream
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert TimelineEntry.objects.filter(verb="ErrandFileFetched").count() == 1
    assert client_of("secretary").post(f"{BENCH}{done.pk}/file/").status_code == 404


def test_what_failed_can_be_asked_for_once_more(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    failed = services.cancel(errand=make.asked(cast["staff"]), by=cast["staff"])
    client_of("staff").post(f"{BENCH}{failed.pk}/again/")
    again = Errand.objects.latest("id")
    assert again.pk != failed.pk
    assert make.carried_out(again).state == State.DONE


# --- the register ----------------------------------------------------------------------------------------------


@override_settings(AT_ONCE=3)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_register_is_handed_over_and_a_short_one_is_saved_at_once(
    client_of: ClientOf, cast: dict[str, Actor], form: str
) -> None:
    export = "/c/nanhu/workbench/residents/export/"
    for number in range(6):
        a_resident(f"欧阳{number}")
    short = client_of("staff").post(f"{export}?q=欧阳1", {"form": form})
    assert "attachment" in short.headers["Content-Disposition"]
    assert not Errand.objects.exists()
    answer = client_of("staff").post(f"{export}?q=欧阳", {"form": form})
    errand = Errand.objects.get()
    assert answer.headers["Location"] == f"{BENCH}{errand.pk}/"
    assert TimelineEntry.objects.filter(verb="ResidentsExported").count() == 1, "noted when there is a file, not before"
    done = make.carried_out(errand)
    assert done.came == {"count": 6}
    assert TimelineEntry.objects.filter(verb="ResidentsExported").count() == 2
    content = services.fetch(errand=done, by=cast["staff"]).content
    if form == "csv":
        assert content.decode("utf-8-sig").count("欧阳") == 6
    else:
        sheet = load_workbook(BytesIO(content)).worksheets[0]
        assert [row[1].value for row in list(sheet.rows)[1:]] == [f"欧阳{number}" for number in range(6)]


TABLE = "姓名,出生日期\n" + "".join(f"钱{n},196{n}-05-06\n" for n in range(6)) + "孙一,昨天\n"


@pytest.fixture
def draft(cast: dict[str, Actor]) -> ImportDraft:
    return people.keep_draft(file_name="a.csv", content=TABLE.encode(), people=7, by=cast["staff"])


@override_settings(AT_ONCE=3)
def test_a_long_import_is_handed_over_and_says_what_came_of_it(client_of: ClientOf, draft: ImportDraft) -> None:
    preview, before = f"/c/nanhu/workbench/residents/import/{draft.pk}/", Resident.objects.count()
    for _press in range(2):
        answer = client_of("staff").post(preview)
        errand = Errand.objects.get()
        assert answer.headers["Location"] == f"{BENCH}{errand.pk}/"
    assert Resident.objects.count() == before
    done = make.carried_out(errand)
    assert (done.state, done.came["count"]) == (State.DONE, 6)
    assert Resident.objects.count() == before + 6
    page = shown(client_of("staff").get(f"{BENCH}{errand.pk}/"))
    assert f"/c/nanhu/workbench/residents/import/{done.came['rest']}/" in page, "to the row that is left to correct"


@override_settings(AT_ONCE=3)
def test_a_file_that_is_thrown_away_meanwhile_puts_nobody_on_the_register(
    client_of: ClientOf, draft: ImportDraft, cast: dict[str, Actor]
) -> None:
    before = Resident.objects.count()
    client_of("staff").post(f"/c/nanhu/workbench/residents/import/{draft.pk}/")
    people.drop_draft(draft=draft, by=cast["staff"])
    failed = make.carried_out(Errand.objects.get())
    assert (failed.state, failed.said) == (State.FAILED, str(people.DraftDone()))
    assert Resident.objects.count() == before


def test_a_short_import_is_done_at_once(client_of: ClientOf, draft: ImportDraft) -> None:
    client_of("staff").post(f"/c/nanhu/workbench/residents/import/{draft.pk}/")
    assert not Errand.objects.exists()
    assert Resident.objects.filter(name="钱1").exists()
