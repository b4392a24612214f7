"""An album: the pictures that are shown with one row, in their order, each with its words and the part to keep.

It is a column of the row they belong to (`AlbumColumn`). So a page that has the row has its pictures without asking
again, whoever edits or decides on the row carries a mark of them, and a guard of the row guards them. What the column
names are files of the row (`verify.album_faults`); `arranging` is the only one that fills it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.files.pictures import SIZES

if TYPE_CHECKING:
    from weiyifang.files.models import Content

    JsonOfAlbum = models.JSONField["Album | list[Any]", "Album"]
else:  # Django's fields cannot be subscripted at run time
    JsonOfAlbum = models.JSONField

LONGEST_ALT = 120  # characters: a sentence or two, as one would say them on the telephone
UNDO = timedelta(minutes=10)  # for how long a picture that was taken away can be put back


class Focus(models.TextChoices):
    """The part that stays where a frame has no room for the whole: nine places, as on a sheet folded twice."""

    TOP_LEFT = "tl", pgettext_lazy("part of a picture", "top left")
    TOP = "t", pgettext_lazy("part of a picture", "top")
    TOP_RIGHT = "tr", pgettext_lazy("part of a picture", "top right")
    LEFT = "l", pgettext_lazy("part of a picture", "left")
    MIDDLE = "m", pgettext_lazy("part of a picture", "middle")
    RIGHT = "r", pgettext_lazy("part of a picture", "right")
    BOTTOM_LEFT = "bl", pgettext_lazy("part of a picture", "bottom left")
    BOTTOM = "b", pgettext_lazy("part of a picture", "bottom")
    BOTTOM_RIGHT = "br", pgettext_lazy("part of a picture", "bottom right")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture of a row. `alt` is what is to be seen in it, "" of one that is only decoration."""

    number: int  # by which people and texts name it; it does not change when the order does
    file: UUID
    sizes: Mapping[str, tuple[int, int]]  # what there is of it: width and height in pixels
    alt: str = ""
    focus: str = Focus.MIDDLE
    content: UUID | None = None  # of one that was taken away, to put it back
    away_at: datetime | None = None

    @property
    def width(self) -> int:
        """Of the largest there is, in pixels; `height` likewise."""
        return self._largest[0]

    @property
    def height(self) -> int:
        return self._largest[1]

    @property
    def is_upright(self) -> bool:
        """Taller than wide."""
        return self.height > self.width

    @property
    def back_until(self) -> datetime | None:
        """Until when one that was taken away can be put back."""
        return self.away_at + UNDO if self.away_at else None

    @property
    def _largest(self) -> tuple[int, int]:
        return max(self.sizes.values(), default=(0, 0))

    def address(self, size: str) -> str:
        """Where a size of it is."""
        return reverse("files:file", args=[self.file, size])

    @property
    def stamp(self) -> str:
        """The address of the smallest, for lists."""
        return self.address("stamp")

    @property
    def phone(self) -> str:
        return self.address("phone")

    @property
    def desk(self) -> str:
        return self.address("desk")

    @property
    def whole(self) -> str:
        """The address of the largest."""
        return self.address("print")

    @property
    def srcset(self) -> str:
        """Every size there is, for a browser to choose from."""
        return ", ".join(f"{self.address(size)} {width}w" for size, (width, _height) in self.sizes.items())


class Album(tuple[Picture, ...]):
    """The pictures of a row, in their order; those taken away a moment ago are in it, but not in `shown`."""

    __slots__ = ()

    @property
    def shown(self) -> list[Picture]:
        """What everybody sees who sees the row."""
        return [one for one in self if one.away_at is None]

    @property
    def lead(self) -> Picture | None:
        """The first: it stands for the row in lists."""
        return next((one for one in self if one.away_at is None), None)

    @property
    def others(self) -> list[Picture]:
        """All but the first."""
        return self.shown[1:]

    @property
    def away(self) -> list[Picture]:
        """What can still be put back."""
        return [one for one in self if one.away_at is not None and one.away_at + UNDO > clock.now()]

    def find(self, number: int) -> Picture | None:
        return next((one for one in self if one.number == number), None)

    def __str__(self) -> str:
        """A line for each that is shown, with all that can be different of it: for `core.web.versions`."""
        return "\n".join(f"{one.number} {one.file} {one.focus} {one.alt}" for one in self.shown)


EMPTY = Album()


class AlbumColumn(JsonOfAlbum):
    """The album of a row. For migrations it is the JSON column it is."""

    is_sealed: ClassVar[bool] = True  # for `core.web.versions`: a change of it is named, not told

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"verbose_name": _("pictures"), **options, "default": list, "blank": True})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Album:
        return _read(super().from_db_value(value, expression, connection) or ())

    def get_default(self) -> Album:
        return EMPTY

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Album) else _read(value or ())

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(_written(value) if isinstance(value, tuple) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(_written(value) if isinstance(value, tuple) else value, connection, prepared)


def _read(kept: Iterable[Mapping[str, Any]]) -> Album:
    return Album(
        Picture(
            number=one["n"],
            file=UUID(one["file"]),
            sizes={name: (one["sizes"][name][0], one["sizes"][name][1]) for name in SIZES if name in one["sizes"]},
            alt=one["alt"],
            focus=one["focus"],
            content=UUID(one["content"]) if "content" in one else None,
            away_at=datetime.fromisoformat(one["away"]) if "away" in one else None,
        )
        for one in kept
    )


def _written(album: Iterable[Picture]) -> list[dict[str, Any]]:
    return [
        {"n": one.number, "file": str(one.file), "sizes": dict(one.sizes), "alt": one.alt, "focus": str(one.focus)}
        | ({"content": str(one.content), "away": one.away_at.isoformat()} if one.away_at else {})
        for one in album
    ]


def without_old(album: Iterable[Picture]) -> list[Picture]:
    """Without what can no longer be put back."""
    return [one for one in album if one.away_at is None or one.away_at + UNDO > clock.now()]


def moved(album: Album, number: int, by: int) -> list[Picture]:
    """With one picture `by` places further back (below 0: nearer to the front) among those that are shown."""
    shown, gone = album.shown, [one for one in album if one.away_at is not None]
    at = next((place for place, one in enumerate(shown) if one.number == number), None)
    if at is not None:
        one = shown.pop(at)
        shown.insert(max(0, min(at + by, len(shown))), one)
    return [*shown, *gone]


def sizes_of(content: Content) -> dict[str, tuple[int, int]]:
    """What there is of a picture, as an album says it."""
    return {size: (part["width"], part["height"]) for size, part in content.parts.items()}
