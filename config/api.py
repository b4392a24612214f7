"""The API: one router per package, the same rules and services as the pages, one error shape `{code, detail}`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from weiyifang.core.refusals import Refused

api = NinjaAPI(title="Weiyifang", version="1", urls_namespace="api", docs_url="docs/")


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal: its code for programs, its sentence for people."""
    return api.create_response(request, {"code": error.code, "detail": str(error)}, status=error.status)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit the schema."""
    detail = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors)
    return api.create_response(request, {"code": "Invalid", "detail": detail}, status=422)
