"""What becomes of the time somebody has saved when they leave the community, die or are forgotten.

It stays theirs as long as leaving can be undone (`people.terms`), and goes then to whom they named for it, or to the
community, which gives it to whoever needs help.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from weiyifang.core.look.wording import worked
from weiyifang.people import parting, terms
from weiyifang.people.models import Resident
from weiyifang.volunteering import queries
from weiyifang.volunteering.models import GiftState, TimeGift, TimeHeir


def named() -> QuerySet[TimeHeir]:
    """Who named somebody who can still have it, by the giver's number on the register."""
    rows = TimeHeir.objects.filter(giver__left_on=None, receiver__isnull=False, receiver__left_on=None)
    rows = rows.select_related("giver", "receiver").order_by("giver__number")
    return rows.defer("giver__phone", "giver__id_number", "receiver__phone", "receiver__id_number")


def heirs_of(giver_ids: Sequence[UUID]) -> dict[UUID, Resident]:
    """Whom each of these named, as long as they live here; whoever is missing leaves it to the community."""
    rows = TimeHeir.objects.filter(giver__in=list(giver_ids), receiver__left_on=None).select_related("receiver")
    return {row.giver_id: row.receiver for row in rows if row.receiver is not None}


def gone_with_time(*, since: timedelta = timedelta(0)) -> list[UUID]:
    """Who is gone for good, for at least so long, and still has time in the time bank."""
    return parting.gone_for_good(list(queries.saved_by_all()), since=since)


def left_to_community(resident_id: UUID) -> QuerySet[TimeGift]:
    """What went to the community when somebody left, and is there or was given to others."""
    rows = TimeGift.objects.filter(giver=resident_id, receiver=None, is_left=True, state=GiftState.GIVEN)
    return rows.order_by("id")


def words(resident: Resident, forgotten: bool) -> Iterator[str]:
    """What is said to whoever is about to note that somebody is gone; nothing of whom has nothing saved."""
    saved = queries.saved_minutes(resident.pk)
    if not saved:
        return
    is_named = resident.pk in heirs_of([resident.pk])
    if forgotten and is_named:
        what = _("In the time bank: %(time)s. The night after, it goes to the person named for it, who is told.")
    elif forgotten:
        what = _("In the time bank: %(time)s. The night after, it goes to the community, for whoever needs help.")
    elif is_named:
        what = _(
            "In the time bank: %(time)s. After these %(days)d days it goes to the person named for it, who is told; "
            "who comes back before keeps it."
        )
    else:
        what = _(
            "In the time bank: %(time)s. After these %(days)d days it goes to the community, for whoever needs help; "
            "who comes back before keeps it."
        )
    yield what % {"time": worked(saved), "days": terms.way_back().days}
