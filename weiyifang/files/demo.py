"""The pictures and papers of the demo's year: drawn by `tools/draw_pictures.py` and `tools/draw_papers.py`.

Of nobody, and like no official form; each paper says on its face that it is a sample.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django.core.files.base import ContentFile

from weiyifang.files.arranging import Wanted, Words

FOLDER = Path(__file__).parent / "pictures_of_demo"
SHEETS = Path(__file__).parent / "sheets_of_demo"


@cache
def words() -> dict[str, str]:
    """What is to be seen in each, by its name."""
    return tomllib.loads((FOLDER / "pictures.toml").read_text("utf-8"))


def wanted(name: str) -> Wanted:
    """For a verb: add this picture, with its words."""
    return Wanted(brought=ContentFile((FOLDER / f"{name}.webp").read_bytes()), said=Words(words()[name]))


def sheet(name: str) -> ContentFile[bytes]:
    """A paper, as a form hands it over. The same is kept once, however often it is brought."""
    return ContentFile((SHEETS / name).read_bytes(), name=name)
