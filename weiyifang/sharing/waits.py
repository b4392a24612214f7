"""What may wait for whoever lends things: somebody asked, and waits for a yes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.web.access import holds
from weiyifang.core.web.waiting import Wait
from weiyifang.people.roles import Permission
from weiyifang.sharing import rules
from weiyifang.sharing.models import Booking, Round


def _asked(actor: Actor) -> QuerySet[Booking]:
    return Booking.objects.waiting().filter(resource__in=rules.keepable_by(actor))


def _overdue(actor: Actor) -> QuerySet[Booking]:
    rows = Booking.objects.out().filter(ends_at__lt=clock.now())
    return rows.filter(resource__in=rules.keepable_by(actor))


def _to_share_out(actor: Actor) -> QuerySet[Round]:
    """Applications are closed, or it is shared out and not booked."""
    return Round.objects.under_way().filter(closes_at__lte=clock.now())


WAITS = (
    Wait(
        code="sharing.asked",
        words=_("Would like to book"),
        icon="key",
        place="sharing:bench",
        route="sharing:bench_booking",
        args=("pk",),
        may=holds(Permission.KEEP_THINGS),
        rows=_asked,
        title="resource__name",
        since="asked_at",
        due="starts_at",
    ),
    Wait(
        code="sharing.overdue",
        words=_("Should be back"),
        icon="key",
        place="sharing:bench",
        route="sharing:bench_booking",
        args=("pk",),
        may=holds(Permission.KEEP_THINGS),
        rows=_overdue,
        title="resource__name",
        since="ends_at",
    ),
    Wait(
        code="sharing.round",
        words=_("Slots to share out"),
        icon="calendar",
        place="sharing:bench",
        route="sharing:bench_round",
        args=("number",),
        may=rules.can_share_out,
        rows=_to_share_out,
        title="title",
        since="closes_at",
    ),
)
