"""Pages to look at: a contract, a statement of one party, an empty line-up, shares that do not add up."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import HOME, Moment, Visit
from tests.stage import Stage
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.tests import make as organization
from weiyifang.stage.tests import make

BENCH = f"{HOME}workbench/stage/"


def shows(stage: Stage) -> Iterator[Visit]:
    """One troupe's shows, as the desk and everybody see them."""
    troupe = organization.in_status("filed", "春风艺术团")
    played = make.played(troupe, on=0)
    yield Visit(name="stage-nobody-on", address=f"{BENCH}{played.number}/", who="staff")
    paid = make.paid(troupe, shares=make.WITH_MEMBERS, is_purchase=True).engagement
    yield Visit(name="stage-held", address=f"{BENCH}{paid.number}/", who="accountant")
    yield Visit(name="stage-statement-one", address=f"{BENCH}{paid.number}/statement/?of=2", who="accountant")
    yield Visit(name="stage-of-one", address=f"{HOME}stage/?of={source_of(troupe)}")
    offer = make.offer(troupe, days=9)
    wrong = {"troupe": "30", "members": "22", "fund": "47", "_once": "s"}
    choice = f"{BENCH}offers/{offer.pk}/choice/"
    yield Visit(name="stage-not-the-whole", address=choice, who="staff", sends=wrong, status=422)


MOMENTS: tuple[Moment, ...] = (shows,)
