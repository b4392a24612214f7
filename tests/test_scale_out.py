"""`weiyifang scale-out --shape-only`: the tables as a cluster wants them, on one PostgreSQL."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from tests.database import administrator, copy_template, drop_database, use
from weiyifang.communities.models import Community
from weiyifang.core.server import database
from weiyifang.organizations.models import Organization
from weiyifang.people import doors
from weiyifang.people.models import Household

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = """SELECT conrelid::regclass::text, conname, contype::text, condeferrable, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype IN ('p', 'f', 'u')"""


@pytest.fixture
def apart(here: Community) -> Iterator[None]:
    """A database of its own with the same community in it."""
    ours = connection.settings_dict["NAME"]
    fresh = f"{ours}_shape"
    with administrator() as admin:
        drop_database(admin, fresh)
        copy_template(admin, fresh)
    use(fresh)
    try:
        Community.objects.bulk_create([here])
        yield
    finally:
        use(ours)
        with administrator() as admin:
            drop_database(admin, fresh)


def scale_out() -> str:
    out = io.StringIO()
    call_command("scale-out", shape_only=True, stdout=out)
    return out.getvalue()


def asked(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_every_key_names_the_community_and_none_waits(here: Community, apart: None) -> None:
    before = {row[:3] for row in asked(KEYS)}
    scale_out()
    after = asked(KEYS)
    assert {row[:3] for row in after} == before, "names stay, for migrations drop by name"
    by_name = {name: (waits, words) for _table, name, _kind, waits, words in after}
    assert by_name["people_resident_pkey"] == (False, "PRIMARY KEY (community_id, id)")
    assert by_name["people_account_pkey"] == (False, "PRIMARY KEY (id)")
    assert not [name for name, (waits, words) in by_name.items() if waits and "communities_community" in words]
    assert scale_out() == "All tables have the shape already.\n"


def test_the_program_goes_on_and_rights_stay(here: Community, apart: None) -> None:
    """Among what it does is a GROUP BY of rows, which needs more than the id now."""
    door = Household.objects.create(compound="桂苑", building="1", unit="1", door="101")
    scale_out()
    assert not database.problems(connection)
    door.door = "102"
    door.save()
    assert [(row.door, row.people) for row in doors.households()] == [("102", 0)]  # type: ignore[attr-defined]  # annotated
    assert not list(Organization.objects.with_member_count())
    with pytest.raises(IntegrityError):
        Household.objects.bulk_create([Household(id=door.id, community=here, compound="桂苑", building="2", door="1")])


def test_only_the_shape_can_be_made_so_far() -> None:
    with pytest.raises(CommandError, match="scale-out --shape-only"):
        call_command("scale-out")


def test_nothing_is_changed_before_the_database_is_up_to_date(here: Community, apart: None) -> None:
    with database.as_owner(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'news'")
    before = asked(KEYS)
    with pytest.raises(CommandError, match="weiyifang migrate"):
        scale_out()
    assert asked(KEYS) == before
