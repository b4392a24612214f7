"""Encryption at rest, with search by exact value.

A value is sealed with Fernet (AES-128-CBC + HMAC) by the first of `settings.DATA_KEYS`; all of them open it. It stands
beside its *find key*: an HMAC of the normalised value, which finds it again without telling what it is. Find keys are
derived from the data keys too: while those are exchanged (`people.rotation`) a value is sought under each of them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import IntegrityError, connection, models

SEALED = "gAAAA"  # how everything sealed begins: Fernet's version, and a time before the year 2106
EXCHANGE = 7_236_402  # any number; the advisory lock between whoever writes find keys and an exchange of keys


@lru_cache(maxsize=64)
def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()))


@lru_cache(maxsize=8)
def _boxes(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_fernet(key) for key in keys])


def _box() -> MultiFernet:
    return _boxes(tuple(settings.DATA_KEYS))


@lru_cache(maxsize=64)
def _finder(key: str) -> bytes:
    return hashlib.sha256(b"find by exact value:" + key.encode()).digest()


def seal(text: str) -> str:
    """The sealed text; the empty text stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """The text again; raises ValueError when no key opens it."""
    return unseal_bytes(token.encode()).decode() if token else ""


def seal_bytes(content: bytes) -> bytes:
    """A sealed file."""
    return _box().encrypt(content)


def unseal_bytes(token: bytes) -> bytes:
    """The file again; raises ValueError when no key opens it."""
    try:
        return _box().decrypt(token)
    except InvalidToken as error:
        raise ValueError("sealed with a key that WEIYIFANG_DATA_KEYS does not hold") from error


def opened_by(token: str | bytes) -> str:
    """Which of the keys at hand opens it; "" when none does."""
    for key in settings.DATA_KEYS:
        try:
            _fernet(key).decrypt(token)
        except InvalidToken:
            continue
        return key
    return ""


def sealed_anew(token: bytes) -> bytes:
    """The same content, sealed by the first key. Raises ValueError when no key opens it."""
    try:
        return _box().rotate(token)
    except InvalidToken as error:
        raise ValueError("sealed with a key that WEIYIFANG_DATA_KEYS does not hold") from error


def find_key(text: str) -> str:
    """The find key a value is kept with from now on: 43 characters; the empty text has none (""). To look for a value,
    take `find_keys`.
    """
    return _find_key(text, settings.DATA_KEYS[0])


def find_keys(text: str) -> list[str]:
    """Whatever a value may be kept with: `.filter(phone_key__in=find_keys(phone))`. The empty text is nowhere."""
    return [_find_key(text, key) for key in settings.DATA_KEYS] if text else []


def _find_key(text: str, key: str) -> str:
    if not text:
        return ""
    return base64.urlsafe_b64encode(hmac.digest(_finder(key), text.encode(), "sha256")).decode().rstrip("=")


if TYPE_CHECKING:
    TextOfStr = models.TextField[str, str]
    CharOfAny = models.CharField[Any, Any]
else:  # Django's fields cannot be subscripted at run time
    TextOfStr, CharOfAny = models.TextField, models.CharField


class SealedField(TextOfStr):
    """A text that is encrypted in the database and plain in Python. Cannot be searched: search its find key."""

    is_sealed = True  # what is seen of it is kept as a digest only (`core.web.versions`)

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        return None if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(str(value))


class FindKeyField(CharOfAny):
    """The find key of the sealed field named `of`, kept in step with it whenever the row is saved.

    A UniqueConstraint over it lets a value in once, also while some rows have their find keys from another data key.
    For migrations it is the column it is, a CharField.
    """

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        self.of = of
        super().__init__(*args, **{"max_length": 43, "blank": True, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        """Raises IntegrityError when another row has the value, as the database would."""
        text = getattr(instance, self.of)
        if len(settings.DATA_KEYS) > 1:
            with connection.cursor() as cursor:  # until our commit nobody exchanges the first key
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [EXCHANGE])
            self._refuse_twin(instance, text)
        setattr(instance, self.attname, self.kept_for(text))
        return getattr(instance, self.attname)

    def kept_for(self, text: str) -> str | None:
        """What the column holds for a value."""
        return find_key(text) or (None if self.null else "")

    def _refuse_twin(self, instance: models.Model, text: str) -> None:
        for constraint in instance._meta.constraints if text else ():
            if isinstance(constraint, models.UniqueConstraint) and self.name in constraint.fields:
                same = {name: getattr(instance, name) for name in constraint.fields if name != self.name}
                twins = type(instance)._base_manager.filter(**same, **{f"{self.name}__in": find_keys(text)})
                if twins.exclude(pk=instance.pk).exists():
                    raise IntegrityError(f'duplicate key value violates unique constraint "{constraint.name}"')
