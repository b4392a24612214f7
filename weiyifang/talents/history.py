"""What the facts of this package are about, for who reads what happened: what somebody can do, what was asked."""

from __future__ import annotations

from collections.abc import Mapping

from weiyifang.core.timeline import Names, Way, named_by
from weiyifang.talents import rules
from weiyifang.talents.models import Talent, TalentRequest, Thanks

NAMES: Mapping[str, Names] = {
    Talent._meta.label_lower: named_by(
        Talent, "what", Way(route="talents:manage", args=("number",), rule=rules.can_manage_all)
    ),
    TalentRequest._meta.label_lower: named_by(
        TalentRequest, "what", Way(route="talents:request", rule=rules.can_manage_all)
    ),
    Thanks._meta.label_lower: named_by(
        Thanks, "request__what", Way(route="talents:request", args=("request_id",), rule=rules.can_manage_all)
    ),
}
