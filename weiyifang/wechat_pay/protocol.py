"""How WeChat Pay v3 signs and encrypts: the same for our side and for the double's. Nothing here knows a database.

Sources: 微信支付商户文档, "APIv3 签名", "验证签名", "回调通知的解密"; research notes in docs/adr/0041.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256

SCHEME = "WECHATPAY2-SHA256-RSA2048"
ALGORITHM = "AEAD_AES_256_GCM"
FRESH = 300  # seconds a message of theirs counts, before and after: what WeChat's own libraries take
FIELDS = ("timestamp", "nonce", "signature", "serial")


class NotTrue(Exception):
    """A message is not what it says it is. `why`: one word, for the log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What WeChat's headers say about a body."""

    timestamp: str
    nonce: str
    signature: str
    serial: str

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Signed:
        """From HTTP headers, however they are written. Raises `NotTrue` when one is missing."""
        small = {name.lower(): value for name, value in headers.items()}
        found = {name: small.get(f"wechatpay-{name}", "") for name in FIELDS}
        if not all(found.values()):
            raise NotTrue("unsigned")
        return cls(**found)

    def headers(self) -> dict[str, str]:
        return {f"Wechatpay-{name.capitalize()}": getattr(self, name) for name in FIELDS}


def sign(key: RSAPrivateKey, *parts: str | bytes) -> str:
    """The signature over these parts, each with its line feed: RSA with SHA-256, in base64."""
    return base64.b64encode(key.sign(_lines(parts), PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, signature: str, *parts: str | bytes) -> bool:
    """Whether whoever has the private half signed just these."""
    try:
        key.verify(base64.b64decode(signature, validate=True), _lines(parts), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _lines(parts: tuple[str | bytes, ...]) -> bytes:
    return b"".join((part if isinstance(part, bytes) else part.encode()) + b"\n" for part in parts)


def check(signed: Signed, body: bytes, *, keys: Mapping[str, RSAPublicKey], now: int) -> None:
    """That WeChat signed this very body, and lately. `now` in seconds since 1970. Raises `NotTrue`.

    The age first: it costs nothing. A signature that begins `WECHATPAY/SIGNTEST/` is a probe of theirs, and false.
    """
    if not signed.timestamp.isascii() or not signed.timestamp.isdecimal() or len(signed.timestamp) > 12:
        raise NotTrue("timestamp")
    if abs(now - int(signed.timestamp)) > FRESH:
        raise NotTrue("stale")
    key = keys.get(signed.serial)
    if key is None:
        raise NotTrue("serial")
    if not is_signed(key, signed.signature, signed.timestamp, signed.nonce, body):
        raise NotTrue("signature")


def seal(key: RSAPrivateKey, serial: str, body: bytes, *, now: int) -> Signed:
    """What WeChat writes into the headers of a body of its own."""
    timestamp, nonce = str(now), secrets.token_hex(16)
    return Signed(timestamp=timestamp, nonce=nonce, signature=sign(key, timestamp, nonce, body), serial=serial)


def authorization(
    key: RSAPrivateKey, *, merchant: str, serial: str, method: str, target: str, body: bytes, now: int
) -> str:
    """The header of our own requests. `target`: path with its query."""
    nonce, at = secrets.token_hex(16), str(now)
    signature = sign(key, method, target, at, nonce, body)
    said = {"mchid": merchant, "nonce_str": nonce, "signature": signature, "timestamp": at, "serial_no": serial}
    return f"{SCHEME} " + ",".join(f'{name}="{value}"' for name, value in said.items())


def encrypted(v3_key: bytes, content: bytes, *, kind: str) -> dict[str, str]:
    """The `resource` of a notification."""
    nonce, about = secrets.token_hex(6), kind  # 12 characters
    cipher = AESGCM(v3_key).encrypt(nonce.encode(), content, about.encode())
    return {
        "original_type": kind,
        "algorithm": ALGORITHM,
        "ciphertext": base64.b64encode(cipher).decode(),
        "associated_data": about,
        "nonce": nonce,
    }


def decrypted(v3_key: bytes, resource: Any) -> dict[str, Any]:
    """What a `resource` holds. Raises `NotTrue`."""
    try:
        if resource["algorithm"] != ALGORITHM:
            raise NotTrue("algorithm")
        cipher = base64.b64decode(resource["ciphertext"], validate=True)
        about = (resource.get("associated_data") or "").encode()
        told = json.loads(AESGCM(v3_key).decrypt(resource["nonce"].encode(), cipher, about))
    except (InvalidTag, binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotTrue("resource") from error
    if not isinstance(told, dict):
        raise NotTrue("resource")
    return told
