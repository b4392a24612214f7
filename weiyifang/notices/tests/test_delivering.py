"""By which route a notice goes, and that nobody falls between two of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from weiyifang.core import clock, states
from weiyifang.core.actors import Actor, system
from weiyifang.core.models import TimelineEntry
from weiyifang.core.refusals import NotAllowed
from weiyifang.notices import queries, routing, services
from weiyifang.notices.models import Delivery, DeliveryState, Notice, Route, Why
from weiyifang.notices.tasks import deliver, forget_old
from weiyifang.notices.tests import make
from weiyifang.people import services as people
from weiyifang.people.sms import MemorySender, NotSent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


class BrokenSender:
    """A gateway that takes nothing."""

    asked: list[str] = []

    def send(self, phone: str, text: str, *, key: str = "", code: str = "", short: str = "") -> None:
        self.asked.append(key)
        raise NotSent("isv.OUT_OF_SERVICE")


def route_of(notice: Notice) -> str:
    services.route_new()
    found = Delivery.objects.filter(notice=notice).first()
    return found.route if found else ""


def state_of(notice: Notice) -> list[tuple[str, str]]:
    return [(str(one.route), str(one.state)) for one in Delivery.objects.filter(notice=notice).order_by("id")]


class TestWhichRoute:
    def test_who_agreed_and_has_a_mobile_gets_a_text_message(self) -> None:
        assert route_of(make.told(make.agreed(make.resident()))) == Route.SMS

    def test_without_a_yes_nobody_gets_a_text_message_but_a_call(self) -> None:
        assert route_of(make.told(make.resident())) == Route.PHONE

    def test_a_landline_is_called(self) -> None:
        assert route_of(make.told(make.agreed(make.resident(phone="023-65529988")))) == Route.PHONE

    def test_without_a_phone_somebody_knocks(self) -> None:
        assert route_of(make.told(make.resident(phone=""))) == Route.DOOR

    def test_who_cannot_be_reached_at_all_stands_on_the_list_of_those_to_call(self) -> None:
        assert route_of(make.told(make.resident(phone="", address=None))) == Route.PHONE

    def test_whoever_signs_in_reads_what_can_wait_here(self, resident_of: Any) -> None:
        assert route_of(make.told(resident_of("resident"), "not_reached")) == ""
        assert route_of(make.told(make.resident(), "not_reached")) == Route.PHONE

    def test_what_is_over_already_is_taken_to_nobody(self) -> None:
        notice = make.told(make.resident(), until=clock.now())
        assert route_of(notice) == ""

    def test_each_notice_is_routed_once(self) -> None:
        make.told(make.resident())
        assert [services.route_new(), services.route_new()] == [1, 0]


class TestTextMessages:
    def test_it_says_what_and_where_in_the_language_of_the_place(self) -> None:
        make.told(make.agreed(make.resident("刘婆婆")))
        deliver()
        (phone, text), *others = MemorySender.sent
        assert (phone, others) == ("+8613800138000", [])
        assert text.startswith("南湖社区")
        assert "取消" in text

    def test_several_are_one_message(self) -> None:
        person = make.agreed(make.resident())
        for _time in range(3):
            make.told(person)
        deliver()
        assert len(MemorySender.sent) == 1
        assert "2" in MemorySender.sent[0][1]
        assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}

    def test_nothing_is_sent_twice(self) -> None:
        make.told(make.agreed(make.resident()))
        deliver()
        with clock.at(clock.now() + timedelta(hours=1)):
            deliver()
        assert len(MemorySender.sent) == 1

    def test_at_night_it_waits_until_the_morning(self) -> None:
        make.agreed(person := make.resident())
        with clock.at(clock.now() + timedelta(hours=10)):  # 22:00
            make.told(person)
            deliver()
            assert MemorySender.sent == []
        with clock.at(clock.now() + timedelta(hours=19, minutes=59)):  # 7:59
            deliver()
            assert MemorySender.sent == []
        with clock.at(clock.now() + timedelta(hours=20)):
            deliver()
            assert len(MemorySender.sent) == 1

    def test_what_became_pointless_while_it_waited_is_not_sent(self) -> None:
        make.agreed(person := make.resident())
        with clock.at(clock.now() + timedelta(hours=10)):
            notice = make.told(person, until=clock.now() + timedelta(hours=1))
            deliver()
        with clock.at(clock.now() + timedelta(hours=21)):
            deliver()
        assert MemorySender.sent == []
        assert state_of(notice) == [("sms", "dropped")]

    def test_a_gateway_that_takes_nothing_is_asked_twice_by_one_key_and_then_somebody_calls(
        self, settings: Any
    ) -> None:
        settings.SMS_SENDER = f"{__name__}.BrokenSender"
        BrokenSender.asked.clear()
        notice = make.told(make.agreed(make.resident()))
        for minutes in (0, 1, 11, 22, 33):
            with clock.at(clock.now() + timedelta(minutes=minutes)):
                deliver()
        assert len(BrokenSender.asked) == 2
        assert len(set(BrokenSender.asked)) == 1
        assert state_of(notice) == [("sms", "failed"), ("phone", "due")]
        assert Delivery.objects.get(route=Route.SMS).why == Why.GATEWAY

    def test_a_program_that_ends_while_the_gateway_is_asked_tries_once_more(self, settings: Any) -> None:
        class Ends(Exception):
            pass

        def dies(*_args: Any, **_options: Any) -> None:
            raise Ends

        notice = make.told(make.agreed(make.resident()))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(MemorySender, "send", dies)
            with pytest.raises(Ends):
                deliver()
        with clock.at(clock.now() + timedelta(minutes=11)):
            deliver()
        assert len(MemorySender.sent) == 1
        assert state_of(notice) == [("sms", "sent")]

    def test_over_the_day_s_quota_somebody_calls(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from dataclasses import replace

        few = replace(routing.policy_on(clock.today()), texts_a_day=1)
        monkeypatch.setattr(routing, "policy_on", lambda day: few)
        one, two = make.resident(), make.resident("李伯伯", phone="13900139000")
        make.agreed(one), make.agreed(two)
        make.told(one)
        notice = make.told(two)
        deliver()
        assert len(MemorySender.sent) == 1
        assert state_of(notice) == [("sms", "failed"), ("phone", "due")]

    def test_who_takes_the_yes_back_while_it_waits_for_the_morning_is_called_instead(self) -> None:
        person = make.agreed(make.resident())
        with clock.at(clock.now() + timedelta(hours=10)):  # 22:00
            notice = make.told(person)
            deliver()
            people.withdraw_consent(consent=person.consents.get(), by=system())
        with clock.at(clock.now() + timedelta(hours=21)):
            deliver()
        assert MemorySender.sent == []
        assert state_of(notice) == [("sms", "failed"), ("phone", "due")]

    def test_whose_number_was_taken_off_meanwhile_is_sought_at_the_door(self) -> None:
        person = make.agreed(make.resident())
        with clock.at(clock.now() + timedelta(hours=10)):
            notice = make.told(person)
            deliver()
            people.update_resident(resident=person, phone="", by=system())
        with clock.at(clock.now() + timedelta(hours=21)):
            deliver()
        assert MemorySender.sent == []
        assert state_of(notice) == [("sms", "failed"), ("door", "due")]

    def test_who_took_the_yes_back_is_called_instead(self) -> None:
        person = make.agreed(make.resident())
        people.withdraw_consent(consent=person.consents.get(), by=system())
        assert route_of(make.told(person)) == Route.PHONE

    def test_one_question_finds_every_community_with_work(self, neighbour: Any, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            assert queries.homes_with_work() == []


class TestLists:
    @pytest.fixture
    def delivery(self) -> Delivery:
        make.told(make.resident())
        services.route_new()
        return Delivery.objects.get()

    def test_whoever_cannot_wait_stands_first(self) -> None:
        later = make.told(make.resident(), until=clock.now() + timedelta(days=2))
        sooner = make.told(make.resident("李伯伯"), until=clock.now() + timedelta(days=1))
        whenever = make.told(make.resident("赵爷爷"))
        services.route_new()
        assert [row.notice for row in queries.to_do(Route.PHONE)] == [sooner, later, whenever]

    def test_a_volunteer_ticks_it_and_it_is_told_who(self, delivery: Delivery, cast: dict[str, Actor]) -> None:
        services.mark(delivery=delivery, by=cast["volunteer"])
        delivery.refresh_from_db()
        assert (delivery.state, delivery.done_by_id) == (DeliveryState.TOLD, cast["volunteer"].account_id)
        assert TimelineEntry.objects.filter(verb="PersonTold").count() == 1

    def test_two_who_tick_at_once_are_told_apart(self, delivery: Delivery, cast: dict[str, Actor]) -> None:
        services.mark(delivery=delivery, by=cast["volunteer"])
        with pytest.raises(states.StaleState):
            services.mark(delivery=delivery, by=cast["staff"])

    def test_a_tick_by_mistake_is_put_back(self, delivery: Delivery, cast: dict[str, Actor]) -> None:
        services.mark(delivery=delivery, by=cast["volunteer"])
        delivery.refresh_from_db()
        services.put_back(delivery=delivery, by=cast["volunteer"])
        assert list(queries.to_do(Route.PHONE)) == [delivery]

    def test_nobody_answers_three_times_and_somebody_knocks(self, delivery: Delivery, cast: dict[str, Actor]) -> None:
        now = clock.now()
        for call in range(3):
            with clock.at(now + timedelta(hours=call * 3)):
                assert queries.to_do(Route.PHONE).count() == 1
                services.mark(delivery=delivery, why=Why.NO_ANSWER, by=cast["volunteer"])
        assert state_of(delivery.notice) == [("phone", "failed"), ("door", "due")]

    def test_a_wrong_number_is_not_called_again(self, delivery: Delivery, cast: dict[str, Actor]) -> None:
        services.mark(delivery=delivery, why=Why.WRONG_NUMBER, by=cast["volunteer"])
        assert state_of(delivery.notice) == [("phone", "failed"), ("door", "due")]

    def test_what_nobody_could_be_told_in_time_leaves_the_list_for_the_log(self) -> None:
        notice = make.told(make.resident(), until=clock.now() + timedelta(hours=2))
        services.route_new()
        with clock.at(clock.now() + timedelta(hours=3)):
            forget_old()
            assert [row.notice for row in queries.dealt_with(Route.PHONE)] == [notice]
        assert Delivery.objects.get().why == Why.TOO_LATE

    def test_a_neighbour_ticks_nothing(self, delivery: Delivery, cast: dict[str, Actor]) -> None:
        with pytest.raises(NotAllowed):
            services.mark(delivery=delivery, by=cast["resident"])


def test_a_text_message_to_who_is_forgotten_meanwhile_is_not_sent() -> None:
    person = make.agreed(make.resident())
    make.told(person)
    services.route_new()
    services.forget_person(resident_id=person.pk)
    services.send_due()
    assert MemorySender.sent == []


def test_after_half_a_year_nothing_of_it_is_left() -> None:
    make.told(make.resident())
    services.route_new()
    with clock.at(clock.now() + timedelta(days=181)):
        assert services.forget_old() == 1
    assert not Delivery.objects.exists()


def test_a_rule_that_names_no_known_route_is_refused() -> None:
    with pytest.raises(ValueError, match="a purpose goes to"):
        routing.Purpose(to="everybody", routes=("pigeon",), wakes=False)


def test_a_kind_without_a_rule_is_refused_at_the_start() -> None:
    from weiyifang.notices import kinds

    with pytest.raises(ValueError, match="says nothing about"):
        kinds.register({"x": kinds.Kind(purpose="gossip", words=lambda told: "", url=lambda told: "")})
