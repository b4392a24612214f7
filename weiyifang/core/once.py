"""A mutating request sent twice does its work once.

Each form carries a fresh key in `_once`, each program sends `Idempotency-Key`. The key counts for one actor and one
address. The first request's answer is kept and given again; the same key with another body is refused (422). The
request is one transaction, the kept answer part of it: nothing is half done, and two at the same time wait for one
another on the row's unique key. A view whose only write is one verb may ask for that verb to commit by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.ids import new_id
from weiyifang.core.models import OnceRecord
from weiyifang.core.refusals import Refused

MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEPT = timedelta(days=7)  # how long a form may lie open; the answers hold what people were shown
NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "_once"})


class SameKeyOtherContent(Refused):
    """An idempotency key came back with another body."""

    sentence = _("This form was already sent with other contents. Open the page again and fill it in anew.")
    status = 422


class OnceMiddleware:
    """See the module. Only requests inside a community are kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in MUTATING or getattr(request, "community", None) is None:
            return self.get_response(request)
        whole = _Whole()
        key = str(request.headers.get("Idempotency-Key") or request.POST.get("_once", ""))[:80]
        if not key:
            request.whole = whole  # type: ignore[attr-defined]
        with whole:
            response = self._once(request, key) if key else self.get_response(request)
            if response.status_code >= 400:
                whole.undo()
        return response

    def _once(self, request: HttpRequest, key: str) -> HttpResponse:
        scope, body_hash = _scope(request), _body_hash(request)
        record = OnceRecord(id=new_id(), scope=scope, key=key, body_hash=body_hash, at=clock.now())
        if not _insert(record):
            kept = OnceRecord.objects.get(scope=scope, key=key)
            return _again(kept) if kept.body_hash == body_hash else _conflict(request)
        response = self.get_response(request)
        if response.streaming:  # a file is never kept: asked for again, it is made again
            OnceRecord.objects.filter(pk=record.pk).delete()
        elif response.status_code < 400:
            OnceRecord.objects.filter(pk=record.pk).update(
                status=response.status_code,
                location=response.headers.get("Location", ""),
                body=response.content,
                content_type=response.headers.get("Content-Type", ""),
            )
        return response


def forget_old() -> int:
    """Forget the answers kept longer than `KEPT` in the community at hand. Returns how many."""
    forgotten, _by_model = OnceRecord.objects.filter(at__lt=clock.now() - KEPT).delete()
    return forgotten


def commit_by_verb(request: HttpRequest) -> None:
    """Let the one verb this view calls commit by itself, so that many can share a commit (see `core.together`).

    To be called before anything else. A request with a key stays one transaction: its answer is kept in it.
    """
    whole = getattr(request, "whole", None)
    if whole is not None:
        whole.leave()


class _Whole:
    """The transaction around a request, which can be left early."""

    def __init__(self) -> None:
        self._atomic: transaction.Atomic | None = transaction.atomic()

    def __enter__(self) -> None:
        assert self._atomic is not None
        self._atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        if self._atomic is not None:
            self._atomic.__exit__(*error)

    def leave(self) -> None:
        """Nothing was sent yet: there is nothing to commit, and the database is not even told."""
        if self._atomic is not None:
            self._atomic.__exit__(None, None, None)
            self._atomic = None

    def undo(self) -> None:
        if self._atomic is not None:
            transaction.set_rollback(True)


def _insert(record: OnceRecord) -> bool:
    """Insert unless the key is taken; waits for a request with the same key that is still under way."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO core_oncerecord
                 (id, community_id, scope, key, body_hash, status, location, body, content_type, at)
               VALUES (%s, %s, %s, %s, %s, NULL, '', '', '', %s) ON CONFLICT (community_id, scope, key) DO NOTHING""",
            [
                record.id,
                _community_id(),
                record.scope,
                record.key,
                record.body_hash,
                record.at,
            ],
        )
        return bool(cursor.rowcount == 1)


def _community_id() -> int:
    from weiyifang.core.tenancy import current_community_id

    return current_community_id()


def _scope(request: HttpRequest) -> str:
    who = getattr(request.user, "pk", None) or request.session.session_key or "visitor"
    return f"{who} {request.method} {request.path}"[:200]


def _body_hash(request: HttpRequest) -> str:
    digest = hashlib.sha256()
    if request.POST or request.FILES:
        for name in sorted(request.POST.keys() - NOT_CONTENT):
            digest.update(repr((name, request.POST.getlist(name))).encode())
        for name in sorted(request.FILES):
            for upload in request.FILES.getlist(name):
                digest.update(repr((name, upload.name, upload.size)).encode())
                for chunk in upload.chunks():
                    digest.update(chunk)
                upload.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _again(kept: OnceRecord) -> HttpResponse:
    response = HttpResponse(
        bytes(kept.body),
        status=kept.status or 200,
        content_type=kept.content_type or None,
    )
    if kept.location:
        response.headers["Location"] = kept.location
    return response


def _conflict(request: HttpRequest) -> HttpResponse:
    refused = SameKeyOtherContent()
    if request.headers.get("Idempotency-Key"):
        from django.http import JsonResponse

        return JsonResponse({"code": refused.code, "detail": str(refused)}, status=refused.status)
    return render(request, "refused.html", {"refused": refused, "back": ""}, status=refused.status)
