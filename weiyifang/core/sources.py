"""Columns that hold a source: how strangers refer to a row (`tenancy.source_of`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import CommunityModel, id_in

if TYPE_CHECKING:
    CharOfText = models.CharField[str, str]
else:  # Django's fields cannot be subscripted at run time
    CharOfText = models.CharField


class SourceField(CharOfText):
    """`activities.session:<id>`, perhaps with what it is about behind a slash; or "" for none.

    `verify` finds these columns by their type and follows each to its row, which no foreign key does. For migrations
    it is the column it is, a CharField.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_length": 120, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options


class LeadsNowhere(Refused):
    """A source that somebody gave is of no row here, of another kind, or of another community."""

    sentence = _("What this is meant for is not on the list here. Choose it again from the list.")
    status = 422


def require_here(source: str, model: type[CommunityModel]) -> None:
    """Raise `LeadsNowhere` unless the source is "" or of a row of this model here.

    For sources that come from outside: no foreign key looks at them.
    """
    label, _colon, _id = source.partition(":")
    try:
        found = not source or (label == model._meta.label_lower and model.objects.filter(pk=id_in(source)).exists())
    except ValueError:
        found = False
    if not found:
        raise LeadsNowhere()
