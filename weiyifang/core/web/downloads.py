"""Files that leave the program: what each is, and what a browser calls it when it keeps it."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from weiyifang.core.long_work import Result

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def named(response: Answer, name: str) -> Answer:
    """The same answer, kept under this name and never shown in the browser."""
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook as `tables.write_xlsx` makes it."""
    return named(HttpResponse(content, content_type=XLSX), name)


def saved(result: Result) -> StreamingHttpResponse:
    """The file that work made. Streamed: answers to forms are kept for their repetition, files are not."""
    assert result.file is not None
    made = result.file
    response = StreamingHttpResponse(iter([made.content]), content_type=made.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return named(response, made.name)
