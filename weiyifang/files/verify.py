"""The promises of files, recomputed: what a row names lies in the store as it was written, and facts tell of it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from weiyifang.core import stores
from weiyifang.core.faults import Fault
from weiyifang.core.models import TimelineEntry
from weiyifang.core.tenancy import source_of
from weiyifang.files import events, owners, seals
from weiyifang.files.album import sizes_of
from weiyifang.files.models import Content, File

CHUNK = 1 << 20


def check() -> list[Fault]:
    """The faults found in the community at hand. Reads every file."""
    return [*_stored(), *_sealed(), *_told()]


def _stored() -> Iterator[Fault]:
    for content in Content.objects.defer("key").order_by("id").iterator():
        for size, part in content.parts.items():
            try:
                found = _sum(part["name"])
            except FileNotFoundError:
                yield Fault.of(content, check="files", what=f"its part {size} is not in the store")
                continue
            except OSError as error:
                yield Fault.of(content, check="files", what=f"its part {size} cannot be read ({error.strerror})")
                continue
            if found != part["sha256"]:
                yield Fault.of(content, check="files", what=f"its part {size} is not what was kept")


def _sealed() -> Iterator[Fault]:
    """What is sealed opens: with the data keys its own key, and with that every part."""
    for content in Content.objects.exclude(key="").defer("key").order_by("id").iterator():
        for size, part in content.parts.items():
            try:
                with stores.opened(part["name"]) as kept:
                    lies_there = kept.read()
            except OSError:
                continue  # told above
            try:
                seals.opened(lies_there, content.key)
            except ValueError:
                if hashlib.sha256(lies_there).hexdigest() == part["sha256"]:  # else it is told above
                    what = f"its part {size} is sealed, and no key at hand opens it"
                    yield Fault.of(content, check="files", what=what)


def _sum(name: str) -> str:
    digest = hashlib.sha256()
    with stores.opened(name) as kept:
        while piece := kept.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _told() -> Iterator[Fault]:
    """Each file as the fact that told of it; each told of is there, or taken away."""
    said: dict[str, tuple[str, str, str]] = {}
    kept, removed = events.FileKept.__name__, events.FileRemoved.__name__
    for subject, verb, values in (
        TimelineEntry.objects.filter(verb__in=[kept, removed]).order_by("id").values_list("subject", "verb", "values")
    ):
        if verb == kept:
            said[values["file_id"]] = (subject, values["sha256"], values["stored"])
        else:
            said.pop(values["file_id"], None)
    for file in File.objects.select_related("content").defer("content__key").order_by("id").iterator():
        if said.pop(str(file.pk), None) != (owners.subject_of(file.owner), file.content.sha256, file.content.stored):
            yield Fault.of(file, check="files", what="is not what its fact tells")
    for pk, (subject, *_sums) in said.items():
        yield Fault(check="files", where=f"files.file:{pk}", what=f"was kept with {subject}, and is gone untold")


def album_faults(rows: QuerySet[Any], *, check: str) -> Iterator[Fault]:
    """Rows whose album (`pictures`) is not their files: for the `verify` of the package they belong to."""
    kind = rows.model._meta.label_lower
    kept: dict[str, dict[UUID, dict[str, tuple[int, int]]]] = defaultdict(dict)
    ours = File.objects.filter(owner__startswith=f"{kind}:").exclude(owner__contains="/")  # its documents are no album
    for file in ours.select_related("content").order_by("id").iterator():
        kept[file.owner][file.pk] = sizes_of(file.content)
    for row in rows.only("id", "community_id", "pictures").order_by("id").iterator():
        album = {one.file: dict(one.sizes) for one in row.pictures.shown}
        if album != kept.pop(source_of(row), {}):
            yield Fault.of(row, check=check, what="its pictures are not the files kept with it")
    for owner in kept:
        yield Fault(check=check, where=owner, what="pictures are kept with what is not there")
