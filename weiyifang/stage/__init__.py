"""Shows (演出对接): who wants one, which troupe plays, who is on, and how what is paid for it is shared out.

Nouns
    Engagement  somebody wants a show, on a day, somewhere; a troupe takes it on, plays it, or it is called off
    Offer       an organization was asked whether it plays, and at which price
    Performer   a resident is in the line-up
    Income      what was paid for a show that was held; taken back it stays to be seen
    Split       one party's part of an income: the troupe's, a member's, the fund's
Invariants
    A show that was held had a line-up, and nobody is in two places: a person is a subject of the timetable.
    The shares of a contract add up to ten thousand, and the parts of an income to the income (`core.money.split`).
    The fund's part is in the fund's books in the same transaction (`reactions`), or the income is not received.
    An income is never changed: it is taken back whole, and what stays of it is received anew, with parts of its own.
What is usual between troupe, members and fund is a dated rule (`shares.toml`). The program holds the fund's part alone:
what is the troupe's and the members' it only works out.
"""
