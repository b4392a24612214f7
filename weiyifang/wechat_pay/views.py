"""Giving by WeChat Pay, on the phone: the form, the code to pay with, the thanks."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, anyone, page
from weiyifang.core.web.asked import asked
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.fund import receipts
from weiyifang.fund.books import is_open
from weiyifang.wechat_pay import queries, services
from weiyifang.wechat_pay.forms import GiveForm
from weiyifang.wechat_pay.merchant import is_double, is_offered
from weiyifang.wechat_pay.models import Order, State

SOON, LATER = 2, 5  # seconds until the page looks again: while a code is made, while somebody pays
RELOADS_FOR = timedelta(minutes=5)


@page(anyone, methods=("GET", "POST"))
def give(request: PageRequest) -> HttpResponseBase:
    """Amount, purpose, name shown or not. What was typed stays when it is refused."""
    offered = is_offered() and is_open()
    if not offered:
        return show(request, "wechat_pay/give.html", {"form": None, "is_double": False})
    form = GiveForm(
        request.POST or None, initial={"donor_name": request.actor.name if request.actor.resident_id else ""}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            row = services.start(gift=form.gift(), by=request.actor)
        if not form.errors:
            return redirect("wechat_pay:mine", code=queries.code(row.pk))
    context = {"form": form, "is_double": is_double()}
    return show(request, "wechat_pay/give.html", context, status=422 if form.errors else 200)


@page(anyone)
def mine(request: PageRequest, code: str) -> HttpResponseBase:
    """One gift, for whoever has its code: the code to pay with, then the thanks and the way to the receipt.

    While something is to happen the page loads itself anew, unless its reader asked it not to (`?still=1`).
    """
    row = queries.named(code)
    if row is None:
        raise Http404
    is_still = bool(asked(request, "still", 1))
    reloads = row.is_open and not row.is_late and not is_still and clock.now() - row.made_at < RELOADS_FOR
    context = {
        "row": row,
        "code": code,
        "stands": _stands(row),
        "pay_url": _pay_url(request, row),
        "reloads": reloads,
        "is_double": is_double(),
        "receipt": receipts.code_of(source_of(row)) if row.state in {State.PAID, State.RETURNED} else "",
    }
    response = show(request, "wechat_pay/mine.html", context)
    if reloads:
        response.headers["Refresh"] = str(SOON if row.state == State.MADE else LATER)
    return response


def _stands(row: Order) -> str:
    """What the page says: one word for its template."""
    return "late" if row.is_late else row.state


def _pay_url(request: PageRequest, row: Order) -> str:
    """What the code says: of the double an address of ours, that leads back here."""
    if row.state != State.ASKED or not row.code_url.startswith("/"):
        return row.code_url
    back = reverse("wechat_pay:mine", args=[queries.code(row.pk)])
    return request.build_absolute_uri(f"{row.code_url}?{urlencode({'back': back})}")
