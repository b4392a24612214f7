"""When this happens, then that follows. The whole of it, on one page."""

from __future__ import annotations

from weiyifang.activities.events import LessonAttended, LessonVoided
from weiyifang.capacity.events import OfferLapsed, PlaceOffered, PlaceTakenFromList, TurnNotReached
from weiyifang.core.events import Reactions
from weiyifang.people.events import PersonErased, ResidentLeft, ResidentReturned
from weiyifang.reactions import forgetting, money, seats

REACTIONS: Reactions = {
    # a pool of places → the enrolment that queued for it
    PlaceOffered: [seats.note_offer],
    PlaceTakenFromList: [seats.confirm],
    OfferLapsed: [seats.close],
    TurnNotReached: [seats.not_reached],
    # activities → the fund
    LessonAttended: [money.receive_lesson_fee],
    LessonVoided: [money.give_lesson_fee_back],
    # somebody leaves the community, or comes back → what they are enrolled in
    ResidentLeft: [seats.give_up],
    ResidentReturned: [seats.take_back],
    # a person asked to be forgotten → whoever keeps something of theirs
    PersonErased: [
        seats.give_up,
        forgetting.forget_notes,
        forgetting.forget_giver,
        forgetting.forget_member,
        forgetting.forget_reasons,
    ],
}
