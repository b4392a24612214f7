"""A mutating request sent twice does its work once.

Each form carries a fresh key in `_once`, each program sends `Idempotency-Key`. The key counts for one actor and one
address. The first request's answer is kept and given again, with its headers and with what is told on the next page;
the same key with another body is refused (422), and so is a key that cannot be read (400): taken for none, or cut, it
would let the work be done twice, or once for two. The request is one transaction, the kept answer part of it: nothing
is half done, and two at the same time wait for one another on the row's unique key. A view whose only write is one
verb may let that verb commit by itself, and keep the answer in the verb's transaction (`commit_by_verb`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.messages import add_message, get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, prepared
from weiyifang.core.ids import new_id
from weiyifang.core.models import OnceRecord
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id
from weiyifang.core.web.door import FORMS, KeyUnreadable

MUTATING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEPT = timedelta(days=7)  # how long a form may lie open; the answers hold what people were shown
KEY = re.compile(r"[\x21-\x7e]{1,80}")  # visible ASCII, as many as the column holds
LONGEST_SCOPE = 200  # letters of a column; a longer one is known by its digest
NOT_CONTENT = frozenset({"csrfmiddlewaretoken", "_once", "_for", "_page", "_form", "_refused"})


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
        sent = request.headers.get("Idempotency-Key", request.POST.get("_once"))
        if sent is not None and KEY.fullmatch(sent) is None:
            return _refused(request, KeyUnreadable())
        # a visitor does nothing that counts, and shall not fill our tables
        key = sent if sent is not None and request.user.is_authenticated else ""
        whole = _Whole(_record(request, key) if key else None)
        request.whole = whole  # type: ignore[attr-defined]  # remembered with the request
        with whole:
            response = self._once(request, whole) if key else self.get_response(request)
            if response.status_code >= 400:
                whole.undo()
        return response

    def _once(self, request: HttpRequest, whole: _Whole) -> HttpResponse:
        record = whole.record
        assert record is not None
        if not _insert([record]):
            return _answered(request, record)
        response = self.get_response(request)
        if whole.is_left:
            return response  # kept by the verb, or refused
        if response.streaming or getattr(response, "is_never_kept", False):  # a file asked for again is made again
            OnceRecord.objects.filter(pk=record.pk).delete()
        elif response.status_code < 400:
            _fill(record, response, _told(request))
            kept = {"status", "body", "around"}
            OnceRecord.objects.filter(pk=record.pk).update(**{name: getattr(record, name) for name in kept})
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The same request was faster while this one was under way."""
        whole: _Whole | None = getattr(request, "whole", None)
        if isinstance(error, Answered) and whole is not None and whole.record is not None:
            return _answered(request, whole.record)
        return None


def never_kept(response: HttpResponseBase) -> HttpResponseBase:
    """An answer that did nothing yet (`access.prove`): the same key sent again is asked anew."""
    response.is_never_kept = True  # type: ignore[attr-defined]  # a mark for `KeptPages`
    return response


def forget_old() -> int:
    """Forget the answers kept longer than `KEPT` in the community at hand. Returns how many."""
    forgotten, _by_model = OnceRecord.objects.filter(at__lt=clock.now() - KEPT).delete()
    return forgotten


class Answered(Exception):
    """The same request has an answer already. Nothing may be done again; whoever raises it has done nothing."""


Keep = Callable[[Callable[[], HttpResponse]], OnceRecord | None]


def commit_by_verb(request: HttpRequest) -> Keep:
    """Let the one verb this view calls commit by itself, so that many can share a commit (see `core.together`).

    To be called before anything is written. Gives what makes of the answer, which must be known before the deed, the
    record that the verb has to `keep` in its transaction (None, and the answer is not even made: there is no key).
    """
    whole: _Whole | None = getattr(request, "whole", None)
    if whole is None:
        return lambda answer: None
    whole.leave()
    return lambda answer: None if whole.record is None else _fill(whole.record, answer())


def keep(records: Sequence[OnceRecord | None]) -> None:
    """Keep answers in the caller's transaction. Raises `Answered` when one of the keys has one."""
    wanted = sorted(filter(None, records), key=lambda record: (record.scope, record.key))  # so that none wait crosswise
    if wanted and _insert(wanted) < len(wanted):
        raise Answered


