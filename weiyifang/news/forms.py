"""What may be typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.columns import most
from weiyifang.core.web.dates_typed import DayField
from weiyifang.core.web.fields import LineField, ParagraphsField
from weiyifang.news import queries, rules
from weiyifang.news.models import Article, Column, Revision
from weiyifang.organizations import queries as organizations
from weiyifang.people.roles import Permission

HOW_TO_WRITE = _(
    "A blank line begins a new paragraph. “# ” begins a heading, “- ” a point, “> ” what somebody said; "
    "**two stars** make words strong. An address beginning with https:// becomes a link."
)


class ArticleForm(forms.Form):
    """Write or edit a draft in one of the names the writer may use."""

    title = LineField(label=_("Title"), max_length=most(Article, "title"))
    column: forms.ModelChoiceField[Column] = forms.ModelChoiceField(label=_("Column"), queryset=None, empty_label=None)
    organization_source = forms.ChoiceField(label=_("In the name of"), required=False)
    text = ParagraphsField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=most(Article, "text"),
        help_text=HOW_TO_WRITE,
    )
    digest = LineField(
        label=_("In one sentence"),
        max_length=most(Article, "digest"),
        required=False,
        help_text=_("For lists and sharing cards. Empty: the beginning of the text."),
    )
    is_important = forms.BooleanField(
        label=_("Everyone must read it"),
        required=False,
        help_text=_("Only in the column of the notices. Used rarely, it is believed: water, power, health, votes."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        column, name = self.fields["column"], self.fields["organization_source"]
        assert isinstance(column, forms.ModelChoiceField)
        assert isinstance(name, forms.ChoiceField)
        offered = queries.columns(only_open=True)
        column.queryset = Column.objects.filter(pk__in=[one.pk for one in offered])
        column.choices = [(one.pk, one.name) for one in offered]
        own = [("", _("the committee"))] if rules.can_write_for(actor, "") else []
        name.choices = [*own, *organizations.choices_for(actor, Permission.WRITE_NEWS)]

    @classmethod
    def about(cls, article: Article, data: Any = None, *, actor: Actor) -> ArticleForm:
        """For editing what stands."""
        names = ("title", "column", "organization_source", "text", "digest", "is_important")
        return cls(data, actor=actor, initial={name: getattr(article, name) for name in names})


class CorrectionForm(forms.Form):
    title = LineField(label=_("Title"), max_length=most(Article, "title"))
    text = ParagraphsField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=most(Article, "text"),
        help_text=HOW_TO_WRITE,
    )
    digest = LineField(label=_("In one sentence"), max_length=most(Article, "digest"), required=False)
    note = LineField(
        label=_("What was corrected"),
        max_length=most(Revision, "note"),
        help_text=_("Readers see it above the text, for example: the clinic begins at 9, not at 8."),
    )


class ReasonForm(forms.Form):
    reason = ParagraphsField(
        label=_("Why"), max_length=most(Article, "sent_back_why"), widget=forms.Textarea(attrs={"rows": 3})
    )


class PinForm(forms.Form):
    until = DayField(label=_("On top until"), required=False, help_text=_("Empty: no longer on top."))
