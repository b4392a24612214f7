"""Reads worth a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from weiyifang.core import stores
from weiyifang.files import owners, seals
from weiyifang.files.contents import WHOLE
from weiyifang.files.models import Content, File, Kind
from weiyifang.files.pictures import SIZES


def content_of(sha256: str) -> Content | None:
    """What was brought before, to the last byte the same."""
    return Content.objects.filter(sha256=sha256).first()


def of(owner: str) -> QuerySet[File]:
    """The files of a row, in the order in which they came."""
    return File.objects.filter(owner=owner).select_related("content").order_by("id")


def read(file: File, part: dict[str, Any]) -> bytes:
    """What is handed out: a sealed part opened. Raises OSError, and ValueError when no key at hand opens it."""
    with stores.opened(part["name"]) as kept:
        whole = kept.read()
    return seals.opened(whole, file.content.key) if owners.is_sealed(file.owner) else whole


def part(content: Content, size: str) -> dict[str, Any] | None:
    """What is handed out for a size: the next larger where it was not made, else the largest. None for no size."""
    known = list(SIZES) if content.kind == Kind.PICTURE else [WHOLE]
    if size not in known:
        return None
    there = [name for name in known if name in content.parts]
    found: dict[str, Any] = content.parts[next((n for n in there if known.index(n) >= known.index(size)), there[-1])]
    return found


def names_of(content: Content) -> list[str]:
    """The names under which its parts lie in the store."""
    return [part["name"] for part in content.parts.values()]


def names() -> Iterator[str]:
    """Every name in the store that a row of the community at hand knows."""
    for content in Content.objects.only("parts").iterator():
        yield from names_of(content)


@dataclass(frozen=True)
class Shown:
    """A file for a template: a small picture to look at, and where the whole is."""

    file: File
    number: int

    @property
    def is_picture(self) -> bool:
        return bool(self.file.content.kind == Kind.PICTURE)

    @property
    def small(self) -> str:
        """The address of the picture for a phone; "" of what is no picture."""
        return reverse("files:file", args=[self.file.pk, "phone"]) if self.is_picture else ""

    @property
    def width(self) -> int:
        """Of the small picture, in pixels; `height` likewise."""
        return int(self._small["width"])

    @property
    def height(self) -> int:
        return int(self._small["height"])

    @property
    def _small(self) -> dict[str, Any]:
        return part(self.file.content, "phone") or {"width": 0, "height": 0}

    @property
    def kind(self) -> str:
        """In words."""
        return str(self.file.content.get_kind_display())

    @property
    def what(self) -> str:
        """What it is, in words; else what kind of file."""
        return str(self.file.get_what_display()) if self.file.what else self.kind

    @property
    def whole(self) -> str:
        """The address of the largest there is."""
        return reverse("files:file", args=[self.file.pk, "print" if self.is_picture else WHOLE])


def shown(owner: str, *, only_open: bool = False) -> list[Shown]:
    """The files of a row for its page; or only what is open to everybody."""
    rows = of(owner).filter(is_open=True) if only_open else of(owner)
    return [Shown(file, number) for number, file in enumerate(rows.defer("content__key"), 1)]
