"""What people type: checked for form here, for sense in the services."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from weiyifang.core.columns import most
from weiyifang.core.tables import MOST_BYTES
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, NameField, NumberField, ParagraphsField, offer
from weiyifang.people import doors, queries
from weiyifang.people.models import (
    NAMED_BY_ONESELF,
    NUMBERS,
    ConsentText,
    ErasureReason,
    Gender,
    Household,
    Purpose,
    ReadReason,
    RelationKind,
    Resident,
)
from weiyifang.people.picking import AccountField, PersonField
from weiyifang.people.roles import ROLE_NAMES, WITHIN_ONLY, Role
from weiyifang.people.services import UNCHANGED, Door

REMOVE = {"-", "－", "—"}  # typed into a field of a number: take it away
AGES = {"": (None, None), "0": (0, 17), "18": (18, 59), "60": (60, None), "80": (80, None)}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class AddressForm(forms.Form):
    """A door."""

    compound = LineField(label=_("Compound"), max_length=most(Household, "compound"), required=False)
    building = NumberField(label=_("Building"), max_length=most(Household, "building"), required=False)
    unit = NumberField(label=_("Unit"), max_length=most(Household, "unit"), required=False)
    door = NumberField(label=_("Door"), max_length=most(Household, "door"), required=False)

    @property
    def address(self) -> Door | None:
        """What was typed; None when nothing was."""
        door = Door(*(self.cleaned_data.get(part, "") for part in ("compound", "building", "unit", "door")))
        return door if any(door.key) else None

    @classmethod
    def of(cls, resident: Resident) -> dict[str, str]:
        """The address that is known, to start from."""
        home = resident.household
        if home is None:
            return {}
        return {"compound": home.compound, "building": home.building, "unit": home.unit, "door": home.door}


class PersonForm(forms.Form):
    """A person's record."""

    name = NameField(label=pgettext_lazy("people", "Name"), max_length=most(Resident, "name"))
    gender = forms.ChoiceField(label=_("Gender"), choices=Gender.choices, required=False)
    born_on = DayField(label=_("Date of birth"), required=False, widget=DayInput)
    born_month_only = forms.BooleanField(
        label=_("Only the month of birth is known"),
        required=False,
        help_text=_("Write any day of that month; it is shown nowhere."),
    )
    phone = NumberField(label=_("Phone"), max_length=30, required=False)
    id_number = NumberField(
        label=_("Identity number"),
        max_length=30,
        required=False,
        help_text=_("Only where a service needs it. Birthday and gender are read from it."),
    )


class NewResidentForm(PersonForm, AddressForm):
    """Somebody new, with their door."""


class EditForm(PersonForm):
    """Correct a record. The numbers stay hidden: who types nothing keeps them."""

    def __init__(self, resident: Resident, data: Any = None) -> None:
        names = ("name", "gender", "born_on", "born_month_only")
        initial = {name: getattr(resident, name) for name in names}
        super().__init__(data, initial=initial)
        for name, masked in (("phone", resident.phone_masked), ("id_number", resident.id_number_masked)):
            if masked:
                hint = _("On record: %(number)s. Leave it empty to keep it; write - to take it away.")
                self.fields[name].help_text = hint % {"number": masked}

    @property
    def changes(self) -> dict[str, Any]:
        """For `update_resident`."""
        asked = dict(self.cleaned_data)
        for name in ("phone", "id_number"):
            typed = asked[name].strip()
            asked[name] = "" if typed in REMOVE else typed or UNCHANGED
        return asked


