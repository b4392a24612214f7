"""Places that run out: pools, claims on them, holds that lapse, waiting lists and offers.

Nouns: a **pool** has a number of places; a **share** keeps some of them for those who fit it, until a moment; a
**claim** has some of them (held until a moment, or taken); who finds none joins the **waiting list** as an entry and
gets an **offer** when places come free. `holder` and `owner` are sources of rows in the topics above
(`activities.enrollment:<id>`), and the name of a share is their word; this package knows neither.

Invariants, each kept by the database or re-computed by `verify`:

- taken + held + kept never exceeds places; the first two are the sums of the live claims, the third of the shares;
- what a share keeps and what was taken out of it are all of it, until it opens to everybody;
- a holder has at most one live claim and one live entry in a pool;
- an offer holds its places until it is accepted, declined or lapses;
- nobody waits while places that fit are free: whoever frees a place hands it on in the same transaction;
- a queue may have an end: from then on nobody is asked, and whoever waits is let go and told.
"""
