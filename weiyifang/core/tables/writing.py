"""Writing what people take away, without traps: no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from weiyifang.core.tenancy import current_community_id, in_community
from weiyifang.core.text import writable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet takes for one's beginning


def harmless(value: Any) -> Any:
    """A cell of a CSV that every spreadsheet can hold and none runs: what begins like a formula gets an apostrophe."""
    if not isinstance(value, str):
        return value
    kept = writable(value)
    return f"'{kept}" if kept.startswith(FORMULA) else kept


def sheet_title(title: str) -> str:
    """What a sheet may be called."""
    return re.sub(r"[\\/*?:\[\]]", " ", writable(title))[:31]


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """CSV in pieces, UTF-8 with a mark, so that every spreadsheet program reads the Chinese right."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["\ufeff" + head[0], *head[1:]] if head else [])
    for count, row in enumerate(rows, 1):
        writer.writerow([harmless("" if value is None else value) for value in row])
        if count % 500 == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def streamed(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """CSV that is read as it is sent, so that a long table costs no more memory than a short one."""
    return sent(write_csv(head, rows), "text/csv; charset=utf-8")


def sent(content: Iterator[bytes], kind: str) -> StreamingHttpResponse:
    """A file that is read as it is sent.

    By then the view has left its community and its language: each piece is read inside both.
    """
    community, language = current_community_id(), get_language()

    def pieces() -> Iterator[bytes]:
        while True:
            with in_community(community), override(language):
                piece = next(content, None)
            if piece is None:
                return
            yield piece

    return StreamingHttpResponse(pieces(), content_type=kind)


def write_xlsx(
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    above: Sequence[Any] = (),
    widths: Sequence[int] = (),
) -> bytes:
    """A workbook of one sheet: a bold head, a line above it if there is one. Every text is stored as text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title))
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.column_dimensions[get_column_letter(place)].number_format = "@"
    sheet.freeze_panes = "A3" if above else "A2"

    def kept(value: Any) -> Any:
        """What begins like a formula says that it is text, now and when somebody edits it later."""
        if not isinstance(value, str) or not (text := writable(value)).startswith(FORMULA):
            return writable(value) if isinstance(value, str) else value
        cell = WriteOnlyCell(sheet, value=text)
        cell.data_type, cell.quotePrefix = "s", True
        return cell

    if above:
        sheet.append([kept(value) for value in above])
    heads = [WriteOnlyCell(sheet, value=writable(words)) for words in head]
    for cell in heads:
        cell.data_type, cell.font = "s", Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append([kept(value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
