"""A key that has become known is exchanged while everybody goes on: nothing is lost, nobody comes in twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, models, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from tests.concurrency import at_once
from weiyifang.core.actors import Actor, system
from weiyifang.core.keys import Keys, Ring, new_key
from weiyifang.core.server.database import as_owner
from weiyifang.core.server.embedded_postgres import APP_ROLE
from weiyifang.core.server.jobs import enqueue, run_jobs
from weiyifang.people import rotation, services, tasks
from weiyifang.people.models import Account, ImportDraft, Resident
from weiyifang.people.rotation import Column, finders, rotate, seal_anew, sealed_columns, survey
from weiyifang.people.secrets import FindKeyField, SealedField, find_key, find_keys, opened_by, seal, unseal
from weiyifang.people.services import importing
from weiyifang.people.sms import MemorySender
from weiyifang.people.testing import CommunityClient
from weiyifang.people.tests.make import a_resident, an_id_number

PHONE, OTHER_PHONE = "+8619900001111", "+8619900002222"
NOBODYS = "WEIYIFANG_SET_BY_NOBODY"


def account_with(phone: str) -> Account | None:
    return Account.objects.filter(phone_key__in=find_keys(phone)).first()


def nothing(line: str) -> None:
    """Whom nobody listens to."""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BREATH", 0.01)


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> Keys:
    """The keys of an installation of its own."""
    settings.DATA_KEYS = Keys(NOBODYS, tmp_path / "data_keys")
    made: Keys = settings.DATA_KEYS
    return made


# --- everything is reached --------------------------------------------------------------------------------------


def every_word() -> Iterator[tuple[str, str]]:
    """(table, word) for every word of every row of every table, whatever its columns are."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT replace(encode(t::text::bytea, 'escape'), chr(92), ' ') FROM \"{table}\" AS t")
            for (row,) in cursor.fetchall():
                for word in row.translate(str.maketrans('",(){}:', "       ")).split():
                    yield table, word


def something_everywhere(staff: Actor) -> dict[str, Any]:
    """Something sealed in every way there is."""
    account = services.make_account(name="赵一鸣", phone=PHONE)
    a_resident(phone=OTHER_PHONE, id_number=an_id_number())
    browser = CommunityClient()
    browser.force_login(account)
    services.keep_draft(file_name="a.csv", content="姓名\n赵一鸣".encode(), by=staff)
    Authenticator.objects.create(user=account, type="totp", data={"secret": seal("JBSWY3DPEHPK3PXP")})
    Authenticator.objects.create(user=account, type="recovery_codes", data={"seed": seal("seed"), "used_mask": 0})
    enqueue(tasks.send_sms, sealed_phone=seal(PHONE), sealed_text=seal("您好"))
    return {"account": account, "browser": browser}


def test_everything_sealed_is_sealed_anew_and_found_anew(keys: Keys, cast: dict[str, Actor]) -> None:
    there = something_everywhere(cast["staff"])
    old = keys[0]
    before = survey()
    in_use = {column.partition(".")[0] for column in before.under(old)}
    assert in_use >= {
        "people_account", "people_resident", "people_importdraft", "django_session", "mfa_authenticator",
        "procrastinate_jobs",
    }  # fmt: skip
    rotate(keys, nothing)
    (new,) = keys
    assert new != old
    assert {key for key, _column in survey().counts} == {new}
    assert survey().counts.total() == before.counts.total()
    sealed = [(table, word) for table, word in every_word() if word.startswith("gAAAA")]
    assert len(sealed) >= 8
    assert not [(table, word) for table, word in sealed if opened_by(word) != new]
    # and all of it is what it was
    assert account_with(PHONE) == there["account"]
    assert Account.objects.get(pk=there["account"].pk).phone == PHONE
    assert Resident.objects.with_phone(OTHER_PHONE).get().id_number == an_id_number()
    assert Resident.objects.with_id_number(an_id_number()).exists()
    assert services.draft_content(ImportDraft.objects.get()).decode().endswith("赵一鸣")
    assert unseal(Authenticator.objects.get(type="totp").data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert there["browser"].get("/c/nanhu/me/").status_code in {200, 404}  # signed in: not led to sign in
    run_jobs()
    assert MemorySender.sent[-1] == (PHONE, "您好")


@pytest.fixture
def unheard_of(transactional_db: None) -> Iterator[None]:
    """A table of which the program knows nothing."""
    columns = "a text, b varchar(200), c jsonb, d json, e bytea"
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE unheard_of ({columns})")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE ON unheard_of TO {APP_ROLE}")
    yield
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("DROP TABLE unheard_of")


@pytest.mark.any_lock_order
@pytest.mark.usefixtures("unheard_of")
def test_a_column_nobody_has_thought_of_is_reached(keys: Keys) -> None:
    token = seal("秘密")
    with connection.cursor() as cursor:
        row: list[Any] = [token, token, f'{{"deep": ["{token}", 1]}}', f'["{token}"]', token.encode()]
        cursor.execute("INSERT INTO unheard_of VALUES (%s, %s, %s, %s, %s)", row)
        keys.change(Ring((new_key(), *keys)))
        assert seal_anew() == 5
        cursor.execute("SELECT a, b, c -> 'deep' ->> 0, d ->> 0, convert_from(e, 'UTF8') FROM unheard_of")
        assert {opened_by(one) for one in cursor.fetchone()} == {keys[0]}


