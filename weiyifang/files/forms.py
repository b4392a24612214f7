"""The form of an album: a new picture, and what is said of each that is there. It stands inside the form of the row.

And what is typed beside a paper.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.core.web import typed as typed_forms
from weiyifang.core.web.fields import LineField
from weiyifang.files import arranging
from weiyifang.files.album import EMPTY, LONGEST_ALT, Album, Focus, Picture
from weiyifang.files.owners import Owner
from weiyifang.files.services import TooLarge
from weiyifang.people.models import ReadReason

TAKEN = "image/jpeg,image/png,image/webp"
VERBS = ("first", "forward", "backward", "away", "back")  # buttons; the value of each is the number of a picture
NEEDED = {"required": arranging.NoWords.sentence}
WHY_WORDS = _(
    "One sentence for those who cannot see it: it is read aloud to them, and stands there until it is loaded."
)


@dataclass(frozen=True)
class Line:
    """One picture with its fields."""

    picture: Picture
    words: BoundField
    plain: BoundField
    focus: BoundField
    cut: BoundField


class AlbumForm(forms.Form):
    """Beside the form of a row: its pictures. `most`: how many there may be; `like`: those of a row it begins like."""

    picture = forms.FileField(
        label=_("Add a picture"),
        required=False,
        allow_empty_file=True,  # the verb has a sentence for it
        widget=forms.FileInput(attrs={"accept": TAKEN}),
    )
    picture_words = LineField(
        label=_("What is to be seen in it"), max_length=LONGEST_ALT, help_text=WHY_WORDS, error_messages=NEEDED
    )
    picture_plain = forms.BooleanField(label=_("It is only decoration, and says nothing"), required=False)

    def __init__(
        self, request: HttpRequest, pictures: Album = EMPTY, *, most: int = arranging.MOST, like: Album = EMPTY
    ) -> None:
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None)
        self.pictures, self.most, self.like = pictures, most, EMPTY
        attrs = self.fields["picture"].widget.attrs
        attrs["data-most"] = str(settings.FILES_MOST)
        attrs["data-too-large"] = str(TooLarge(most=settings.FILES_MOST // 1024 // 1024))
        self.fields["picture"].help_text = _(
            "JPEG, PNG or WebP, at most %(most)s MB. Where and with what it was taken is not kept. Ask whoever can be "
            "recognized in it."
        ) % {"most": settings.FILES_MOST // 1024 // 1024}
        for one in pictures.shown:
            self.fields[f"words_{one.number}"] = LineField(
                label=_("What is to be seen in it"), max_length=LONGEST_ALT, initial=one.alt, error_messages=NEEDED
            )
            self.fields[f"plain_{one.number}"] = forms.BooleanField(
                label=_("It is only decoration, and says nothing"), required=False, initial=not one.alt
            )
            self.fields[f"focus_{one.number}"] = forms.ChoiceField(
                label=_("The part that stays where there is no room for all"),
                choices=Focus.choices,
                required=False,
                initial=one.focus,
                widget=forms.RadioSelect,
            )
            self.fields[f"cut_{one.number}"] = forms.BooleanField(
                label=_("Cut off for good what the frame does not show"), required=False
            )
        if like.shown and not pictures:
            self.like = like
            self.fields["take_along"] = forms.BooleanField(
                label=_("Take its picture along, with what is said about it"), required=False, initial=True
            )
        self._refill(request)

    def _refill(self, request: HttpRequest) -> None:
        """It stands inside another form: when the look is switched, what was typed here comes back with that one."""
        before = typed_forms.of_switch(request)
        if before is not None and "picture_words" in before:
            self.data, self.is_bound, self._errors = before, True, ErrorDict()

    def clean(self) -> dict[str, Any]:
        """Words are needed unless it is decoration; of a new one only when there is a new one."""
        for name in [name for name in self.errors if "words" in name]:
            is_new = name == "picture_words"
            is_there = bool(self.files.get("picture")) if is_new else name in self.data
            if not is_there or self.cleaned_data.get(name.replace("words", "plain")):
                del self.errors[name]
        for name in self.fields:
            if "words" in name:
                self.cleaned_data.setdefault(name, "")
        if "add" in self.data and not self.files.get("picture"):
            self.add_error("picture", _("Choose a picture first, then press “Add this picture”."))
        return self.cleaned_data

    @property
    def lines(self) -> list[Line]:
        """Each picture that is shown, with its fields."""
        return [
            Line(
                one,
                self[f"words_{one.number}"],
                self[f"plain_{one.number}"],
                self[f"focus_{one.number}"],
                self[f"cut_{one.number}"],
            )
            for one in self.pictures.shown
        ]

    @property
    def has_room(self) -> bool:
        return len(self.pictures.shown) < self.most

    @property
    def is_single(self) -> bool:
        """There is one picture at most."""
        return self.most == 1

    @property
    def is_pressed(self) -> bool:
        """One of the album's own buttons was pressed: afterwards one is at the album again."""
        return any(name in self.data for name in ("add", *VERBS))

    def wanted(self) -> arranging.Wanted:
        """What the verb is asked to do. The form is valid."""
        typed: dict[str, Any] = self.cleaned_data
        about = {
            one.number: arranging.Words(
                typed[f"words_{one.number}"],
                typed[f"plain_{one.number}"],
                typed[f"focus_{one.number}"] or one.focus,
                typed[f"cut_{one.number}"],
            )
            for one in self.pictures.shown
            if f"words_{one.number}" in self.data  # a form sent without its pictures changes nothing of them
        }
        pressed = {name: int(number) for name in VERBS if (number := self.data.get(name, "")[:4]).isdecimal()}
        return arranging.Wanted(
            brought=typed["picture"],
            said=arranging.Words(typed["picture_words"], typed["picture_plain"]),
            about=about,
            like=self.like if typed.get("take_along") else EMPTY,
            **pressed,
        )

    def say_again(self) -> None:
        """The form beside this one is refused: a browser does not send a picture twice by itself."""
        if self.files.get("picture") and "picture" not in self.errors:
            self.add_error("picture", _("Nothing was kept yet, the picture neither. Choose it once more."))


