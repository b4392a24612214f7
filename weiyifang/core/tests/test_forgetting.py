"""Another name instead of one that is to be forgotten."""

from __future__ import annotations

import pytest

from weiyifang.core.forgetting import write_over
from weiyifang.people.models import Resident
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_every_time_a_text_says_the_name_another_stands_and_other_texts_stay() -> None:
    said, other = a_resident("王孃孃和王孃孃"), a_resident("李孃孃")
    assert write_over(Resident.objects.all(), "name", name="王孃孃", instead="某居民") == 1
    said.refresh_from_db()
    other.refresh_from_db()
    assert (said.name, other.name) == ("某居民和某居民", "李孃孃")


def test_what_gets_too_long_for_its_column_is_cut_and_stops_nobody() -> None:
    said = a_resident("王芳" * 20)  # as long as a name may be
    write_over(Resident.objects.all(), "name", name="王芳", instead="某居民")
    said.refresh_from_db()
    assert said.name == ("某居民" * 20)[:40]


def test_one_sign_is_no_name() -> None:
    assert write_over(Resident.objects.all(), "name", name="", instead="某居民") == 0
    a_resident("王芳")
    assert write_over(Resident.objects.all(), "name", name="王", instead="某居民") == 0