def test_each_sealed_column_of_a_model_is_wide_enough_to_be_found(db: None) -> None:
    columns = sealed_columns()
    sealed = [
        field for model in apps.get_models() for field in model._meta.local_fields if isinstance(field, SealedField)
    ]
    assert sealed
    assert {Column(field.model._meta.db_table, str(field.column), "text") for field in sealed} <= set(columns)


def test_nothing_sealed_stands_where_rows_cannot_be_changed() -> None:
    kinds = (SealedField, FindKeyField)
    fixed = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    assert not [field for model in fixed for field in model._meta.local_fields if isinstance(field, kinds)]


def test_each_find_key_knows_its_value_and_nobody_keeps_one_another_way(db: None) -> None:
    sealed = {(column.table, column.name) for column in sealed_columns()}
    assert {(finder.table, finder.sealed) for finder in finders()} <= sealed
    by_hand = [
        f"{field.model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("weiyifang.")
        for field in model._meta.local_fields
        if isinstance(field, models.CharField) and field.max_length == 43 and not isinstance(field, FindKeyField)
    ]
    assert not by_hand, "make it a FindKeyField(of=…): an exchange of keys leaves other columns as they are"


# --- while it lasts ---------------------------------------------------------------------------------------------


@pytest.fixture
def halfway(keys: Keys, here: object) -> Keys:
    """Somebody is there under the old key; the new one seals already."""
    services.make_account(name="赵一鸣", phone=PHONE)
    a_resident(phone=PHONE, id_number=an_id_number())
    new = new_key()
    keys.change(Ring((new, *keys), new))
    return keys


def test_meanwhile_all_are_found_whichever_key_they_came_with(halfway: Keys) -> None:
    later = services.make_account(name="钱二", phone=OTHER_PHONE)
    assert later.phone_key == find_key(OTHER_PHONE)
    for phone in (PHONE, OTHER_PHONE):
        found = account_with(phone)
        assert found is not None
        assert found.phone == phone
    assert Resident.objects.with_phone(PHONE).get().name == "赵一鸣"
    content = f"姓名,身份证号\n赵一鸣,{an_id_number()}".encode()
    assert importing.preview(content).wrong or not importing.preview(content).good


