"""What the facts of this package are about, for who reads what happened: the show."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.core.tenancy import CommunityModel
from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.stage import rules
from weiyifang.stage.models import Engagement, Income, Offer, Performer


def _show(model: type[CommunityModel], to: str) -> Names:
    """By what the show is for; `to` is the way there from the model, as a lookup begins."""
    return named_by(model, f"{to}title", Way(route="stage:manage", args=(f"{to}number",), rule=rules.can_manage_all))


NAMES: Mapping[str, Names] = {
    Engagement._meta.label_lower: _show(Engagement, ""),
    Offer._meta.label_lower: _show(Offer, "engagement__"),
    Performer._meta.label_lower: _show(Performer, "engagement__"),
    Income._meta.label_lower: _show(Income, "engagement__"),
}
