"""Papers about a year's hours, their check, and the roll of honour."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client

from tests.concurrency import at_once
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.volunteering import services, verify
from weiyifang.volunteering.models import Hours, YearPaper
from weiyifang.volunteering.tests import make

pytestmark = pytest.mark.usefixtures("here")
HOME = "/c/nanhu/volunteering/"


def approved(resident: Resident, *, minutes: int = 120, days: int = 1) -> Hours:
    """Hours that count."""
    row = make.hours(make.team(f"{resident.name}的队{days}"), of=resident, minutes=minutes, days=days)
    services.approve_hours(hours=[row], by=system())
    return row


def year_of(row: Hours) -> int:
    return row.came_at.astimezone(clock.now().tzinfo).year


def test_a_paper_says_what_the_books_have_and_the_same_once_more(cast: dict[str, Actor]) -> None:
    one = make.volunteer("王大爷").resident
    row = approved(one)
    year = year_of(row)
    with pytest.raises(services.NothingToWrite):
        services.issue_paper(resident=one, year=year - 1, by=cast["staff"])
    with pytest.raises(NotAllowed):
        services.issue_paper(resident=one, year=year, by=cast["resident"])
    paper = services.issue_paper(resident=one, year=year, by=cast["staff"])
    assert (paper.minutes, len(paper.code)) == (120, 22)
    assert services.issue_paper(resident=one, year=year, by=cast["staff"]) == paper
    approved(one, minutes=60, days=2)
    assert services.issue_paper(resident=one, year=year, by=cast["staff"]).minutes == 180
    assert verify.check() == []


def test_whoever_holds_a_paper_checks_it_and_reads_what_was_corrected(cast: dict[str, Actor], client: Client) -> None:
    one = make.volunteer("王大爷").resident
    row, more = approved(one), approved(one, minutes=60, days=2)
    paper = services.issue_paper(resident=one, year=year_of(row), by=cast["staff"])
    page = f"{HOME}papers/check/{paper.code}/"
    shown = client.get(page).content.decode()
    assert ("王**" in shown, "王大爷" in shown, "3 小时" in shown) == (True, False, True)
    assert "更正" not in shown
    services.take_back_hours(hours=more, reason="记错了人", by=cast["staff"])
    again = client.get(page).content.decode()
    assert ("更正" in again, "2 小时" in again, "3 小时" in again) == (True, True, True)
    other = ("x" if paper.code[0] != "x" else "y") + paper.code[1:]
    assert client.get(f"{HOME}papers/check/{other}/").status_code == 404
    assert client.get(f"{HOME}papers/check/{paper.number}/").status_code == 404
    people.mark_left(resident=one, by=system())
    assert client.get(page).status_code == 200  # the paper stays true


def test_a_name_stands_on_the_roll_only_as_long_as_it_may(cast: dict[str, Actor], client: Client) -> None:
    named, quiet = make.volunteer("愿意的", is_named=True), make.volunteer("不愿意的")
    row = approved(named.resident)
    approved(quiet.resident, minutes=60)
    page = f"{HOME}honour/"
    shown = client.get(page, {"year": str(year_of(row))}).content.decode()
    assert (">愿意的<" in shown, "不愿意的" in shown) == (True, False)
    assert "愿意的" not in client.get(page, {"year": str(year_of(row) - 1)}).content.decode()
    said: dict[str, Any] = {"volunteer": named, "skills": [], "times": [], "words": "", "by": who(named.resident)}
    services.edit_volunteer(**said, is_named=False)
    assert "愿意的" not in client.get(page).content.decode()  # at once
    services.edit_volunteer(**said, is_named=True)
    assert "愿意的" in client.get(page).content.decode()
    named.refresh_from_db()
    services.sign_off(volunteer=named, by=who(named.resident))
    assert "愿意的" not in client.get(page).content.decode()


def who(resident: Resident) -> Actor:
    return Actor(community_id=resident.community_id, resident_id=resident.pk, name=resident.name)


def test_a_volunteer_prints_their_paper_and_nobody_elses(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    me, resident, staff = resident_of("resident"), client_of("resident"), client_of("staff")
    volunteer = make.volunteer(of=me)
    row = approved(me)
    asked = {"of": f"{me.number}-{year_of(row)}", "_once": "1"}
    page = resident.post(f"{HOME}papers/", asked)["Location"]
    shown = resident.get(page).content.decode()
    paper = YearPaper.objects.get()
    assert ("2 小时" in shown, "<svg" in shown, "不是" in shown) == (True, True, True)  # says what it does not prove
    assert client_of("volunteer").get(page).status_code == 404
    other = make.volunteer("别人").resident
    assert resident.post(f"{HOME}papers/", {"of": f"{other.number}-{paper.year}", "_once": "2"}).status_code == 404
    bench = f"/c/nanhu/workbench/volunteering/volunteers/{volunteer.pk}/papers/"
    assert "2 小时" in staff.get(bench).content.decode()
    printed = staff.post(bench, {**asked, "_once": "3"})["Location"]
    assert me.name in staff.get(printed).content.decode()
    assert YearPaper.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_a_paper_at_the_same_moment_get_the_same(cast: dict[str, Actor]) -> None:
    one = make.volunteer("王大爷").resident
    year = year_of(approved(one))
    results = at_once(*[partial(services.issue_paper, resident=one, year=year, by=system()) for _number in range(3)])
    assert {one.number for one in results if isinstance(one, YearPaper)} == {YearPaper.objects.get().number}, results


@pytest.mark.any_lock_order
def test_verify_names_a_paper_that_was_written_over(cast: dict[str, Actor]) -> None:
    one = make.volunteer("王大爷").resident
    paper = services.issue_paper(resident=one, year=year_of(approved(one)), by=system())
    YearPaper.objects.filter(pk=paper.pk).update(minutes=6_000)
    assert {fault.check for fault in verify.check()} == {"volunteering.papers"}
