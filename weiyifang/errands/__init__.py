"""Work that takes longer than anybody waits before a page: it has a row, and is carried out by the worker.

Nouns: an **errand** is a piece of work that somebody asked for: what, for whom, how far, and what came of it (a
sentence, and perhaps a **file**, sealed, kept for some days). A **kind** says how it is done, who may ask for it and
in which words it is told; a topic registers its kinds (`core.long_work`), and hands work over there.

What has at most `settings.AT_ONCE` rows is made while one waits (`long_work.is_long`); more is an errand.

Promises, each kept by a constraint or by a test:

- the row and the job that carries it out are one transaction, and two presses start one errand;
- the work, its file and the note that it is done are one transaction: killed half way, it begins again from the start,
  nothing is there twice, and the row says how often it began. How far it is, is written meanwhile by a connection of
  its own, at most once a second;
- cancelled between two steps, refused or broken, it leaves nothing half done, and a sentence says so;
- who lost the right meanwhile gets neither the deed nor the file; a file is only for whoever asked for it;
- one errand is carried out at a time, so that messages and deadlines never wait for them.
"""
