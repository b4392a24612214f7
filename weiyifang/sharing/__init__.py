"""What neighbours lend one another: rooms, equipment, instruments.

Nouns
    Resource     a room (perhaps made of parts), one piece of equipment, a stock of pieces, an instrument
    Booking      somebody has it, or asked for it, from … to …; those of a series have one `series`
    Closure      nobody has it then: it is repaired, painted, needed for an election
    Round        the weekly slots of a season are shared out by a public rule (`slots.py`); an Application with its
                 Wishes is what an organization would like, a Slot what it got
Invariants
    Everything is a subject of the `timetable`. A room is the room of that name which activities take as well, so there
    is one calendar; a hall is made of its parts there. Of a stock many share the calendar, and no more pieces are
    promised at any moment than there are: counted under the lock of its row, and again by `verify`.
    A closure has the thing for itself. Bookings in its way are called off and told; what others have stands in its way.
    How much an organization may have in a week is a dated rule (`allowance.py`), and the same for all.
    The slots of a round are those that anybody recomputes from its sheet, and it is booked once, all of it or none.
Read on in this order: models, events, rules, allowance, queries, slots, season, services, forms, views.
"""
