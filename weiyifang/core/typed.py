"""What somebody typed is not lost when the session ends, or a proof is asked for, before the form arrives.

The form waits for its writer: sealed, one for each account, an hour, at most `MOST` bytes, without files. Whose it is
says the session that has just ended, or a mark that a page made for somebody signed in carries in its forms: nobody
else ever sees it, and a stranger can leave none. Afterwards the page opens with what was typed filled in; nothing is
done before the button is pressed again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from weiyifang.core.access import PageRequest

MOST = 64 * 1024  # bytes of a form as it is sent
WAITS = timedelta(hours=1)
OPEN = timedelta(days=7)  # how long a page may lie open before its form is sent (as `once.KEPT`)
AGAIN = "typed"  # in the address of a page that shows what was typed
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "_once", "_for"})
_signer = signing.TimestampSigner(salt="weiyifang.form")


class Store(Protocol):
    """Where forms wait. Registered by the floor that knows accounts."""

    def put(self, account_id: UUID, path: str, body: str) -> None:
        """Keep one form; the account's one before is gone."""

    def get(self, account_id: UUID, path: str) -> str | None:
        """What was sent to this address within the hour, if anything."""

    def drop(self, account_id: UUID) -> None:
        """Forget it."""


_stores: list[Store] = []


def keep_in(store: Store) -> None:
    """Register the store."""
    _stores[:] = [store]


def mark(account_id: UUID) -> str:
    """What a form carries that is made for somebody signed in (`_for`)."""
    return _signer.sign(account_id.hex)


def marked(request: HttpRequest) -> UUID | None:
    """Whom the page was made for that this form comes from."""
    try:
        return UUID(_signer.unsign(request.POST.get("_for", ""), max_age=OPEN))
    except (signing.BadSignature, ValueError):
        return None


def onward(request: HttpRequest, owner: UUID | None) -> str:
    """Where to go once the person is signed in (again): to what they typed, which waits there if `owner` typed it."""
    here = request.get_full_path()
    if request.method != "POST":
        return here
    body = _typed(request)
    if owner is None or not body:
        return _came_from(request) or here
    if len(body) > MOST:
        messages.warning(request, _("What you typed was too long to be kept. Go back in your browser to find it."))
        return _came_from(request) or here
    _stores[0].put(owner, request.path, body)
    if request.FILES:
        messages.warning(request, _("Files cannot be kept. Please choose the file again."))
    return here if AGAIN in request.GET else f"{here}{'&' if '?' in here else '?'}{AGAIN}=1"


def waiting(request: PageRequest) -> QueryDict | None:
    """What the one who asks typed for this page, when the address asks for it."""
    who = request.actor.account_id if request.method == "GET" and AGAIN in request.GET else None
    body = _stores[0].get(who, request.path) if who is not None else None
    return None if body is None else QueryDict(body)


def shown(
    request: PageRequest, form: QueryDict, view: Callable[[], HttpResponseBase], *, has_page: bool
) -> HttpResponseBase:
    """The page of the form, filled in; where the address has no page, one that shows what was typed."""
    if not has_page:
        values = [value for name in form for value in form.getlist(name) if value.strip()]
        fields = [(name, value) for name in form for value in form.getlist(name)]
        return render(request, "typed.html", {"values": values, "fields": fields, "back": _came_from(request)})
    messages.info(request, _("What you typed is still here. Look it over and press the button again."))
    request.POST = form  # type: ignore[assignment]  # as Django's own setter takes it
    with transaction.atomic():  # it is only shown: whatever a view might do with it is undone
        response = view()
        transaction.set_rollback(True)
    return response


def arrived(request: PageRequest, response: HttpResponseBase) -> None:
    """A form that had been kept was sent again, and taken: it waits no longer."""
    if request.method == "POST" and AGAIN in request.GET and response.status_code < 400:
        who = request.actor.account_id
        if who is not None:
            _stores[0].drop(who)


def _typed(request: HttpRequest) -> str:
    typed = request.POST.copy()
    for name in NOT_TYPED & typed.keys():
        del typed[name]
    return typed.urlencode() if any(value.strip() for name in typed for value in typed.getlist(name)) else ""


def _came_from(request: HttpRequest) -> str:
    """The page of ours that the form stood on, as an address here."""
    referer, site = request.headers.get("Referer", ""), f"{request.scheme}://{request.get_host()}/"
    return referer.removeprefix(site[:-1]) if referer.startswith(site) else ""
