"""The codes of check-in and of papers (`core.signed`)."""

from __future__ import annotations

from uuid import UUID

from weiyifang.activities.models import Act, Enrollment, Session
from weiyifang.core import signed


def ticket(enrollment: Enrollment) -> str:
    """What stands in a resident's QR code; the volunteer at the door scans it."""
    return signed.code("activities.ticket", enrollment.pk)


def certificate(enrollment: Enrollment) -> str:
    """What stands in the QR code of a certificate; anybody who has the paper scans it."""
    return signed.code("activities.certificate", enrollment.pk)


def certified_id(code: str) -> UUID | None:
    """The enrolment a certificate's code names; None when it is not one of ours."""
    return signed.named("activities.certificate", code)


def thanks(act: Act) -> str:
    """What stands in the QR code of the card that thanks those who performed an act."""
    return signed.code("activities.thanks", act.pk)


def thanked_id(code: str) -> UUID | None:
    """The act that the code of such a card names; None when it is not one of ours."""
    return signed.named("activities.thanks", code)


def enrollment_id(ticket: str) -> UUID | None:
    """The enrolment a scanned ticket names; None when it is not one of ours."""
    return signed.named("activities.ticket", ticket)


def door_code(session: Session) -> str:
    """What stands in the QR code on the paper at the door; a resident scans it with their own phone."""
    return signed.secret("activities.door", session.pk)


def opens_door(session: Session, code: str) -> bool:
    """Is it the code of this session's paper?"""
    return signed.is_secret("activities.door", session.pk, code)
