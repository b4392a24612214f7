"""The verbs of oversight: it changes nothing but its own notes."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from weiyifang.core import clock, files, journal
from weiyifang.core.tenancy import current_community_id, fill_community
from weiyifang.governance.anchors import SUFFIX, Kept
from weiyifang.governance.models import Anchor
from weiyifang.ledger import queries as ledger_queries
from weiyifang.ledger import services as ledger


def anchor() -> list[Kept]:
    """Seal what there is, and keep the heads of all chains of the community: here, and in the folder for anchors."""
    with transaction.atomic():
        ledger.seal_all()
        journal.seal_all()
        now, heads = clock.now(), [head for head in ledger_queries.heads() if head.number]
        rows = [Anchor(chain=head.chain, number=head.number, rows=head.rows, hash=head.hash, at=now) for head in heads]
        fill_community(rows)
        Anchor.objects.bulk_create(rows, ignore_conflicts=True)  # a chain that has not moved is kept already
    kept = [
        Kept(
            at=now,
            community_id=current_community_id(),
            chain=head.chain,
            number=head.number,
            rows=head.rows,
            hash=head.hash,
        )
        for head in heads
    ]
    if settings.ANCHORS:
        write(kept, Path(settings.ANCHORS) / f"{current_community_id()}{SUFFIX}")
    return kept


def write(kept: list[Kept], path: Path) -> None:
    """Add the lines at the end of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    files.add(path, "".join(f"{one}\n" for one in kept))
