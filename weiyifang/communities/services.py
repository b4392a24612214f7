from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.communities import events, queries, register, rules
from weiyifang.communities.models import Community, OwnRule
from weiyifang.core import clock, dated, locks
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.server import installation
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import paragraphs
from weiyifang.core.web.access import require


class NotInTheRegister(Refused):
    """No such official code."""

    sentence = _("The register has no community with the code %(code)s. Look it up by name first.")


class AddressTaken(Refused):
    """Another community has this address already."""

    sentence = _("The address %(slug)s already belongs to %(owner)s. Choose another.")


@transaction.atomic
def open_community(
    *,
    code: int,
    slug: str = "",
    platform_name: str = "",
    phone: str = "",
    phone_hours: str = "",
    address: str = "",
) -> Community:
    """Open a place of the official register, or return it when it is open already.

    `slug` is its address under `/c/`; without one the official code serves. Raises `NotInTheRegister`, `AddressTaken`,
    and `WrongDatabase` when the demo would open one among real ones, or the other way round.
    """
    if (open_already := Community.objects.filter(pk=code).first()) is not None:
        return open_already
    place = register.place(code)
    if place is None:
        raise NotInTheRegister(code=code)
    slug = slug or str(code)
    if (owner := Community.objects.filter(slug=slug).first()) is not None:
        raise AddressTaken(slug=slug, owner=owner.short_name)
    community = Community(
        id=code,
        slug=slug,
        name=place.name,
        short_name=place.short_name,
        platform_name=platform_name or f"{place.short_name.removesuffix('社区')}微益坊",
        street_name=place.street,
        district_name=place.district,
        city_name=place.city,
        phone=phone,
        phone_hours=phone_hours,
        address=address,
    )
    community.full_clean()
    installation.settle()
    community.save(force_insert=True)
    return community


class TooEarly(Refused):
    """A value from today or from a day that is over."""

    sentence = _("A rule begins tomorrow at the earliest, so that nobody's day changes while it runs.")
    status = 422


class NoReason(Refused):
    """A rule set without a word."""

    sentence = _("Say why, so that whoever comes after you knows.")
    status = 422


class NothingNew(Refused):
    """Values that hold on that day anyway."""

    sentence = _("These values hold on that day already. Change one of them, or leave it as it is.")


class RuleBegan(Refused):
    """A value that holds already was to be taken back."""

    sentence = _("It holds already and cannot be taken back. Set other values from a day to come.")


class TakenBackBefore(Refused):
    """It was taken back a moment ago."""

    sentence = _("It was taken back already. There is nothing to do.")


@transaction.atomic
def set_rule(*, rule: str, since: date, values: Mapping[str, Any], why: str, by: Actor) -> OwnRule:
    """Give the community values of its own from a day on, until the next ones. `rule` names a rule file.

    What is not in `values` stays as it would be that day; of a list of words they say one word
    (`core.wordlists.WordList.change`). Announces `RuleSet`. Raises `TooEarly`, `NoReason`, `NothingNew`,
    `dated.NotWithinBounds` and whatever the rule itself refuses.
    """
    require(rules.can_set_rules(by))
    file, why = dated.files[rule], paragraphs(why)
    if not why:
        raise NoReason()
    locks.take("rules")
    if since <= clock.today():
        raise TooEarly()
    own = queries.own_values()
    ever = list(OwnRule.objects.filter(rule=rule, takes_back=None).values_list("values", flat=True))
    after, kept = file.change(since, values, own, ever)
    if after == file.on(since, own):
        raise NothingNew()
    row = OwnRule(rule=rule, since=since, values=kept)
    row.save(force_insert=True)
    _forget()  # what follows from it reads it
    announce(events.RuleSet(subject=source_of(row), rule=rule, since=since, why=why), by=by)
    return row


@transaction.atomic
def take_back_rule(*, own: OwnRule, by: Actor) -> OwnRule:
    """Let values that have not begun to hold never do so. Announces `RuleTakenBack`.

    Raises `RuleBegan`, `TakenBackBefore`.
    """
    require(rules.can_set_rules(by))
    locks.take("rules")
    if OwnRule.objects.filter(takes_back=own).exists():
        raise TakenBackBefore()
    if own.since <= clock.today():
        raise RuleBegan()
    row = OwnRule(rule=own.rule, since=own.since, takes_back=own)
    row.save(force_insert=True)
    announce(events.RuleTakenBack(subject=source_of(own), rule=own.rule, since=own.since), by=by)
    _forget()
    return row


def _forget() -> None:
    dated.forget()
    transaction.on_commit(dated.forget)  # another thread may have asked in between
