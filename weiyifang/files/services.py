"""The verbs: keep, remove, sweep. Nothing else writes. A topic's verb calls them, holding the lock of the owner.

`add`, `take_away` and `look` serve the page of papers, where a package only says who may.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, locks, stores
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.tenancy import current_community_id
from weiyifang.core.web.access import require
from weiyifang.files import contents, events, owners, queries, rules, seals
from weiyifang.files.models import Content, File
from weiyifang.people import services as people

KEPT_UNUSED = timedelta(days=1)  # a content of nobody's, and a file that no row names
MOST_PAPERS = 12  # of one row, on the page of papers
MOST = 1_000  # contents swept in one night of one community
log = logging.getLogger(__name__)


class TooLarge(Refused):
    """More bytes than one file may have."""

    sentence = _("This file is too large: at most %(most)s MB. Make it smaller and send it again.")
    status = 413


class Empty(Refused):
    """Nothing is in it."""

    sentence = _("This file is empty. Choose another one.")
    status = 422


class NoRoom(Refused):
    """The store does not take it: its disk is full, or it is not there."""

    sentence = _("The file could not be kept, and nothing of it was. Please try again later, or tell the office.")
    status = 503


class EnoughPapers(Refused):
    """More files than anybody looks through."""

    sentence = _("There are %(most)s files here already. Take one away first, or put several pages into one PDF.")


class Brought(Protocol):
    """What a form hands over (Django's UploadedFile)."""

    @property
    def size(self) -> int | None: ...

    def read(self) -> bytes: ...


@transaction.atomic
def add(*, owner: str, brought: Brought, what: str = "", is_open: bool = False, by: Actor) -> File:
    """Add a paper on the page of papers: of a row whose package registered who may (`owners.Owner.may_change`).

    Raises `EnoughPapers`, and what `keep` raises. Announces `FileKept` about the owner.
    """
    kind = owners.of(owner)
    require(kind is not None and owners.may_change(owner, by))
    assert kind is not None
    locks.take("files", owner)
    if queries.of(owner).count() >= MOST_PAPERS:
        raise EnoughPapers(most=MOST_PAPERS)
    what = what if what in kind.labels else ""
    return keep(owner=owner, brought=brought, what=what, is_open=is_open and kind.may_open, by=by)


@transaction.atomic
def take_away(*, file: File, by: Actor) -> None:
    """Take a paper away that was added on the page of papers. Announces `FileRemoved`."""
    locks.take("files", file.owner)
    require(rules.can_take_away(by, file))
    remove(file=file, by=by)


def look(*, owner: str, reason: str, by: Actor) -> None:
    """Say why one looks at sealed papers: for five minutes they are shown. Raises what `people.read_papers` raises."""
    kind = owners.of(owner)
    require(rules.can_look(by, owner))
    person = kind.about(owners.pk_of(owner)) if kind is not None and kind.about is not None else None
    if person is None:
        raise NotAllowed()
    people.read_papers(resident=person, reason=reason, by=by)


def keep(*, owner: str, brought: Brought, what: str = "", is_open: bool = False, by: Actor) -> File:
    """Keep what somebody brought with the row it belongs to. The topic's verb has locked that row and asked its rule.

    What the owner has already is there already: nothing happens, and that file is returned. Raises `TooLarge` before
    anything is read, `Empty`, `NoRoom`, and what `contents.look_into` says of a file that is not taken. Announces
    `FileKept` about the owner.
    """
    if owners.of(owner) is None:
        raise LookupError(f"nobody says who sees the files of {owner}: owners.shown_with")
    if (brought.size or 0) > settings.FILES_MOST:
        raise TooLarge(most=settings.FILES_MOST // 1024 // 1024)
    whole = brought.read()
    if not whole:
        raise Empty()
    if owners.is_sealed(owner):
        return _kept_sealed(owner, whole, what, by)
    sha256 = hashlib.sha256(whole).hexdigest()
    made = None if queries.content_of(sha256) else contents.look_into(whole)  # before any lock: it takes a second
    with transaction.atomic():
        locks.take("files", sha256)
        content = Content.objects.select_for_update(no_key=True).filter(sha256=sha256).first()
        if content is None:
            content = _written(made or contents.look_into(whole), sha256)
        elif (known := File.objects.filter(owner=owner, content=content).first()) is not None:
            return known
        return _belonging(content, owner, what, by, is_open=is_open)


def _kept_sealed(owner: str, whole: bytes, what: str, by: Actor) -> File:
    """Under a key of its own. Only where this owner has it already is it known again: nobody learns who else has it."""
    for known in queries.of(owner):
        if seals.fingerprint(whole, known.content.key) == known.content.sha256:
            return known
    made, key = contents.look_into(whole), seals.new_key()
    with transaction.atomic():
        return _belonging(_written(made, seals.fingerprint(whole, key), key), owner, what, by)


def _belonging(content: Content, owner: str, what: str, by: Actor, *, is_open: bool = False) -> File:
    file = File.objects.create(owner=owner, content=content, what=what, is_open=is_open, added_by_id=by.account_id)
    announce(events.FileKept(**_fact_of(file)), by=by)
    return file


def keep_again(*, owner: str, content_id: UUID, by: Actor) -> File | None:
    """Keep with a row what it had a moment ago; None when the night has swept it. As `keep`, part of a topic's verb."""
    with transaction.atomic():
        content = Content.objects.select_for_update(no_key=True).filter(pk=content_id).first()
        if content is None:
            return None
        file = File.objects.filter(owner=owner, content=content).first()
        if file is None:
            file = File.objects.create(owner=owner, content=content, added_by_id=by.account_id)
            announce(events.FileKept(**_fact_of(file)), by=by)
    return file


def _written(made: contents.Made, sha256: str, key: str = "") -> Content:
    """Into the store first, then the row: a row never names what is not there. With a key, sealed."""
    row = Content(kind=made.kind, sha256=sha256, key=key, parts={})
    done: list[str] = []
    once = secrets.token_hex(4)  # ids of a replay are made again after a kill; what it left behind stays the sweeper's
    try:
        for size, part in made.parts.items():
            name = f"{current_community_id()}/{row.pk.hex[-2:]}/{row.pk}-{once}-{size}.{part.ending}"
            done.append(name)
            stored = seals.sealed(part.content, key) if key else part.content
            default_storage.save(name, ContentFile(stored))
            row.parts[size] = {
                "name": name,
                "bytes": len(part.content),
                "sha256": hashlib.sha256(stored).hexdigest(),  # of what lies there: it is told without opening it
                "width": part.width,
                "height": part.height,
            }
    except OSError as error:
        log.error("a file could not be kept: %s", error.strerror or type(error).__name__)  # noqa: TRY400  the sentence is enough
        for name in done:
            _delete(name)
        raise NoRoom() from error
    row.save(force_insert=True)
    return row


@transaction.atomic
def remove(*, file: File, subject: str = "", by: Actor) -> None:
    """Take a file from what it belongs to. The topic's verb has locked that row and asked its rule.

    Its content goes in the night, unless it belongs to something else as well; a sealed one at once. Announces
    `FileRemoved` about the owner, or about `subject` where that is there no more.
    """
    owned = Content.objects.defer("key").select_for_update(of=("self",)).filter(files__pk=file.pk).first()
    here = File.objects.select_for_update(of=("self",)).filter(pk=file.pk).first() if owned else None
    if owned is None or here is None:
        return
    here.content = owned
    fact = events.FileRemoved(**_fact_of(here, subject))
    here.delete()
    if owners.is_sealed(here.owner):  # its key goes at once, and with it what lies in the store until the night
        owned.delete()
    announce(fact, by=by)


def _fact_of(file: File, subject: str = "") -> dict[str, Any]:
    here = file.content
    return {
        "subject": subject or owners.subject_of(file.owner),
        "file_id": file.pk,
        "kind": here.kind,
        "sha256": here.sha256,
        "stored": here.stored,
    }


def forget_gone(kind: str, there: Callable[[set[UUID]], set[UUID]], *, subject: str, by: Actor) -> None:
    """Remove the files of rows of this kind that are there no more: they went with `subject`, who was forgotten.

    `there`: which of these rows still are.
    """
    known = {file.pk: owners.pk_of(file.owner) for file in File.objects.filter(owner__startswith=f"{kind}:")}
    still = there(set(known.values()))
    for file in File.objects.filter(pk__in=[pk for pk, row in known.items() if row not in still]).order_by("id"):
        remove(file=file, subject=subject, by=by)


def remove_all(*, owner: str, by: Actor) -> None:
    """The owner goes, and its files with it."""
    for file in File.objects.filter(owner=owner).order_by("id"):
        remove(file=file, by=by)


def sweep() -> int:
    """Delete what has belonged to nobody for a day: contents, and what lies in the store without a row that names it.

    Returns how many files went. While a backup is made nothing is deleted; the next night does it.
    """
    with stores.deleting() as may:
        if not may:
            return 0
        gone = [name for content in _swept() for name in queries.names_of(content)]
        before = clock.now() - KEPT_UNUSED
        named = set(queries.names())
        gone += [
            name
            for name in stores.names(str(current_community_id()))
            if name not in named and default_storage.get_modified_time(name) < before
        ]
        for name in dict.fromkeys(gone):
            _delete(name)
    return len(set(gone))


@transaction.atomic
def _swept() -> list[Content]:
    """Contents that belong to nobody, their rows deleted."""
    used = Exists(File.objects.filter(content=OuterRef("pk")))
    old = Content.objects.filter(~used, made_at__lt=clock.now() - KEPT_UNUSED).only("pk").order_by("id")[:MOST]
    locked = list(
        Content.objects.defer("key").select_for_update(skip_locked=True).filter(pk__in=[one.pk for one in old])
    )
    free = list(
        Content.objects.defer("key").filter(~used, pk__in=[one.pk for one in locked])
    )  # once more, under the lock
    Content.objects.filter(pk__in=[one.pk for one in free]).delete()
    return free


def _delete(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError as error:
        log.warning("a file of nobody's stays in the store: %s", error.strerror or type(error).__name__)
