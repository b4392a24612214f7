"""Long work is done whole or not at all, once, for whoever asked and still may; and somebody is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.server.embedded_postgres import APP_ROLE
from weiyifang.core.web.access import ProofNeeded
from weiyifang.errands import queries, services
from weiyifang.errands.models import Errand, ErrandFile, State, Why
from weiyifang.errands.services import carrying
from weiyifang.errands.terms import kept_for
from weiyifang.errands.tests import make
from weiyifang.notices import queries as notices
from weiyifang.notices.models import Notice
from weiyifang.people import services as people
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.secrets import SEALED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture
def staff(cast: dict[str, Actor]) -> Actor:
    return cast["staff"]


def is_there() -> bool:
    """Did the work leave what it does?"""
    return Resident.objects.filter(name="新来的").exists()


def test_what_is_handed_over_is_done_once_kept_sealed_and_told_to_whoever_asked(staff: Actor) -> None:
    done = make.carried_out(make.asked(staff))
    assert (done.state, done.came, done.begun) == (State.DONE, {"count": 10}, 1)
    assert Resident.objects.filter(name="新来的").count() == 1
    kept = ErrandFile.objects.get(errand=done)
    assert bytes(kept.content).startswith(SEALED.encode())
    assert services.fetch(errand=done, by=staff).content == b"\xef\xbb\xbfa,b"
    (told,) = Notice.objects.filter(kind="errand_done")
    assert told.account_id == staff.account_id
    assert told.done_at is not None, "the file is fetched: nobody has to be reminded of it"
    assert make.carried_out(done) == done


def test_the_message_says_what_it_was(staff: Actor) -> None:
    make.carried_out(make.asked(staff))
    with translation.override("en"):
        (line,) = notices.in_words(Notice.objects.filter(kind="errand_done"))
    assert line.words == "Done: a list. The page says until when what came of it is kept."


def test_the_row_and_the_job_are_there_together_and_two_presses_are_one(staff: Actor, cast: dict[str, Actor]) -> None:
    first = make.asked(staff)
    assert make.asked(staff) == first
    assert make.asked(staff, of="somebody") != first
    assert make.asked(cast["secretary"]) != first, "another person's is another"
    assert ProcrastinateJob.objects.filter(queue_name="errands").count() == Errand.objects.count() == 3
    make.carried_out(first)
    assert make.asked(staff) != first, "once it is done it can be asked for again"


def test_nobody_fills_the_queue(staff: Actor) -> None:
    for number in range(services.asking.MOST):
        make.asked(staff, of=str(number))
    with pytest.raises(services.TooManyAtOnce):
        make.asked(staff)


def test_cancelled_in_the_queue_it_never_begins(staff: Actor) -> None:
    errand = services.cancel(errand=make.asked(staff), by=staff)
    assert errand.state == State.CANCELLED
    assert make.carried_out(errand).begun == 0
    assert not is_there()


def test_cancelled_between_two_steps_nothing_is_half_done(staff: Actor) -> None:
    errand = make.asked(staff)
    make.at_step[4] = lambda: services.cancel(errand=errand, by=staff)
    assert make.carried_out(errand).state == State.CANCELLED
    assert not is_there()
    assert not ErrandFile.objects.exists()


def test_cancelled_after_the_last_step_it_is_undone_too(staff: Actor) -> None:
    errand = make.asked(staff)
    make.at_step[9] = lambda: services.cancel(errand=errand, by=staff)
    assert make.carried_out(errand).state == State.CANCELLED
    assert not is_there()


def test_what_is_done_stays_done(staff: Actor) -> None:
    done = make.carried_out(make.asked(staff))
    assert services.cancel(errand=done, by=staff).state == State.DONE


@pytest.mark.any_lock_order
@pytest.mark.parametrize("step", [0, 9])
def test_who_loses_the_right_meanwhile_gets_neither_file_nor_effect(staff: Actor, step: int) -> None:
    errand = make.asked(staff)
    make.at_step[step] = lambda: Duty.objects.filter(account=staff.account_id).update(until=clock.now())
    failed = make.carried_out(errand)
    assert (failed.state, failed.why) == (State.FAILED, Why.NO_RIGHT)
    assert not is_there()
    assert not ErrandFile.objects.exists()


def test_who_lost_the_right_afterwards_does_not_fetch_the_file(staff: Actor) -> None:
    done = make.carried_out(make.asked(staff))
    with pytest.raises(NotAllowed):
        services.fetch(errand=done, by=replace(staff, rights={}))


def test_an_account_that_was_closed_has_no_rights(staff: Actor) -> None:
    errand = make.asked(staff)
    Account.objects.filter(name=staff.name).update(is_active=False)
    assert make.carried_out(errand).why == Why.NO_RIGHT


def test_nobody_elses_file_is_fetched_not_even_by_the_secretary(staff: Actor, cast: dict[str, Actor]) -> None:
    done = make.carried_out(make.asked(staff))
    for who in ("secretary", "supervisor", "resident"):
        with pytest.raises(NotAllowed):
            services.fetch(errand=done, by=cast[who])
    with pytest.raises(NotAllowed):
        services.cancel(errand=make.asked(staff), by=cast["secretary"])


def test_who_may_not_does_not_even_ask(cast: dict[str, Actor]) -> None:
    for who in (cast["resident"], cast["volunteer"], system()):
        with pytest.raises(NotAllowed):
            make.asked(who)


def test_numbers_ask_for_a_fresh_proof_when_it_is_asked_for_and_when_it_is_fetched(staff: Actor) -> None:
    tired = replace(staff, proof_is_old=True)
    with pytest.raises(ProofNeeded):
        make.asked(tired, sensitive=True)
    done = make.carried_out(make.asked(staff, sensitive=True))
    with pytest.raises(ProofNeeded):
        services.fetch(errand=done, by=tired)


def test_a_refusal_is_said_in_the_language_of_whoever_asked(staff: Actor) -> None:
    class NotToday(Refused):
        sentence = services.FileGone.sentence

    def refuse_in_words() -> None:
        raise NotToday()

    with translation.override("en"):
        errand = make.asked(staff)
    make.at_step[3] = refuse_in_words
    failed = make.carried_out(errand)
    assert (failed.state, failed.said) == (State.FAILED, "This file is no longer kept. Make it anew.")
    assert not is_there()


def test_what_breaks_is_tried_again_from_the_start_and_then_given_up_with_a_sentence(staff: Actor) -> None:
    errand = make.asked(staff)
    make.at_step[5] = lambda: 1 // 0
    waits = make.carried_out(errand)
    assert (waits.state, waits.begun, waits.why) == (State.WAITING, 1, Why.BROKEN)
    assert make.carried_out(errand).begun == 1, "not before a minute is over"
    for minute in range(2, 2 + carrying.MOST_BEGUN):
        with clock.at(clock.now() + timedelta(minutes=2 * minute)):
            make.carried_out(errand)
    failed = Errand.objects.get(pk=errand.pk)
    assert (failed.state, failed.begun) == (State.FAILED, carrying.MOST_BEGUN)
    assert not is_there()
    assert Notice.objects.filter(kind="errand_not_done").count() == 1


def test_a_full_disk_is_a_sentence_and_the_work_is_done_when_there_is_room(staff: Actor) -> None:
    def write_to_a_full_disk() -> None:
        with Path("/dev/full").open("w") as full:
            full.write("x")

    errand = make.asked(staff)
    make.at_step[2] = write_to_a_full_disk
    waits = make.carried_out(errand)
    assert (waits.state, waits.why) == (State.WAITING, Why.NO_ROOM)
    with translation.override("en"):
        assert "disk" in queries.line(waits).came
    make.at_step.clear()
    with clock.at(clock.now() + carrying.AGAIN):
        assert make.carried_out(errand).state == State.DONE
    assert Resident.objects.filter(name="新来的").count() == 1


def test_when_it_cannot_be_said_how_far_it_is_the_work_goes_on(staff: Actor) -> None:
    cut = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = session_user AND pid <> %s"""

    def cut_the_other_connections() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")  # a login may end its own connections, the program's role none
            cursor.execute(cut, [connection.connection.info.backend_pid])
            cursor.execute(f"SET ROLE {APP_ROLE}")

    make.at_step[3] = cut_the_other_connections
    done = make.carried_out(make.asked(staff))
    assert (done.state, done.begun) == (State.DONE, 1)


