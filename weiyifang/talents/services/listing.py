"""What somebody can do is put down, said anew, and taken off the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, text
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people import queries as people_read
from weiyifang.people import services as people
from weiyifang.people.models import OF_AGE, Purpose, Resident
from weiyifang.people.services.residents import locked_resident
from weiyifang.talents import events, kinds, queries, rules
from weiyifang.talents.models import Talent


class ConsentNeeded(Refused):
    """Put down without the yes to being shown."""

    sentence = _("Nobody is shown to the neighbours without saying yes to it. Tick the box below its words.")
    status = 422


class WordsNeeded(Refused):
    """The community has not published what talents say yes to."""

    sentence = _("The words talents say yes to are not published yet. Please call the committee.")


class OnTheList(Refused):
    """The resident is on the list already."""

    sentence = _("%(name)s is on the list already. Change there what is no longer right.")


class BirthdayNeeded(Refused):
    """Nobody knows how old they are."""

    sentence = _("The register does not say when %(name)s was born. The committee's office puts it in.")


class GuardianNeeded(Refused):
    """A minor put themselves down."""

    sentence = _("Under eighteen a guardian signs with you: come to the committee's office together.")


class LivesElsewhere(Refused):
    """The resident left the community."""

    sentence = _("%(name)s no longer lives here, so this cannot be done.")


class OffTheList(Refused):
    """It was taken off the list before."""

    sentence = _("This is off the list already. There is nothing to do.")


@transaction.atomic
def put_down(
    *,
    resident: Resident,
    what: str,
    words: str = "",
    topics: Sequence[str] = (),
    takes_requests: bool = True,
    agreed: bool,
    by: Actor,
) -> Talent:
    """Say what a resident can do: by themselves, by who may act for them, or at the desk with a signed paper.

    `agreed`: they said yes to the community's words; it becomes their consent, unless that stands. Raises
    `ConsentNeeded`, `WordsNeeded`, `BirthdayNeeded`, `GuardianNeeded`, `OnTheList`, `LivesElsewhere`, `text.Missing`.
    Announces `TalentListed`.
    """
    require(rules.can_put_down(by, resident))
    said = _cleaned(what, words)
    yes = queries.words_of_consent()
    if yes is None:
        raise WordsNeeded()
    if not agreed:
        raise ConsentNeeded()
    if not people_read.has_consented(resident.pk, Purpose.TALENTS):
        people.give_consent(resident=resident, text=yes, by=by)
    resident = locked_resident(resident)
    if resident.left_on is not None:
        raise LivesElsewhere(name=resident.name)
    _refuse_age(resident, by)
    if Talent.objects.listed().filter(resident=resident).exists():
        raise OnTheList(name=resident.name)
    talent = Talent(
        number=next_number("talent"),
        resident=resident,
        topics=kinds.chosen(topics),
        takes_requests=takes_requests,
        **said,
    )
    talent.save(force_insert=True)
    announce(events.TalentListed(**about(talent)), by=by)
    return talent


@transaction.atomic
def edit(*, talent: Talent, what: str, words: str, topics: Sequence[str], takes_requests: bool, by: Actor) -> Talent:
    """Say it anew. Raises `OffTheList`, `text.Missing`. Announces `TalentEdited`."""
    talent = locked(talent)
    versions.check(talent, by)
    require(rules.can_put_down(by, talent.resident))
    if talent.is_over:
        raise OffTheList()
    said: dict[str, Any] = {
        **_cleaned(what, words),
        "topics": kinds.chosen(topics, was=talent.topics),
        "takes_requests": takes_requests,
    }
    changed = tuple(name for name, value in said.items() if getattr(talent, name) != value)
    for name in changed:
        setattr(talent, name, said[name])
    if changed:
        talent.save(update_fields=changed)
        announce(events.TalentEdited(**about(talent), changed=changed), by=by)
    return talent


def locked(talent: Talent) -> Talent:
    """The row, locked until the transaction ends; who asks them waits for it."""
    return Talent.objects.select_for_update(of=("self",)).select_related("resident").get(pk=talent.pk)


def about(talent: Talent) -> dict[str, Any]:
    """What each fact about a talent says."""
    return {
        "subject": source_of(talent),
        "number": talent.number,
        "resident_id": talent.resident_id,
        "what": talent.what,
    }


def _cleaned(what: str, words: str) -> dict[str, str]:
    said = cleaned(Talent, {"what": what, "words": words})
    if not said["what"]:  # the column may be empty, for whoever is forgotten
        raise text.Missing(what=Talent._meta.get_field("what").verbose_name)
    return said


def _refuse_age(resident: Resident, by: Actor) -> None:
    """A minor comes to the office with a guardian; nobody puts themselves down whose age is not known."""
    age = resident.age_on(clock.today())
    if by.resident_id != resident.pk:
        return
    if age is None:
        raise BirthdayNeeded(name=resident.name)
    if age < OF_AGE:
        raise GuardianNeeded()
