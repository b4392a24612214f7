"""The gallery of components: every piece with every state on one page, for those who build pages and for the browser gate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from weiyifang.core import charts, clock
from weiyifang.core.icons import ICONS


class SampleForm(forms.Form):
    """One field of each kind."""

    phone = forms.CharField(
        label=gettext_lazy("Your mobile number"), help_text=gettext_lazy("Only to reach you; nobody else sees it.")
    )
    address = forms.CharField(label=gettext_lazy("Your door"))
    which = forms.ChoiceField(label=gettext_lazy("Which one would you like?"))
    day = forms.DateField(label=gettext_lazy("On which day?"))
    portions = forms.IntegerField(label=gettext_lazy("How many portions?"), min_value=1, max_value=9)
    how = forms.ChoiceField(label=gettext_lazy("How shall it reach you?"), widget=forms.RadioSelect)
    wishes = forms.MultipleChoiceField(
        label=gettext_lazy("What should the kitchen know?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    message = forms.CharField(label=gettext_lazy("Anything else?"), widget=forms.Textarea, required=False)
    photo = forms.FileField(label=gettext_lazy("A photo"), required=False)
    remind = forms.BooleanField(label=gettext_lazy("Remind me the evening before"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "which": [("1", _("Saturday 14:30, 3 seats left")), ("2", _("Sunday 9:30, 11 seats left"))],
            "how": [("door", _("To my door")), ("self", _("I fetch it"))],
            "wishes": [("salt", _("Little salt")), ("soft", _("Soft"))],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        """A door has a unit and a number."""
        raise forms.ValidationError(_("We still need the unit and door, for example “Block 3, Unit 2, 5-1”."))


def gallery(request: HttpRequest) -> HttpResponse:
    """The page. Whoever mounts it gives it its rule."""
    typed = {"phone": "138 0000 0000", "address": _("Block 3"), "which": "1", "how": "door", "wishes": ["salt"]}
    filled = SampleForm(typed, auto_id="filled_%s")
    filled.is_valid()
    today = clock.today()
    incoming, outgoing = _streams()
    context = {
        "empty_form": SampleForm(auto_id="empty_%s"),
        "filled_form": filled,
        "page": Paginator(range(95), 10).get_page(request.GET.get("page", 3)),
        "now": clock.now(),
        "today": today,
        "later": clock.local(today + timedelta(days=3), "14:30"),
        "far": clock.local(today + timedelta(days=40), "10:00"),
        "until": clock.local(today + timedelta(days=3), "16:30"),
        "since": clock.now() - timedelta(hours=26, minutes=12),
        "days": charts.week(today, {today: _("3 events")}, lambda day: f"?day={day:%Y-%m-%d}"),
        "months": [charts.Month(_("month %(number)d") % {"number": n}, n < 9) for n in range(1, 13)],
        "incoming": incoming,
        "outgoing": outgoing,
        "income": sum(s.fen for s in incoming),
        "spent": sum(s.fen for s in outgoing),
        "kept": sum(s.fen for s in incoming) - sum(s.fen for s in outgoing),
        "pressure_days": [_("day %(number)d") % {"number": n} for n in range(8, 15)],
        "pressure": [
            charts.Line(_("Upper"), (136, 134, 138, 131, 133, 130, 128), 140, _("upper limit")),
            charts.Line(_("Lower"), (84, 82, 86, 80, 82, 79, 78), 90, _("lower limit")),
        ],
        "readers": (310, 420, 380, 512, 498, 640, 688, 610, 720, 805, 790, 912),
        "icons": sorted(ICONS),
    }
    return render(request, "gallery.html", context)


def _streams() -> tuple[list[charts.Stream], list[charts.Stream]]:
    incoming = [
        charts.Stream(_("Companies here"), 15_800_000, _("12 of them, each quarter")),
        charts.Stream(_("Neighbours"), 9_628_000, _("1,204 people, the least gave 2 yuan")),
        charts.Stream(_("Rooms and stalls"), 6_146_000),
        charts.Stream(_("A foundation"), 5_000_000, _("one project, for events")),
    ]
    outgoing = [
        charts.Stream(_("Meals for elders"), 14_260_000, _("three a day, 25 yuan a person")),
        charts.Stream(_("Events"), 6_821_550, _("130 of them")),
        charts.Stream(_("Families in need"), 6_000_000),
        charts.Stream(_("Bank and audit"), 183_000),
    ]
    return incoming, outgoing
