"""Reading settings from the environment, loudly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from pyrage import RecipientError
from pyrage.x25519 import Recipient

from weiyifang.core.server import embedded_postgres
from weiyifang.core.server.embedded_postgres import APP_ROLE, APP_SETTINGS


def text(name: str, default: str) -> str:
    """The variable `name`, or `default` when it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, *, default: bool) -> bool:
    """A yes or no; anything else stops the start."""
    value = os.environ.get(name, "")
    if value == "":
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write 1 or 0")


def number(name: str, *, default: int, digits: int = 2) -> int:
    """A count of at most so many digits; anything else stops the start."""
    value = os.environ.get(name, "")
    if value == "":
        return default
    if value.isascii() and value.isdecimal() and len(value) <= digits:
        return int(value)
    raise ImproperlyConfigured(f"{name}={value!r}: write a number")


def public_keys(name: str) -> list[str]:
    """Public keys of `age`, separated by commas; anything else stops the start."""
    found = [key.strip() for key in os.environ.get(name, "").split(",") if key.strip()]
    for key in found:
        try:
            Recipient.from_str(key)
        except RecipientError as error:
            raise ImproperlyConfigured(f"{name}={key!r}: write a public key, age1… ({error})") from error
    return found


def choice(name: str, *values: str) -> str:
    """One of these, the first by default; anything else stops the start."""
    value = os.environ.get(name) or values[0]
    if value not in values:
        raise ImproperlyConfigured(f"{name}={value!r}: write {' or '.join(filter(None, values))}")
    return value


def wechat_pay(name: str, *, demo: bool) -> str:
    """How gifts by WeChat Pay are taken: not at all, by a merchant's account, or in a demo by the double.

    Anywhere else the double stops the start: it would say that money came which nobody paid.
    """
    if demo:
        return choice(name, "double", "merchant")
    value = os.environ.get(name, "")
    if value == "double":
        raise ImproperlyConfigured(f"{name}=double: only a demo (WEIYIFANG_DEMO=1) has gifts that nobody pays")
    return choice(name, "", "merchant")


def secure_url(name: str, default: str, *, demo: bool) -> str:
    """An address of HTTPS; in a demo also a plain one, of a double on this machine. Anything else stops the start."""
    value = text(name, default).rstrip("/")
    if urlsplit(value).scheme == "https" or (demo and urlsplit(value).scheme == "http"):
        return value
    raise ImproperlyConfigured(f"{name}={value!r} must begin with https://")


def bucket(name: str) -> dict[str, Any] | None:
    """Where files lie instead of in a folder: `NAME_BUCKET` and what belongs to it; None: in the folder.

    A bucket without an address or a key stops the start, and so does a key without a bucket.
    """
    given = {what: os.environ.get(f"{name}_{what}", "") for what in ("BUCKET", "URL", "KEY_ID", "KEY_SECRET")}
    if not any(given.values()):
        return None
    if missing := [f"{name}_{what}" for what, value in given.items() if not value]:
        raise ImproperlyConfigured(f"{' and '.join(missing)} must be set, too: files would lie nowhere")
    if urlsplit(given["URL"]).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"{name}_URL must look like https://oss-cn-chengdu.aliyuncs.com")
    return {
        "BACKEND": "weiyifang.core.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": given["BUCKET"],
            "endpoint_url": given["URL"],
            "access_key": given["KEY_ID"],
            "secret_key": given["KEY_SECRET"],
            "region_name": text(f"{name}_REGION", "us-east-1"),  # what a store without regions answers to
            "style": choice(f"{name}_STYLE", "auto", "path", "virtual"),
        },
    }


def database_url(var: Path) -> str:
    """DATABASE_URL, or without one the embedded server: started when a process first needs it, its data under `var`."""
    return os.environ.get("DATABASE_URL") or embedded_postgres.ensure_running(var / "postgres").url


def database_from_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name`.

    The program runs as `APP_ROLE`, which may not change or delete what is append-only, whoever logs in.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or unquote(parts.hostname or "")
    # What `core.prepared` prepares is planned once; left to itself, PostgreSQL plans the shortest of them each time.
    options = {
        "options": " ".join(
            f"-c {name}={value}"
            for name, value in {"role": APP_ROLE, **APP_SETTINGS, "plan_cache_mode": "force_generic_plan"}.items()
        ),
        # after a second of waiting the server is asked whether it is there (`core.postgresql`); what the pool cannot
        # reconnect at once, the next who needs it reconnects
        "pool": {"min_size": 1, "max_size": 8, "timeout": 1, "reconnect_timeout": 0},
        # a machine that is gone says nothing: over a network, notice within half a minute
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }
    return {
        "ENGINE": "weiyifang.core.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": options | query,
        "CONN_HEALTH_CHECKS": False,
    }
