"""Who we are at WeChat Pay, and whose messages we believe: settings, or the double's own keys in the demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings

from weiyifang.wechat_pay.double.store import Store

V3_KEY = 32  # bytes
DOUBLE = "double"


class NotSetUp(ValueError):
    """A setting is missing or wrong: which one."""


@dataclass(frozen=True, kw_only=True)
class Merchant:
    """Our account at WeChat Pay. `keys`: WeChat's public keys by serial, or by `PUB_KEY_ID_…`."""

    number: str
    app: str
    serial: str
    key: RSAPrivateKey
    v3_key: bytes
    keys: Mapping[str, RSAPublicKey]


def is_offered() -> bool:
    """Whether gifts by WeChat Pay are taken here."""
    return bool(settings.WECHAT_PAY)


def is_double() -> bool:
    """Whether nobody's money moves: the demo."""
    return settings.WECHAT_PAY == DOUBLE


def store() -> Store:
    """What the double keeps."""
    return Store(Path(settings.WECHAT_PAY_DOUBLE))


def merchant() -> Merchant:
    """Raises `NotSetUp`."""
    if is_double():
        return of_double(Path(settings.WECHAT_PAY_DOUBLE))
    given = settings.WECHAT_PAY_ACCOUNT
    if missing := [name for name, value in given.items() if not value]:
        raise NotSetUp(f"not set for WeChat Pay (docs/operations.md): {', '.join(sorted(missing))}")
    return _read(tuple(sorted(given.items())))


@lru_cache(maxsize=2)
def of_double(folder: Path) -> Merchant:
    """The double's one merchant."""
    there = Store(folder)
    return Merchant(
        number=there.merchant,
        app=there.app,
        serial=there.serial,
        key=there.merchant_key,
        v3_key=there.v3_key,
        keys={there.platform_serial: there.platform_key.public_key()},
    )


@lru_cache(maxsize=2)
def _read(given: tuple[tuple[str, str], ...]) -> Merchant:
    """From settings; the keys are files. Raises `NotSetUp`."""
    said = dict(given)
    try:
        key = load_pem_private_key(Path(said["KEY"]).read_bytes(), None)
        keys = dict(_public(one) for one in said["PLATFORM"].split(",") if one.strip())
    except (OSError, ValueError, TypeError) as error:
        raise NotSetUp(f"a key of WeChat Pay cannot be read: {error}") from error
    v3_key = said["V3_KEY"].encode()
    if not isinstance(key, RSAPrivateKey) or len(v3_key) != V3_KEY:
        raise NotSetUp("WeChat Pay wants an RSA key (WEIYIFANG_WECHAT_PAY_KEY) and an APIv3 key of 32 characters")
    return Merchant(number=said["MERCHANT"], app=said["APP"], serial=said["SERIAL"], key=key, v3_key=v3_key, keys=keys)


def _public(said: str) -> tuple[str, RSAPublicKey]:
    """`serial=file`: a public key of theirs, or a platform certificate."""
    serial, _, file = said.strip().partition("=")
    content = Path(file).read_bytes()
    if b"BEGIN CERTIFICATE" in content:
        key = load_pem_x509_certificate(content).public_key()
    else:
        key = load_pem_public_key(content)  # type: ignore[assignment]  # whichever kind; looked at below
    if not serial or not isinstance(key, RSAPublicKey):
        raise ValueError(f"{said!r}: write serial=file")
    return serial, key
