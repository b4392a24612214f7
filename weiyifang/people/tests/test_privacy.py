"""Consent with versions, who looked, everything held on me, being forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from tests.concurrency import at_once
from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.people import privacy, queries, services, tasks, verify
from weiyifang.people.models import (
    NEUTRAL_NAME,
    Account,
    Consent,
    ConsentText,
    Duty,
    ErasureReason,
    ErasureRequest,
    Purpose,
    ReadReason,
    RelationKind,
    Resident,
    SensitiveRead,
)
from weiyifang.people.queries import SHOWN_FOR
from weiyifang.people.secrets import SEALED, unseal_bytes
from weiyifang.people.terms import time_to_think
from weiyifang.people.testing import ClientOf, CommunityClient
from weiyifang.people.tests.make import HOME, a_resident, an_id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
ResidentOf = Callable[[str], Resident]


@pytest.fixture
def photos() -> ConsentText:
    services.publish_standard_texts(by=system())
    return queries.current_texts()[Purpose.PHOTOS]


def test_our_wording_is_published_once(photos: ConsentText) -> None:
    assert set(queries.current_texts()) == set(Purpose)
    assert services.publish_standard_texts(by=system()) == []


def test_a_yes_belongs_to_the_words_it_was_given_to(
    photos: ConsentText, cast: dict[str, Actor], resident_of: ResidentOf
) -> None:
    resident = resident_of("resident")
    given = services.give_consent(resident=resident, text=photos, by=cast["resident"])
    with pytest.raises(services.ConsentStands):
        services.give_consent(resident=resident, text=photos, by=cast["resident"])
    newer = services.publish_consent_text(purpose=Purpose.PHOTOS, text="换了说法", by=cast["secretary"])
    assert newer.version == photos.version + 1
    (asked,) = [asked for asked in queries.consents_of(resident)[resident.pk] if asked.purpose == Purpose.PHOTOS]
    assert asked.is_outdated
    assert queries.has_consented(resident.pk, Purpose.PHOTOS)
    with pytest.raises(services.OldWording):
        services.give_consent(resident=resident, text=photos, by=cast["resident"])
    services.give_consent(resident=resident, text=newer, by=cast["resident"])
    given.refresh_from_db()
    assert given.withdrawn_at
    assert given.text == photos


def test_a_yes_is_taken_back_at_any_time(photos: ConsentText, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    consent = services.give_consent(resident=resident_of("resident"), text=photos, by=cast["resident"])
    with pytest.raises(NotAllowed):
        services.withdraw_consent(consent=consent, by=cast["volunteer"])
    services.withdraw_consent(consent=consent, by=cast["resident"])
    assert not queries.has_consented(resident_of("resident").pk, Purpose.PHOTOS)
    with pytest.raises(services.ConsentOver):
        services.withdraw_consent(consent=consent, by=cast["resident"])


def test_a_guardian_agrees_for_a_child_and_nobody_else_does(
    photos: ConsentText, cast: dict[str, Actor], resident_of: ResidentOf
) -> None:
    child = a_resident("小宝", born_on=date(2020, 1, 1))
    with pytest.raises(NotAllowed):
        services.give_consent(resident=child, text=photos, by=cast["volunteer"])
    services.relate(resident=child, helper=resident_of("volunteer"), kind=RelationKind.GUARDIAN, by=cast["staff"])
    services.give_consent(resident=child, text=photos, by=cast["volunteer"])
    assert Consent.objects.get().resident == child


def test_words_without_a_change_or_without_words_are_no_version(photos: ConsentText, cast: dict[str, Actor]) -> None:
    with pytest.raises(services.SameWords):
        services.publish_consent_text(purpose=Purpose.PHOTOS, text=photos.text, by=cast["secretary"])
    with pytest.raises(services.NoWords):
        services.publish_consent_text(purpose=Purpose.PHOTOS, text="  ", by=cast["secretary"])
    with pytest.raises(NotAllowed):
        services.publish_consent_text(purpose=Purpose.PHOTOS, text="x", by=cast["staff"])


def test_numbers_are_shown_for_five_minutes_to_the_one_who_said_why(
    cast: dict[str, Actor], resident_of: ResidentOf
) -> None:
    read = services.read_sensitive(
        resident=resident_of("resident"), fields=("phone",), reason=ReadReason.EMERGENCY, by=cast["staff"]
    )
    assert services.reveal(read=read, by=cast["staff"]) == {"phone": "+8619900009001"}
    with pytest.raises(NotAllowed):
        services.reveal(read=read, by=cast["secretary"])
    with clock.at(read.at + SHOWN_FOR + timedelta(seconds=1)), pytest.raises(services.LookAgain):
        services.reveal(read=read, by=cast["staff"])
    (look,) = queries.who_looked(resident_of("resident"))
    assert (look.reader.name, look.fields_read, look.reason) == ("周敏", "phone", ReadReason.EMERGENCY)


@pytest.mark.parametrize("key", ["resident", "volunteer", "leader", "accountant", "supervisor", "street_officer"])
def test_others_do_not_get_to_look(key: str, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    with pytest.raises(NotAllowed):
        services.read_sensitive(
            resident=resident_of("resident"), fields=("phone",), reason=ReadReason.CALL, by=cast[key]
        )
    assert not SensitiveRead.objects.exists()


def test_a_reason_is_one_of_the_reasons(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    for reason in ("", "curious"):
        with pytest.raises(services.ReasonMissing):
            services.read_sensitive(
                resident=resident_of("resident"), fields=("phone",), reason=reason, by=cast["staff"]
            )


def test_the_export_holds_everything(photos: ConsentText, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    resident = resident_of("volunteer")
    services.update_resident(resident=resident, id_number=an_id_number("99010019880621001"), by=cast["staff"])
    services.give_consent(resident=resident, text=photos, by=cast["volunteer"])
    services.relate(resident=resident, helper=resident_of("resident"), kind=RelationKind.CONTACT, by=cast["volunteer"])
    services.read_sensitive(resident=resident, fields=("phone",), reason=ReadReason.CALL, by=cast["staff"])
    held = privacy.as_json(resident_of("volunteer"))
    text = json.dumps(held, ensure_ascii=False)
    for fact in ("罗小军", "199 0000 9002", an_id_number("99010019880621001"), "1988-06-21", "7 栋", "陈桂芳", "周敏"):
        assert fact in text, fact
    assert photos.text in text
    assert {"register", "account", "relations", "consents", "duties", "looks", "sessions", "history"} <= set(held)
    assert held["duties"]
    assert held["history"]


def test_what_other_packages_hold_is_in_the_export(resident_of: ResidentOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_collectors", [])
    privacy.exports_with("songs", "Songs", "What is sung.", lambda resident: [{"sung": resident.name}])
    assert privacy.as_json(resident_of("resident"))["songs"] == [{"sung": "陈桂芳"}]


SEALED_TEXT = re.compile(rf"{SEALED}[\w=-]{{60,}}")


def everything_stored() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, by table; bytes as the text they hold, and what is sealed as what it hides."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    text = bytes(value).decode("latin-1") if isinstance(value, memoryview) else str(value)
                    yield table, text
                    for token in SEALED_TEXT.findall(text):
                        yield table, unseal_bytes(token.encode()).decode("latin-1")


def tables_that_hold(*secrets: str) -> set[str]:
    spellings = [
        s for secret in secrets for s in (secret, json.dumps(secret).strip('"'), secret.encode().decode("latin-1"))
    ]
    return {table for table, text in everything_stored() if any(spelling in text for spelling in spellings)}


def live_a_little(browser: CommunityClient, staff: CommunityClient, number: int, key: str) -> None:
    """Leave traces wherever these pages leave any."""

    def post(client: CommunityClient, route: str, **data: Any) -> None:
        client.post(f"/c/nanhu/{route}", {"_once": str(uuid4()), **data})

    browser.get("/c/nanhu/me/details/")
    post(browser, "me/relations/", kind="proxy", name="罗小军", phone="199 0000 9002")
    post(staff, f"workbench/residents/{number}/details/", name="陈桂芳", gender="f", born_on="1951-03-09")
    post(staff, f"workbench/residents/{number}/details/", name="陈桂芳", phone="12")  # refused, typed in vain
    post(staff, f"workbench/residents/{number}/numbers/", fields_read="phone", reason=ReadReason.CALL)
    file = "姓名,手机\n陈桂芳,19900009001\n".encode()
    staff.post("/c/nanhu/workbench/residents/import/", {"_once": key, "file": SimpleUploadedFile("a.csv", file)})
    staff.get("/c/nanhu/api/people/residents?q=陈")


def test_after_being_forgotten_no_table_holds_the_name(
    client_of: ClientOf, cast: dict[str, Actor], accounts: dict[str, Account], resident_of: ResidentOf
) -> None:
    resident = resident_of("resident")
    services.publish_standard_texts(by=system())
    text = queries.current_texts()[Purpose.PHOTOS]
    services.give_consent(resident=resident, text=text, by=cast["resident"])
    live_a_little(client_of("resident"), client_of("staff"), resident.number, "import")
    secrets = ("陈桂芳", "19900009001", "199 0000 9001", "1951-03-08", "1951-03-09")
    assert tables_that_hold("陈桂芳") >= {"people_account", "people_resident"}
    before = Resident.objects.count(), Consent.objects.count(), SensitiveRead.objects.count()

    services.ask_erasure(resident=resident, by=cast["resident"])
    assert services.erase_due() == 0
    with clock.at(clock.now() + time_to_think()):
        tasks.erase_due()
        tasks.forget_drafts()  # as every night: what staff uploaded and never said yes to

    assert tables_that_hold(*secrets) == set()
    assert (Resident.objects.count(), Consent.objects.count(), SensitiveRead.objects.count()) == before
    forgotten = Resident.objects.get(pk=resident.pk)
    assert (forgotten.name, forgotten.number, forgotten.household) == (NEUTRAL_NAME, resident.number, None)
    account = accounts["resident"]
    account.refresh_from_db()
    assert not account.is_active
    assert not account.has_usable_password()
    assert client_of("resident").get("/c/nanhu/me/details/").status_code in {302, 404}
    with pytest.raises(services.Forgotten):
        services.update_resident(resident=forgotten, name="陈桂芳", by=system())


def test_the_wish_can_be_taken_back_in_time(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    services.ask_erasure(resident=resident_of("resident"), by=cast["resident"])
    with pytest.raises(services.ErasureStands):
        services.ask_erasure(resident=resident_of("resident"), by=cast["resident"])
    services.take_back_erasure(resident=resident_of("resident"), by=cast["resident"])
    with clock.at(clock.now() + time_to_think()):
        assert services.erase_due() == 0
    with pytest.raises(services.NothingToTakeBack):
        services.take_back_erasure(resident=resident_of("resident"), by=cast["resident"])


class TestTheDeskForgets:
    """One asks, another confirms, three days pass; until then each of them and the person can stop it."""

    def test_not_at_once_and_not_alone(self, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
        resident = resident_of("resident")
        services.ask_erasure_of(resident=resident, reason=ErasureReason.DESK, by=cast["staff"])
        with clock.at(clock.now() + time_to_think() * 9):
            assert services.erase_due() == 0
        with pytest.raises(services.SecondPersonNeeded):
            services.confirm_erasure(resident=resident, by=cast["staff"])
        asked = services.confirm_erasure(resident=resident, by=cast["secretary"])
        with pytest.raises(services.ErasureConfirmedAlready):
            services.confirm_erasure(resident=resident, by=cast["secretary"])
        assert asked.due_at is not None
        with clock.at(asked.due_at - timedelta(seconds=1)):
            assert services.erase_due() == 0
        with clock.at(asked.due_at):
            assert services.erase_due() == 1
        facts = list(timeline.of(source_of(resident)).values_list("verb", flat=True))
        assert facts[:3] == ["PersonErased", "ErasureConfirmed", "ErasureAsked"]

    def test_nobody_at_the_desk_erases_by_themselves(self, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
        for who in ("staff", "secretary", "resident"):
            with pytest.raises(NotAllowed):
                services.erase_person(resident=resident_of("resident"), by=cast[who])

    @pytest.mark.parametrize("who", ["staff", "secretary", "resident"])
    @pytest.mark.parametrize("confirmed", [False, True])
    def test_each_of_them_takes_it_back(
        self, who: str, confirmed: bool, cast: dict[str, Actor], resident_of: ResidentOf
    ) -> None:
        resident = resident_of("resident")
        services.ask_erasure_of(resident=resident, reason=ErasureReason.TWICE, by=cast["staff"])
        if confirmed:
            services.confirm_erasure(resident=resident, by=cast["secretary"])
        services.take_back_erasure(resident=resident, by=cast[who])
        with pytest.raises(services.NothingToConfirm):
            services.confirm_erasure(resident=resident, by=cast["secretary"])
        with clock.at(clock.now() + time_to_think()):
            assert services.erase_due() == 0

    def test_a_wish_of_their_own_is_theirs(self, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
        services.ask_erasure(resident=resident_of("resident"), by=cast["resident"])
        for who in ("staff", "volunteer"):
            with pytest.raises(NotAllowed):
                services.take_back_erasure(resident=resident_of("resident"), by=cast[who])
        with pytest.raises(services.ErasureConfirmedAlready):
            services.confirm_erasure(resident=resident_of("resident"), by=cast["staff"])
        with pytest.raises(services.ErasureStands):
            services.ask_erasure_of(resident=resident_of("resident"), reason=ErasureReason.DIED, by=cast["staff"])

    def test_why_is_one_of_the_reasons(self, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
        for reason in ("", "annoying", ErasureReason.WISH):
            with pytest.raises(services.ErasureReasonMissing):
                services.ask_erasure_of(resident=resident_of("resident"), reason=reason, by=cast["staff"])

    def test_who_works_at_the_desk_and_lives_here_is_neither_of_the_two_for_themselves(
        self, cast: dict[str, Actor], accounts: dict[str, Account]
    ) -> None:
        own = a_resident("周敏", phone="199 0000 9004")
        services.link_account(resident=own, account=accounts["staff"], by=system())
        with pytest.raises(services.OwnErasure):
            services.ask_erasure_of(resident=own, reason=ErasureReason.DESK, by=cast["staff"])
        with pytest.raises(services.DutiesFirst):
            services.ask_erasure_of(resident=own, reason=ErasureReason.DESK, by=cast["secretary"])

    def test_verify_names_what_was_confirmed_past_the_services(
        self, cast: dict[str, Actor], resident_of: ResidentOf
    ) -> None:
        asked = services.ask_erasure_of(resident=resident_of("resident"), reason=ErasureReason.DESK, by=cast["staff"])
        assert verify.check() == []
        now, somebody = clock.now(), cast["secretary"].account_id
        ErasureRequest.objects.filter(pk=asked.pk).update(confirmed_by=somebody, confirmed_at=now, due_at=now)
        assert [(fault.check, fault.where) for fault in verify.check()] == [("people.erasures", source_of(asked))]

    def test_the_database_refuses_one_person_alone_and_what_nobody_confirmed(
        self, cast: dict[str, Actor], resident_of: ResidentOf
    ) -> None:
        asked = services.ask_erasure_of(resident=resident_of("resident"), reason=ErasureReason.DESK, by=cast["staff"])
        rows, now = ErasureRequest.objects.filter(pk=asked.pk), clock.now()
        for wrong in (
            {"confirmed_by": asked.asked_by_id, "confirmed_at": now, "due_at": now},
            {"due_at": now},
            {"done_at": now},
            {"reason": ErasureReason.WISH},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**wrong)


def until_somebody_waits() -> None:
    """Until another connection to this database waits for a lock."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE datname = current_database() AND NOT granted)"
            )
            if cursor.fetchall()[0][0]:
                return
        sleep(0.05)
    raise AssertionError("nobody came")


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_confirm_at_once_and_it_is_confirmed_once(
        self, cast: dict[str, Actor], accounts: dict[str, Account], resident_of: ResidentOf
    ) -> None:
        resident = resident_of("resident")
        services.ask_erasure_of(resident=resident, reason=ErasureReason.DESK, by=cast["staff"])

        colleague = replace(cast["secretary"], account_id=accounts["leader"].pk)

        def confirm(by: Actor) -> str:
            try:
                services.confirm_erasure(resident=resident, by=by)
            except services.ErasureConfirmedAlready:
                return "second"
            return "first"

        assert sorted(map(str, at_once(partial(confirm, cast["secretary"]), partial(confirm, colleague)))) == [
            "first",
            "second",
        ]
        assert list(timeline.of(source_of(resident)).values_list("verb", flat=True)).count("ErasureConfirmed") == 1

    def test_who_takes_it_back_while_the_job_looks_stays(self, cast: dict[str, Actor], resident_of: ResidentOf) -> None:
        """The job has read that the wish is due, and waits for the row: what was taken back meanwhile is not done."""
        resident = resident_of("resident")
        asked = services.ask_erasure(resident=resident, by=cast["resident"])
        assert asked.due_at is not None
        later, held = asked.due_at, Event()

        def take_back() -> None:
            with transaction.atomic():
                services.take_back_erasure(resident=resident, by=cast["resident"])
                held.set()
                until_somebody_waits()

        def job() -> int:
            held.wait(20)
            with clock.at(later):
                return services.erase_due()

        assert at_once(take_back, job) == [None, 0]
        assert resident_of("resident").name == "陈桂芳"


