"""Accounts and what moves between them, in any unit: fen for the fund, minutes for the time bank.

A *book* has *accounts* and *pools* (a pool is a fund: money of one purpose). A *transfer* takes an amount from one
account to another within one pool, so every pool balances by construction. What is promised:

- Transfers are only added. A mistake is put right by another transfer that *reverses* it, dated in an open month.
- The same source posts once, however often it is tried; with other content it is refused.
- A *floored* account cannot fall below zero, in any pool, however many people spend at the same moment; what is on
  *hold* cannot be spent a second time, and a hold is resolved once.
- A sealed month does not change: its transfers are numbered and chained by hashes, its root can be published.

`verify` recomputes all of it from the rows. Other packages call `services` and `queries`; amounts are whole units.
"""
