"""What is written down about tables and the API is what there is."""

from __future__ import annotations

import html

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from weiyifang.communities.models import Community
from weiyifang.core.management.commands.snapshot import snapshot


def test_the_api_is_what_was_written_down() -> None:
    written = (settings.BASE_DIR / "docs" / "openapi.json").read_text("utf-8")
    assert snapshot() == written, "look at the change of the API, then: make snapshot"


def test_no_address_of_the_api_names_a_community() -> None:
    assert "/c/" not in snapshot()


@pytest.mark.django_db
def test_the_page_for_programmers_tells_of_everything_there_is(here: Community, client: Client) -> None:
    page = html.unescape(client.get(f"{here.home_url}api/docs/").content.decode())
    schema = client.get(f"{here.home_url}api/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            assert f"{method.upper()} {path}" in page
            assert told["description"] in page, f"{method} {path} says nothing of itself"
            assert all(f"<dt>{one['name']}</dt>" in page for one in told.get("parameters", []))
    for name in ("seats.free", "income[].fen", "amount_fen", "nonce"):
        assert f"<dt>{name}</dt>" in page


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
