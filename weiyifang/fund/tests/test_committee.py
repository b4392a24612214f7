"""A committee decides on large payments: the pure rule, who may speak, and the hash of the decision in the books."""

from __future__ import annotations

import random

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from weiyifang.core.actors import Actor
from weiyifang.core.dated import NotWithinBounds
from weiyifang.core.refusals import NotAllowed
from weiyifang.core.server.database import as_owner
from weiyifang.core.states import ForbiddenMove
from weiyifang.core.tenancy import source_of
from weiyifang.fund import committee, paths, services, underway, verify
from weiyifang.fund.books import Books
from weiyifang.fund.deciding import Outcome, decision_hash, outcome
from weiyifang.fund.models import VOTES, CommitteeVoice, Path, PaymentRequest, State, Voice
from weiyifang.fund.tests import make
from weiyifang.ledger import queries as ledger
from weiyifang.organizations import services as organizations
from weiyifang.organizations.tests import make as organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf

Cast = dict[str, Actor]
LARGE = paths.PATHS.shipped[-1].committee_from * 100
DECIDED = {Outcome.PASSED, Outcome.REFUSED}

committees = st.integers(1, 6).flatmap(
    lambda half: st.tuples(st.just(2 * half + 1), st.integers(half + 1, 2 * half + 1))
)
MEMBERS = [voice for voice in Voice if voice != Voice.WATCHES]


@st.composite
def meetings(draw: st.DrawFn) -> tuple[list[str], int, int]:
    """Voices of at most as many members as there are seats, perhaps a supervisor; seats; quorum."""
    seats, quorum = draw(committees)
    voices: list[str] = draw(st.lists(st.sampled_from(MEMBERS), max_size=seats))
    return [*voices, *[Voice.WATCHES] * draw(st.integers(0, 1))], seats, quorum


@given(meetings(), st.randoms(use_true_random=False))
def test_in_whatever_order_it_is_said_it_comes_to_the_same(
    meeting: tuple[list[str], int, int], dice: random.Random
) -> None:
    voices, seats, quorum = meeting
    turned = dice.sample(voices, len(voices))
    assert outcome(voices, seats=seats, quorum=quorum) == outcome(turned, seats=seats, quorum=quorum)


@given(meetings(), st.lists(st.sampled_from(MEMBERS), max_size=13))
def test_what_is_decided_stays_decided_whatever_is_still_said(
    meeting: tuple[list[str], int, int], more: list[str]
) -> None:
    voices, seats, quorum = meeting
    first = outcome(voices, seats=seats, quorum=quorum)
    spoke = sum(voice != Voice.WATCHES for voice in voices)
    if first in DECIDED:
        assert outcome([*voices, *more[: seats - spoke]], seats=seats, quorum=quorum) == first


@given(meetings())
def test_when_all_have_spoken_before_the_supervisor_it_is_decided(meeting: tuple[list[str], int, int]) -> None:
    voices, seats, quorum = meeting
    spoke = [voice for voice in voices if voice != Voice.WATCHES]
    whole = [*spoke, *[Voice.ABSTAINS] * (seats - len(spoke))]
    stays = outcome(whole, seats=seats, quorum=quorum)
    assert stays in {Outcome.OPEN, Outcome.STUCK}, "nothing is decided without the supervisor"
    watched = outcome([*whole, Voice.WATCHES], seats=seats, quorum=quorum)
    assert watched in (DECIDED if stays == Outcome.OPEN else {Outcome.STUCK})


@given(meetings())
def test_it_passes_only_with_a_quorum_and_more_than_half_of_those_who_did_not_step_back(
    meeting: tuple[list[str], int, int],
) -> None:
    voices, seats, quorum = meeting
    if outcome(voices, seats=seats, quorum=quorum) == Outcome.PASSED:
        assert sum(voice in VOTES for voice in voices) >= quorum
        assert 2 * voices.count(Voice.FOR) > seats - voices.count(Voice.STEPS_BACK)
        assert Voice.WATCHES in voices


