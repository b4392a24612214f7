"""What somebody typed is not lost when the session ends, or a proof is asked for, before the form arrives.

The form waits for its writer: sealed, one for each account, an hour, at most `MOST` bytes, without files. Whose it is
says the session that has just ended, or a mark that a page made for somebody signed in carries in its forms: nobody
else ever sees it, and a stranger can leave none. Afterwards the page opens with what was typed filled in; nothing is
done before the button is pressed again.

Switching the language or the version for elders in the middle of a form loses nothing either: the switch is a button of
that form (`switch`), which comes back filled in. What a visitor typed lies in a cookie for two minutes, without
passwords; it is read outside any community only, where no page is kept for others. What was typed into a search over
a list goes where it goes when it is sent, behind the `?`; what was typed into the box that jumps stands there as
`SOUGHT`, and nothing is sought.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.forms import BaseForm
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from weiyifang.core.web import versions

if TYPE_CHECKING:
    from weiyifang.core.web.access import PageRequest

MOST = 64 * 1024  # bytes of a form as it is sent
WAITS = timedelta(hours=1)
OPEN = timedelta(days=7)  # how long a page may lie open before its form is sent (as `once.KEPT`)
AGAIN = "typed"  # in the address of a page that shows what was typed
SWITCHED = "kept"  # in the address of a page on which the look was switched
BOX, SOUGHT = "box", "sought"  # the search box that jumps, and what stands in it, in the address of any page
COOKIE, COOKIE_MOST, COOKIE_WAITS = "typed", 3_000, 120  # bytes and seconds of what a visitor typed
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "_once", "_for", "_page", "_look", "_form", "_refused"})
HIDDEN = frozenset({versions.NAME})  # waits with it, so that it is known what it was typed on; nobody reads it
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
        return came_from(request) or here
    if len(body) > MOST:
        messages.warning(request, _("What you typed was too long to be kept. Go back in your browser to find it."))
        return came_from(request) or here
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
        values = [value for name in form if name not in HIDDEN for value in form.getlist(name) if value.strip()]
        fields = [(name, value) for name in form for value in form.getlist(name)]
        return render(request, "typed.html", {"values": values, "fields": fields, "back": came_from(request)})
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
    words = [value for name in typed if name not in HIDDEN for value in typed.getlist(name)]
    return typed.urlencode() if any(value.strip() for value in words) else ""


# --- the look is switched in the middle of a form ---------------------------------------------------------------


def stands_on(request: HttpRequest) -> str:
    """The address of the page that is shown, one that can be opened: for the answer to a form, where the form stood.

    "" when nobody says so and the form's own address has no page.
    """
    if request.method not in {"GET", "HEAD"} and (said := came_from(request)):
        return said
    answers = getattr(getattr(request.resolver_match, "func", None), "methods", ("GET",))
    return request.get_full_path() if request.method in {"GET", "HEAD"} or "GET" in answers else ""


def switch(request: HttpRequest, response: HttpResponseBase, back: str) -> str:
    """The button of a switch was pressed in a form: it waits, and comes back filled in. Gives the way back."""
    form = {name: request.POST[name] for name in ("_form", "_refused") if name in request.POST}
    if form.get("_form") == BOX:
        return _with(back, {SOUGHT: request.POST.getlist("q")})
    if "_form" not in form and "_look" in request.POST:  # a search over a list
        return _with(back, {name: request.POST.getlist(name) for name in request.POST if name not in NOT_TYPED})
    if "_form" not in form or not (typed := _typed(request)):
        return back
    typed = f"{typed}&{urlencode(form)}"
    path, _mark, query = back.partition("?")
    actor = getattr(request, "actor", None)
    if actor is not None and actor.account_id is not None and len(typed) <= MOST:
        _stores[0].put(actor.account_id, path, typed)
    elif actor is None and len(sealed := _sealed(typed)) <= COOKIE_MOST:
        response.set_cookie(COOKIE, sealed, max_age=COOKIE_WAITS, samesite="Lax", httponly=True, path=path)
    else:
        return back
    rest = QueryDict(query, mutable=True)
    rest[SWITCHED] = "1"
    return f"{path}?{rest.urlencode()}"


def _with(back: str, typed: Mapping[str, list[str]]) -> str:
    """The address with these values in it; what stays empty is left out."""
    path, _mark, query = back.partition("?")
    rest = QueryDict(query, mutable=True)
    for name, values in typed.items():
        rest.setlist(name, [value for value in values if value.strip()])
    query = rest.urlencode()
    return f"{path}?{query}" if query else path


def refill(request: HttpRequest, form: BaseForm, key: str) -> None:
    """Fill in what was typed into this form before a switch. Faults are said only where they had been said before."""
    typed = of_switch(request)
    if typed is None or form.is_bound or typed.get("_form") != key:
        return
    form.data, form.is_bound = typed, True
    form._errors = None if "_refused" in typed else ErrorDict()  # type: ignore[attr-defined]  # Django's own memory


def of_switch(request: HttpRequest) -> QueryDict | None:
    """The form that waits for this page, looked up once."""
    if request.method != "GET" or SWITCHED not in request.GET:
        return None
    if not hasattr(request, "typed_before_switch"):
        actor = getattr(request, "actor", None)
        if actor is None:
            body = _unsealed(request.COOKIES.get(COOKIE, ""))
        else:
            body = _stores[0].get(actor.account_id, request.path) if actor.account_id else None
        request.typed_before_switch = None if body is None else QueryDict(body)  # type: ignore[attr-defined]  # remembered with the request
    found: QueryDict | None = request.typed_before_switch  # type: ignore[attr-defined]  # remembered with the request
    return found


def _sealed(typed: str) -> str:
    plain = QueryDict(typed, mutable=True)
    for name in [name for name in plain if "password" in name or name == "code"]:
        del plain[name]
    return signing.dumps(plain.urlencode(), salt=COOKIE, compress=True)


def _unsealed(sealed: str) -> str | None:
    try:
        return str(signing.loads(sealed, salt=COOKIE, max_age=COOKIE_WAITS))
    except signing.BadSignature:
        return None


def came_from(request: HttpRequest) -> str:
    """The page of ours that the form stood on, as an address here: the form says it, else the browser."""
    said = request.POST.get("_page", "")
    if said.startswith("/") and url_has_allowed_host_and_scheme(said, None):
        return said
    referer, site = request.headers.get("Referer", ""), f"{request.scheme}://{request.get_host()}/"
    return referer.removeprefix(site[:-1]) if referer.startswith(site) else ""
