"""What the facts of this package are about, for who reads what happened: the team, or the volunteer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import CommunityModel
from weiyifang.core.timeline import Names, Subject, Way, named_by
from weiyifang.volunteering import rules
from weiyifang.volunteering.models import (
    Belonging,
    Certificate,
    HelpRequest,
    Hours,
    Shift,
    Slot,
    Team,
    TimeGift,
    TimeHeir,
    Volunteer,
    YearPaper,
)


def _team(model: type[CommunityModel], to: str) -> Names:
    """By the team's name; `to` is the way there from the model, as a lookup begins."""
    return named_by(
        model, f"{to}name", Way(route="volunteering:manage", args=(f"{to}number",), rule=rules.can_manage_all)
    )


def _person(model: type[CommunityModel], to: str) -> Names:
    """By the volunteer's name."""
    way = Way(route="volunteering:volunteer", args=(f"{to}pk",), rule=rules.can_manage_all)
    return named_by(model, f"{to}resident__name", way)


def _shift(model: type[CommunityModel], to: str) -> Names:
    """By what is done in the shift."""
    way = Way(route="volunteering:manage_shift", args=(f"{to}number",), rule=rules.can_manage_all)
    return named_by(model, f"{to}what", way)


TIME = Way(route="volunteering:bench_time", args=(), rule=rules.can_manage_all)
HEIRS = Way(route="volunteering:bench_heirs", args=(), rule=rules.can_manage_all)
BY_WHOM, TO_WHOM = named_by(TimeGift, "giver__name", TIME), named_by(TimeGift, "receiver__name", TIME)


def _gift(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """By who gave time, or whom the community gave it."""
    both = (*TO_WHOM(ids, actor).items(), *BY_WHOM(ids, actor).items())
    return {pk: one for pk, one in both if one.title}


NAMES: Mapping[str, Names] = {
    Team._meta.label_lower: _team(Team, ""),
    Belonging._meta.label_lower: _team(Belonging, "team__"),
    Volunteer._meta.label_lower: _person(Volunteer, ""),
    Certificate._meta.label_lower: _person(Certificate, "volunteer__"),
    Shift._meta.label_lower: _shift(Shift, ""),
    Slot._meta.label_lower: _shift(Slot, "shift__"),
    TimeGift._meta.label_lower: _gift,
    TimeHeir._meta.label_lower: named_by(TimeHeir, "giver__name", HEIRS),
    HelpRequest._meta.label_lower: named_by(
        HelpRequest,
        "resident__name",
        Way(route="volunteering:manage_help", args=("number",), rule=rules.can_manage_all),
    ),
    YearPaper._meta.label_lower: named_by(
        YearPaper,
        "resident__name",
        Way(route="volunteering:bench_year_paper", args=("number",), rule=rules.can_manage_all),
    ),
    Hours._meta.label_lower: _shift(Hours, "slot__shift__"),
}
