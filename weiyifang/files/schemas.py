"""What programs are told of pictures."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Schema

from weiyifang.files.album import Album


class PictureOut(Schema):
    """A picture; `width` and `height` in pixels, `alt` empty when it is only decoration. The first one leads."""

    url: str
    alt: str
    width: int
    height: int


def pictures_of(request: HttpRequest, album: Album) -> list[PictureOut]:
    """Those that are shown, at their largest."""
    return [
        PictureOut(url=request.build_absolute_uri(one.whole), alt=one.alt, width=one.width, height=one.height)
        for one in album.shown
    ]
