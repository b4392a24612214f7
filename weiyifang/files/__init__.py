"""Files that people bring: pictures, PDF and tables. What they are is decided by what is in them.

Nouns: a **content** is what was brought, kept once in a community however often it is brought; a **file** is a content
that belongs to a row of another package (`owner`, its source), which has it once.

A topic's verb locks the owner, asks its own rule, and calls `services.keep` or `services.remove`; who may look is said
by the owner's package, registered once (`owners.shown_with`). No name of a file is kept: people's names stand in them.

Promises, each kept by a constraint or by a test:

- nothing that a browser would run is taken, whatever it is called; a picture is made anew, upright, without the place
  where it was taken; everything else is only handed over to be saved, never shown;
- a file is there whole before a row says so, and its SHA-256 stands in the fact that tells of it;
- nothing is shown to whom the owner is not shown to;
- `backup`, `restore` and `verify` cover it; what belongs to nobody is swept after a day.

What is not promised: nobody looks for viruses, and that a paper is genuine is for people to say.
"""
