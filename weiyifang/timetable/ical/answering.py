"""A calendar as the answer to whoever fetches it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from weiyifang.timetable.ical.writing import CalendarEvent, stamped, unstamped


def answer(request: HttpRequest, events: Sequence[CalendarEvent], *, name: str = "") -> HttpResponseBase:
    """The calendar; or 304, when it says what it said to whoever asks once more (phones do so every hour)."""
    data = unstamped(events, name=name)
    mark = hashlib.sha256(data).hexdigest()[:32]
    etag = f'W/"{mark}"'  # weak: of events that do not say when they were changed, the stamp is the hour of asking
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(stamped(data), content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    return response
