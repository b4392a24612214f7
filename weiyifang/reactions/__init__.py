"""What follows from what: every consequence that crosses two topics, on one page (`table.py`).

A reaction runs inside the transaction of the verb that announced the fact. The outside world is only met through
jobs enqueued in that transaction. The adapters (`money.py`, `notices.py`, …) are the only code that knows two topics.
"""
