"""What was photographed for a payment: seen by whoever sees the request, changed as long as the request may be."""

from __future__ import annotations

from django.db import transaction

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.files import queries as kept
from weiyifang.files import services as files
from weiyifang.files.models import File
from weiyifang.files.services import MOST_PAPERS, EnoughPapers
from weiyifang.fund import rules
from weiyifang.fund.models import PaymentRequest
from weiyifang.fund.services.payments import locked


@transaction.atomic
def add_paper(*, request: PaymentRequest, brought: files.Brought, by: Actor) -> File:
    """Keep a photograph, a PDF or a table with a request that its writer may still change.

    Raises `EnoughPapers`, and what `files.keep` refuses. Announces the files' `FileKept`.
    """
    request = locked(request, by)
    require(rules.can_edit(by, request))
    before = {file.pk for file in kept.of(source_of(request))}
    if len(before) >= MOST_PAPERS:
        raise EnoughPapers(most=MOST_PAPERS)
    file = files.keep(owner=source_of(request), brought=brought, by=by)
    if file.pk not in before:  # the same photograph once more is nothing new
        _note_change(request)
    return file


@transaction.atomic
def take_paper_away(*, request: PaymentRequest, file: File, by: Actor) -> None:
    """Take a file from a request that its writer may still change. Announces the files' `FileRemoved`."""
    request = locked(request, by)
    require(rules.can_edit(by, request) and file.owner == source_of(request))
    files.remove(file=file, by=by)
    _note_change(request)


def _note_change(request: PaymentRequest) -> None:
    """Whoever decides on a page from before is told. Of a paid request the database refuses this, whoever asks."""
    request.files_changed += 1
    request.save(update_fields=["files_changed"])
