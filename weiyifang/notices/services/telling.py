"""Tell people something, in the transaction of the fact it is about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from weiyifang.core import timeline
from weiyifang.core.tenancy import fill_community
from weiyifang.notices import kinds
from weiyifang.notices.models import Notice
from weiyifang.people import queries as people


@transaction.atomic
def tell(
    *,
    kind: str,
    about: str,
    residents: Collection[UUID] = (),
    accounts: Collection[UUID] = (),
    until: datetime | None = None,
    **values: Any,
) -> int:
    """Tell these residents, whoever acts for them, and these accounts. Returns how many notices that makes.

    `about` is the source of the row it is about; `values` are ids, numbers, moments and codes, as in a fact: words
    raise TypeError. After `until` it is taken to nobody any more. Two statements, whatever the number of people.
    Raises KeyError for a kind that is not registered.
    """
    kinds.kind(kind)
    plain = {name: timeline.plain(name, value) for name, value in values.items()}

    def notice(**to: UUID | None) -> Notice:
        return Notice(kind=kind, about=about, until=until, values=plain, **to)

    rows = [notice(resident_id=pk) for pk in residents]
    rows += [notice(resident_id=helper, whose_id=whose) for whose, helper in people.who_acts_for(residents)]
    rows += [notice(account_id=pk) for pk in accounts]
    fill_community(rows)
    Notice.objects.bulk_create(rows)
    return len(rows)
