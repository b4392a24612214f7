"""Places that run out: pools, claims on them, holds that lapse, waiting lists and offers.

Nouns: a **pool** has a number of places; a **claim** has some of them (held until a moment, or taken); who finds none
joins the **waiting list** as an entry and gets an **offer** when places come free. `holder` and `owner` are sources of
rows in the topics above (`activities.enrollment:<id>`), which this package does not know.

Invariants, each kept by the database or re-computed by `verify`:

- taken + held never exceeds places, and both are the sums of the live claims;
- a holder has at most one live claim and one live entry in a pool;
- an offer holds its places until it is accepted, declined or lapses;
- nobody waits while places that fit are free: whoever frees a place hands it on in the same transaction;
- a queue may have an end: from then on nobody is asked, and whoever waits is let go and told.
"""
