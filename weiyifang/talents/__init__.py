"""Talents (能人): what neighbours can do – take photographs, write with the brush, edit pictures – and who asked them.

Nouns
    Talent    what one resident can do, in their own words and by topic; consented to, and seen by members alone
    TalentRequest  somebody – a neighbour, an organization, the committee – asks them for something, at a time or not
    Thanks    a few words of thanks for what was done; shown to the neighbours once the talent says so
Invariants
    Nobody stands on the list without a consent that holds; taking it back takes them off at once.
    A resident is on the list once at a time, and has one open question from the same asker at a time.
    A phone is shown to the other of the two alone, once the question was accepted, if its owner said so, and for as
    many days as the dated rule says (`limits.toml`). It is never copied.
    Who said yes to a time has it in their calendar, which is the one of all they do (`timetable`): nobody is in two
    places.
    Thanks are shown as long as both want it: either takes them back at any time.
Topics are data (`kinds.py`).
"""
