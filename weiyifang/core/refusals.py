"""A refusal is a sentence a neighbour understands, defined beside the verb that refuses."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An expected "no": what is the matter and what to do next.

    Subclasses give `sentence` (translatable, may hold `%(name)s` places filled from keyword arguments) and `code`
    (for programs; by default the class's name). `status` is the HTTP status a program sees.
    """

    sentence: ClassVar[str | Promise] = ""
    status: ClassVar[int] = 409
    wait: int = 0  # seconds after which it may be tried again, where that is known

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(type(self).__name__)

    @property
    def code(self) -> str:
        return type(self).__name__

    def __str__(self) -> str:
        return str(self.sentence) % self.details if self.details else str(self.sentence)


class NotAllowed(Refused):
    """The actor has no right to do this. A page answers it with 404 or with this sentence, never with more."""

    sentence = _("You may not do this. If you think you should, ask the committee's office.")
    status = 403
