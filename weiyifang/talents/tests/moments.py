"""Pages to look at when somebody puts themselves down, and when a request is answered. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import HOME, Moment, Visit
from tests.stage import Stage, home_of
from weiyifang.talents import queries, services
from weiyifang.talents.models import TalentRequest, Thanks
from weiyifang.talents.tests import make


def asking(stage: Stage) -> Iterator[Visit]:
    """Whoever is not on the list yet, a yes with the phone, a busy hour, thanks that the neighbours read."""
    me = home_of(stage.cast, "resident")
    mine = make.oneself(me)
    waits = TalentRequest.objects.get(pk=stage.paths["talents/requests/"]["pk"])
    forgot = {"answer": "", "_once": "v"}
    page = f"{HOME}talents/requests/{waits.pk}/"
    yield Visit(name="talents-no-word", address=f"{page}refusal/", who="resident", sends=forgot, status=422)
    beside = make.request(waits.talent, what="修轮椅", days=6)
    services.accept(request=waits, answer="好的，周五见", by=mine)
    yield Visit(name="talents-accepted", address=page, who="resident")
    busy = f"{HOME}talents/requests/{beside.pk}/acceptance/"
    yield Visit(name="talents-busy", address=busy, who="resident", sends={"_once": "w"}, status=422)
    services.show_thanks(thanks=Thanks.objects.get(), by=mine)
    yield Visit(name="talents-thanked", address=f"{HOME}talents/{waits.talent.number}/", who="volunteer")
    yield Visit(name="talents-nobody", address=f"{HOME}talents/?q=火箭", who="resident")
    listed = queries.talent_of(me.pk)
    assert listed is not None
    services.take_off(talent=listed, by=mine)
    yield Visit(name="talents-put-down", address=f"{HOME}talents/me/", who="resident")
    typed = {"what": "会修自行车", "_once": "x"}
    yield Visit(name="talents-no-yes", address=f"{HOME}talents/me/", who="resident", sends=typed, status=422)


MOMENTS: tuple[Moment, ...] = (asking,)