@given(st.permutations(["a", "b", "c"]))
def test_the_hash_is_one_whatever_the_order(voices: list[str]) -> None:
    request = {"number": 1, "amount_fen": 5}
    assert decision_hash(request, voices) == decision_hash(dict(reversed(request.items())), ["a", "b", "c"])
    assert decision_hash(request, voices) != decision_hash({**request, "amount_fen": 6}, voices)


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"seats": 4}, paths.EvenCommittee),
        ({"seats": 5, "quorum": 2}, paths.QuorumTooSmall),
        ({"seats": 3, "quorum": 4}, paths.QuorumTooSmall),
        ({"seats": 1}, NotWithinBounds),
    ],
)
def test_a_committee_is_odd_and_its_quorum_more_than_half(values: dict[str, int], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        paths.PATHS.changed(paths.PATHS.shipped[-1], values)


# --- one payment --------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(fund: Books, cast: Cast) -> PaymentRequest:
    """A large payment whose papers are checked."""
    make.gift(cast["accountant"], LARGE)
    row = make.request(cast["staff"], LARGE)
    assert row.path == Path.COMMITTEE
    return services.check_payment(request=row, by=cast["accountant"])


def test_the_committee_decides_and_its_hash_is_in_the_books(asked: PaymentRequest, fund: Books, cast: Cast) -> None:
    row = asked
    for number, (who, voice) in enumerate(make.VOICES.items(), start=1):
        row = services.speak(request=row, voice=voice, by=cast[who])
        assert row.state == (State.APPROVED if number == len(make.VOICES) else State.CHECKED)
    assert ledger.kept([fund.account("1002").pk]).set_aside == LARGE
    paid = services.pay(request=row, by=cast["cashier"])
    assert paid.approved_by_id is None
    assert fund.transfer_of(source_of(row)).memo == f"decision:{row.decision_hash}"
    assert verify.check() == []


def test_the_committee_may_say_no(asked: PaymentRequest, cast: Cast) -> None:
    row = services.speak(request=asked, voice="watches", by=cast["supervisor"])
    for who, voice in (("secretary", "against"), ("member", "abstains"), ("member_2", "against")):
        row = services.speak(request=row, voice=voice, by=cast[who])
    assert row.state == State.REFUSED
    assert verify.check() == []


def test_nobody_decides_alone(asked: PaymentRequest, cast: Cast) -> None:
    for verb in (services.approve_payment, services.refuse_payment):
        more = {"reason": "不行"} if verb is services.refuse_payment else {}
        with pytest.raises(services.ForTheCommittee):
            verb(request=asked, by=cast["secretary"], **more)


def test_one_voice_each_and_only_from_whom_it_is_asked(asked: PaymentRequest, cast: Cast) -> None:
    services.speak(request=asked, voice="for", by=cast["member"])
    with pytest.raises(services.SaidAlready):
        services.speak(request=asked, voice="against", by=cast["member"])
    with pytest.raises(NotAllowed):
        services.speak(request=asked, voice="for", by=cast["supervisor"])
    with pytest.raises(NotAllowed):
        services.speak(request=asked, voice="watches", by=cast["member_2"])
    with pytest.raises(NotAllowed):
        services.speak(request=asked, voice="for", by=cast["cashier"])


def test_a_small_payment_is_not_the_committees(fund: Books, cast: Cast) -> None:
    with pytest.raises(ForbiddenMove):
        services.speak(request=make.request(cast["staff"]), voice="for", by=cast["member"])


def test_who_asked_for_it_steps_back(fund: Books, cast: Cast) -> None:
    make.gift(cast["accountant"], LARGE)
    row = services.check_payment(request=make.request(cast["secretary"], LARGE), by=cast["accountant"])
    with pytest.raises(services.RelatedParty) as refused:
        services.speak(request=row, voice="for", by=cast["secretary"])
    assert str(refused.value)
    services.speak(request=row, voice="steps_back", by=cast["secretary"])
    assert committee.outcome_of(row, committee.voices(row)) == Outcome.OPEN
    assert row not in underway.unheard(cast["secretary"])


def test_who_belongs_to_the_payee_is_related(fund: Books, cast: Cast) -> None:
    """By the name it is paid to; as a member, and as who leads it."""
    club = organization.in_status("filed", "南湖歌咏队")
    row = make.request(cast["staff"], LARGE, payee="南湖歌咏队")
    assert not committee.is_related(cast["resident"], row)
    me = Resident.objects.get(account=cast["resident"].account_id)
    organizations.add_member(organization=club, resident=me, by=cast["secretary"])
    assert committee.is_related(cast["resident"], row)


@pytest.mark.django_db(transaction=True)
def test_whoever_spoke_does_not_pay(asked: PaymentRequest, cast: Cast) -> None:
    row = asked
    for who, voice in make.VOICES.items():
        row = services.speak(request=row, voice=voice, by=cast[who])
    with as_owner(connection):
        CommitteeVoice.objects.filter(said_by=cast["member"].account_id).update(said_by=cast["cashier"].account_id)
    with pytest.raises(NotAllowed):
        services.pay(request=row, by=cast["cashier"])


def test_submitted_again_it_is_asked_anew(asked: PaymentRequest, cast: Cast) -> None:
    services.speak(request=asked, voice="for", by=cast["member"])
    row = services.send_back_payment(request=asked, reason="数目不对", by=cast["secretary"])
    wanted = services.Wanted(title=row.title, payee=row.payee, category=row.category, amount_fen=LARGE)
    row = services.resubmit_payment(request=row, wanted=wanted, by=cast["staff"])
    row = services.check_payment(request=row, by=cast["accountant"])
    assert not committee.voices(row).exists()
    assert row in underway.unheard(cast["member"])
    services.speak(request=row, voice="against", by=cast["member"])
    assert verify.check() == []


def test_the_database_knows_no_large_payment_that_nobody_decided(asked: PaymentRequest, cast: Cast) -> None:
    someone = cast["secretary"].account_id
    with pytest.raises(IntegrityError, match="payment_decided_by_the_committee"), transaction.atomic():
        PaymentRequest.objects.filter(pk=asked.pk).update(state=State.APPROVED, approved_by_id=someone)


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_voice_that_was_changed(asked: PaymentRequest, cast: Cast) -> None:
    row = asked
    for who, voice in make.VOICES.items():
        row = services.speak(request=row, voice=voice, by=cast[who])
    with as_owner(connection):
        CommitteeVoice.objects.filter(said_by=cast["member"].account_id).update(voice="against")
    found = [fault.what for fault in verify.check() if fault.check == "committee"]
    assert "the hash of the decision is another" in found
    assert "its voices are not those of the facts" in found
    assert "the voices do not come to this" in found


def test_the_pages_of_a_decision(asked: PaymentRequest, cast: Cast, client_of: ClientOf) -> None:
    page = f"/c/nanhu/workbench/fund/payments/{asked.pk}/"
    assert "vote/" in client_of("member").get(page).content.decode()
    assert "presence/" in client_of("supervisor").get(page).content.decode()
    assert "vote/" not in client_of("cashier").get(page).content.decode()
    row = asked
    for who, voice in make.VOICES.items():
        row = services.speak(request=row, voice=voice, by=cast[who])
    minutes = client_of("secretary").get(f"{page}minutes/").content.decode()
    assert row.decision_hash in minutes
    assert "聂德厚" in minutes
