from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.organizations.models import Organization
from weiyifang.people.models import Resident
from weiyifang.people.testing import ClientOf
from weiyifang.talents import queries, services
from weiyifang.talents.models import RequestState, Talent, TalentRequest, Thanks
from weiyifang.talents.tests import make

pytestmark = pytest.mark.usefixtures("here")
HOME, BENCH = "/c/nanhu/talents/", "/c/nanhu/workbench/talents/"


def said(response: Any) -> str:
    return b"".join(response).decode() if response.streaming else str(response.content.decode())


def test_a_resident_puts_themselves_down_is_found_and_goes_off_the_list(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    make.words()
    browser, typed = client_of("resident"), {"what": "修自行车", "topics": ["repairs"], "words": "三十年", "_once": "1"}
    refused = browser.post(f"{HOME}me/", {**typed, "takes_requests": "on"})
    assert (refused.status_code, "三十年" in said(refused)) == (422, True)
    page = browser.post(f"{HOME}me/", {**typed, "takes_requests": "on", "agreed": "on", "_once": "2"})["Location"]
    neighbour = client_of("volunteer")
    assert "三十年" in said(neighbour.get(page))
    assert "修自行车" in said(neighbour.get(HOME, {"q": "自行车"}))
    assert "修自行车" in said(neighbour.get(HOME, {"topic": "repairs"}))
    assert "修自行车" not in said(neighbour.get(HOME, {"topic": "photos"}))
    assert client_of("visitor").get(page).status_code == 302
    assert client_of("outsider").get(page).status_code == 404
    for stranger in ("visitor", "outsider"):
        closed = said(client_of(stranger).get(HOME, {"q": "自行车"}))
        assert "只对本社区的人开放" in closed
        assert "修自行车" not in closed
    browser.post(f"{HOME}me/", {**typed, "_once": "3"})  # not at the moment
    assert "最近没空" in said(neighbour.get(page))
    browser.post(f"{HOME}me/end/", {"_once": "4"})
    assert neighbour.get(page).status_code == 404


def test_a_neighbour_asks_the_talent_answers_and_the_thanks_stand_on_the_page(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    one = make.talent(of=resident_of("volunteer"))
    asker, talent = client_of("resident"), client_of("volunteer")
    typed = {"what": "拍生日照", "day": str(make.at(3).date()), "begins": "9:00", "_once": "1"}
    assert asker.post(f"{HOME}{one.number}/requests/", typed).status_code == 422  # until when?
    page = asker.post(f"{HOME}{one.number}/requests/", {**typed, "ends": "11:00", "_once": "2"})["Location"]
    assert "拍生日照" in said(talent.get(f"{HOME}me/"))
    assert "拍生日照" in said(asker.get(f"{HOME}requests/"))
    assert client_of("leader").get(page).status_code == 403
    assert talent.post(f"{page}refusal/", {"answer": "", "_once": "3"}).status_code == 422
    talent.post(f"{page}acceptance/", {"answer": "好的", "gives_phone": "on", "_once": "4"})
    shown = said(asker.get(page))
    assert "好的" in shown
    assert "tel:" in shown
    assert "tel:+86138" not in said(client_of("staff").get(page))
    with clock.at(make.at(3, "12:00")):
        asker, talent = client_of("resident"), client_of("volunteer")  # signed in anew
        assert asker.post(f"{page}thanks/", {"words": "", "_once": "5"}).status_code == 422
        asker.post(f"{page}thanks/", {"words": "拍得真好", "is_named": "on", "_once": "6"})
        thanks = Thanks.objects.get()
        assert "拍得真好" not in said(asker.get(f"{HOME}{one.number}/"))
        talent.post(f"{HOME}thanks/{thanks.pk}/showing/", {"_once": "7"})
        on_the_page = said(asker.get(f"{HOME}{one.number}/"))
        assert "拍得真好" in on_the_page
        assert resident_of("resident").name in on_the_page
        talent.post(f"{HOME}thanks/{thanks.pk}/end/", {"_once": "8"})
        assert "拍得真好" not in said(asker.get(f"{HOME}{one.number}/"))


def test_a_busy_hour_is_refused_on_the_form_and_what_was_typed_stays(
    client_of: ClientOf, resident_of: Callable[[str], Resident]
) -> None:
    one = make.talent(of=resident_of("volunteer"))
    make.accepted(one, days=3, what="给合唱团拍照")
    asked = make.request(one, days=3)
    refused = client_of("volunteer").post(f"{HOME}requests/{asked.pk}/acceptance/", {"answer": "行", "_once": "1"})
    assert refused.status_code == 422
    assert "给合唱团拍照" in said(refused)
    assert "行" in said(refused)


def test_the_desk_puts_somebody_down_notes_the_answer_and_takes_them_off(client_of: ClientOf) -> None:
    make.words()
    staff, one = client_of("staff"), make.resident("赵大爷")
    typed = {"who": one.name, "what": "写春联", "topics": ["calligraphy"], "takes_requests": "on"}
    assert staff.post(f"{BENCH}new/", {**typed, "_once": "1"}).status_code == 422  # no paper
    page = staff.post(f"{BENCH}new/", {**typed, "agreed": "on", "_once": "2"})["Location"]
    talent = Talent.objects.get()
    staff.post(page, {**typed, "what": "写春联、写横幅", "_once": "3"})
    assert "写横幅" in said(staff.get(BENCH, {"q": "书法"}))
    assert "赵大爷" in said(staff.get(BENCH, {"topic": "calligraphy", "format": "csv"}))
    asked = staff.post(f"{HOME}{talent.number}/requests/", {"of": "", "what": "写活动横幅", "_once": "4"})["Location"]
    assert "写活动横幅" in said(staff.get(f"{BENCH}requests/", {"state": "asked"}))
    assert "写活动横幅" not in said(staff.get(f"{BENCH}requests/", {"state": "accepted"}))
    staff.post(f"{asked}acceptance/", {"_once": "5"})
    assert TalentRequest.objects.get().state == RequestState.ACCEPTED
    assert "写活动横幅" in said(staff.get(f"{BENCH}requests/", {"format": "csv"}))
    staff.post(f"{page}end/", {"_once": "6"})
    assert TalentRequest.objects.get().state == RequestState.CLOSED
    assert queries.count_listed() == 0


def test_a_leader_asks_in_the_organizations_name_and_sees_its_requests_alone(
    client_of: ClientOf, choir: Organization
) -> None:
    one, leader = make.talent(), client_of("leader")
    make.request(one, what="别人家的事")
    typed = {"of": source_of(choir), "what": "拍演出照", "_once": "1"}
    leader.post(f"{HOME}{one.number}/requests/", typed)
    listed = said(leader.get(f"{BENCH}requests/"))
    assert "拍演出照" in listed
    assert "别人家的事" not in listed
    forged = {"of": "organizations.organization:01900000-0000-7000-8000-000000000001", "what": "x", "_once": "2"}
    assert leader.post(f"{HOME}{one.number}/requests/", forged).status_code == 422


def test_longer_lists_ask_no_more_questions(client_of: ClientOf, resident_of: Callable[[str], Resident]) -> None:
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert staff.get(path).status_code == 200
        return len(caught)

    def more(name: str) -> None:
        done = make.accepted(make.talent(name))
        other = make.accepted(one, what=f"{name}的事")
        make.request(make.talent(f"{name}二"), resident_of("resident"))
        assert done.resident is not None
        thanks = services.thank(
            request=other, words="谢", is_named=True, by=make.oneself(other.resident or done.resident)
        )
        services.show_thanks(thanks=thanks, by=make.oneself(one.resident))

    staff, one = client_of("staff"), make.talent("第一位")
    paths = [HOME, f"{HOME}{one.number}/", BENCH, f"{BENCH}requests/", f"{BENCH}{one.number}/"]
    more("甲")
    for path in paths:
        asked(path)
    before = [asked(path) for path in paths]
    for name in ("乙", "丙"):
        more(name)
    assert [asked(path) for path in paths] == before


def test_programs_of_members_read_the_list_and_strangers_do_not(client_of: ClientOf) -> None:
    one, root = make.talent(topics=["photos"]), "/c/nanhu/api/talents/"
    (listed,) = client_of("resident").get(root, {"topic": "photos"}).json()
    assert (listed["name"], listed["topics"]) == ("拍照的", ["photos"])
    assert client_of("resident").get(f"{root}{one.number}").json()["what"] == "给老人拍照"
    assert client_of("visitor").get(root).status_code == 401
    assert client_of("outsider").get(root).status_code == 404
