"""What may be typed. Cleaning that matters is done by the services; a form says it on the right field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core.columns import most
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, NumberField, ParagraphsField, offer
from weiyifang.organizations.kinds import KINDS
from weiyifang.organizations.models import JoinRequest, Membership, Organization
from weiyifang.people.picking import PersonField


class OrganizationForm(forms.Form):
    """What is said about an organization."""

    name = LineField(label=_("Name"), max_length=most(Organization, "name"))
    kind = forms.ChoiceField(label=_("Kind"))
    pearl = LineField(
        label=_("One character on its pearl"),
        max_length=most(Organization, "pearl"),
        required=False,
        help_text=_("For example 歌 for a choir. Empty: the first character of its name."),
    )
    purpose = ParagraphsField(
        label=_("What it does"),
        max_length=most(Organization, "purpose"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences, as you would tell a neighbour."),
    )
    founded_on = DayField(label=_("Founded on"), required=False, widget=forms.DateInput)
    phone = NumberField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        help_text=_("Everyone sees it. Leave it empty if people should call the committee."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_kinds()

    def offer_kinds(self) -> None:
        """The kinds of this place; what an old organization has stays choosable."""
        offer(self, "kind", KINDS.choices(also=self.initial.get("kind", "")))

    @classmethod
    def about(cls, organization: Organization, data: Any = None, *, in_full: bool) -> OrganizationForm:
        """For editing; without `in_full` name and kind, which stand in the file, are left out."""
        names = ("name", "kind", "pearl", "purpose", "founded_on", "phone")
        form = cls(data, initial={name: getattr(organization, name) for name in names})
        if not in_full:
            del form.fields["name"], form.fields["kind"]
        return form


class FileForm(forms.Form):
    filing_no = NumberField(label=_("Filing number"), max_length=most(Organization, "filing_no"), required=False)
    on = DayField(label=_("Filed on"), widget=forms.DateInput)


class RegisterForm(forms.Form):
    credit_code = NumberField(
        label=_("Unified social credit code"), max_length=20, help_text=_("18 characters, as on the certificate.")
    )
    on = DayField(label=_("Registered on"), widget=forms.DateInput)


class DissolveForm(forms.Form):
    reason = LineField(label=_("Why it ends"), max_length=most(Organization, "dissolved_why"))
    on = DayField(label=_("On"), widget=forms.DateInput)


class JoinForm(forms.Form):
    words = ParagraphsField(
        label=_("What you would like to tell them"),
        max_length=most(JoinRequest, "words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeclineForm(forms.Form):
    answer = LineField(label=_("Why not, in a friendly word"), max_length=most(JoinRequest, "answer"))


class PersonForm(forms.Form):
    """Somebody, by name. `sees_register`: may the one who asks see the register of residents?"""

    who = PersonField()

    def __init__(self, *args: Any, sees_register: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["who"]
        assert isinstance(field, PersonField)
        field.for_one_who_sees(sees_register)


class MemberForm(PersonForm):
    title = LineField(label=_("Task"), max_length=most(Membership, "title"), required=False)
