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


def enrollment_id(ticket: str) -> UUID | None:
    """The enrolment a scanned ticket names; None when it is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
    except ValueError:
        return None
    pk = UUID(bytes=raw[:16]) if len(raw) == 16 + LENGTH else None
    return pk if pk is not None and hmac.compare_digest(raw[16:], _sign("ticket", pk)) else None


def door_code(session: Session) -> str:
    """What stands in the QR code on the paper at the door; a resident scans it with their own phone."""
    return _encode(_sign("door", session.pk))


def opens_door(session: Session, code: str) -> bool:
    return hmac.compare_digest(door_code(session).encode(), code.encode())


def _sign(purpose: str, pk: UUID) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), f"activities.{purpose}:{pk}".encode(), sha256).digest()[:LENGTH]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
