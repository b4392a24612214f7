"""Reads worth a name: lists for pages, the list at the door, and the numbers others ask for."""

from __future__ import annotations

from weiyifang.activities.queries.door import (
    Guest,
    Roster,
    Today,
    concerned,
    enrolled_ids,
    roster,
    session_at_the_door,
    standing_attendances,
    today,
)
from weiyifang.activities.queries.figures import (
    Reach,
    TermFigures,
    attendances,
    attended,
    people_served,
    reach_by_audience,
    term_figures,
)
from weiyifang.activities.queries.mine import (
    Mine,
    just_cancelled,
    mine_in,
    people_to_act_for,
    upcoming_of,
)
from weiyifang.activities.queries.seats import (
    FEW,
    Seats,
    seats_of,
)
from weiyifang.activities.queries.whats_on import (
    Listed,
    coming,
    date_by_number,
    events_a_day,
    listed,
    next_dates,
    next_of_each,
    on_day,
    organizer_names,
    past,
    this_week,
    with_free_places,
)

__all__ = [
    "FEW",
    "Guest",
    "Listed",
    "Mine",
    "Reach",
    "Roster",
    "Seats",
    "TermFigures",
    "Today",
    "attendances",
    "attended",
    "coming",
    "concerned",
    "date_by_number",
    "enrolled_ids",
    "events_a_day",
    "just_cancelled",
    "listed",
    "mine_in",
    "next_dates",
    "next_of_each",
    "on_day",
    "organizer_names",
    "past",
    "people_served",
    "people_to_act_for",
    "reach_by_audience",
    "roster",
    "seats_of",
    "session_at_the_door",
    "standing_attendances",
    "term_figures",
    "this_week",
    "today",
    "upcoming_of",
    "with_free_places",
]