def both_valid(form: forms.BaseForm, album: AlbumForm) -> bool:
    """May the verb be asked? Both forms say all that is wrong with them."""
    are = [form.is_valid(), album.is_valid()]
    if not all(are):
        album.say_again()
        if not are[1] and are[0]:
            form.add_error(None, _("Look at the pictures below: something is missing there."))
    return all(are)


@contextmanager
def refusals_on_both(form: forms.BaseForm, album: AlbumForm) -> Iterator[None]:
    """As `core.web.pages.refusals_on`, for the form of a row with its album: said on top, and at the picture."""
    try:
        with transaction.atomic():
            yield
    except Refused as refused:
        form.add_error(None, str(refused))
        album.say_again()


class FileForm(forms.Form):
    """A photograph, a PDF or a table."""

    file = forms.FileField(
        label=_("A photo, a PDF or a table"),
        help_text=_("JPEG, PNG, WebP, PDF, .xlsx or CSV. One after the other."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf,.xlsx,.csv"}),
    )


class PaperForm(FileForm):
    """What it is besides, where its owner tells papers apart, and for whom where one may choose."""

    label = forms.ChoiceField(label=_("What it is"))
    is_open = forms.BooleanField(
        label=_("Everybody may see it"), required=False, help_text=_("Else only members and who looks after it.")
    )

    @classmethod
    def of(cls, owner: Owner | None, data: Any = None, files: Any = None) -> PaperForm:
        """With the fields that are of use for papers of this kind of row."""
        form = cls(data, files)
        field = form.fields["label"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, one.label) for one in owner.labels] if owner else []
        if not field.choices:
            del form.fields["label"]
        if owner is None or not owner.may_open:
            del form.fields["is_open"]
        return form


class LookForm(forms.Form):
    """Why somebody looks at sealed papers."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[choice for choice in ReadReason.choices if choice[0] != ReadReason.EXPORT],
        widget=forms.RadioSelect,
        help_text=_("The person sees who looked, when and why."),
    )
