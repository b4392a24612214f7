"""How those who watch over the work look through it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.actors import SYSTEM
from weiyifang.core.events import Event
from weiyifang.core.kinds import kinds
from weiyifang.core.models import TimelineEntry
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, offer
from weiyifang.people import queries as people

TOPICS = {
    "activities": _("Activities"),
    "organizations": _("Organizations"),
    "fund": _("Money"),
    "ledger": _("Money"),
    "news": _("News"),
    "people": _("People and duties"),
    "capacity": _("Seats"),
    "timetable": _("Rooms and times"),
}


def _topic(kind: type[Event]) -> str:
    return kind.__module__.split(".")[1]


def verbs_of(topic: str) -> list[str]:
    """The kinds of fact of a topic, by name: the package they are announced by."""
    return sorted(name for name, kind in kinds().items() if _topic(kind) == topic)


class HistoryFilter(forms.Form):
    """Who, what, when. Nothing typed is ever wrong: what does not fit is left out."""

    who = LineField(label=_("Who did it"), required=False, max_length=40)
    what = forms.ChoiceField(label=pgettext_lazy("history", "What"), required=False)
    since = DayField(label=_("From the day"), required=False, widget=forms.DateInput)
    until = DayField(label=_("To the day"), required=False, widget=forms.DateInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        groups: list[Any] = [("", pgettext_lazy("history", "Everything"))]
        for topic, label in TOPICS.items():
            words = sorted((str(kinds()[name].words), name) for name in verbs_of(topic))
            if words:
                groups.append((label, [(topic, _("all of it")), *((name, said) for said, name in words)]))
        offer(self, "what", groups)

    def narrow(self, rows: QuerySet[TimelineEntry]) -> QuerySet[TimelineEntry]:
        """Only what was asked for."""
        self.is_valid()
        asked = self.cleaned_data
        if who := asked.get("who"):
            is_program = str(_("the program")).startswith(who) or who == SYSTEM
            by = Q(actor_account_id__in=people.accounts_called(who))
            rows = rows.filter(by | Q(actor_name=SYSTEM) if is_program else by)
        if what := asked.get("what"):
            rows = rows.filter(verb__in=verbs_of(what) if what in TOPICS else [what])
        if since := asked.get("since"):
            rows = rows.filter(at__gte=clock.day_bounds(since)[0])
        if until := asked.get("until"):
            rows = rows.filter(at__lt=clock.day_bounds(until)[1])
        return rows
