"""Pages to look at when an address was made a moment ago. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import HOME, Moment, Visit
from tests.stage import Stage
from weiyifang.calendars import services
from weiyifang.calendars.models import Link


def an_address(stage: Stage) -> Iterator[Visit]:
    """It is shown once, with what to do with it; wanted twice, it is refused."""
    page, me = f"{HOME}me/calendars/", stage.cast["resident"]
    yield Visit(name="calendars-made", address=page, who="resident", sends={"of": "", "_once": "c"})
    assert me.resident_id is not None
    if not Link.objects.live().filter(resident_id=me.resident_id).exists():
        services.make(resident_id=me.resident_id, by=me)
    yield Visit(name="calendars-twice", address=page, who="resident", sends={"of": "", "_once": "d"}, status=422)


MOMENTS: tuple[Moment, ...] = (an_address,)
