"""Outside any community, without a session: what WeChat sends, and the demo's page to pay on."""

from __future__ import annotations

import logging
import threading

import httpx
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from weiyifang.core import clock
from weiyifang.core.web.asked import asked
from weiyifang.wechat_pay import services
from weiyifang.wechat_pay.double import letters
from weiyifang.wechat_pay.double.letters import Letter
from weiyifang.wechat_pay.merchant import is_double, is_offered, store
from weiyifang.wechat_pay.services import Unacceptable

log = logging.getLogger(__name__)
SECONDS = 10


@csrf_exempt  # programs have no token: what they send is believed for its signature alone
@require_POST
def notification(request: HttpRequest) -> HttpResponse:
    """What WeChat tells by itself: 204 when it is taken, else why not, and it is sent again."""
    if not is_offered():
        raise Http404
    try:
        services.take_notification(headers=request.headers, body=request.body)
    except Unacceptable as no:
        log.warning("WeChat Pay: a notification was not taken: %s", no.why)
        return JsonResponse({"code": "FAIL", "message": no.why}, status=no.status)
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
def double(request: HttpRequest, number: str) -> HttpResponse:
    """The double's page to pay on. In the demo only: anywhere else there is no such address."""
    if not is_double():
        raise Http404
    row = store().trade(number)
    if row is None:
        raise Http404
    back = asked(request, "back", 400)
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = ""
    if request.method == "POST":
        _act(request, number, request.POST.get("act", ""))
        return HttpResponseRedirect(back or request.get_full_path())
    return render(request, "wechat_pay/double.html", {"row": row, "fen": row["fen"], "back": back})


def _act(request: HttpRequest, number: str, act: str) -> None:
    """Pay, and tell it: as it should be, twice, too late to be believed, with a wrong amount, or not at all."""
    now = int(clock.now().timestamp())
    row = None if act == "fail" else letters.pay(store(), number, now=now)
    if row is None:
        return
    sent = letters.told(store(), row, act, now=now)
    to = request.build_absolute_uri(reverse("wechat_pay_notification"))
    # by itself and over the line, as the real one does: whoever paid does not wait for it
    threading.Thread(target=_send, args=(to, sent), daemon=True).start()


def _send(to: str, sent: list[Letter]) -> None:
    for letter in sent:
        try:
            httpx.post(to, content=letter.body, headers=letter.headers, timeout=SECONDS)
        except httpx.HTTPError as error:
            log.warning("the double: %s", type(error).__name__)
