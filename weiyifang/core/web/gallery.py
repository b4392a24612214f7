"""The gallery of components: every piece with every state on one page, for page authors and for the browser gate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext, pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.look import charts
from weiyifang.core.look.icons import ICONS
from weiyifang.core.web import picking
from weiyifang.core.web.asked import asked
from weiyifang.core.web.fields import offer


class SampleForm(forms.Form):
    """One field of each kind."""

    phone = forms.CharField(
        label=pgettext_lazy("sample", "Your mobile number"),
        help_text=pgettext_lazy("sample", "Only to reach you; nobody else sees it."),
    )
    address = forms.CharField(label=pgettext_lazy("sample", "Your door"))
    which = forms.ChoiceField(label=pgettext_lazy("sample", "Which one would you like?"))
    day = forms.DateField(label=pgettext_lazy("sample", "On which day?"))
    portions = forms.IntegerField(label=pgettext_lazy("sample", "How many portions?"), min_value=1, max_value=9)
    how = forms.ChoiceField(label=pgettext_lazy("sample", "How shall it reach you?"), widget=forms.RadioSelect)
    wishes = forms.MultipleChoiceField(
        label=pgettext_lazy("sample", "What should the kitchen know?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    message = forms.CharField(label=pgettext_lazy("sample", "Anything else?"), widget=forms.Textarea, required=False)
    photo = forms.FileField(label=pgettext_lazy("sample", "A photo"), required=False)
    remind = forms.BooleanField(label=pgettext_lazy("sample", "Remind me the evening before"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "which": [
                ("1", pgettext("sample", "Saturday 14:30, 3 seats left")),
                ("2", pgettext("sample", "Sunday 9:30, 11 seats left")),
            ],
            "how": [("door", pgettext("sample", "To my door")), ("self", pgettext("sample", "I fetch it"))],
            "wishes": [("salt", pgettext("sample", "Little salt")), ("soft", pgettext("sample", "Soft"))],
        }
        for name, offered in choices.items():
            offer(self, name, offered)

    def clean_address(self) -> str:
        """A door has a unit and a number."""
        raise forms.ValidationError(
            pgettext("sample", "We still need the unit and door, for example “Block 3, Unit 2, 5-1”.")
        )


class SamplePerson(picking.PickField[Any]):
    """Three of one name."""

    def clean(self, value: Any) -> None:
        name, home = pgettext("sample", "Granny Wu"), pgettext("sample", "%(age)d years · Block %(block)d")
        told = [(77, 3), (81, 4), (66, 9)]
        self.offered = [
            picking.Option(str(n), f"{n} · {name}", home % {"age": age, "block": block})
            for n, (age, block) in enumerate(told, start=118)
        ]
        raise forms.ValidationError(pgettext("sample", "Choose who is meant."))


class SamplePick(forms.Form):
    """Somebody looked up by name."""

    who = SamplePerson(
        label=pgettext_lazy("sample", "For whom?"), help_text=pgettext_lazy("sample", "A name, or a part of it.")
    )


def gallery(request: HttpRequest) -> HttpResponse:
    """The page. Whoever mounts it gives it its rule."""
    typed = {
        "phone": "138 0000 0000",
        "address": pgettext("sample", "Block 3"),
        "which": "1",
        "how": "door",
        "wishes": ["salt"],
    }
    filled = SampleForm(typed, auto_id="filled_%s")
    filled.is_valid()
    pick = SamplePick({"who": pgettext("sample", "Granny Wu")}, auto_id="pick_%s")
    pick.is_valid()
    today = clock.today()
    incoming, outgoing = _streams()
    context = {
        "swatches": _swatches(),
        "empty_form": SampleForm(auto_id="empty_%s"),
        "filled_form": filled,
        "pick_form": pick,
        "page": Paginator(range(95), 10).get_page(asked(request, "page", 9) or 3),
        "now": clock.now(),
        "today": today,
        "later": clock.local(today + timedelta(days=3), "14:30"),
        "far": clock.local(today + timedelta(days=40), "10:00"),
        "until": clock.local(today + timedelta(days=3), "16:30"),
        "since": clock.now() - timedelta(hours=26, minutes=12),
        "days": charts.week(today, {today: pgettext("sample", "3 events")}, lambda day: f"?day={day:%Y-%m-%d}"),
        "months": [charts.Month(pgettext("sample", "month %(number)d") % {"number": n}, n < 9) for n in range(1, 13)],
        "incoming": incoming,
        "outgoing": outgoing,
        "income": sum(s.fen for s in incoming),
        "spent": sum(s.fen for s in outgoing),
        "kept": sum(s.fen for s in incoming) - sum(s.fen for s in outgoing),
        "pressure_days": [pgettext("sample", "day %(number)d") % {"number": n} for n in range(8, 15)],
        "pressure": [
            charts.Line(
                pgettext("sample", "Upper"), (136, 134, 138, 131, 133, 130, 128), 140, pgettext("sample", "upper limit")
            ),
            charts.Line(
                pgettext("sample", "Lower"), (84, 82, 86, 80, 82, 79, 78), 90, pgettext("sample", "lower limit")
            ),
        ],
        "readers": (310, 420, 380, 512, 498, 640, 688, 610, 720, 805, 790, 912),
        "month_names": [pgettext("sample", "month %(number)d") % {"number": n} for n in range(1, 13)],
        "icons": sorted(ICONS),
    }
    return render(request, "gallery.html", context)


def _swatches() -> list[tuple[str, str, str]]:
    """Each colour of `tokens.css`: its class in `gallery.css`, its name, what it is for."""
    return [
        ("brand", pgettext("sample", "Banyan green"), pgettext("sample", "buttons, fills")),
        ("deep", pgettext("sample", "Deep banyan green"), pgettext("sample", "words, links")),
        ("tint", pgettext("sample", "Light green"), pgettext("sample", "chosen, done")),
        ("lampf", pgettext("sample", "Lamplight"), pgettext("sample", "money out, pearls")),
        ("lamp", pgettext("sample", "Deep lamplight"), pgettext("sample", "words that remind")),
        ("pearl", pgettext("sample", "Pearl"), pgettext("sample", "ground, marks of titles")),
        ("thread", pgettext("sample", "Thread"), pgettext("sample", "decoration only")),
        ("page", pgettext("sample", "River mist"), pgettext("sample", "the page itself")),
        ("ink", pgettext("sample", "Ink"), pgettext("sample", "text")),
        ("ink2", pgettext("sample", "Pale ink"), pgettext("sample", "second text")),
        ("red", pgettext("sample", "Cinnabar"), pgettext("sample", "faults, urgent")),
        ("blue", pgettext("sample", "River blue"), pgettext("sample", "links, focus")),
    ]


def _streams() -> tuple[list[charts.Stream], list[charts.Stream]]:
    incoming = [
        charts.Stream(pgettext("sample", "Companies here"), 15_800_000, pgettext("sample", "12 of them, each quarter")),
        charts.Stream(
            pgettext("sample", "Neighbours"), 9_628_000, pgettext("sample", "1,204 people, the least gave 2 yuan")
        ),
        charts.Stream(pgettext("sample", "Rooms and stalls"), 6_146_000),
        charts.Stream(pgettext("sample", "A foundation"), 5_000_000, pgettext("sample", "one project, for events")),
    ]
    outgoing = [
        charts.Stream(
            pgettext("sample", "Meals for elders"), 14_260_000, pgettext("sample", "three a day, 25 yuan a person")
        ),
        charts.Stream(pgettext("sample", "Events"), 6_821_550, pgettext("sample", "130 of them")),
        charts.Stream(pgettext("sample", "Families in need"), 6_000_000),
        charts.Stream(pgettext("sample", "Bank and audit"), 183_000),
    ]
    return incoming, outgoing
