"""Tables that people bring and take away: xlsx and CSV, read with suspicion (`reading`), written without traps."""

from __future__ import annotations

from weiyifang.core.tables.reading import (
    MOST_BYTES,
    MOST_CELLS,
    MOST_ROWS,
    MOST_UNPACKED,
    Cell,
    DamagedFile,
    EmptyTable,
    Fault,
    NotATable,
    OldWorkbook,
    Row,
    Table,
    TooLarge,
    TooMuchInside,
    heading,
    read,
)
from weiyifang.core.tables.writing import sent, streamed, write_csv, write_xlsx

__all__ = [
    "MOST_BYTES",
    "MOST_CELLS",
    "MOST_ROWS",
    "MOST_UNPACKED",
    "Cell",
    "DamagedFile",
    "EmptyTable",
    "Fault",
    "NotATable",
    "OldWorkbook",
    "Row",
    "Table",
    "TooLarge",
    "TooMuchInside",
    "heading",
    "read",
    "sent",
    "streamed",
    "write_csv",
    "write_xlsx",
]