def test_meanwhile_no_number_comes_in_twice(halfway: Keys) -> None:
    with pytest.raises(services.PhoneTaken):
        services.make_account(name="假的", phone=PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():  # whoever does not ask before
        Account.objects.create_user(phone=PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Resident(number=99, name="假的", id_number=an_id_number()).save()
    with pytest.raises(services.KnownNumber):
        services.import_residents(rows=[services.NewResident(name="假的", id_number=an_id_number())], by=system())
    own = Account.objects.get(name="赵一鸣")
    own.save()  # one's own is no other's
    assert own.phone_key == find_key(PHONE)


def test_outside_an_exchange_the_database_alone_keeps_numbers_apart(keys: Keys, here: object) -> None:
    services.make_account(name="赵一鸣", phone=PHONE)
    with pytest.raises(IntegrityError, match="account_phone"), transaction.atomic():
        Account.objects.create_user(phone=PHONE)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_people_come_in_through_an_exchange_and_nobody_twice(keys: Keys) -> None:
    """Three clerks make accounts for the same phones in the same order while the key is exchanged twice."""
    phones = [f"+86199000{number:05d}" for number in range(60)]
    old = keys[0]

    def come_in() -> int:
        made = 0
        for phone in phones:
            try:
                services.make_account(name="居民", phone=phone)
                made += 1
            except (services.PhoneTaken, IntegrityError):
                pass
            assert account_with(phone) is not None
        return made

    def exchange() -> int:
        rotate(keys, nothing)
        rotate(keys, nothing)
        return 0

    made = at_once(come_in, come_in, come_in, exchange)
    assert not [error for error in made if isinstance(error, BaseException)], made
    assert sum(one for one in made if isinstance(one, int)) == len(phones)
    assert sorted(account.phone for account in Account.objects.all()) == phones
    assert {key for key, _column in survey().counts} == {keys[0]} != {old}


def test_two_rows_of_one_value_are_named_and_nothing_is_destroyed(keys: Keys, here: object) -> None:
    one = services.make_account(name="赵一鸣", phone=PHONE)
    another = services.make_account(name="钱二", phone=OTHER_PHONE)
    Account.objects.filter(pk=another.pk).update(phone=PHONE)  # past the services
    old = keys[0]
    with pytest.raises(rotation.NotFinished, match="Two rows hold the same value") as told:
        rotate(keys, nothing)
    assert str(one.pk) in str(told.value) or str(another.pk) in str(told.value)
    assert PHONE not in str(told.value)
    assert old in keys
    Account.objects.filter(pk=another.pk).update(phone=OTHER_PHONE)
    rotate(keys, nothing)
    assert old not in keys


# --- whatever it was interrupted by -----------------------------------------------------------------------------


@pytest.mark.parametrize("moment", range(3))
def test_it_is_taken_up_where_it_stopped(keys: Keys, here: object, moment: int) -> None:
    a_resident(phone=PHONE)
    old, new = keys[0], new_key()
    keys.change(Ring((new, old) if moment else (old, new), new))
    if moment > 1:
        seal_anew()
        rotation.derive_anew(set())
    rotate(keys, nothing)
    assert keys.ring == Ring((new,))
    assert Resident.objects.with_phone(PHONE).get().phone == PHONE
    assert {key for key, _column in survey().counts} == {new}


def test_a_key_file_with_a_line_end_is_the_same_key_as_before(keys: Keys, here: object, settings: Settings) -> None:
    """The program once took the line's end for a part of the key, in what it sealed and in what it found by."""
    bare = keys[0]
    settings.DATA_KEYS = [bare + "\n"]
    services.make_account(name="赵一鸣", phone=PHONE)
    keys.file.write_text(bare + "\n")
    settings.DATA_KEYS = keys
    assert keys[0] == bare
    found = account_with(PHONE)
    assert found is not None
    assert found.phone == PHONE
    with pytest.raises(services.PhoneTaken):
        services.make_account(name="假的", phone=PHONE)
    services.make_account(name="钱二", phone=OTHER_PHONE)
    rotate(keys, nothing)
    assert len(keys) == 1
    for phone in (PHONE, OTHER_PHONE):
        assert account_with(phone) is not None


# --- what it says -----------------------------------------------------------------------------------------------


def test_keys_in_the_environment_are_their_owners_to_change(
    tmp_path: Path, here: object, settings: Settings, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    old, new = new_key(), new_key()

    def restarted_with(text: str) -> None:
        monkeypatch.setenv(NOBODYS, text)
        settings.DATA_KEYS = Keys(NOBODYS, tmp_path / "data_keys")

    restarted_with(old)
    a_resident(phone=PHONE)
    with pytest.raises(CommandError, match=f"{NOBODYS}=OLD,NEW"):
        call_command("keys", "rotate")
    restarted_with(f"{old},{new}")
    call_command("keys", "rotate")
    assert "put it first" in capsys.readouterr().out
    restarted_with(f"{new},{old}")
    call_command("keys", "rotate")
    assert f"Take the others out of {NOBODYS}" in capsys.readouterr().out
    restarted_with(new)
    assert Resident.objects.with_phone(PHONE).get().phone == PHONE
    call_command("keys", "status")
    said = capsys.readouterr().out
    assert "people_resident.phone 1" in said
    assert "No key here" not in said
    assert new not in said
    assert old not in said
    assert not (tmp_path / "data_keys").exists()


def test_a_new_signing_key_leaves_people_signed_in_until_the_old_one_ends(
    tmp_path: Path, here: object, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    from weiyifang.activities import codes
    from weiyifang.activities.models import Enrollment, Session

    def restarted() -> None:
        settings.SECRET_KEYS = Keys(NOBODYS, tmp_path / "secret_key")
        settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEYS

    restarted()
    account = services.make_account(name="赵一鸣", phone=PHONE)
    browser = CommunityClient()
    browser.force_login(account)
    session, enrollment = Session(), Enrollment()
    door, ticket = codes.door_code(session), codes.ticket(enrollment)
    call_command("keys", "rotate", "--sessions")
    restarted()
    assert len(django_settings.SECRET_KEY_FALLBACKS) == 1
    assert browser.get("/accounts/2fa/").status_code != 302
    assert codes.opens_door(session, door)
    assert codes.enrollment_id(ticket) == enrollment.pk
    assert codes.door_code(session) != door
    call_command("keys", "rotate", "--sessions", "--end")
    restarted()
    assert not codes.opens_door(session, door)
    assert codes.enrollment_id(ticket) is None
    assert "Start the program again" in capsys.readouterr().out


def test_whoever_is_named_in_no_job_is_named_in_no_key(keys: Keys, db: None) -> None:
    """A job's parts are sealed one by one, with what is plain left as it is."""
    enqueue(tasks.send_sms, sealed_phone=seal(PHONE), sealed_text="plain")
    rotate(keys, nothing)
    arguments = ProcrastinateJob.objects.latest("id").args
    assert unseal(arguments["sealed_phone"]) == PHONE
    assert arguments["sealed_text"] == "plain"


def test_nobody_looks_for_a_value_under_one_key_alone() -> None:
    """`phone_key=find_key(…)` misses, while keys are exchanged, whoever is kept under the other."""
    root = Path(django_settings.BASE_DIR) / "weiyifang"
    alone = []
    for file in root.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))) if "tests" not in file.parts else ():
            given = [one.value for one in call.keywords] if isinstance(call, ast.Call) else []
            names = {
                getattr(one.func, "id", "") or getattr(one.func, "attr", "")
                for one in given
                if isinstance(one, ast.Call)
            }
            if "find_key" in names:
                alone.append(str(file.relative_to(root)))
    assert not alone, "write phone_key__in=find_keys(…)"
