"""What nobody answers: the desk helps after some days, then it lapses, and whoever asked is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.notices.models import Notice
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.talents import limits, services, tasks, verify
from weiyifang.talents.models import RequestState, TalentRequest
from weiyifang.talents.tests import make
from weiyifang.talents.waits import WAITS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
API = "/c/nanhu/api/talents"


def rule() -> limits.LimitsRule:
    return limits.rule_on(clock.today())


def later(days: float) -> Any:
    return clock.at(clock.now() + timedelta(days=days))


def told(request: TalentRequest) -> list[str]:
    return list(Notice.objects.filter(about=source_of(request)).order_by("id").values_list("kind", flat=True))


def test_what_nobody_answers_lapses_and_whoever_asked_is_told() -> None:
    request = make.request(make.talent())
    with later(rule().lapse_days - 0.1):
        assert services.lapse_due(by=system()) == 0
    with later(rule().lapse_days):
        tasks.lapse_unanswered()
        tasks.lapse_unanswered()
        request.refresh_from_db()
        assert request.state == RequestState.LAPSED
        assert told(request) == ["talent_asked", "talent_request_lapsed"]
        with pytest.raises(ForbiddenMove):
            services.accept(request=request, by=make.oneself(request.talent.resident))
        make.request(request.talent, request.resident)
    assert verify.check() == []


def test_when_its_time_comes_it_lapses_though_the_days_are_not_over() -> None:
    request = make.request(make.talent(), days=2)
    assert request.lapses_at == request.starts_at
    with later(3):
        assert services.lapse_due(by=system()) == 1
    assert told(request)[-1] == "talent_request_lapsed"


def test_what_was_answered_does_not_lapse() -> None:
    request = make.accepted(make.talent(), days=20)
    with later(rule().lapse_days + 1):
        assert services.lapse_due(by=system()) == 0
    request.refresh_from_db()
    assert request.state == RequestState.ACCEPTED


def test_after_some_days_it_waits_for_the_desk(cast: dict[str, Actor]) -> None:
    request = make.request(make.talent())
    (wait,) = WAITS
    assert wait.may(cast["staff"])
    assert not wait.may(cast["resident"])
    with later(rule().help_days - 0.1):
        assert not wait.rows(cast["staff"]).exists()
    with later(rule().help_days):
        assert [row.pk for row in wait.rows(cast["staff"])] == [request.pk]


def test_programs_ask_answer_and_thank_by_the_same_rules(client_of: ClientOf, cast: dict[str, Actor]) -> None:
    mine = make.talent("修车的", of=_resident(cast["volunteer"]), what="修自行车")
    asker, talent = client_of("resident"), client_of("volunteer")
    wanted = {"what": "修三辆自行车", "starts_at": _day(3, "09:00"), "ends_at": _day(3, "11:00")}

    def post(browser: Any, address: str, **body: Any) -> Any:
        return browser.post(f"{API}{address}", body, content_type="application/json")

    assert post(asker, f"/{mine.number}/requests", **wanted | {"ends_at": None}).json()["code"] == "TimeWrong"
    made = post(asker, f"/{mine.number}/requests", **wanted)
    assert (made.status_code, made.json()["state"]) == (201, "asked")
    one = f"/requests/{made.json()['id']}"
    assert post(asker, f"/{mine.number}/requests", **wanted).json()["code"] == "AskedBefore"
    assert [row["what"] for row in talent.get(f"{API}/requests").json()] == ["修三辆自行车"]
    assert client_of("leader").get(f"{API}{one}").status_code == 403
    stale = talent.get(f"{API}{one}").json()["version"]
    assert post(asker, f"{one}/acceptance").status_code == 403
    assert post(talent, f"{one}/acceptance", answer="好的").json()["answer"] == "好的"
    seen = {"If-Match": f'"{stale}"'}
    late = talent.post(f"{API}{one}/refusal", {"answer": "不行"}, content_type="application/json", headers=seen)
    assert late.status_code == 412
    assert post(asker, f"{one}/thanks", words="谢谢").json()["code"] == "NothingDone"
    with later(4):
        assert post(asker, f"{one}/thanks", words="谢谢").status_code == 201
        assert post(asker, f"{one}/end").json()["code"] == "TimeOver"


def _resident(actor: Actor) -> Resident:
    assert actor.resident_id is not None
    return Resident.objects.get(pk=actor.resident_id)


def _day(days: int, hour: str) -> str:
    return f"{clock.today() + timedelta(days=days)}T{hour}"
