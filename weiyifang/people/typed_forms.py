"""Where forms wait whose writers sign in again (`core.web.typed`)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from weiyifang.core import clock
from weiyifang.core.tenancy import homes_with
from weiyifang.core.web.typed import WAITS
from weiyifang.people.models import TypedForm


def put(account_id: UUID, path: str, body: str) -> None:
    """See `core.web.typed.Store`."""
    said = {"path": path[:400], "body": body, "at": clock.now()}
    TypedForm.objects.update_or_create(account_id=account_id, defaults=said)


def get(account_id: UUID, path: str) -> str | None:
    """See `core.web.typed.Store`."""
    waits = TypedForm.objects.filter(account_id=account_id, path=path[:400], at__gte=clock.now() - WAITS).first()
    return waits.body if waits else None


def drop(account_id: UUID) -> None:
    """See `core.web.typed.Store`."""
    TypedForm.objects.filter(account_id=account_id).delete()


def forget_old() -> int:
    """Forget the forms nobody came back for, in the community at hand. Returns how many."""
    forgotten, _by_model = TypedForm.objects.filter(_is_old()).delete()
    return forgotten


def homes_with_old() -> list[int]:
    """The communities where such a form waits."""
    return homes_with(TypedForm.everywhere.filter(_is_old()))  # everywhere: the clock asks once for all


def _is_old() -> Q:
    return Q(at__lt=clock.now() - WAITS)
