"""What the ledger must do, in plain Python and without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Moved = tuple[str, str, str, int]  # debit account, credit account, pool, amount


@dataclass(frozen=True)
class Entry:
    debit: str
    credit: str
    pool: str
    amount: int
    day: date
    reverses: str = ""
    hold: str = ""


@dataclass
class Oracle:
    """Accounts are "bank" (grows by debits) and "owed" (by credits), which have a floor, and "gifts" and "costs"."""

    entries: dict[str, Entry] = field(default_factory=dict)
    holds: dict[str, Moved] = field(default_factory=dict)
    open_holds: set[str] = field(default_factory=set)
    sealed_through: date = date.min

    def balance(self, account: str, pool: str, on: date = date.max) -> int:
        amount = 0
        for entry in self.entries.values():
            if entry.pool == pool and entry.day <= on:
                amount += entry.amount * ((entry.debit == account) - (entry.credit == account))
        return amount if account in {"bank", "costs"} else -amount

    def free(self, account: str, pool: str) -> int:
        held = 0
        for name in self.open_holds:
            debit, credit, held_in, amount = self.holds[name]
            spends = credit if account in {"bank", "costs"} else debit
            held += amount * (held_in == pool and spends == account)
        return self.balance(account, pool) - held

    def post(self, new: dict[str, Entry]) -> str:
        """Post a batch: the name of the refusal, or nothing when it stands."""
        fresh = {source: entry for source, entry in new.items() if source not in self.entries}
        before = dict(self.entries)
        ended = {entry.hold for entry in fresh.values()} & self.open_holds
        self.entries |= fresh
        self.open_holds -= ended
        refusal = ""
        if any(entry.day <= self.sealed_through for entry in fresh.values()):
            refusal = "PeriodSealed"
        elif fresh and self._is_short(fresh.values()):
            refusal = "OverdraftRefused"
        elif any(before[source] != entry for source, entry in new.items() if source in before):
            refusal = "TransferConflict"
        if refusal:
            self.entries = before
            self.open_holds |= ended
        return refusal

    def hold(self, source: str, moved: Moved) -> str:
        if source in self.holds:
            return "" if self.holds[source] == moved else "TransferConflict"
        self.holds[source] = moved
        self.open_holds.add(source)
        debit, credit, pool, amount = moved
        if self._is_short([Entry(debit, credit, pool, amount, date.max)]):
            del self.holds[source]
            self.open_holds.remove(source)
            return "OverdraftRefused"
        return ""

    def post_hold(self, source: str, hold: str, amount: int, day: date) -> str:
        debit, credit, pool, held = self.holds[hold]
        entry = Entry(debit, credit, pool, amount, day, hold=hold)
        if source in self.entries and self.entries[source].hold == hold:
            return "" if self.entries[source] == entry else "TransferConflict"
        if amount > held:
            return "HoldTooSmall"
        if hold not in self.open_holds:
            return "HoldResolved"
        return self.post({source: entry})

    def release(self, hold: str) -> str:
        if hold not in self.open_holds:
            return "HoldResolved"
        self.open_holds.remove(hold)
        return ""

    def reverse(self, source: str, original: str, amount: int, day: date) -> str:
        of = self.entries[original]
        if of.reverses:
            return "NotReversible"
        reversal = Entry(of.credit, of.debit, of.pool, amount, day, reverses=original)
        if source in self.entries and self.entries[source].reverses == original:
            return "" if self.entries[source] == reversal else "TransferConflict"
        left = of.amount - sum(entry.amount for entry in self.entries.values() if entry.reverses == original)
        return "ReversalTooLarge" if amount > left else self.post({source: reversal})

    def _is_short(self, moves: object) -> bool:
        return any(self.free(account, pool) < 0 for account in ("bank", "owed") for pool in ("general", "meals"))
