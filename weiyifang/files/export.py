"""What this package holds on a person, for that person (`people.privacy`)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.core.tenancy import source_of
from weiyifang.files.models import File
from weiyifang.people.models import Resident
from weiyifang.people.privacy import Record
from weiyifang.people.queries import every_relation_of


def held_on(resident: Resident) -> Iterable[Record]:
    """The papers of the relations this person stands in."""
    owners = [source_of(relation) for relation in every_relation_of(resident)]
    for file in File.objects.filter(owner__in=owners).order_by("-id") if owners else ():
        yield {_("what"): file.get_what_display(), _("added at"): file.added_at}
