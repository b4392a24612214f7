"""What `weiyifang verify` finds: a promise that the rows do not keep."""

from __future__ import annotations

from dataclasses import dataclass

from weiyifang.core.tenancy import CommunityModel, source_of


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One broken promise: which check found it, in which row, and what is wrong."""

    check: str
    where: str
    what: str

    @classmethod
    def of(cls, row: CommunityModel, *, check: str, what: str) -> Fault:
        """The same, of a row that strangers refer to."""
        return cls(check=check, where=source_of(row), what=what)

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: {self.what}"
