"""What somebody can do is put down, said anew, and taken off the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import text
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.numbers import next_number
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people import services as people
from weiyifang.people.models import Purpose, Resident
from weiyifang.talents import events, kinds, rules
from weiyifang.talents.models import Talent


class OnTheList(Refused):
    """The resident is on the list already."""

    sentence = _("%(name)s is on the list already. Change there what is no longer right.")


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

    `agreed`: they said yes to the community's words. Raises what `people.services.on_their_word` and `refuse_alone`
    raise, `OnTheList` and `text.Missing`. Announces `TalentListed`.
    """
    require(rules.can_put_down(by, resident))
    said = _cleaned(what, words)
    resident = people.on_their_word(resident=resident, purpose=Purpose.TALENTS, agreed=agreed, by=by)
    people.refuse_alone(resident, by)
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