def test_what_a_dead_worker_had_begun_begins_again_and_says_so(staff: Actor) -> None:
    errand = make.asked(staff)
    Errand.objects.filter(pk=errand.pk).update(state=State.RUNNING, begun=1)  # and its worker was killed
    done = make.carried_out(errand)
    assert (done.state, done.begun) == (State.DONE, 2)


def test_what_kills_its_worker_each_time_is_given_up(staff: Actor) -> None:
    errand = make.asked(staff)
    Errand.objects.filter(pk=errand.pk).update(state=State.RUNNING, begun=carrying.MOST_BEGUN)
    failed = make.carried_out(errand)
    assert (failed.state, failed.why) == (State.FAILED, Why.STOPPED)


def test_files_go_after_seven_days_and_what_was_sought_for_with_them(staff: Actor) -> None:
    done = make.carried_out(make.asked(staff, of="陈"))
    with clock.at(clock.now() + kept_for() - timedelta(minutes=1)):
        services.forget_old()
        assert services.fetch(errand=done, by=staff).content
    with clock.at(clock.now() + kept_for() + timedelta(minutes=1)):
        with pytest.raises(services.FileGone):
            services.fetch(errand=done, by=staff)
        assert services.forget_old() == 1
    done.refresh_from_db()
    assert (done.arguments, done.state) == ({}, State.DONE), "who had what done stays"
    assert not ErrandFile.objects.exists()


def test_when_somebody_is_forgotten_no_list_that_was_made_before_names_them(
    staff: Actor, resident_of: Callable[[str], Resident]
) -> None:
    make.carried_out(make.asked(staff))
    people.erase_person(resident=resident_of("resident"), by=system())
    assert not ErrandFile.objects.exists()


def test_the_neighbours_see_and_do_nothing_of_it(staff: Actor, neighbour: Community) -> None:
    from weiyifang.core.tenancy import in_community

    errand = make.asked(staff)
    with in_community(neighbour):
        assert not Errand.objects.exists()
        carrying.carry_out(errand_id=errand.pk)
    assert Errand.objects.get(pk=errand.pk).begun == 0


def test_what_stands_still_is_named(staff: Actor) -> None:
    errand = make.asked(staff)
    assert not queries.standing_still().exists()
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert list(queries.standing_still()) == [errand]
        make.carried_out(errand)
        assert not queries.standing_still().exists()


def test_the_database_keeps_one_open_errand_of_a_kind(staff: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'errand_one_at_a_time'")
        (definition,) = cursor.fetchone()
    assert "UNIQUE" in definition
    assert "(community_id, asked_by_id, key)" in definition
