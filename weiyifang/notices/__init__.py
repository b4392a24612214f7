"""Who is told what, until when, by which route, and did it reach them.

Nouns: a **notice** tells one person one thing (a resident, or whoever holds a duty); a **delivery** takes it to them by
a route besides their messages on these pages: a text message, a call from the phone list, a knock at the door.

Topics never write to people: they announce facts, and `reactions/notices.py` says which fact is told to whom,
`reactions/notice_kinds.py` in which words. A notice holds no words. They are made when somebody reads it, from what
things are called then, in the reader's language; so nothing has to be found and changed when a person is forgotten.

Promises, each kept by the database or by a test:

- a notice is written in the transaction of the fact it tells of, for everybody it concerns and whoever acts for them;
- a text message is handed over at most as often as the rule says, never in quiet hours, never after it is pointless,
  and not to a resident who did not agree to messages;
- whoever is not reached by one route is tried by the next; the last is a person who knocks.
"""
