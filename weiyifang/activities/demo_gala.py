"""The gala of the demo's year: its running order, written when it is shown, published days later, moved once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from weiyifang.activities import services
from weiyifang.activities.demo import ActivityPlan
from weiyifang.activities.models import Act, Session
from weiyifang.core import clock
from weiyifang.core.actors import Actor

DATA = Path(__file__).parent / "demo_gala.toml"
TOLD_AFTER, MOVED_AFTER = timedelta(days=3), timedelta(days=5)  # from when the gala is shown


def plan() -> dict[str, Any]:
    """What `demo_gala.toml` says."""
    return tomllib.loads(DATA.read_text("utf-8"))


def prepare(data: Mapping[str, Any], plan: ActivityPlan, *, organizers: Mapping[str, str], by: Actor) -> None:
    """What is done of it on this day of the year, if anything."""
    today = clock.today()
    if today == plan.shown_on:
        for title, organization, performers, minutes, changeover, microphones, chairs, needs in data["acts"]:
            services.add_act(
                session=_session(plan),
                title=title,
                organization=organizers.get(organization, ""),
                performers=performers,
                minutes=minutes,
                changeover=changeover,
                microphones=microphones,
                chairs=chairs,
                needs=needs,
                by=by,
            )
    elif today == plan.shown_on + TOLD_AFTER:
        services.publish_running_order(session=_session(plan), by=by)
    elif today == plan.shown_on + MOVED_AFTER:
        act = Act.objects.select_related("order__session").get(
            title=data["moved"]["act"], order__session__activity__title=plan.title
        )
        services.move_act(act=act, to=data["moved"]["to"], by=by)


def _session(plan: ActivityPlan) -> Session:
    return Session.objects.select_related("activity").get(activity__title=plan.title)
