"""Volunteering (志愿服务): who gives time, in which team, with which skills and papers.

Nouns
    Team          a service team (服务队) of an organization or of the committee; somebody leads it
    Volunteer     a resident who said that they would help, with what they can do and when; consented to
    Belonging     a volunteer is in a team, since a day, perhaps until a day
    Certificate   a paper somebody of the committee or a leader has seen, and until when it holds (健康证)
    Shift         a team does something, from when until when; its tasks (Need) say how many people it takes
    Slot          a volunteer does one task of a shift: claimed, or assigned by the leader
    Hours         from when until when somebody was there; noted by one person, approved by another
    HelpRequest   somebody asks for a hand; whoever takes it on has a shift with one task
    YearPaper     what the books had of one person's year when a paper about it was printed; anybody can check it
    TimeGift      minutes of the time bank that one person gave on to another, or to the community, or got from it
    TimeHeir      who is to have what somebody has saved, should they leave or die
Invariants
    A resident is a volunteer once at a time and in a team once at a time; nobody is in a team who is no volunteer.
    One resident may lead several teams. Whoever leads and signs in holds the leader's duty in that team.
    Minors sign up at the desk, with their guardian; from which age is a dated rule (`limits.toml`).
    A task has never more people than it takes (a constraint), and nobody is in two places: a person is a subject of the
    timetable. A paper that does not hold and an age that does not fit are refused; no rest in between, a full week and
    a skill nobody spoke of are doubted, and done if somebody is sure.
    A shift that is changed keeps whoever can come; the others are named. A stand-in or a swap is one transaction: a
    place is always exactly one person's. Where somebody lives who asked for help, only who helps and the office read,
    as long as it stands, and each look is noted.
    Nobody approves their own hours nor what they noted, and no hours of one volunteer overlap (constraints). What is
    approved stands in two books of the ledger: minutes worked, and minutes the time bank owes. A mistake is taken back
    by a second entry. Nobody gives more time on than they have (the ledger's floor).
    Saved time stays with whoever leaves as long as that can be undone, then goes to whom they named or the community.
Skills and kinds of certificates are data (`kinds.py`).
"""
