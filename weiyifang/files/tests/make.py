"""Pictures and papers, drawn here: of nobody, and like no official form."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
GPS, ORIENTATION, MODEL = 0x8825, 0x0112, 0x0110


def picture(width: int = 900, height: int = 600, form: str = "JPEG", *, seed: int = 1, **options: Any) -> bytes:
    """A red corner at the top left, on grey; nothing else."""
    image = Image.new("RGB", (width, height), (200, 200, 200 - 20 * seed))
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill=(220, 0, 0))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def from_a_telephone(width: int = 900, height: int = 600) -> bytes:
    """Lying on its side, with where it was taken, and by which telephone."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = 6, "A telephone"
    exif[GPS] = {1: "N", 2: (29.5, 0.0, 0.0), 3: "E", 4: (106.5, 0.0, 0.0)}
    return picture(width, height, exif=exif)


def png_that_says(width: int, height: int) -> bytes:
    """A head, and hardly anything behind it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(c)) + n + c + struct.pack(">I", zlib.crc32(n + c)) for n, c in chunks)
    return b"\x89PNG\r\n\x1a\n" + body


def archive(*names: str) -> bytes:
    """A zip file with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(zipfile.ZipInfo(name), "x")  # of one moment: the name of a test must not tell the time
    return out.getvalue()


def brought(content: bytes, name: str = "a.jpg") -> ContentFile[bytes]:
    """As a form hands it over."""
    return ContentFile(content, name=name)
