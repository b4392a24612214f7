"""Add, describe, order and take away the pictures of one row. Part of a topic's verb: it holds the lock of the row, has
asked its rule, saves the row and says what changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import CommunityModel, source_of
from weiyifang.core.text import TooLong, line
from weiyifang.files import queries, services
from weiyifang.files.album import EMPTY, LONGEST_ALT, Album, Focus, Picture, moved, sizes_of, without_old
from weiyifang.files.models import File, Kind
from weiyifang.files.pictures import SIZES, cut

AT = {  # where the frame stands, from 0 (left, top) to 1: as `object-position` says it on the pages
    focus: (
        0.0 if focus.value.endswith("l") else 1.0 if focus.value.endswith("r") else 0.5,
        0.0 if focus.value.startswith("t") else 1.0 if focus.value.startswith("b") else 0.5,
    )
    for focus in Focus
}
MOST = 12  # pictures of one row
FIRST = -1_000  # places: to the very front


class NoWords(Refused):
    """A picture of which nobody says what is to be seen."""

    sentence = _(
        "Say in a few words what is to be seen in the picture: who cannot see it has it read aloud. If it is only "
        "decoration, tick that."
    )
    status = 422


class EnoughPictures(Refused):
    """As many as there may be."""

    sentence = _("There are %(most)s pictures here already, and more are not looked at. Take one away first.")


class NoPicture(Refused):
    """A PDF or a table where a picture belongs."""

    sentence = _("This is no picture. Choose a photo or a drawing (JPEG, PNG, WebP).")
    status = 415


class HereAlready(Refused):
    """The same picture once more."""

    sentence = _("This picture is here already: it is number %(number)s.")


class GoneForGood(Refused):
    """Put back too late."""

    sentence = _("This picture can no longer be put back. Choose it once more.")


@dataclass(frozen=True)
class Words:
    """What is said about a picture."""

    alt: str = ""
    is_decorative: bool = False
    focus: str = Focus.MIDDLE
    cut: bool = False  # what the frame does not show is gone for everybody


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants done with an album; pictures by their numbers, 0 for none."""

    brought: services.Brought | None = None  # a new picture
    said: Words = Words()  # about the new one
    about: Mapping[int, Words] = field(default_factory=dict)  # about those that are there
    first: int = 0
    forward: int = 0  # one place towards the front
    backward: int = 0
    away: int = 0
    back: int = 0  # one that was taken away a moment ago
    like: Album = EMPTY  # another row's, to be taken along by one that has none of its own


def arrange(row: CommunityModel, wanted: Wanted | None, *, by: Actor, most: int = MOST) -> bool:
    """Do with the row's album (`row.pictures`) what is wanted; True when what is shown is different now.

    Raises `NoWords`, `EnoughPictures`, `NoPicture`, `HereAlready`, `GoneForGood` and what `services.keep` refuses.
    Announces `FileKept` and `FileRemoved` about the row.
    """
    if wanted is None:
        return False
    before: Album = row.pictures  # type: ignore[attr-defined]  # each row with an album calls it so
    album = Album(_described(one, wanted.about.get(one.number)) for one in without_old(before))
    for number in [number for number, words in wanted.about.items() if words.cut]:
        album = _cut(row, album, number, by)
    for number, places in ((wanted.first, FIRST), (wanted.forward, -1), (wanted.backward, 1)):
        album = Album(moved(album, number, places)) if number else album
    if wanted.away and (gone := album.find(wanted.away)) is not None and gone.away_at is None:
        album = Album(_away(row, one, by) if one is gone else one for one in album)
    if wanted.back and (gone := album.find(wanted.back)) is not None and gone.away_at is not None:
        _refuse_more(album, most)
        album = Album(_back(row, one, by) if one is gone else one for one in album)
    if wanted.brought is not None:
        alt = _alt(wanted.said)
        _refuse_more(album, most)
        album = Album([*album.shown, _added(row, before, wanted.brought, alt, by), *album.away])
    elif wanted.like and not album:
        album = Album(_taken_along(row, one, by) for one in wanted.like.shown[:most])
    row.pictures = album  # type: ignore[attr-defined]  # as above
    return str(album) != str(before)


def _described(one: Picture, words: Words | None) -> Picture:
    if words is None or one.away_at is not None:
        return one
    return replace(one, alt=_alt(words), focus=words.focus if words.focus in Focus.values else one.focus)


def _alt(words: Words) -> str:
    """Raises `NoWords`, `TooLong`."""
    alt = "" if words.is_decorative else line(words.alt)
    if not alt and not words.is_decorative:
        raise NoWords()
    if len(alt) > LONGEST_ALT:
        raise TooLong(what=_("what is to be seen"), long=len(alt), most=LONGEST_ALT)
    return alt


def _refuse_more(album: Album, most: int) -> None:
    if len(album.shown) >= most:
        raise EnoughPictures(most=most)


def _added(row: CommunityModel, before: Album, brought: services.Brought, alt: str, by: Actor) -> Picture:
    here = {one.file: one.number for one in before.shown}
    file = services.keep(owner=source_of(row), brought=brought, by=by)
    if file.pk in here:
        raise HereAlready(number=here[file.pk])
    if file.content.kind != Kind.PICTURE:
        raise NoPicture()
    number = 1 + max((one.number for one in before), default=0)
    return Picture(number=number, file=file.pk, sizes=sizes_of(file.content), alt=alt)


def _taken_along(row: CommunityModel, one: Picture, by: Actor) -> Picture:
    """The same picture with this row: what was said about it is said here, too."""
    file = File.objects.get(pk=one.file)
    again = services.keep_again(owner=source_of(row), content_id=file.content_id, by=by)
    if again is None:
        raise GoneForGood()
    return replace(one, file=again.pk)


def _cut(row: CommunityModel, album: Album, number: int, by: Actor) -> Album:
    """What the frame shows of a picture in its place; the whole is taken away, and can be put back for a while."""
    whole = album.find(number)
    file = queries.of(source_of(row)).filter(pk=whole.file).first() if whole and whole.away_at is None else None
    if whole is None or file is None:
        return album
    largest = queries.part(file.content, list(SIZES)[-1])
    part = cut(queries.read(file, largest), *AT[Focus(whole.focus)]) if largest else None
    if part is None:
        return album
    brought = ContentFile(part, name="cut.png")
    kept = services.keep(owner=source_of(row), brought=brought, by=by)
    smaller = replace(whole, file=kept.pk, sizes=sizes_of(kept.content), focus=Focus.MIDDLE)
    old = replace(_away(row, whole, by), number=1 + max(one.number for one in album))
    return Album([*(smaller if one is whole else one for one in album), old])


def _away(row: CommunityModel, one: Picture, by: Actor) -> Picture:
    """It is nobody's to look at from now on. Its content stays in the store until the night."""
    file = queries.of(source_of(row)).filter(pk=one.file).first()
    if file is None:
        return replace(one, away_at=clock.now(), content=UUID(int=0))
    services.remove(file=file, by=by)
    return replace(one, away_at=clock.now(), content=file.content_id)


def _back(row: CommunityModel, one: Picture, by: Actor) -> Picture:
    file = services.keep_again(owner=source_of(row), content_id=one.content, by=by) if one.content else None
    if file is None:
        raise GoneForGood()
    return replace(one, file=file.pk, away_at=None, content=None)
