"""What an activity asks whoever enrols, and what they answered.

The questions are a column of the activity (`QuestionsColumn`): whoever has the row has them, a mark of the row (see
`core.web.versions`) covers them, and an activity planned like another one takes them along. An answer is kept in its
enrolment under the words that were asked, so that it means later what it meant then, however the question reads by now;
it is forgotten with the note. No answer is in a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import text
from weiyifang.core.refusals import Refused

if TYPE_CHECKING:
    JsonOfQuestions = models.JSONField["Questions | list[Question]", "Questions"]
else:  # Django's fields cannot be subscripted at run time
    JsonOfQuestions = models.JSONField

MOST = 8  # questions: what a neighbour fills in standing up
MOST_CHOICES = 12
LONGEST = {"words": 60, "choice": 30, "answer": 120}  # characters
GREATEST = 999_999  # number somebody may answer


class TooManyQuestions(Refused):
    sentence = _("%(most)d questions at most: nobody fills in more. Leave some out.")
    status = 422


class AskedTwice(Refused):
    sentence = _("“%(words)s” is asked twice. Leave one out, or word it differently.")
    status = 422


class NothingToChoose(Refused):
    """A choice of fewer than two answers, or of too many, or of the same twice."""

    sentence = _("“%(words)s” needs between two and %(most)d different answers to choose from.")
    status = 422


class Unanswered(Refused):
    sentence = _("“%(words)s” needs an answer before anybody can be enrolled here.")
    status = 422


class NotAnAnswer(Refused):
    """A choice that is not offered, or no number where a number is asked for."""

    sentence = _("“%(answer)s” is no answer to “%(words)s”. Choose one that is offered, or give a whole number.")
    status = 422


class NotAsked(Refused):
    """An answer to what nobody asks: the questions have changed since the form was opened."""

    sentence = _("“%(words)s” is not asked here any more. Open the page again and look at the questions.")
    status = 422


class QuestionKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("an answer", "a few words")
    CHOICE = "choice", pgettext_lazy("an answer", "one of several")
    NUMBER = "number", pgettext_lazy("an answer", "a number")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; `choices` are offered when it is a choice."""

    words: str
    kind: str = QuestionKind.TEXT
    choices: tuple[str, ...] = ()
    is_required: bool = False

    @property
    def key(self) -> str:
        """The name of its field. Of its words: what was typed under one question is never taken for another's."""
        return f"q{sha256(self.words.encode()).hexdigest()[:12]}"

    def answered(self, said: str) -> str:
        """The answer as it is kept. Raises `Unanswered`, `NotAnAnswer` and `text.TooLong`."""
        answer = text.number(said) if self.kind == QuestionKind.NUMBER else text.line(said)
        if not answer:
            if self.is_required:
                raise Unanswered(words=self.words)
            return ""
        if len(answer) > LONGEST["answer"]:
            raise text.TooLong(what=self.words, long=len(answer), most=LONGEST["answer"])
        is_number = answer.isascii() and answer.isdecimal() and int(answer) <= GREATEST
        if (self.kind == QuestionKind.NUMBER and not is_number) or (self.choices and answer not in self.choices):
            raise NotAnAnswer(words=self.words, answer=answer)
        return answer


class Questions(tuple[Question, ...]):
    """What one activity asks, in order."""

    __slots__ = ()

    def __str__(self) -> str:
        """A line for each, with all that can be different of it: for `core.web.versions`."""
        return "\n".join(
            " ".join((one.words, str(one.kind), "/".join(one.choices), "!" if one.is_required else "")).rstrip()
            for one in self
        )

    def answered(self, said: Mapping[str, str]) -> dict[str, str]:
        """Answers by the words asked, as they are kept; what may stay empty and does is left out.

        Raises `NotAsked` and what `Question.answered` raises.
        """
        asked = {one.words for one in self}
        for words in said:
            if words not in asked:
                raise NotAsked(words=words)
        answers = {one.words: one.answered(said.get(one.words, "")) for one in self}
        return {words: answer for words, answer in answers.items() if answer}


NONE = Questions()


def cleaned(questions: Iterable[Question]) -> Questions:
    """The questions as they are kept. Raises the refusals above, `text.Missing` and `text.TooLong`."""
    clean = Questions(_cleaned(one) for one in questions)
    if len(clean) > MOST:
        raise TooManyQuestions(most=MOST)
    words = [one.words for one in clean]
    for one in words:
        if words.count(one) > 1:
            raise AskedTwice(words=one)
    return clean


def _cleaned(question: Question) -> Question:
    words = _short(question.words, "words")
    choices = tuple(_short(one, "choice") for one in question.choices) if question.kind == QuestionKind.CHOICE else ()
    if question.kind == QuestionKind.CHOICE and not 2 <= len(set(choices)) == len(choices) <= MOST_CHOICES:
        raise NothingToChoose(words=words, most=MOST_CHOICES)
    return Question(words=words, kind=QuestionKind(question.kind), choices=choices, is_required=question.is_required)


def _short(said: str, what: str) -> str:
    clean, most = text.line(said), LONGEST[what]
    name = _("the question") if what == "words" else _("an answer to choose")
    if not clean:
        raise text.Missing(what=name)
    if len(clean) > most:
        raise text.TooLong(what=name, long=len(clean), most=most)
    return clean


class QuestionsColumn(JsonOfQuestions):
    """The questions of a row. For migrations it is the JSON column it is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"verbose_name": _("questions"), **options, "default": list, "blank": True})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.JSONField", args, options

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Questions:
        return _read(super().from_db_value(value, expression, connection) or ())

    def get_default(self) -> Questions:
        return NONE

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Questions) else _read(value or ())

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(_written(value) if isinstance(value, tuple) else value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(_written(value) if isinstance(value, tuple) else value, connection, prepared)


def _read(kept: Iterable[Mapping[str, Any]]) -> Questions:
    return Questions(
        Question(
            words=one["words"], kind=one["kind"], choices=tuple(one["choices"]), is_required=bool(one["is_required"])
        )
        for one in kept
    )


def _written(questions: Iterable[Question]) -> list[dict[str, Any]]:
    return [
        {
            "words": one.words,
            "kind": str(one.kind),
            "choices": list(one.choices),
            "is_required": one.is_required,
        }
        for one in questions
    ]
