"""The questions of an activity in forms: written by whoever plans it, answered by whoever enrols."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.activities.questions import GREATEST, LONGEST, MOST, NONE, Question, QuestionKind, Questions
from weiyifang.core.web.fields import LineField, ParagraphsField
from weiyifang.people.models import Resident

ASKED = "asked"  # under this name the page says whom it asked
MORE = 2  # empty ones below those there are
_BETWEEN = re.compile(r"[\n/、，,；;]")


class AnswersForm(forms.Form):
    """Part of a form that enrols: a field for each question, named after its words; of each person, if several come."""

    each: Sequence[Resident] = ()  # who is asked one by one

    def asks(self, questions: Questions) -> None:
        """Add the fields."""
        self.questions = questions
        for one in questions:
            self.fields[one.key] = _field(one)

    def questions_asked(self) -> list[BoundField]:
        return [self[one.key] for one in getattr(self, "questions", NONE) if one.key in self.fields]

    def answers(self, person: Resident | None = None) -> dict[str, str]:
        """What was answered, by the words that were asked; by this person, where several are asked."""
        mark = f"-{person.pk}" if person is not None and person in self.each else ""
        said = {one.words: self.cleaned_data.get(f"{one.key}{mark}") for one in getattr(self, "questions", NONE)}
        return {words: str(answer) for words, answer in said.items() if answer not in (None, "")}

    def has_asked(self, person: Resident) -> bool:
        """Did the page that was sent show fields of this person's own?"""
        data: Any = self.data
        return str(person.pk) in data.getlist(ASKED)

    def ask_each(self, people: Sequence[Resident]) -> None:
        """Part of `clean`, when several come: each answers for themselves, in fields of their own.

        Whoever was not asked yet is asked now, and begins with what was answered for all; so the form comes back once,
        also when nothing has to be answered.
        """
        new = [one for one in people if not self.has_asked(one)]
        data: Any = self.data
        data = data.copy()
        for question in self.questions:
            del self.fields[question.key]
            self.errors.pop(question.key, None)
            for person in people:
                name, field = f"{question.key}-{person.pk}", _field(question)
                self.fields[name] = field
                if person in new:
                    data[name] = self.data.get(question.key, "")
                    continue
                try:
                    typed = field.widget.value_from_datadict(self.data, self.files, name)
                    self.cleaned_data[name] = field.clean(typed)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        self.data, self.each = data, list(people)
        if new:
            self.add_error(None, _("Each of you is asked. Answer below for everybody, then send it once more."))

    def asked_of_each(self) -> list[tuple[Resident, list[BoundField]]]:
        """Whoever is asked, with their fields."""
        return [(person, [self[f"{one.key}-{person.pk}"] for one in self.questions]) for person in self.each]


def _field(question: Question) -> forms.Field:
    told: dict[str, Any] = {"label": question.words, "required": question.is_required}
    if question.kind == QuestionKind.NUMBER:
        return forms.IntegerField(**told, min_value=0, max_value=GREATEST)
    if question.kind == QuestionKind.CHOICE:
        offered = [(one, one) for one in question.choices]
        if not question.is_required:
            offered.insert(0, ("", str(_("no answer"))))
        return forms.ChoiceField(**told, choices=offered, widget=forms.RadioSelect)
    return LineField(**told, max_length=LONGEST["answer"])


class QuestionsForm(forms.Form):
    """What an activity asks: the questions there are, and room for more. A question without words is left out."""

    def __init__(self, data: Any = None, *, questions: Questions) -> None:
        super().__init__(data)
        self.rows = min(len(questions) + MORE, MOST)
        if data is not None:  # what was sent: there may be more questions now than the page showed, or fewer
            self.rows = sum(f"words-{row}" in data for row in range(MOST))
        for row in range(self.rows):
            self._add(row, questions[row] if row < len(questions) else None)

    def _add(self, row: int, known: Question | None) -> None:
        told = known or Question(words="")
        self.fields[f"words-{row}"] = LineField(
            label=_("What is asked"), max_length=LONGEST["words"], required=False, initial=told.words
        )
        self.fields[f"kind-{row}"] = forms.ChoiceField(
            label=pgettext_lazy("questions", "The answer"), choices=QuestionKind.choices, initial=told.kind
        )
        self.fields[f"choices-{row}"] = ParagraphsField(
            label=_("Answers to choose from"),
            required=False,
            initial="\n".join(told.choices),
            help_text=_("Only for one of several: one answer on each line."),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields[f"required-{row}"] = forms.BooleanField(
            label=_("Nobody is enrolled without an answer"), required=False, initial=told.is_required
        )

    def groups(self) -> list[Sequence[BoundField]]:
        """The fields of each question."""
        names = ("words", "kind", "choices", "required")
        return [[self[f"{name}-{row}"] for name in names] for row in range(self.rows)]

    def wanted(self) -> list[Question]:
        typed = self.cleaned_data
        return [
            Question(
                words=typed[f"words-{row}"],
                kind=typed[f"kind-{row}"],
                choices=tuple(filter(None, map(str.strip, _BETWEEN.split(typed[f"choices-{row}"])))),
                is_required=typed[f"required-{row}"],
            )
            for row in range(self.rows)
            if typed[f"words-{row}"]
        ]
