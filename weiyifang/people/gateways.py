"""Two gateways that send text messages: Aliyun (阿里云短信) and Tencent Cloud (腾讯云短信), over HTTPS.

Both send what stands in a template that they have approved, with variables: `WEIYIFANG_SMS_TEMPLATE_CODE` has one
variable `code` (Tencent: the first), `WEIYIFANG_SMS_TEMPLATE_NOTICE` one variable `text`. What is longer than a
variable may be (`WEIYIFANG_SMS_LONGEST`) is cut, or `short` stands in its place; the whole message stands among the
messages on our pages. `key` goes
along as the gateway's own reference, so that what was asked for twice can be found there; neither promises to send it
once.

Sources: Aliyun, "V3 request body & signature" (ACS3-HMAC-SHA256) and "SendSms" of 2017-05-25; Tencent Cloud, "Signature
v3" (TC3-HMAC-SHA256) and "SendSms" of 2021-01-11.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

import httpx
from django.conf import settings

from weiyifang.core import clock
from weiyifang.people.sms import NotSent

SECONDS = 10  # until a gateway that does not answer is given up
EMPTY = hashlib.sha256(b"").hexdigest()


class Gateway:
    """What both have in common. Settings that are missing raise ValueError when the first message is sent."""

    url = ""

    def send(self, phone: str, text: str, *, key: str = "", code: str = "", short: str = "") -> None:
        """Hand it over, or raise `NotSent`."""
        template = settings.SMS_TEMPLATES["code" if code else "notice"]
        if not (template and settings.SMS_SIGN and settings.SMS_KEY_ID and settings.SMS_KEY_SECRET):
            raise ValueError("the text messages' key, signature or template is not set (docs/operations.md)")
        try:
            answer = self._ask(phone, template, {"code": code} if code else {"text": _fitting(text, short)}, key)
            told = answer.json()
        except httpx.TimeoutException as error:
            raise NotSent("timeout") from error
        except (httpx.HTTPError, ValueError) as error:
            raise NotSent(type(error).__name__) from error
        self._look_at(told)

    def _ask(self, phone: str, template: str, variables: Mapping[str, str], key: str) -> httpx.Response:
        raise NotImplementedError

    def _look_at(self, told: Any) -> None:
        raise NotImplementedError


class Aliyun(Gateway):
    """阿里云短信服务, `SendSms`."""

    url = "https://dysmsapi.aliyuncs.com/"

    def _ask(self, phone: str, template: str, variables: Mapping[str, str], key: str) -> httpx.Response:
        query = {
            "OutId": key,
            "PhoneNumbers": phone.removeprefix("+86"),
            "SignName": settings.SMS_SIGN,
            "TemplateCode": template,
            "TemplateParam": json.dumps(variables, ensure_ascii=False),
        }
        url = settings.SMS_URL or self.url
        headers = {
            "host": urlsplit(url).netloc,
            "x-acs-action": "SendSms",
            "x-acs-content-sha256": EMPTY,
            "x-acs-date": f"{clock.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-version": "2017-05-25",
        }
        asked = urlencode(query, quote_via=quote, safe="~")
        headers["authorization"] = aliyun_signature(asked, headers)
        return httpx.post(f"{url}?{asked}", headers=headers, timeout=SECONDS)

    def _look_at(self, told: Any) -> None:
        code = told.get("Code") if isinstance(told, dict) else None
        if code != "OK":
            _refuse(code)


class Tencent(Gateway):
    """腾讯云短信, `SendSms`."""

    url = "https://sms.tencentcloudapi.com/"
    service = "sms"

    def _ask(self, phone: str, template: str, variables: Mapping[str, str], key: str) -> httpx.Response:
        body = json.dumps(
            {
                "PhoneNumberSet": [phone],
                "SmsSdkAppId": settings.SMS_APP,
                "SignName": settings.SMS_SIGN,
                "TemplateId": template,
                "TemplateParamSet": list(variables.values()),
                "SessionContext": key,
            }
        ).encode()
        url, now = settings.SMS_URL or self.url, clock.now()
        headers = {
            "content-type": "application/json; charset=utf-8",
            "host": urlsplit(url).netloc,
        }
        signature = tencent_signature(body, headers, now, service=self.service)
        headers |= {
            "authorization": signature,
            "x-tc-action": "SendSms",
            "x-tc-timestamp": str(int(now.timestamp())),
            "x-tc-version": "2021-01-11",
            "x-tc-region": settings.SMS_REGION,
        }
        return httpx.post(url, content=body, headers=headers, timeout=SECONDS)

    def _look_at(self, told: Any) -> None:
        said = told.get("Response") if isinstance(told, dict) else None
        if not isinstance(said, dict):
            _refuse(None)
        if "Error" in said:
            _refuse(said["Error"].get("Code"))
        (one, *_others) = said.get("SendStatusSet") or [{}]
        if one.get("Code") != "Ok":
            _refuse(one.get("Code"))


def _refuse(code: Any) -> NoReturn:
    """With the gateway's word for why, if it is a word."""
    raise NotSent(str(code)[:80] if isinstance(code, str) else "no answer to read")


def _fitting(text: str, short: str) -> str:
    most = settings.SMS_LONGEST
    if len(text) <= most:
        return text
    return short[:most] or f"{text[: most - 1]}…"


# --- signatures -------------------------------------------------------------------------------------------------


def aliyun_signature(query: str, headers: Mapping[str, str], *, method: str = "POST") -> str:
    """The header `Authorization` of a request without a body; `query` sorted and encoded, `headers` all of them."""
    names = sorted(headers)
    canonical = "\n".join(
        [method, "/", query, *(f"{name}:{headers[name].strip()}" for name in names), "", ";".join(names), EMPTY]
    )
    told = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(settings.SMS_KEY_SECRET.encode(), told.encode(), hashlib.sha256).hexdigest()
    return f"ACS3-HMAC-SHA256 Credential={settings.SMS_KEY_ID},SignedHeaders={';'.join(names)},Signature={signature}"


def tencent_signature(body: bytes, headers: Mapping[str, str], at: datetime, *, service: str) -> str:
    """The header `Authorization` of a POST with this body and these headers at this moment."""
    names = sorted(headers)
    canonical = "\n".join(
        [
            "POST",
            "/",
            "",
            *(f"{name}:{headers[name].strip().lower()}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    scope = f"{day}/{service}/tc3_request"
    told = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{settings.SMS_KEY_SECRET}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, told.encode(), hashlib.sha256).hexdigest()
    credential = f"{settings.SMS_KEY_ID}/{scope}"
    return f"TC3-HMAC-SHA256 Credential={credential}, SignedHeaders={';'.join(names)}, Signature={signature}"
