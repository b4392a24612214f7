"""schemathesis asks the API for what its schema forbids and for what it allows, through the real web server.

Whatever is answered must be in the schema: the status, the kind of content, the shape. What the examples are is
decided by the schema alone, the same in each run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from pytest_django.plugin import DjangoDbBlocker
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import api
from tests.real_stage import RealStage, real_stage
from tests.stage import Stage

pytestmark = pytest.mark.slow

EXAMPLES = 6  # of each operation, for each of those who ask, of each kind
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def real(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RealStage]:
    with real_stage(django_db_blocker) as real:
        yield real


def schema_at(stage: Stage) -> dict[str, Any]:
    """As a program at this community gets it, as plain data."""
    return dict(api.get_openapi_schema(path_prefix=f"/c/{stage.community.slug}/api/"))


@pytest.mark.parametrize("who", ["visitor", "secretary"])
def test_the_api_answers_as_its_schema_says(real: RealStage, who: str) -> None:
    schema = schemathesis.openapi.from_dict(schema_at(real.stage))
    asked = 0
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            asked += _ask(real, who, found.ok(), mode)
    assert asked > 30 * EXAMPLES


def _ask(real: RealStage, who: str, operation: Any, mode: GenerationMode) -> int:
    """Ask for one operation; how often."""
    headers = {"Cookie": f"sessionid={real.sessions[who]}"} if real.sessions[who] else {}
    answers = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        answer = case.call(base_url=f"http://127.0.0.1:{real.port}", headers=headers)
        answers.append(answer.status_code)
        assert answer.status_code < 500, f"{case.method} {case.formatted_path}: {answer.text[:300]}"
        case.validate_response(answer, checks=CHECKS)

    try:
        one()
    except Unsatisfiable:  # an operation that takes nothing has no wrong
        assert mode == GenerationMode.NEGATIVE
    return len(answers)
