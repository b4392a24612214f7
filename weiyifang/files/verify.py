"""The promises of files, recomputed: what a row names lies in the store as it was written, and facts tell of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from weiyifang.core import stores
from weiyifang.core.faults import Fault
from weiyifang.core.models import TimelineEntry
from weiyifang.files import events
from weiyifang.files.models import Content, File

CHUNK = 1 << 20


def check() -> list[Fault]:
    """The faults found in the community at hand. Reads every file."""
    return [*_stored(), *_told()]


def _stored() -> Iterator[Fault]:
    for content in Content.objects.order_by("id").iterator():
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
    for file in File.objects.select_related("content").order_by("id").iterator():
        if said.pop(str(file.pk), None) != (file.owner, file.content.sha256, file.content.stored):
            yield Fault.of(file, check="files", what="is not what its fact tells")
    for pk, (subject, *_sums) in said.items():
        yield Fault(check="files", where=f"files.file:{pk}", what=f"was kept with {subject}, and is gone untold")
