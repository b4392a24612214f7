"""Draw the pictures of the demo: paper cuts of things and places, of nobody, and like no official form.

    .venv/bin/python tools/draw_pictures.py [FOLDER]

They lie in `weiyifang/files/pictures_of_demo`, so that the demo need not wait. The same dice, the same pictures.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from drawing import doing, outdoors, things
from drawing.paper import CLAY, NIGHT, PALE, PAPER, SKY, THREAD, Sheet

FOLDER = Path(__file__).parent.parent / "weiyifang/files/pictures_of_demo"

SCENES: dict[str, tuple[str, Callable[[Sheet], None]]] = {
    "lamp": (NIGHT, outdoors.lamp),
    "water": (SKY, outdoors.water),
    "shade": ("#dcebe3", outdoors.shade),
    "rain": ("#b3c6ca", outdoors.rain),
    "lake": ("#e8efe6", outdoors.lake),
    "flowers": ("#efe6d6", outdoors.flowers),
    "clay": ("#e9e2d2", doing.clay),
    "leaves": ("#d9c79b", doing.leaves),
    "patch": ("#efe6d6", doing.patch),
    "stage": (CLAY, doing.stage),
    "market": ("#dcebe9", outdoors.market),
    "balcony": (PAPER, outdoors.balcony),
    "radio": ("#dfe3d6", things.radio),
    "telephone": ("#f0e6d4", things.telephone),
    "camera": ("#d8d2c4", things.camera),
    "meal": (THREAD, things.meal),
    "desk": (NIGHT, things.desk),
    "brush": (THREAD, things.brush),
    "hills": ("#f3e3cf", outdoors.hills),
    "chess": (THREAD, things.chess),
    "stamps": ("#d9c79b", things.stamps),
    "heart": ("#f2e7de", things.heart),
    "table": (PALE, things.table),
    "erhu": ("#f3ead9", doing.erhu),
    "books": (PAPER, things.books),
    "yarn": ("#efe6d6", doing.yarn),
}


def draw(folder: Path, names: Sequence[str] = ()) -> None:
    """Draw all (or those named) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (ground, scene)) in enumerate(SCENES.items()):
        if not names or name in names:
            sheet = Sheet(ground, seed)
            scene(sheet)
            sheet.kept().save(folder / f"{name}.webp", "WEBP", quality=74, method=6)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, sys.argv[2:])
