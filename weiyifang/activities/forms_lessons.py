"""What people may type about single lessons of a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from weiyifang.activities.models import LessonLeave, Session
from weiyifang.core.look import wording
from weiyifang.core.web.fields import offer
from weiyifang.people.models import Resident


class VisitForm(forms.Form):
    """Who comes to which lesson: on trial (`trying`), or to make up one of these (`missed`)."""

    what = forms.ChoiceField(label=gettext_lazy("Who comes, and why?"), widget=forms.RadioSelect)
    lesson = forms.ChoiceField(label=gettext_lazy("To which lesson?"), widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        trying: Sequence[Resident],
        missed: Sequence[LessonLeave],
        lessons: Sequence[tuple[Session, int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.trying = {f"trial-{one.pk}": one for one in trying}
        self.missed = {f"missed-{one.pk}": one for one in missed}
        self.lessons = {str(one.number): one for one, left in lessons if left}
        offered = [(key, _("%(name)s: a trial lesson") % {"name": one.name}) for key, one in self.trying.items()]
        offer(self, "what", [*offered, *((key, _made_up(one)) for key, one in self.missed.items())])
        offer(self, "lesson", [(str(one.number), _seats(one, left)) for one, left in lessons if left])
        if len(choices := [*self.trying, *self.missed]) == 1:
            self.initial.setdefault("what", choices[0])

    def begin_with(self, leave: UUID | str) -> None:
        """Ticked beforehand: the lesson that is to be made up."""
        if f"missed-{leave}" in self.missed:
            self.initial["what"] = f"missed-{leave}"

    def chosen(self) -> tuple[Session, Resident, Session | None]:
        """The lesson, who comes, and the lesson missed; None: on trial."""
        lesson, what = self.lessons[self.cleaned_data["lesson"]], self.cleaned_data["what"]
        if what in self.trying:
            return lesson, self.trying[what], None
        leave = self.missed[what]
        return lesson, leave.enrollment.resident, leave.session


def _made_up(leave: LessonLeave) -> str:
    lesson = leave.session
    about = {
        "name": leave.enrollment.resident.name,
        "day": wording.day(lesson.starts_at),
        "title": lesson.activity.title,
    }
    return _("%(name)s: makes up %(day)s, %(title)s") % about


def _seats(lesson: Session, left: int) -> str:
    seats = ngettext("%(n)d seat left", "%(n)d seats left", left) % {"n": left}
    return f"{wording.span(lesson.starts_at, lesson.ends_at)} · {seats}"
