"""The API: one router per package, found in its `api.py`, with the rules and services of the pages and one error shape.

What a view or a verb says no to is told here; what never reaches one (an unknown address, another method, a body that
is too large) gets the same shape from `core.web.shape` and `core.web.door`.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from weiyifang.core import found
from weiyifang.core.actors import Actor
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.web.access import ProofNeeded
from weiyifang.core.web.api_docs import ApiDocs
from weiyifang.core.web.headers import from_here
from weiyifang.core.web.shape import SAID, said
from weiyifang.core.web.versions import ChangedSince, NotSeen

DESCRIPTION = """A program acts for whoever's `sessionid` cookie it sends. Every refusal is `{"code": …, "detail": …}`.

`Idempotency-Key`: 1 to 80 visible ASCII characters of your own, with whatever changes something. The same key, the same
request: the first answer again. The same key with another request: 422. A key that cannot be read: 400.

`If-Match`: the `version` of the row you decide on, in quotes. It is another now: 412, and nothing was done. Without it:
428.
"""
# by pydantic's names for what does not fit: https://docs.pydantic.dev/latest/errors/validation_errors/
FAULTS = {
    "missing": gettext_lazy("is missing"),
    "string_type": gettext_lazy("must be text"),
    "string_too_long": gettext_lazy("may have at most %(max_length)s letters"),
    "string_too_short": gettext_lazy("must have at least %(min_length)s letters"),
    "int_type": gettext_lazy("must be a whole number"),
    "int_parsing": gettext_lazy("must be a whole number"),
    "int_parsing_size": gettext_lazy("is too large a number"),
    "int_from_float": gettext_lazy("must be a whole number"),
    "greater_than": gettext_lazy("must be more than %(gt)s"),
    "greater_than_equal": gettext_lazy("must be at least %(ge)s"),
    "less_than": gettext_lazy("must be less than %(lt)s"),
    "less_than_equal": gettext_lazy("may be at most %(le)s"),
    "bool_type": gettext_lazy("must be true or false"),
    "bool_parsing": gettext_lazy("must be true or false"),
    "date_parsing": gettext_lazy("must be a day such as 2026-03-08"),
    "date_from_datetime_parsing": gettext_lazy("must be a day such as 2026-03-08"),
    "date_type": gettext_lazy("must be a day such as 2026-03-08"),
    "uuid_parsing": gettext_lazy("must be an id such as 01900000-0000-7000-8000-000000000001"),
    "uuid_type": gettext_lazy("must be an id such as 01900000-0000-7000-8000-000000000001"),
    "list_type": gettext_lazy("must be a list"),
    "literal_error": gettext_lazy("must be one of these: %(expected)s"),
    "enum": gettext_lazy("must be one of these: %(expected)s"),
}
ERROR = {
    "title": "Error",
    "description": "Why it was not done: a code for programs, a sentence for people in the reader's language.",
    "type": "object",
    "properties": {
        "code": {"title": "Code", "type": "string"},
        "detail": {"title": "Detail", "type": "string"},
    },
    "required": ["code", "detail"],
}
STATUSES = (*SAID, 409, 500)  # what any operation may answer instead


class Api(NinjaAPI):
    """Tells in its schema what is answered when something is not done."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """As django-ninja makes it, with the errors."""
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"]["Error"] = ERROR
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        schema["components"]["responses"] = {"Error": {"description": "It was not done.", "content": content}}
        for methods in schema["paths"].values():
            for operation in methods.values():
                for status in sorted(STATUSES):
                    operation["responses"].setdefault(status, {"$ref": "#/components/responses/Error"})
        return schema


api = Api(
    title="Weiyifang",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs=ApiDocs(),
    docs_url="docs/",
    auth=from_here,
)
for package in sorted(found.modules("api"), key=attrgetter("__name__")):
    api.add_router(f"{package.__name__.split('.')[1]}/", package.router)


@api.exception_handler(NotAllowed)
def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    """As on the pages: a visitor is asked to sign in (401), an outsider finds nothing (404), a member is told (403)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # the middleware put it there
    if actor.is_visitor:
        return api.create_response(request, said(401), status=401)
    if not actor.is_member:
        return api.create_response(request, said(404), status=404)
    return refused(request, error)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal: its code for programs, its sentence for people."""
    return api.create_response(request, {"code": error.code, "detail": str(error)}, status=error.status)


@api.exception_handler(ChangedSince)
def changed_since(request: HttpRequest, error: ChangedSince) -> HttpResponse:
    """The row is not what `If-Match` says any more (RFC 9110, 13.1.1): the sentence says what is different."""
    return api.create_response(request, {"code": error.code, "detail": str(error)}, status=412)


@api.exception_handler(NotSeen)
def not_seen(request: HttpRequest, error: NotSeen) -> HttpResponse:
    """No `If-Match` says what was read (RFC 6585, 3)."""
    return api.create_response(request, said(428), status=428)


@api.exception_handler(ProofNeeded)
def proof_needed(request: HttpRequest, error: ProofNeeded) -> HttpResponse:
    """The second factor was shown too long ago: shown again on the pages, it opens here too."""
    return api.create_response(request, {"code": "ProofNeeded", "detail": str(error.sentence)}, status=403)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing there, or nothing that this reader may know of."""
    return api.create_response(request, said(404), status=404)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What django-ninja says no to by itself, such as a body that is no JSON."""
    return api.create_response(request, said(error.status_code), status=error.status_code)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit the schema."""
    detail = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {_fault(one)}" for one in error.errors)
    sentence = _("This does not fit: %(faults)s") % {"faults": detail}
    return api.create_response(request, {"code": "Invalid", "detail": sentence}, status=422)


def _fault(error: dict[str, Any]) -> str:
    if (told := FAULTS.get(error["type"])) is None:
        return str(error["msg"])
    return str(str(told) % error.get("ctx", {}))
