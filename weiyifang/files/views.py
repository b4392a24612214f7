"""One file, handed out to whoever may see what it belongs to."""

from __future__ import annotations

import logging
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.core.web.access import PageRequest, anyone, page, require
from weiyifang.core.web.headers import nobodys
from weiyifang.files import contents, owners, queries, rules
from weiyifang.files.models import File, Kind

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"  # opened by itself it may load and run nothing
FOR_GOOD = "private, max-age=31536000, immutable"  # what is everybody's never changes under its address
log = logging.getLogger(__name__)


class NotThere(Refused):
    """The store does not give it out."""

    sentence = _("This file cannot be fetched at the moment. Please try again later, or tell the office.")
    status = 503


@page(anyone)
def file(request: PageRequest, pk: UUID, size: str) -> HttpResponseBase:
    """A picture to be looked at; anything else only to be saved. No name, no size and no kind of the sender's."""
    row = get_object_or_404(File.objects.select_related("content").defer("content__key"), pk=pk)
    part = queries.part(row.content, size)
    if part is None:
        raise Http404
    require(rules.can_see(request.actor, row))
    try:
        content = queries.read(row, part)
    except (OSError, ValueError) as error:
        log.error("a file cannot be fetched: %s", getattr(error, "strerror", None) or type(error).__name__)  # noqa: TRY400  the sentence is enough
        raise NotThere() from error
    is_picture = row.content.kind == Kind.PICTURE
    look = contents.PARTS[part["name"].rpartition(".")[2]] if is_picture else contents.LOOKS[Kind(row.content.kind)]
    response = HttpResponse(content, content_type=look.media_type)
    name = f"{row.added_at:%Y%m%d}-{row.pk.hex[-6:]}.{look.ending}"
    response.headers["Content-Disposition"] = content_disposition_header(not is_picture, name) or "attachment"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    if row.is_open or owners.is_public(row.owner):
        response.headers["Cache-Control"] = FOR_GOOD
        return nobodys(response)
    response.headers["Cache-Control"] = "no-store"
    return response
