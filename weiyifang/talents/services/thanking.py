"""Thanks for what was done: written by whoever asked, shown once the talent says so, taken back by either."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, states, text
from weiyifang.core.actors import Actor
from weiyifang.core.columns import cleaned
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import require
from weiyifang.talents import events, rules
from weiyifang.talents.models import THANKS_FLOW, TalentRequest, Thanks, ThanksState
from weiyifang.talents.services import asking


class NothingDone(Refused):
    """The talent has not said yes, or the time has not come."""

    sentence = _("Thanks come when it is done. Until then there is nothing to thank for.")


class ThankedAlready(Refused):
    """Thanks for this stand there already."""

    sentence = _("You have thanked for this already. Take it back first if you want to write it anew.")


@transaction.atomic
def thank(*, request: TalentRequest, words: str, is_named: bool = False, by: Actor) -> Thanks:
    """Whoever asked thanks, once it was done; the talent decides whether the neighbours may read it.

    `is_named`: the name of a resident who asked for themselves may stand under it. Raises `NothingDone`,
    `ThankedAlready`, `text.Missing`. Announces `TalentThanked`.
    """
    request = asking.locked(request, by)
    require(rules.is_asker(by, request))
    if not request.can_be_thanked:
        raise NothingDone()
    if Thanks.objects.filter(request=request).exclude(state=ThanksState.TAKEN_BACK).exists():
        raise ThankedAlready()
    said = cleaned(Thanks, {"words": words})["words"]
    if not said:  # the column may be empty, for whoever is forgotten
        raise text.Missing(what=Thanks._meta.get_field("words").verbose_name)
    thanks = Thanks(request=request, words=said, is_named=is_named and bool(request.resident_id) and not request.of)
    thanks.save(force_insert=True)
    announce(events.TalentThanked(**about(thanks)), by=by)
    return thanks


@transaction.atomic
def show_thanks(*, thanks: Thanks, by: Actor) -> Thanks:
    """The talent says that the neighbours may read it; the desk notes that they did. Raises `ForbiddenMove`.

    Announces `ThanksShown`.
    """
    thanks = _locked(thanks)
    require(rules.can_answer(by, thanks.request))
    states.move(thanks, ThanksState.SHOWN, flow=THANKS_FLOW, shown_at=clock.now())
    announce(events.ThanksShown(**about(thanks)), by=by)
    return thanks


@transaction.atomic
def take_back_thanks(*, thanks: Thanks, by: Actor) -> Thanks:
    """Either of the two wants it no more: nobody reads it from now on. Raises `ForbiddenMove`.

    Announces `ThanksTakenBack`.
    """
    thanks = _locked(thanks)
    require(rules.can_take_back(by, thanks))
    take_back(thanks, by=by)
    return thanks


def take_back(thanks: Thanks, *, by: Actor) -> None:
    """As the verb does it, of a row that is held."""
    states.move(thanks, ThanksState.TAKEN_BACK, flow=THANKS_FLOW, ended_at=clock.now())
    announce(events.ThanksTakenBack(**about(thanks)), by=by)


def about(thanks: Thanks) -> dict[str, Any]:
    """What each fact about thanks says."""
    request = thanks.request
    return {
        "subject": source_of(thanks),
        "request_id": request.pk,
        "talent_id": request.talent_id,
        "resident_id": request.talent.resident_id,
        "what": request.what,
    }


def _locked(thanks: Thanks) -> Thanks:
    rows = Thanks.objects.select_for_update(of=("self",))
    return rows.select_related("request__talent__resident", "request__resident").get(pk=thanks.pk)