class FilterForm(forms.Form):
    """The search over the register. Once a compound is chosen, one of its buildings can be."""

    q = LineField(label=_("Name, address or number"), max_length=60, required=False)
    compound = forms.ChoiceField(label=_("Compound"), required=False)
    building = forms.ChoiceField(label=_("Building"), required=False)
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[
            ("", _("every age")),
            ("0", _("under 18")),
            ("18", _("18 to 59")),
            ("60", _("60 and over")),
            ("80", _("80 and over")),
        ],
    )
    account = forms.ChoiceField(
        label=pgettext_lazy("people", "Account"),
        required=False,
        choices=[("", _("with or without")), ("1", _("with an account")), ("0", _("without an account"))],
    )
    living = forms.ChoiceField(
        label=_("Living here"),
        required=False,
        choices=[
            (queries.LIVING_HERE, _("living here")),
            (queries.GONE, _("no longer here")),
            (queries.EVERYBODY, _("everybody")),
        ],
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        compounds = doors.compounds()
        every = [("", _("every compound"))]
        offer(self, "compound", [*every, *((name, name) for name in compounds)])
        chosen = data.get("compound", "")
        buildings = doors.buildings(chosen) if chosen in compounds else []
        if len(buildings) < 2:
            del self.fields["building"]
            return
        if data.get("building", "") not in dict(buildings):  # it stood in another compound
            self.data = {**data.dict(), "building": ""}
        named = [(name, _building(name, people)) for name, people in buildings]
        offer(self, "building", [("", _("every building")), *named])

    @property
    def wishes(self) -> dict[str, Any]:
        """For `find_residents`; what does not fit is not asked."""
        asked = self.cleaned_data if self.is_valid() else {}
        least, most = AGES.get(asked.get("age", ""), (None, None))
        return {
            "text": asked.get("q", ""),
            "compound": asked.get("compound", ""),
            "building": asked.get("building", ""),
            "least_age": least,
            "most_age": most,
            "linked": {"1": True, "0": False}.get(asked.get("account", "")),
            "living": asked.get("living", ""),
        }


def _building(name: str, people: int) -> str:
    said = ngettext("no. %(name)s · %(n)s person", "no. %(name)s · %(n)s people", people)
    return said % {"name": name, "n": people}


class LeftForm(forms.Form):
    """When somebody left."""

    on = DayField(label=_("Left on"), widget=DayInput)


class ReasonForm(forms.Form):
    """Why somebody looks at numbers."""

    fields_read = forms.MultipleChoiceField(
        label=pgettext_lazy("people", "What"),
        choices=[(one.value, one.label) for one in NUMBERS],
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[choice for choice in ReadReason.choices if choice[0] != ReadReason.EXPORT],
        widget=forms.RadioSelect,
        help_text=_("The person sees who looked, when and why."),
    )


class RelationForm(forms.Form):
    """Somebody who stands by a resident, noted by staff."""

    who = PersonField(label=_("Who stands by them"))
    kind = forms.ChoiceField(label=_("As their"), choices=RelationKind.choices, widget=forms.RadioSelect)


class OwnRelationForm(forms.Form):
    """Somebody I name myself: I must know both their name and their phone."""

    kind = forms.ChoiceField(label=_("As my"), choices=[c for c in RelationKind.choices if c[0] in NAMED_BY_ONESELF])
    name = NameField(label=_("Their name"), max_length=most(Resident, "name"))
    phone = NumberField(label=_("Their phone"), max_length=30)


class ClaimForm(forms.Form):
    """What a person knows of their own record."""

    name = NameField(
        label=_("Your full name"), max_length=most(Resident, "name"), help_text=_("As on your identity card.")
    )
    born_on = DayField(label=_("Your date of birth"), widget=DayInput)


class ErasureForm(forms.Form):
    """Why somebody is to be forgotten."""

    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[choice for choice in ErasureReason.choices if choice[0] != ErasureReason.WISH],
        widget=forms.RadioSelect,
    )


class AccountForm(forms.Form):
    """Somebody's account."""

    who = NumberField(
        label=_("Sign-in name or phone"), max_length=40, help_text=_("The account must exist: they signed in once.")
    )


class DutyForm(forms.Form):
    """A duty for somebody. Nothing is chosen beforehand."""

    who = AccountField()
    role = forms.ChoiceField(
        label=_("Duty"),
        choices=[(role.value, ROLE_NAMES[role]) for role in Role if role not in WITHIN_ONLY],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a duty.")},
    )


class InvitationForm(forms.Form):
    """The code that was handed over with a duty."""

    code = NumberField(
        label=_("Invitation"),
        max_length=30,
        help_text=_("Twelve letters and digits, from the person who gave you the duty."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class ConsentTextForm(forms.Form):
    """New words for a consent."""

    text = ParagraphsField(
        label=_("The words"), widget=forms.Textarea(attrs={"rows": 10}), max_length=most(ConsentText, "text")
    )


class UploadForm(forms.Form):
    """A file of residents."""

    file = forms.FileField(
        label=_("Excel (.xlsx) or CSV"), help_text=_("At most 10 MB and 50,000 people. Nothing is written yet.")
    )

    def content(self) -> bytes:
        """The file; one byte more than is taken is enough to refuse it."""
        upload = self.cleaned_data["file"]
        read: bytes = upload.read(MOST_BYTES + 1)
        return read


class LinesField(forms.TypedMultipleChoiceField):
    """Line numbers; which of them there are knows the service."""

    def valid_value(self, value: Any) -> bool:
        return re.fullmatch(r"[0-9]{1,7}", str(value)) is not None


class DoubtsForm(forms.Form):
    """Which rows of a file are somebody else than the one they look like."""

    also = LinesField(coerce=int, required=False)


class ExportForm(forms.Form):
    """The register as a file."""

    form = forms.ChoiceField(
        label=_("File"), choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV")], widget=forms.RadioSelect, initial="xlsx"
    )
    sensitive = forms.BooleanField(
        label=_("With phones and identity numbers"),
        required=False,
        help_text=_("It is noted for every person in the list; they see it on their page."),
    )


PURPOSES = dict(Purpose.choices)
