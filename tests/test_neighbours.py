"""Nobody reaches another community: every line of `docs/access.md`, as somebody who may do everything next door.

A module of its own: its stages and the one of `test_access.py` must not stand at the same time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import Stage, browsers_of
from tests.test_access import LINES, NOTHING, ask
from weiyifang.communities.models import Community
from weiyifang.core.actors import system
from weiyifang.core.tenancy import in_community
from weiyifang.people import services as people
from weiyifang.people.models import Account
from weiyifang.people.roles import WITHIN_ONLY, Role
from weiyifang.people.tests.make import a_resident

WORDS = re.compile("<purpose>|<route>|rules/<name>")  # no rows
WITH_A_NAME = [line for line in LINES if "<" in WORDS.sub("", line)]
REFUSES_EVERY_ID = {  # one acts for this person, or it is 403, known or unknown
    "POST me/consents/<pk>/of/<person>/",
    "POST me/suggestions/<person>/",
    "POST me/suggestions/<person>/end/",
}


@pytest.fixture(scope="module", params=["nanhu", "neighbour"])
def across(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stage]:
    """The stage in one community, and `everything`: a resident of the other one who holds every duty there."""
    for stage in scenes.on_stage(request.param, django_db_blocker):
        other_slug = "neighbour" if request.param == "nanhu" else "nanhu"
        account = _everything(other_slug)
        yield Stage(
            community=stage.community,
            cast=stage.cast,
            browsers={**stage.browsers, **browsers_of({"everything": account})},
            paths=stage.paths,
            acts=stage.acts,
        )


def _everything(slug: str) -> Account:
    with in_community(Community.objects.get(slug=slug)):
        account = people.make_account(
            username="everything", name="什么都行", phone="199 0000 7010", phone_verified=True
        )
        people.link_account(resident=a_resident("什么都行"), account=account, by=system())
        for role in set(Role) - WITHIN_ONLY:
            people.give_duty(account=account, role=role, by=system())
    return account


@pytest.mark.parametrize("line", WITH_A_NAME)
def test_what_belongs_to_another_community_is_not_there(across: Stage, line: str) -> None:
    slug = "neighbour" if across.community.slug == "nanhu" else "nanhu"
    response = ask(across, line, "everything", slug=slug)
    assert response.status_code == (403 if line in REFUSES_EVERY_ID else 404)


@pytest.mark.parametrize("line", [line for line in LINES if "<" not in line and LINES[line][1] == NOTHING])
def test_who_lives_elsewhere_finds_nothing(across: Stage, line: str) -> None:
    assert ask(across, line, "everything").status_code == 404
