"""The codes of check-in. A code says which row it means and is signed, so nobody can make one up; none is stored."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings

from weiyifang.activities.models import Enrollment, Session

LENGTH = 12  # bytes kept of the signature: 96 bits


def ticket(enrollment: Enrollment) -> str:
    """What stands in a resident's QR code; the volunteer at the door scans it."""
    return _encode(enrollment.pk.bytes + _sign("ticket", enrollment.pk))


def certificate(enrollment: Enrollment) -> str:
    """What stands in the QR code of a certificate; anybody who has the paper scans it."""
    return _encode(enrollment.pk.bytes + _sign("certificate", enrollment.pk))


def certified_id(code: str) -> UUID | None:
    """The enrolment a certificate's code names; None when it is not one of ours."""
    return _read(code, "certificate")


def enrollment_id(ticket: str) -> UUID | None:
    """The enrolment a scanned ticket names; None when it is not one of ours."""
    return _read(ticket, "ticket")


def door_code(session: Session) -> str:
    """What stands in the QR code on the paper at the door; a resident scans it with their own phone."""
    return _encode(_sign("door", session.pk))


def opens_door(session: Session, code: str) -> bool:
    """Is it the code of this session's paper? Also of one printed before the signing key was exchanged."""
    return any(hmac.compare_digest(_encode(one).encode(), code.encode()) for one in _signatures("door", session.pk))


def _read(code: str, purpose: str) -> UUID | None:
    try:
        raw = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except ValueError:
        return None
    pk = UUID(bytes=raw[:16]) if len(raw) == 16 + LENGTH else None
    return pk if pk is not None and _signed(raw[16:], purpose, pk) else None


def _sign(purpose: str, pk: UUID) -> bytes:
    return _signatures(purpose, pk)[0]


def _signed(signature: bytes, purpose: str, pk: UUID) -> bool:
    return any(hmac.compare_digest(signature, one) for one in _signatures(purpose, pk))


def _signatures(purpose: str, pk: UUID) -> list[bytes]:
    """By the key that signs, and by those whose signatures are still taken."""
    message = f"activities.{purpose}:{pk}".encode()
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.digest(key.encode(), message, sha256)[:LENGTH] for key in keys]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
