"""Pages to look at when somebody signs up as a volunteer, and when a team ends. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import HOME, Moment, Visit
from tests.stage import Stage, home_of
from weiyifang.core.actors import system
from weiyifang.volunteering import services as volunteering
from weiyifang.volunteering.models import Team


def helping(stage: Stage) -> Iterator[Visit]:
    """Whoever is no volunteer yet signs up; a team that takes nobody, and one that has ended."""
    volunteering.sign_off_resident(resident_id=home_of(stage.cast, "resident").pk, by=system())
    yield Visit(name="volunteering-sign-up", address=f"{HOME}volunteering/me/", who="resident")
    forgot = {"words": "会修自行车", "_once": "v"}
    yield Visit(name="volunteering-no-yes", address=f"{HOME}volunteering/me/", who="resident", sends=forgot, status=422)
    team = Team.objects.get(number=stage.paths["volunteering/teams/"]["number"])
    yield Visit(name="volunteering-join-first", address=f"{HOME}volunteering/teams/{team.number}/", who="resident")
    volunteering.end(team=team, reason="并到护绿队", by=system())
    yield Visit(name="volunteering-ended", address=f"{HOME}volunteering/teams/{team.number}/")


MOMENTS: tuple[Moment, ...] = (helping,)
