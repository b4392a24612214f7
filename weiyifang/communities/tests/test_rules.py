"""A community's own rules: from a day on, by whom and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from weiyifang.activities import closing
from weiyifang.activities import services as activities
from weiyifang.activities.kinds import KINDS
from weiyifang.activities.tests import make
from weiyifang.communities import queries, services, verify
from weiyifang.communities.models import Community, OwnRule
from weiyifang.core import clock, dated, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.tenancy import in_community, source_of
from weiyifang.core.wordlists import NoSuchWord
from weiyifang.governance import verify as whole
from weiyifang.notices import routing
from weiyifang.people.testing import ClientOf

QUEUE, ROUTES = "activities.queue", "notices.routes"
PAGE = f"/c/nanhu/workbench/rules/{QUEUE}/"


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def a_rule(days: int = 1, *, rule: str = QUEUE, by: Actor | None = None, **values: Any) -> OwnRule:
    return services.set_rule(
        rule=rule, since=in_days(days), values=values or {"closes_minutes": 90}, why="议事会定的", by=by or system()
    )


def closes(days: int) -> int:
    return closing.rule_on(in_days(days)).closes_minutes


@pytest.mark.usefixtures("here")
class TestHeldFromADayOn:
    def test_a_rule_that_starts_tomorrow_holds_from_tomorrow(self) -> None:
        a_rule(1)
        assert [closes(days) for days in (-1, 0, 1, 400)] == [60, 60, 90, 90]
        with clock.at(clock.now() + timedelta(days=1)):
            assert closes(0) == 90

    def test_the_next_rule_follows_and_the_later_word_about_a_day_wins(self) -> None:
        a_rule(1), a_rule(10, closes_minutes=120), a_rule(10, closes_minutes=150)
        assert [closes(days) for days in (0, 1, 9, 10)] == [60, 90, 90, 150]

    def test_what_is_not_said_stays_as_it_was(self) -> None:
        a_rule(1, answer_minutes=10)
        a_rule(2, closes_minutes=45)
        rule = closing.rule_on(in_days(2))
        assert (rule.closes_minutes, rule.answer_minutes) == (45, 10)

    def test_quiet_hours_are_the_community_s_own(self) -> None:
        values = dated.files[ROUTES].read({"quiet_from": "20:00", "texts_a_day": 20})
        services.set_rule(rule=ROUTES, since=in_days(1), values=values, why="老人睡得早", by=system())
        policy = routing.policy_on(in_days(1))
        assert (policy.quiet_from.hour, policy.texts_a_day, policy.tries) == (20, 20, 2)
        assert policy.purposes == routing.policy_on(in_days(0)).purposes

    def test_two_communities_differ(self, neighbour: Community) -> None:
        a_rule(1)
        with in_community(neighbour):
            assert closes(1) == 60
            a_rule(1, closes_minutes=200)
            assert closes(1) == 200
        assert closes(1) == 90

    def test_no_request_asks_for_it_again_whether_there_is_one_or_not(self, django_assert_num_queries: Any) -> None:
        closes(1)
        with django_assert_num_queries(0):
            closes(1), closes(2), routing.policy_on(in_days(0))

    def test_a_date_takes_the_rule_of_its_day_and_its_own_time_to_answer(self) -> None:
        a_rule(5, closes_minutes=20, answer_minutes=5)
        early, late = make.session(days=3, places=1), make.session(days=6, places=1)
        before, after = make.pool(early), make.pool(late)
        assert (before.closes_at, before.least_minutes) == (early.starts_at - timedelta(minutes=60), 30)
        assert (after.closes_at, after.least_minutes) == (late.starts_at - timedelta(minutes=20), 5)

    def test_a_date_moved_past_the_day_takes_both_figures_along(self) -> None:
        a_rule(5, closes_minutes=20, answer_minutes=5)
        last = make.session(days=3, places=1)
        on = timedelta(days=3)
        activities.move_session(session=last, starts_at=last.starts_at + on, ends_at=last.ends_at + on, by=system())
        pool = make.pool(last)
        assert (pool.least_minutes, pool.closes_at) == (5, last.starts_at + on - timedelta(minutes=20))

    def test_dates_on_both_sides_of_the_day_each_take_their_own(self) -> None:
        a_rule(5, closes_minutes=20, answer_minutes=5)
        hour = timedelta(hours=1)
        starts = [clock.now() + timedelta(days=days) for days in (3, 4, 6)]
        spans = [(start, start + hour) for start in starts]
        dates = activities.add_sessions(activity=make.activity(), spans=spans, by=system())
        assert [make.pool(one).least_minutes for one in dates] == [30, 30, 5]


@pytest.mark.usefixtures("here")
class TestRefused:
    @pytest.mark.parametrize("days", [0, -1])
    def test_nothing_begins_today_or_in_the_past(self, days: int) -> None:
        with pytest.raises(services.TooEarly):
            a_rule(days)

    @pytest.mark.parametrize("value", [0, 1441, "90", True, None])
    def test_a_value_that_the_rule_does_not_take(self, value: Any) -> None:
        with pytest.raises(dated.NotWithinBounds):
            a_rule(closes_minutes=value)

    def test_values_that_do_not_go_together(self) -> None:
        with pytest.raises(closing.AnswerPastTheStart):
            a_rule(closes_minutes=30)
        with pytest.raises(routing.NoNight):
            a_rule(rule=ROUTES, **dated.files[ROUTES].read({"quiet_from": "07:00"}))

    def test_what_holds_anyway_and_what_nobody_gives_a_reason_for(self) -> None:
        with pytest.raises(services.NothingNew):
            a_rule(closes_minutes=60)
        with pytest.raises(services.NoReason):
            services.set_rule(rule=QUEUE, since=in_days(1), values={"closes_minutes": 90}, why=" ", by=system())
        assert not OwnRule.objects.exists()

    def test_only_the_secretary_sets_rules(self, cast: dict[str, Actor]) -> None:
        for who in cast.keys() - {"secretary"}:
            with pytest.raises(NotAllowed):
                a_rule(by=cast[who])
        own = a_rule(by=cast["secretary"])
        with pytest.raises(NotAllowed):
            services.take_back_rule(own=own, by=cast["staff"])


@pytest.mark.usefixtures("here")
class TestTakenBack:
    def test_what_has_not_begun_never_does_and_what_held_before_goes_on(self) -> None:
        a_rule(1)
        own = a_rule(10, closes_minutes=120)
        services.take_back_rule(own=own, by=system())
        assert closes(10) == 90
        with pytest.raises(services.TakenBackBefore):
            services.take_back_rule(own=own, by=system())
        assert verify.check() == []

    def test_what_holds_cannot_be_taken_back(self) -> None:
        own = a_rule(1)
        with clock.at(clock.now() + timedelta(days=1)), pytest.raises(services.RuleBegan):
            services.take_back_rule(own=own, by=system())


@pytest.mark.usefixtures("here")
class TestKnownForEver:
    def test_the_history_says_who_set_it_and_why(self, cast: dict[str, Actor]) -> None:
        own = a_rule(by=cast["secretary"])
        (word,) = queries.words_on(dated.files[QUEUE])
        assert word.entry is not None
        assert (word.row, word.entry.remarked, word.is_to_come) == (own, "议事会定的", True)
        assert word.entry.actor_name
        assert timeline.titles_of([source_of(own)])[source_of(own)].startswith("活动候补")

    def test_verify_finds_nothing_and_then_what_somebody_planted(self) -> None:
        own = a_rule()
        assert [fault for name in ("communities", "references", "words") for fault in whole.checks()[name]()] == []
        OwnRule(rule=QUEUE, since=in_days(0), values={"closes_minutes": 5}).save(force_insert=True)
        OwnRule(rule="tea.cups", since=in_days(3), values={"cups": 3}).save(force_insert=True)
        said = [str(fault) for fault in verify.check()]
        assert len([one for one in said if "no fact tells of it" in one]) == 2
        assert any("was said on or after the day" in one for one in said)
        assert any("names no rule file: tea.cups" in one for one in said)
        assert any("does not fit its rule" in one for one in said)
        assert not any(source_of(own) in one for one in said)

    def test_values_that_no_longer_fit_are_passed_over_until_somebody_sees_to_it(self) -> None:
        OwnRule(rule=QUEUE, since=in_days(1), values={"closes_minutes": 5}).save(force_insert=True)
        dated.forget()
        assert closes(1) == 60


@pytest.mark.usefixtures("here")
class TestWordsOfAList:
    def say(self, code: str = "", name: str = "", *, ended: bool = False, days: int = 1) -> OwnRule:
        return a_rule(days, rule=KINDS.name, code=code, name=name, ended=ended)

    def test_a_word_is_offered_from_its_day_and_refused_from_the_day_it_ends(self) -> None:
        own = self.say(name="坝坝茶").values["code"]
        self.say(own, ended=True, days=9)
        with pytest.raises(NoSuchWord):
            make.activity(kind=own)
        with clock.at(clock.now() + timedelta(days=1)):
            activity = make.activity(kind=own)
        with clock.at(clock.now() + timedelta(days=9)):
            activities.edit(activity=activity, summary="喝茶", kind=own, by=system())
            with pytest.raises(NoSuchWord):
                make.activity(kind=own)
        assert (own, activity.kind_name, verify.check()) == ("own-1", "坝坝茶", [])

    def test_what_was_planned_before_keeps_its_word(self) -> None:
        before = make.activity(kind="class")
        self.say("class", "小课堂")
        with clock.at(clock.now() + timedelta(days=1)):
            after = make.activity(kind="class")
            assert (before.kind_name, after.kind_name) == ("课", "小课堂")

    def test_a_word_that_was_taken_back_gives_its_number_to_nobody(self) -> None:
        services.take_back_rule(own=self.say(name="坝坝茶"), by=system())
        assert self.say(name="龙门阵").values["code"] == "own-2"

    def test_the_same_again_is_nothing_new(self) -> None:
        self.say("class", "小课堂")
        with pytest.raises(services.NothingNew):
            self.say("class", "小课堂", days=3)

    def test_verify_names_a_word_that_nobody_can_read(self) -> None:
        OwnRule(rule=KINDS.name, since=in_days(1), values={"code": "own-7", "name": "", "ended": False}).save()
        assert any("has no name for own-7" in str(fault) for fault in verify.check())
        (standing,) = queries.rule_files(KINDS.name)
        assert standing.passed_over == [in_days(1)]
        assert len(KINDS.on(in_days(2)).words) == 11


class TestOnThePage:
    def test_a_word_is_added_ended_and_seen_with_its_reason(self, client_of: ClientOf, here: Community) -> None:
        browser, page = client_of("secretary"), f"/c/nanhu/workbench/rules/{KINDS.name}/"
        body = {"code": "", "name": "坝坝茶", "since": str(in_days(3)), "why": "大家都这么叫"}
        answer = browser.post(page, body, follow=True).content.decode()
        assert "大家都这么叫" in answer
        assert "坝坝茶: 新加" in answer
        browser.post(page, {**body, "code": "trip", "name": "", "ended": "on"})
        assert "出游: 不再供选" in browser.get("/c/nanhu/workbench/rules/").content.decode()
        refused = browser.post(page, {**body, "name": "讲座"})
        assert refused.status_code == 422
        assert "“讲座”已经有了" in refused.content.decode()
        assert 'value="讲座"' in refused.content.decode()

    def test_a_rule_is_set_seen_and_taken_back(self, client_of: ClientOf, here: Community) -> None:
        browser = client_of("secretary")
        body = {"since": str(in_days(3)), "closes_minutes": "９０", "answer_minutes": "20", "why": "议事会定的"}
        answer = browser.post(PAGE, body, follow=True)
        assert "议事会定的" in answer.content.decode()
        own = OwnRule.objects.get()
        assert own.values == {"closes_minutes": 90, "answer_minutes": 20}
        assert ": 90" in browser.get("/c/nanhu/workbench/rules/").content.decode()
        browser.post(f"/c/nanhu/workbench/rules/own/{own.pk}/end/")
        assert ": 90" not in browser.get("/c/nanhu/workbench/rules/").content.decode()
        assert "已收回" in browser.get(PAGE).content.decode()

    def test_a_wrong_value_keeps_what_was_typed_and_says_what_is_wrong(
        self, client_of: ClientOf, here: Community
    ) -> None:
        body = {"since": str(in_days(3)), "closes_minutes": "17", "answer_minutes": "45", "why": "试一试"}
        answer = client_of("secretary").post(PAGE, body)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="17"' in page
        assert "试一试" in page
        assert "考虑的时间要比候补截止到开始的时间短" in page
        assert not OwnRule.objects.exists()

    def test_a_rule_that_does_not_exist_has_no_page(self, client_of: ClientOf) -> None:
        assert client_of("secretary").get("/c/nanhu/workbench/rules/tea.cups/").status_code == 404
