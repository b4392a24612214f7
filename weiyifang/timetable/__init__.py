"""Who or what is taken when: rooms, beds, instruments, people. Recurrence, public holidays, iCalendar.

An **allocation** is one subject taken for one span of time by one `source` (a row of a topic above). Spans are
half-open, `[from, until)`: a room that is free at ten can be taken at ten. Buffers before and after (putting up chairs,
airing the room) belong to what is taken.

The invariant is a constraint of the database: no two allocations of one subject that are not released overlap,
buffers included, unless both **share** it (two activities in one park). One who has it alone shuts out everybody.
A subject may be made of parts (a hall of its left and its right half): whoever takes the whole takes every part, so
that both meet in the same constraint. `verify` computes it again without the constraint.
"""
