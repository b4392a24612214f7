"""The two gateways against doubles that check what is sent, byte for byte, and answer as the real ones do."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from weiyifang.core import clock
from weiyifang.people import gateways
from weiyifang.people.gateways import Aliyun, Gateway, Tencent
from weiyifang.people.sms import NotSent
from weiyifang.people.tests.gateway_double import Double, gateway_double

PHONE = "+8613800138000"
LONG = "取消了：“插花茶艺孝敬爸妈” 10月16日 星期五 12:00。您不用来了，位子已经退掉。"


@pytest.fixture
def double() -> Iterator[Double]:
    with gateway_double() as double:
        yield double


@pytest.fixture(autouse=True)
def keys(settings: Any, double: Double) -> None:
    settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = "the id", "the secret"
    settings.SMS_SIGN, settings.SMS_APP, settings.SMS_REGION = "南湖社区", "1400006666", "ap-guangzhou"
    settings.SMS_TEMPLATES = {"code": "T1", "notice": "T2"}
    settings.SMS_LONGEST, settings.SMS_URL = 35, double.url


def sha(said: bytes | str) -> str:
    return hashlib.sha256(said if isinstance(said, bytes) else said.encode()).hexdigest()


def hmac_of(key: bytes, said: str) -> bytes:
    return hmac.digest(key, said.encode(), "sha256")


# --- the signatures, as the documents of both print them --------------------------------------------------------


def test_aliyun_s_own_example_is_signed_as_it_says(settings: Any) -> None:
    settings.SMS_KEY_ID, settings.SMS_KEY_SECRET = "YourAccessKeyId", "YourAccessKeySecret"
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": sha(b""),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    assert gateways.aliyun_signature(query, headers).endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencent_s_own_example_is_signed_as_it_says(settings: Any) -> None:
    settings.SMS_KEY_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
    settings.SMS_KEY_SECRET = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    at = datetime.fromtimestamp(1551113065, tz=UTC)
    assert gateways.tencent_signature(body, headers, at, service="cvm") == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


# --- what is sent -----------------------------------------------------------------------------------------------


def test_aliyun_gets_a_message_whose_signature_fits_what_arrived(double: Double) -> None:
    double.says = {"Code": "OK", "Message": "OK", "BizId": "1"}
    Aliyun().send(PHONE, "有位子了 & 请看 *～~", key="01929")
    (line,), (head,) = double.lines, double.heads
    asked = {name: values[0] for name, values in parse_qs(urlsplit(line).query).items()}
    assert asked == {
        "PhoneNumbers": "13800138000",
        "SignName": "南湖社区",
        "TemplateCode": "T2",
        "TemplateParam": '{"text": "有位子了 & 请看 *～~"}',
        "OutId": "01929",
    }
    names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
    signed = "\n".join(f"{name}:{head[name]}" for name in names.split(";"))
    canonical = f"POST\n/\n{urlsplit(line).query}\n{signed}\n\n{names}\n{sha(b'')}"
    due = hmac_of(b"the secret", f"ACS3-HMAC-SHA256\n{sha(canonical)}").hex()
    assert head["authorization"] == f"ACS3-HMAC-SHA256 Credential=the id,SignedHeaders={names},Signature={due}"


def test_tencent_gets_a_message_whose_signature_fits_what_arrived(double: Double) -> None:
    double.says = {"Response": {"SendStatusSet": [{"Code": "Ok"}], "RequestId": "1"}}
    with clock.at(datetime(2026, 10, 14, 20, tzinfo=UTC)):  # in China it is the 15th
        Tencent().send(PHONE, "", key="01929", code="123456")
    (body,), (head,) = double.bodies, double.heads
    assert json.loads(body) == {
        "PhoneNumberSet": [PHONE],
        "SmsSdkAppId": "1400006666",
        "SignName": "南湖社区",
        "TemplateId": "T1",
        "TemplateParamSet": ["123456"],
        "SessionContext": "01929",
    }
    signed = f"content-type:{head['content-type']}\nhost:{head['host']}\n"
    canonical = f"POST\n/\n\n{signed}\ncontent-type;host\n{sha(body)}"
    scope = "2026-10-14/sms/tc3_request"
    key = hmac_of(hmac_of(hmac_of(b"TC3the secret", "2026-10-14"), "sms"), "tc3_request")
    due = hmac_of(key, f"TC3-HMAC-SHA256\n{head['x-tc-timestamp']}\n{scope}\n{sha(canonical)}").hex()
    assert head["authorization"].endswith(
        f"Credential=the id/{scope}, SignedHeaders=content-type;host, Signature={due}"
    )


@pytest.mark.parametrize("gateway", [Aliyun(), Tencent()], ids=["aliyun", "tencent"])
def test_what_is_too_long_for_a_variable_is_cut(double: Double, gateway: Gateway) -> None:
    double.says = {"Code": "OK", "Response": {"SendStatusSet": [{"Code": "Ok"}]}}
    gateway.send(PHONE, LONG)
    said = json.loads(double.bodies[0] or b"{}").get("TemplateParamSet")
    text = said[0] if said else json.loads(parse_qs(urlsplit(double.lines[0]).query)["TemplateParam"][0])["text"]
    assert text == f"{LONG[:34]}…"


@pytest.mark.parametrize("gateway", [Aliyun(), Tencent()], ids=["aliyun", "tencent"])
def test_what_has_a_short_form_goes_out_in_it_where_the_text_does_not_fit(double: Double, gateway: Gateway) -> None:
    double.says = {"Code": "OK", "Response": {"SendStatusSet": [{"Code": "Ok"}]}}
    gateway.send(PHONE, LONG, short="0123456789abcdef" * 2)
    gateway.send(PHONE, "短", short="0123456789abcdef" * 2)
    sent = [body.decode() or parse_qs(urlsplit(line).query)["TemplateParam"][0] for body, line in sent_to(double)]
    assert "0123456789abcdef" * 2 in sent[0]
    assert "取消了" not in sent[0]
    assert "0123" not in sent[1]


def sent_to(double: Double) -> list[tuple[bytes, str]]:
    return list(zip(double.bodies, double.lines, strict=True))


# --- what it says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gateway", "says", "code"),
    [
        (
            Aliyun(),
            {"Code": "isv.LIMIT_CONTROL", "Message": "13800138000 too often"},
            "isv.LIMIT_CONTROL",
        ),
        (Aliyun(), {"Message": "?"}, "no answer to read"),
        (Aliyun(), [], "no answer to read"),
        (Aliyun(), b"<html>busy</html>", "JSONDecodeError"),
        (Tencent(), {"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}}}, "AuthFailure.SignatureFailure"),
        (Tencent(), {"Response": {"SendStatusSet": [{"Code": "LimitExceeded"}]}}, "LimitExceeded"),
        (Tencent(), {"Response": {"SendStatusSet": []}}, "no answer to read"),
        (Tencent(), {"Response": None}, "no answer to read"),
    ],
)
def test_whatever_it_says_instead_of_yes_is_a_no_with_its_word_and_nothing_that_was_sent(
    double: Double, gateway: Gateway, says: Any, code: str
) -> None:
    double.says, double.status = says, 400
    with pytest.raises(NotSent) as refused:
        gateway.send(PHONE, "有位子了")
    assert refused.value.code == code
    assert "13800138000" not in str(refused.value)


@pytest.mark.parametrize("gateway", [Aliyun(), Tencent()], ids=["aliyun", "tencent"])
def test_a_gateway_that_never_answers_is_given_up(
    double: Double, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "SECONDS", 0.3)
    double.waits = 30
    with pytest.raises(NotSent, match="timeout"):
        gateway.send(PHONE, "有位子了")


def test_a_gateway_that_is_not_there_is_a_no(settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    with pytest.raises(NotSent, match="ConnectError"):
        Aliyun().send(PHONE, "有位子了")


def test_without_its_keys_it_says_so_and_sends_nothing(settings: Any, double: Double) -> None:
    settings.SMS_KEY_SECRET = ""
    with pytest.raises(ValueError, match="not set"):
        Aliyun().send(PHONE, "有位子了")
    assert double.lines == []
