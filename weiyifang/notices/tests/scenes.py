"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from tests.stage import Act, Acts, Cast, Paths, home_of
from weiyifang.notices import services as notices
from weiyifang.notices.models import Delivery, Route
from weiyifang.notices.tests import make as letters
from weiyifang.organizations.models import Organization


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """Something told to the resident, and somebody without a phone that rings here."""
    me = home_of(cast, "resident")
    mine = letters.told(me)
    letters.told(letters.resident("刘婆婆"))
    letters.told(letters.resident("赵爷爷", phone="199 0000 7009"))
    notices.route_new()
    told = Delivery.objects.filter(route=Route.PHONE, notice__kind="called_off")
    ticked, waiting = told.filter(notice__resident__account=None).order_by("-id")[:2]
    notices.mark(delivery=ticked, by=cast["volunteer"])
    paths["me/messages/"] = {"pk": mine.pk}
    paths["workbench/messages/"] = {"route": "phone"}
    paths["workbench/messages/deliveries/"] = {"pk": waiting.pk}
    paths["workbench/messages/deliveries/<pk>/telling/end/"] = {"pk": ticked.pk}
    acts["POST me/messages/<pk>/"] = Act(by="resident", repeats=True)
    acts["POST me/messages/<pk>/end/"] = Act(by="resident")
    acts["POST me/messages/<pk>/return/"] = Act(
        by="resident", before=lambda: notices.finish(notice=mine, by=cast["resident"])
    )
    acts["POST me/messages/reading/"] = Act(by="resident", repeats=True)
    acts["POST workbench/messages/deliveries/<pk>/telling/"] = Act(by="volunteer")
    acts["POST workbench/messages/deliveries/<pk>/telling/end/"] = Act(by="volunteer")
