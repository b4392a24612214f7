"""The API: one router per package, the same rules and services as the pages, one error shape `{code, detail}`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

from weiyifang.activities.api import router as activities
from weiyifang.core.access import ProofNeeded
from weiyifang.core.actors import Actor
from weiyifang.core.api_docs import ApiDocs
from weiyifang.core.headers import from_here
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.fund.api import router as fund
from weiyifang.news.api import router as news
from weiyifang.organizations.api import router as organizations
from weiyifang.people.api import router as people

api = NinjaAPI(title="Weiyifang", version="1", urls_namespace="api", docs=ApiDocs(), docs_url="docs/", auth=from_here)
api.add_router("activities/", activities)
api.add_router("fund/", fund)
api.add_router("news/", news)
api.add_router("organizations/", organizations)
api.add_router("people/", people)


@api.exception_handler(NotAllowed)
def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    """As on the pages: a visitor is asked to sign in (401), an outsider finds nothing (404), a member is told (403)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.is_visitor:
        return api.create_response(request, {"code": "SignIn", "detail": _("Please sign in first.")}, status=401)
    if not actor.is_member:
        return api.create_response(request, {"code": "NotFound", "detail": _("There is nothing here.")}, status=404)
    return refused(request, error)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal: its code for programs, its sentence for people."""
    return api.create_response(request, {"code": error.code, "detail": str(error)}, status=error.status)


@api.exception_handler(ProofNeeded)
def proof_needed(request: HttpRequest, error: ProofNeeded) -> HttpResponse:
    """The second factor was shown too long ago: shown again on the pages, it opens here too."""
    return api.create_response(request, {"code": "ProofNeeded", "detail": str(error.sentence)}, status=403)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit the schema."""
    detail = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors)
    return api.create_response(request, {"code": "Invalid", "detail": detail}, status=422)
