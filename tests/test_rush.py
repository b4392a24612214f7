"""Two hundred neighbours at the same moment: signed in, over HTTP, against the server as it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from tests.database import this_database
from tests.processes import up
from weiyifang.activities.models import Enrollment, Session
from weiyifang.activities.tests import make
from weiyifang.capacity.models import Claim
from weiyifang.communities.models import Community
from weiyifang.core.actors import system
from weiyifang.core.models import TimelineEntry
from weiyifang.people import services as people
from weiyifang.people.models import Account, Resident
from weiyifang.people.testing import CommunityClient

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NEIGHBOURS, SEATS = 200, 21


def neighbours(count: int) -> tuple[list[Resident], list[str]]:
    """Residents with an account, and the cookie each is signed in with."""
    accounts = [
        Account.objects.create_user(name=f"居民{n}", phone=f"+861990003{n:04}", phone_verified=True)
        for n in range(count)
    ]
    rows = [people.NewResident(name=account.name) for account in accounts]
    residents = people.import_residents(rows=rows, by=system())
    for resident, account in zip(residents, accounts, strict=True):
        resident.account = account
    Resident.objects.bulk_update(residents, ["account"])
    return residents, [signed_in(account) for account in accounts]


def signed_in(account: Account) -> str:
    browser = CommunityClient()
    browser.force_login(account)
    return f"sessionid={browser.cookies['sessionid'].value}"


Answer = tuple[int, dict[str, str]]


def ask(port: int, session: Session, cookie: str, key: str = "") -> Answer:
    """Enrol oneself as a program does: the status, and what was answered."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/c/nanhu/api/activities/{session.activity.number}/{session.number}/enrollments",
        data=b"{}",
        headers={"Cookie": cookie, "Content-Type": "application/json", "Accept-Language": "en"}
        | ({"Idempotency-Key": key} if key else {}),
    )
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def ask_at_once(port: int, session: Session, cookies: Sequence[str], keys: Sequence[str] = ()) -> list[Answer]:
    """Everybody in a thread of their own, all let go at the same moment."""
    answers: list[Answer] = [(0, {})] * len(cookies)
    gate = threading.Barrier(len(cookies))

    def one(place: int) -> None:
        gate.wait()
        answers[place] = ask(port, session, cookies[place], keys[place] if keys else "")

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(cookies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def stand(session: Session) -> tuple[int, int, int, int]:
    """Enrolments, places taken, claims, and what the timeline tells."""
    pool = make.pool(session)
    claims = Claim.objects.filter(pool=pool, state="taken").count()
    told = TimelineEntry.objects.filter(verb="EnrollmentConfirmed").count()
    return Enrollment.objects.for_session(session).live().count(), pool.taken, claims, told


def verify(database: str) -> None:
    """`weiyifang verify`, which recomputes every promise from the rows."""
    command = [sys.executable, "-m", "weiyifang", "verify"]
    done = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": database}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_hundred_ask_at_once_and_twenty_one_get_a_seat(here: Community) -> None:
    session = make.session(places=SEATS)
    residents, cookies = neighbours(NEIGHBOURS)
    database = this_database()
    connections.close_all()
    with up(Path(settings.VAR_DIR), database, workers=2, WEIYIFANG_DEMO="1") as server:
        answers = ask_at_once(server.port, session, cookies)
        assert Counter(status for status, _said in answers) == {201: SEATS, 409: NEIGHBOURS - SEATS}
        refusals = [said for status, said in answers if status == 409]
        assert {said["code"] for said in refusals} == {"SessionFull"}
        assert all(said["detail"] for said in refusals)
        assert stand(session) == (SEATS, SEATS, SEATS, SEATS)
        got = {resident.pk for resident, (status, _said) in zip(residents, answers, strict=True) if status == 201}
        assert set(Enrollment.objects.values_list("resident_id", flat=True)) == got
        verify(database)


def test_the_same_key_sent_twice_at_once_is_one_enrolment_and_one_answer(here: Community) -> None:
    session = make.session(places=SEATS)
    _residents, cookies = neighbours(SEATS)
    database = this_database()
    connections.close_all()
    with up(Path(settings.VAR_DIR), database, workers=2, WEIYIFANG_DEMO="1") as server:
        answers = ask_at_once(server.port, session, cookies * 2, [f"key-{n}" for n in range(SEATS)] * 2)
        assert Counter(status for status, _said in answers) == {201: 2 * SEATS}
        assert answers[:SEATS] == answers[SEATS:]
        assert stand(session) == (SEATS, SEATS, SEATS, SEATS)
        verify(database)
