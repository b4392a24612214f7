"""What something is, is decided by what is in it; and nothing that a browser would run is taken."""

from __future__ import annotations

import io
import random
from contextlib import suppress

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from weiyifang.core.refusals import Refused
from weiyifang.core.tables import write_xlsx
from weiyifang.files import contents, pictures
from weiyifang.files.contents import AppleFormat, CutShort, DrawingFormat, NotTaken, OldOffice, WebPage, WithMacros
from weiyifang.files.models import Kind
from weiyifang.files.pictures import Broken, TooManyPixels
from weiyifang.files.tests import make

CSV = "日期,事由,金额\n2026-10-01,打印,12.50\n".encode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (make.picture(), Kind.PICTURE),
        (make.picture(form="PNG"), Kind.PICTURE),
        (make.picture(form="WEBP"), Kind.PICTURE),
        (make.picture(form="WEBP", lossless=True), Kind.PICTURE),
        (make.PDF, Kind.PDF),
        (write_xlsx("账", ("日期", "金额"), [("2026-10-01", 12)]), Kind.XLSX),
        (CSV, Kind.CSV),
        (CSV.decode().encode("gb18030"), Kind.CSV),
    ],
)
def test_what_is_taken_is_known_by_what_is_in_it(content: bytes, kind: Kind) -> None:
    assert contents.look_into(content).kind == kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (make.SVG, DrawingFormat),
        (b"\xef\xbb\xbf\n  " + make.SVG, DrawingFormat),
        (make.HEIC, AppleFormat),
        (make.HTML, WebPage),
        (b"#!/bin/sh\nrm -rf /", WebPage),
        (b"import os, sys\nos.remove('x')\nprint(1, 2, 3, 4)\n", NotTaken),
        (b"MZ\x90\x00" + bytes(100), NotTaken),
        (b"GIF89a" + bytes(100), NotTaken),
        (b"Only a line of words.", NotTaken),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OldOffice),
        (make.archive("word/document.xml"), OldOffice),
        (make.archive("xl/workbook.xml", "xl/vbaProject.bin"), WithMacros),
        (make.archive("photos/one.jpg"), NotTaken),
        (make.archive("xl/workbook.xml")[:-30], CutShort),
        (make.PDF[:-6], CutShort),
        (make.picture()[:-3000], Broken),
        (make.picture(form="PNG")[:-500], Broken),
        (make.picture(form="WEBP")[:-100], Broken),
        (b"\xff\xd8\xff", Broken),
        (b"\x89PNG\r\n\x1a\n", Broken),
        (b"RIFF\0\0\0\0WEBP", Broken),
        (make.png_that_says(50_000, 50_000), TooManyPixels),
        (make.png_that_says(1, 60_000_000), TooManyPixels),
        (b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\x10\0\0\0" + b"\xff\xff\xff" * 2 + bytes(50), TooManyPixels),
    ],
)
def test_what_is_not_taken_is_refused_with_a_sentence(content: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as refused:
        contents.look_into(content)
    assert type(refused.value) is refusal
    assert str(refused.value)


def test_a_picture_stands_upright_and_says_neither_where_nor_with_what_it_was_taken() -> None:
    brought = make.from_a_telephone()
    assert Image.open(io.BytesIO(brought)).getexif().get_ifd(make.GPS)
    made = pictures.made_anew(brought)
    for part in made.values():
        image = Image.open(io.BytesIO(part.content))
        assert not dict(image.getexif())
        assert not {"exif", "xmp", "comment", "photoshop"} & set(image.info)
        assert b"A telephone" not in part.content
        assert image.size == (part.width, part.height)
        assert part.width < part.height  # it was taken lying
        right_top, left_top = image.getpixel((part.width - 5, 5)), image.getpixel((5, 5))
        assert isinstance(right_top, tuple)
        assert right_top[0] - right_top[1] > 100, "the red corner is where it was when the telephone was held"
        assert isinstance(left_top, tuple)
        assert abs(left_top[0] - left_top[1]) < 60


@pytest.mark.parametrize(
    ("longest", "sizes"),
    [(600, ["stamp", "phone"]), (1500, ["stamp", "phone", "desk"]), (4000, ["stamp", "phone", "desk", "print"])],
)
def test_a_picture_is_made_in_the_sizes_it_is_large_enough_for(longest: int, sizes: list[str]) -> None:
    made = pictures.made_anew(make.picture(longest, longest // 2))
    assert list(made) == sizes
    assert [part.width for part in made.values()] == [min(longest, pictures.SIZES[size]) for size in sizes]


def test_what_is_seen_through_stays_seen_through_and_ink_becomes_light() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    (part,) = pictures.made_anew(out.getvalue()).values()
    assert part.ending == "png"
    assert Image.open(io.BytesIO(part.content)).getpixel((1, 1)) == (0, 0, 0, 0)
    out = io.BytesIO()
    Image.new("CMYK", (20, 20), (0, 200, 0, 0)).save(out, "JPEG")
    (part,) = pictures.made_anew(out.getvalue()).values()
    assert Image.open(io.BytesIO(part.content)).mode == "RGB"


def test_how_many_pixels_are_too_many_is_a_setting(settings: Settings) -> None:
    settings.FILES_PIXELS = 1_000_000
    for form in pictures.FORMATS:
        with pytest.raises(TooManyPixels):
            pictures.made_anew(make.picture(1_100, 1_000, form=form))


def test_a_picture_with_any_bytes_spoiled_is_made_or_refused_never_an_error() -> None:
    dice = random.Random(7)
    for form in pictures.FORMATS:
        whole = make.picture(90, 60, form)
        for _try in range(120):
            spoiled = bytearray(whole)
            for _byte in range(dice.randint(1, 6)):
                spoiled[dice.randrange(12, len(spoiled))] = dice.randrange(256)
            with suppress(Refused):
                contents.look_into(bytes(spoiled[: dice.randint(len(spoiled) // 2, len(spoiled))]))
