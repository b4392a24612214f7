"""Calendars that phones fetch by themselves: one's own, an organization's.

Nouns
    Link    an address nobody can guess, for one resident: of what is theirs, or of an organization they look after
Invariants
    The address is shown once; kept is its digest. Whoever has it reads what it opens, so it opens little: what, when
    and where, and nobody's name. It is renewed and ended with one press; it ends when its owner no longer lives here,
    and opens nothing while they do not look after the organization. Neither the program nor the proxy in `deploy/`
    writes it down. What there is to read comes from the topics (`timetable.diaries`).
    What everybody may see has plain addresses in its own topic: activities, and the week of a thing that is lent.
"""
