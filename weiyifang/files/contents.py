"""What something is, by what is in it; and what is made of it. Ends of names and what a browser says count for nothing.

Whatever this cannot name is refused. So nothing that a browser would run (SVG, HTML, a script) ever lies in the store.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.files import pictures
from weiyifang.files.models import Kind

WHOLE = "whole"  # the one size of what is no picture
ROWS = 20_000  # rows of a plain table that are looked at
MACROS = ("xl/vbaproject.bin", "xl/macrosheets/")


class NotTaken(Refused):
    """No kind that is taken here."""

    sentence = _("This is none of the files that are taken here. Send a picture (JPEG, PNG, WebP), a PDF or a table.")
    status = 415


class AppleFormat(NotTaken):
    """HEIC, AVIF: no program here reads them safely."""

    sentence = _(
        "This picture is in a format (HEIC, AVIF) that cannot be read here. Take it from the album as JPEG, or send a "
        "screenshot of it."
    )


class DrawingFormat(NotTaken):
    """SVG: a program as much as a picture."""

    sentence = _("SVG is not taken: it can hold programs. Save the drawing as PNG or PDF and send that.")


class WebPage(NotTaken):
    """HTML or a script."""

    sentence = _("This is a web page or a program, and such files are not taken. Save it as PDF and send that.")


class OldOffice(NotTaken):
    """Word, PowerPoint, and the Excel of before 2007."""

    sentence = _("Files of Word, PowerPoint and old Excel are not taken. Save it as PDF (tables also as .xlsx).")


class WithMacros(NotTaken):
    """A workbook that holds a program."""

    sentence = _("This table holds a program (macros), and is not taken. Save it as .xlsx without macros.")


class CutShort(Refused):
    """Its end is missing."""

    sentence = _("This file is not whole: its end is missing. Send it again where the connection is better.")
    status = 422


@dataclass(frozen=True)
class Look:
    """How a kind is handed out."""

    media_type: str
    ending: str


LOOKS = {
    Kind.PDF: Look("application/pdf", "pdf"),
    Kind.XLSX: Look("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    Kind.CSV: Look("text/csv; charset=utf-8", "csv"),
}
PARTS = {"jpg": Look("image/jpeg", "jpg"), "png": Look("image/png", "png")}


@dataclass(frozen=True)
class Made:
    """What is kept of something that was brought: its kind, and its parts by size."""

    kind: Kind
    parts: dict[str, pictures.Picture]


def look_into(content: bytes) -> Made:
    """What this is, ready to be kept. Raises a `Refused` that says what to do instead."""
    if pictures.is_one(content):
        return Made(Kind.PICTURE, pictures.made_anew(content))
    return Made(kind := _kind(content), {WHOLE: pictures.Picture(content, LOOKS[kind].ending)})


def _kind(content: bytes) -> Kind:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise CutShort()
        return Kind.PDF
    if content.startswith(b"PK\x03\x04"):
        return _workbook(content)
    if content[4:8] == b"ftyp":
        raise AppleFormat()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldOffice()
    if b"<svg" in content[:4096].lower():
        raise DrawingFormat()
    if head.startswith((b"<", b"#!")):
        raise WebPage()
    if _is_plain_table(content):
        return Kind.CSV
    raise NotTaken()


def _workbook(content: bytes) -> Kind:
    """Only the list of what is inside is read: nothing is unpacked here."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeError) as error:
        raise CutShort() from error
    if "xl/workbook.xml" not in names:
        raise OldOffice() if any(name.startswith(("word/", "ppt/")) for name in names) else NotTaken()
    if any(name.startswith(MACROS) for name in names):
        raise WithMacros()
    return Kind.XLSX


def _is_plain_table(content: bytes) -> bool:
    """Text whose rows all have the same two or more columns, which no program's text has."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            return False
    if any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        return False
    for delimiter in ",\t;":
        try:
            rows = [len(row) for row in islice(csv.reader(text.splitlines(), delimiter=delimiter), ROWS)]
        except csv.Error:
            return False
        widths = {width for width in rows if width}
        if len(widths) == 1 and widths.pop() > 1 and len(rows) > 1:
            return True
    return False