def test_a_duty_must_end_before_its_holder_is_forgotten(cast: dict[str, Actor], resident_of: ResidentOf) -> None:
    with pytest.raises(services.DutiesFirst):
        services.ask_erasure(resident=resident_of("volunteer"), by=cast["volunteer"])
    services.end_duty(duty=Duty.objects.get(account_id=str(cast["volunteer"].account_id)), by=cast["secretary"])
    services.ask_erasure(resident=resident_of("volunteer"), by=cast["volunteer"])


def test_an_account_that_lives_elsewhere_too_lives_on(
    neighbour: Any, accounts: dict[str, Account], resident_of: ResidentOf
) -> None:
    with in_community(neighbour):
        services.link_account(resident=a_resident(address=HOME), account=accounts["resident"], by=system())
    services.erase_person(resident=resident_of("resident"), by=system())
    accounts["resident"].refresh_from_db()
    assert accounts["resident"].is_active
    assert accounts["resident"].name == "陈桂芳"


def test_the_past_acts_of_somebody_forgotten_are_acts_of_nobody(
    cast: dict[str, Actor], resident_of: ResidentOf
) -> None:
    elder = resident_of("resident")
    services.relate(resident=elder, helper=resident_of("volunteer"), kind=RelationKind.PROXY, by=cast["resident"])
    services.erase_person(resident=elder, by=system())
    entries = list(timeline.of(source_of(elder)))
    assert {entry.actor_name for entry in entries} <= {"", "本系统"}
