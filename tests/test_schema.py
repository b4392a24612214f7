"""What is written down about tables and the API is what there is."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command

from weiyifang.core.management.commands.snapshot import snapshot


def test_the_api_is_what_was_written_down() -> None:
    written = (settings.BASE_DIR / "docs" / "openapi.json").read_text("utf-8")
    assert snapshot() == written, "look at the change of the API, then: make snapshot"


def test_no_address_of_the_api_names_a_community() -> None:
    assert "/c/" not in snapshot()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
