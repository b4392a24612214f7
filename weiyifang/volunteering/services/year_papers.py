"""A paper about a year's hours: written once for what the books have, and checked by anybody who holds it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.people.models import Resident
from weiyifang.volunteering import events, rules, year_hours
from weiyifang.volunteering.models import Volunteer, YearPaper


class NothingToWrite(Refused):
    """No approved hours in that year."""

    sentence = _("%(name)s has no approved hours in %(year)s. Hours count as soon as somebody else has looked at them.")


@transaction.atomic
def issue_paper(*, resident: Resident, year: int, by: Actor) -> YearPaper:
    """The paper for what was approved of a year until now; the same once more, as long as nothing has changed.

    For oneself, for whom one acts, or at the desk. Raises `NothingToWrite`. Announces `YearPaperIssued`.
    """
    require(rules.can_sign_up(by, resident))
    whose = Volunteer.objects.filter(resident=resident).order_by("id")
    list(whose.select_for_update(of=("self",)))  # two who ask at once get one paper
    minutes = year_hours.minutes_of_year(resident.pk, year)
    if not minutes:
        raise NothingToWrite(name=resident.name, year=str(year))
    found = YearPaper.objects.filter(resident=resident, year=year, minutes=minutes).first()
    if found is not None:
        return found
    paper = YearPaper(
        number=next_number("year paper"), resident=resident, year=year, minutes=minutes, issued_by_id=by.account_id
    )
    paper.save(force_insert=True)
    fact = events.YearPaperIssued(
        subject=source_of(paper), number=paper.number, resident_id=resident.pk, year=year, minutes=minutes
    )
    announce(fact, by=by)
    return paper
