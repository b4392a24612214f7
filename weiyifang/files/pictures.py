"""Pictures are decoded and made anew: upright, in few sizes, without anything but what is seen.

What a camera wrote beside the picture (where, when, which telephone) is not taken along, nor is anything that somebody
hid behind it. How many pixels there are is read from the head, before a byte is decoded.
"""

from __future__ import annotations

import io
import struct
import threading
import zlib
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from weiyifang.core.refusals import Refused

# the longer side in pixels: a stamp in a list, a column, a page, a sheet of A4
SIZES = {"stamp": 360, "phone": 750, "desk": 1600, "print": 3000}
QUALITY = 82  # of JPEG: a photographed invoice stays legible, in a tenth of the bytes
LONGEST = 16_383  # pixels of a side; no camera makes more, and a strip of 1 × 60 million is none
PROFILE = 8 * 1024  # bytes of a colour profile that are kept: a telephone's is 0.5 kB, and colours are wrong without
FORMATS = ("JPEG", "PNG", "WEBP")
FRAME = 3 / 2  # width to height of what lists and heads of pages show (`.pic.frame`)
_one = threading.Lock()  # one picture at a time in a process: each takes up to 4 bytes for every pixel


class TooManyPixels(Refused):
    """It would take too much memory."""

    sentence = _("This picture has too many pixels: at most %(most)s million. Make it smaller and send it again.")
    status = 413


class Broken(Refused):
    """It cannot be decoded to its end."""

    sentence = _("This picture is damaged or not whole. Send it again, or take it once more.")
    status = 422


@dataclass(frozen=True)
class Picture:
    """What is kept of one size; `width` and `height` in pixels, 0 of what is no picture."""

    content: bytes
    ending: str
    width: int = 0
    height: int = 0


def is_one(content: bytes) -> bool:
    """Does it begin as one of the formats that are taken?"""
    jpeg, png = content.startswith(b"\xff\xd8\xff"), content.startswith(b"\x89PNG\r\n\x1a\n")
    return jpeg or png or (content.startswith(b"RIFF") and content[8:12] == b"WEBP")


def made_anew(content: bytes) -> dict[str, Picture]:
    """Each size it is large enough for, and the first in any case. Raises `TooManyPixels` and `Broken`."""
    try:
        _refuse_large(*_pixels(content))
        with _one, Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _refuse_large(*image.size)
            return _sizes(image)
    except (OSError, ValueError, SyntaxError, IndexError, struct.error, zlib.error, Image.DecompressionBombError) as no:
        raise Broken() from no


def cut(content: bytes, across: float, down: float) -> bytes | None:
    """The part that a frame (`FRAME`) of a picture of ours shows, and nothing else; None when it shows all.

    `across`, `down`: where the frame stands in what is too wide or too high, from 0 (left, top) to 1.
    """
    with _one, Image.open(io.BytesIO(content), formats=FORMATS) as image:
        width, height = image.size
        shown = min(width, round(height * FRAME)), min(height, round(width / FRAME))
        left, top = round((width - shown[0]) * across), round((height - shown[1]) * down)
        if shown == image.size:
            return None
        out, profile = io.BytesIO(), image.info.get("icc_profile")
        part = image.crop((left, top, left + shown[0], top + shown[1]))
        if image.has_transparency_data:
            part.save(out, "PNG", icc_profile=profile)
        else:
            part.save(out, "JPEG", quality=95, icc_profile=profile)  # it is made anew once more when it is kept
        return out.getvalue()


def _refuse_large(width: int, height: int) -> None:
    if width * height > settings.FILES_PIXELS or max(width, height) > LONGEST:
        raise TooManyPixels(most=settings.FILES_PIXELS // 1_000_000)


def _pixels(content: bytes) -> tuple[int, int]:
    """From the heads of PNG and WebP, for which the decoder takes its memory at once; (0, 0) for JPEG."""
    if content.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return 0, 0
    if content[12:16] == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _sizes(image: Image.Image) -> dict[str, Picture]:
    profile = image.info.get("icc_profile") or b""
    longest = max(image.size)
    image.draft("RGB", (SIZES["print"], SIZES["print"]))  # a JPEG is decoded no larger than it is needed
    image.load()
    if image.mode == "CMYK":
        profile = b""  # of the ink
    upright = ImageOps.exif_transpose(image)
    has_holes = upright.has_transparency_data
    upright = upright.convert("RGBA" if has_holes else "RGB")
    keep = {"icc_profile": profile} if 0 < len(profile) <= PROFILE else {}
    found: dict[str, Picture] = {}
    for name, side in SIZES.items():
        small = upright.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        small.info = {}
        out = io.BytesIO()
        if has_holes:
            small.save(out, "PNG", optimize=True, **keep)
        else:
            small.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True, **keep)
        found[name] = Picture(out.getvalue(), "png" if has_holes else "jpg", *small.size)
        if longest <= side:
            break
    return found
