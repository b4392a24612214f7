"""News: what the community and its organizations write; notices; how often it is read.

Nouns
    Column      a standing place in the paper (栏目): notices, neighbours' stories …
    Article     a text from draft to print; a *notice* (通知) is an article people must know of
    Revision    what was written when, by whom: append-only; after publishing each one carries a correction note
    Read        one reader opened one article on one day
    ReadTally   reads and openings of an article on a day; DayTally: how many different readers the paper had on a day
Invariants
    Nobody publishes what they wrote: the reviewer is another person than the author (a CHECK), and wrote no line of it.
    Residents see what is published and nothing else. Every text is cleaned (`markup.py`) when it is written,
    and shown as it was cleaned then, until somebody edits it.
What is a read?
    One reader × one article × one day, at most once. A reader is a signed-in person or a device with a cookie we
    signed; robots, and browsers that look ahead, are nobody. Opening an article five times on a day is one read and
    five openings, and the two are never added.
    No Read names its reader: its key is an HMAC under the program's secret and is another one every day, so a person
    who reads on two days is two keys; and reads are forgotten after `counting.KEPT_DAYS` days, the tallies stay.
    Counts wait in the process for at most `reading.PAUSE` seconds, then one statement writes them: a kill loses at
    most these, a stop loses none.
"""
