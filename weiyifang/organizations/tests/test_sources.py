"""An organization that somebody names from outside is one of this community, or the sentence says that it is not."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from weiyifang.activities import services as activities
from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor, system
from weiyifang.core.sources import LeadsNowhere
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.fund import services as fund
from weiyifang.fund.services import Wanted
from weiyifang.organizations import services
from weiyifang.people.testing import ClientOf
from weiyifang.people.tests.make import a_resident

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
STRANGE = ["a neighbour's", "nobody's", "of another kind", "no source at all", "organizations.organization:x"]


@pytest.fixture(params=STRANGE)
def strange(request: pytest.FixtureRequest, neighbour: Community) -> str:
    """A source that leads to no organization here."""
    with in_community(neighbour):
        there = services.apply(
            name="隔壁的队", kind="culture", purpose="下棋。", leader=a_resident("隔壁的人"), by=system()
        )
    made = {
        "a neighbour's": source_of(there),
        "nobody's": f"organizations.organization:{uuid4()}",
        "of another kind": source_of(a_resident("本地人")),
        "no source at all": "隔壁的队",
    }
    name: str = request.param
    return made.get(name, name)


def wanted(organization: str) -> Wanted:
    return Wanted(title="米面油", payee="花园路粮油店", category="meals", amount_fen=100, organization=organization)


def test_no_payment_is_asked_for_in_its_name(cast: dict[str, Actor], strange: str) -> None:
    fund.open_fund(by=system())
    with pytest.raises(LeadsNowhere):
        fund.submit_payment(wanted=wanted(strange), by=cast["secretary"])
    request = fund.submit_payment(wanted=wanted(""), by=cast["secretary"])
    with pytest.raises(LeadsNowhere):
        fund.resubmit_payment(request=request, wanted=wanted(strange), by=cast["secretary"])


def test_nothing_is_put_on_in_its_name(cast: dict[str, Actor], strange: str) -> None:
    with pytest.raises(LeadsNowhere):
        activities.plan(title="插花", place="活动室", organizer=strange, by=cast["secretary"])
    activity = activities.plan(title="插花", place="活动室", by=cast["secretary"])
    with pytest.raises(LeadsNowhere):
        activities.edit(activity=activity, organizer=strange, by=cast["secretary"])


@pytest.mark.parametrize("kind", ["payments", "articles"])
def test_programs_hear_it_too(client_of: ClientOf, strange: str, kind: str) -> None:
    fund.open_fund(by=system())
    told: dict[str, Any] = {
        "payments": ("fund/payments", {**vars(wanted(strange))}),
        "articles": ("news/articles", {"column": "notice", "title": "x", "text": "y", "organization_source": strange}),
    }
    path, body = told[kind]
    answer = client_of("secretary").post(
        f"/c/nanhu/api/{path}", json.dumps(body), "application/json", headers={"Idempotency-Key": "one"}
    )
    assert answer.status_code == 422, answer.content
    assert set(answer.json()) == {"code", "detail"}