class _Whole:
    """The transaction around a request, which can be left early."""

    def __init__(self, record: OnceRecord | None) -> None:
        self.record = record
        self._atomic: transaction.Atomic | None = transaction.atomic()

    def __enter__(self) -> None:
        assert self._atomic is not None
        self._atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        if self._atomic is not None:
            self._atomic.__exit__(*error)

    @property
    def is_left(self) -> bool:
        return self._atomic is None

    def leave(self) -> None:
        """Take the key back, the only thing there is; without one the database is not even told."""
        if self._atomic is not None:
            transaction.set_rollback(True)
            self._atomic.__exit__(None, None, None)
            self._atomic = None

    def undo(self) -> None:
        if self._atomic is not None:
            transaction.set_rollback(True)


_INSERT = """
INSERT INTO core_oncerecord (id, community_id, scope, key, body_hash, status, body, around, at)
SELECT id, %(community)s::bigint, scope, key, body_hash, status, body, around::jsonb, at
  FROM unnest(%(id)s::uuid[], %(scope)s::text[], %(key)s::text[], %(body_hash)s::text[], %(status)s::smallint[],
              %(body)s::bytea[], %(around)s::text[], %(at)s::timestamptz[])
    AS one (id, scope, key, body_hash, status, body, around, at)
ON CONFLICT (community_id, scope, key) DO NOTHING RETURNING id"""
_COLUMNS = ("id", "scope", "key", "body_hash", "status", "body", "at")


def _insert(records: Sequence[OnceRecord]) -> int:
    """Insert those whose key is free; waits for requests with the same keys that are still under way."""
    columns = {name: [getattr(record, name) for record in records] for name in _COLUMNS}
    columns["around"] = [json.dumps(record.around) for record in records]
    return len(prepared.execute(_INSERT, {"community": current_community_id(), **columns}))


def _record(request: HttpRequest, key: str) -> OnceRecord:
    return OnceRecord(id=new_id(), scope=_scope(request), key=key, body_hash=_body_hash(request), at=clock.now())


def _fill(record: OnceRecord, answer: HttpResponse, told: Sequence[Told] = ()) -> OnceRecord:
    record.status, record.body = answer.status_code, answer.content
    cookies = [morsel.OutputString() for morsel in answer.cookies.values()]
    record.around = {"headers": dict(answer.headers), "cookies": cookies, "told": list(told)}
    return record


def _answered(request: HttpRequest, record: OnceRecord) -> HttpResponse:
    """What was answered to the same key before, if it is the same request."""
    kept = OnceRecord.objects.get(scope=record.scope, key=record.key)
    return _again(request, kept) if kept.body_hash == record.body_hash else _refused(request, SameKeyOtherContent())


def _scope(request: HttpRequest) -> str:
    who = getattr(request.user, "pk", None) or request.session.session_key or "visitor"
    scope = f"{who} {request.method} {request.path}"
    return scope if len(scope) <= LONGEST_SCOPE else f"{who} {hashlib.sha256(scope.encode()).hexdigest()}"


def _body_hash(request: HttpRequest) -> str:
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    if request.content_type in FORMS:
        for name in sorted(request.POST.keys() - NOT_CONTENT):
            digest.update(repr((name, request.POST.getlist(name))).encode())
        for name in sorted(request.FILES):
            for upload in request.FILES.getlist(name):
                digest.update(repr((name, upload.name, upload.size)).encode())
                for chunk in upload.chunks():
                    digest.update(chunk)
                upload.seek(0)
    elif request.content_type != "multipart/form-data":  # its parts have been read, and there were none
        digest.update(request.body)
    return digest.hexdigest()


def _again(request: HttpRequest, kept: OnceRecord) -> HttpResponse:
    around = kept.around
    response = HttpResponse(bytes(kept.body), status=kept.status or 200, headers=around.get("headers", {}))
    for cookie in around.get("cookies", ()):
        response.cookies.load(cookie)
    waiting: Any = get_messages(request)
    there = {(message.level, str(message)) for message in waiting}
    waiting.used = False  # they were only looked at
    for level, text, tags, is_safe in around.get("told", ()):
        if (level, text) not in there:
            add_message(request, level, mark_safe(text) if is_safe else text, tags)  # noqa: S308  it was safe then
    return response


Told = tuple[int, str, str, bool]  # level, words, tags, and whether the words are HTML


def _told(request: HttpRequest) -> list[Told]:
    """What this request told for the next page."""
    storage: Any = get_messages(request)  # Django has no other name for what was added just now
    return [
        (one.level, str(one.message), one.extra_tags or "", isinstance(one.message, SafeData))
        for one in storage._queued_messages
    ]


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    if "Idempotency-Key" in request.headers or request.path_info.startswith("/api/"):
        return JsonResponse({"code": refused.code, "detail": str(refused)}, status=refused.status)
    return render(request, "refused.html", {"refused": refused, "back": ""}, status=refused.status)
