"""Seats kept for some until a moment: what an activity says of its dates, and who it means.

The shares are a column of the activity (`SharesColumn`), like its questions: each of its dates keeps so many seats for
them (`capacity.Share`), until so many hours before it begins. Who fits is asked of the register on the day somebody
enrols, for the day of the date: an unknown birthday or gender fits nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from weiyifang.activities import audiences
from weiyifang.activities.orders import FIRST_TIMERS

if TYPE_CHECKING:
    JsonOfShares = models.JSONField["Shares | list[Share]", "Shares"]
else:  # Django's fields cannot be subscripted at run time
    JsonOfShares = models.JSONField

MOST_HOURS = 720  # before it begins: a month, as for the end of enrolment
USUAL_HOURS = 48


class ShareFor(models.TextChoices):
    """For whom seats can be kept."""

    ELDERS = audiences.Audience.ELDERS.value, gettext_lazy("elders")
    CHILDREN = audiences.Audience.CHILDREN.value, gettext_lazy("children")
    WOMEN = audiences.Audience.WOMEN.value, gettext_lazy("women")
    FAMILIES = audiences.Audience.FAMILIES.value, gettext_lazy("families")
    NEWCOMERS = "newcomers", gettext_lazy("first-timers")


def in_words(whom: str, day: date) -> str:
    """For whom, with the age or the months that the rules of that day name."""
    rule = audiences.rule_on(day)
    if whom == ShareFor.ELDERS:
        return _("elders from %(age)d years") % {"age": rule.elders_from}
    if whom == ShareFor.CHILDREN:
        return _("children up to %(age)d years") % {"age": rule.children_most}
    if whom == ShareFor.FAMILIES:
        return _("families with a child up to %(age)d years at home") % {"age": rule.children_most}
    if whom == ShareFor.NEWCOMERS:
        months = FIRST_TIMERS.on(day).months
        return ngettext(
            "people who were at nothing of this organizer for %(n)d month",
            "people who were at nothing of this organizer for %(n)d months",
            months,
        ) % {"n": months}
    return str(ShareFor(whom).label)


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many seats of each date for some, until so many hours before it begins."""

    whom: str  # a `ShareFor`
    places: int
    hours: int

    def until(self, starts_at: datetime) -> datetime:
        """When what is left of it opens to all, of a date that begins at this moment."""
        return starts_at - timedelta(hours=self.hours)


class Shares(tuple[Share, ...]):
    """What one activity keeps, in the order of `ShareFor`."""

    __slots__ = ()

    def __str__(self) -> str:
        """A line for each: for `core.web.versions`."""
        return "\n".join(f"{ShareFor(one.whom).label} {one.places} −{one.hours} h" for one in self)

    @property
    def places(self) -> int:
        return sum(one.places for one in self)


NONE = Shares()


def cleaned(shares: Iterable[Share]) -> Shares:
    """The shares as they are kept: in order, without those of no seats. Raises ValueError for what no form sends."""
    order = list(ShareFor.values)
    kept = [one for one in shares if one.places]
    if len({one.whom for one in kept}) < len(kept) or any(one.places < 0 or one.hours < 0 for one in kept):
        raise ValueError("one share for each, of some seats")
    return Shares(sorted(kept, key=lambda one: order.index(one.whom)))


class SharesColumn(JsonOfShares):
    """The shares of a row. For migrations it is the JSON column it is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        told = {"verbose_name": gettext_lazy("seats kept for some"), **options}
        super().__init__(*args, **{**told, "default": list, "db_default": [], "blank": True})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Shares:
        return _read(super().from_db_value(value, expression, connection) or ())

    def get_default(self) -> Shares:
        return NONE

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Shares) else _read(value or ())

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(_written(value) if isinstance(value, tuple) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(_written(value) if isinstance(value, tuple) else value, connection, prepared)


def _read(kept: Iterable[Mapping[str, Any]]) -> Shares:
    return Shares(Share(whom=one["whom"], places=int(one["places"]), hours=int(one["hours"])) for one in kept)


def _written(shares: Iterable[Share]) -> list[dict[str, Any]]:
    return [{"whom": str(one.whom), "places": one.places, "hours": one.hours} for one in shares]
