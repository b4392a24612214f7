"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from datetime import timedelta

from tests.stage import TODAY, Act, Acts, Cast, Paths, home_of, picked
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.talents import services
from weiyifang.talents.tests import make


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    """The resident is on the list; they were asked, and have asked. The leader asked for their organization."""
    me, mine, bench = home_of(cast, "resident"), cast["resident"], "workbench/talents/"
    on_the_list = make.talent(of=me, what="修自行车", topics=["repairs"])
    other = make.talent("摄影师", topics=["photos"], words="拍了四十年")
    paths["talents/"] = paths["api/talents"] = paths[bench] = {"number": other.number}
    one = "talents/requests/<pk>/"
    waits = make.request(on_the_list, what="修三辆自行车", days=6)
    paths["talents/requests/"] = {"pk": waits.pk}
    said_yes = make.request(make.talent("写字的", what="写春联"), me, what="写一副春联", days=8)
    paths[f"{one}end/"] = {"pk": said_yes.pk}
    done = make.accepted(make.talent("拉琴的", what="拉二胡"), me, what="在生日会上拉一段")
    paths[f"{one}thanks/"] = {"pk": done.pk}
    thanked = make.accepted(on_the_list, what="修婴儿车")
    asker = thanked.resident
    assert asker is not None
    thanks = services.thank(request=thanked, words="修得真好，谢谢！", is_named=True, by=make.oneself(asker))
    paths["talents/thanks/"] = {"pk": thanks.pk}
    said = {
        "what": "修自行车、打气",
        "topics": ["repairs"],
        "words": "带上车来",
        "takes_requests": "on",
        "agreed": "on",
    }
    acts["POST talents/me/"] = Act(by="resident", body=said)
    acts["POST talents/me/end/"] = Act(by="resident")
    asks = {
        "of": "me",
        "what": "给妈妈拍生日照",
        "place": "三号院",
        "day": str(TODAY + timedelta(days=9)),
        "begins": "9:00",
        "ends": "11:00",
        "gives_phone": "on",
    }
    acts["POST talents/<number>/requests/"] = Act(by="resident", body=asks)
    acts[f"POST {one}acceptance/"] = Act(by="resident", body={"answer": "好的", "gives_phone": "on"})
    acts[f"POST {one}refusal/"] = Act(by="resident", body={"answer": "这周没空"})
    acts[f"POST {one}end/"] = Act(by="resident")
    acts[f"POST {one}end/ @own"] = Act(by="leader")
    acts[f"POST {one}thanks/"] = Act(by="resident", body={"words": "真好听", "is_named": "on"})
    acts["POST talents/thanks/<pk>/showing/"] = Act(by="resident")
    acts["POST talents/thanks/<pk>/end/"] = Act(by="resident")
    paths["api/talents/requests/"] = paths["talents/requests/"]
    for name, on in (("end", said_yes), ("thanks", done)):
        paths[f"api/{one}{name}"] = {"pk": on.pk}
    program = {"what": "给妈妈拍生日照", "starts_at": "2026-10-23T09:00", "ends_at": "2026-10-23T11:00"}
    acts["POST api/talents/<number>/requests"] = Act(by="resident", body=program)
    acts[f"POST api/{one}acceptance"] = Act(by="resident", body={"answer": "好的"})
    acts[f"POST api/{one}refusal"] = Act(by="resident", body={"answer": "这周没空"})
    acts[f"POST api/{one}end"] = Act(by="resident")
    acts[f"POST api/{one}thanks"] = Act(by="resident", body={"words": "真好听"})
    newcomer = make.resident("来登记的能人")
    acts[f"POST {bench}new/"] = Act(by="staff", body={**picked(newcomer), **said})
    acts[f"POST {bench}<number>/"] = Act(by="staff", body={**said, "what": "拍证件照"})
    acts[f"POST {bench}<number>/end/"] = Act(by="staff")
    leader = home_of(cast, "leader")
    for_us = services.ask(talent=other, resident=leader, of=source_of(led), what="拍演出照", by=cast["leader"])
    paths["talents/requests/ @own"] = {"pk": for_us.pk}
    assert mine.resident_id == me.pk
