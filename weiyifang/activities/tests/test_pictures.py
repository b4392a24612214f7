"""A picture instead of the drawing: on the card, the page and the poster; of a draft for its planners alone."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from weiyifang.activities import services, verify
from weiyifang.activities.models import Activity, Session
from weiyifang.activities.tests import make
from weiyifang.activities.tests.test_workbench import BENCH, TYPED
from weiyifang.core.actors import system
from weiyifang.files import arranging
from weiyifang.files.arranging import Wanted, Words
from weiyifang.files.tests import make as files
from weiyifang.people.testing import VISITOR, ClientOf

HOME = "/c/nanhu/"
BAG = Words("一只旧牛仔裤改的拼布包")


def wanted(seed: int = 1) -> Wanted:
    return Wanted(brought=files.brought(files.picture(seed=seed)), said=BAG)


@pytest.fixture
def session(here: object) -> Session:
    found = make.session(title="旧物魔术会", cover="needle")
    found.activity = services.edit(activity=found.activity, pictures=wanted(), by=system())
    return found


def test_a_picture_takes_the_place_of_the_drawing_on_card_page_and_poster(
    session: Session, client_of: ClientOf
) -> None:
    browser, at = client_of(VISITOR), f"{HOME}activities/{session.activity.number}/{session.number}/"
    file = f"{HOME}files/{session.activity.pictures[0].file}/"
    for address in (at, f"{at}poster/"):
        page = browser.get(address).content.decode()
        assert f'alt="{BAG.alt}"' in page
        assert f"{file}desk/ 900w" in page
        assert 'class="cover"' not in page
    assert f'og:image" content="http://testserver{file}desk/"' in browser.get(at).content.decode()
    for address in (f"{HOME}activities/", HOME):
        assert f"{file}stamp/" in browser.get(address).content.decode()
    (one,) = browser.get(f"{HOME}api/activities/").json()
    assert [(p["alt"], p["width"], p["height"]) for p in one["pictures"]] == [(BAG.alt, 900, 600)]
    services.edit(activity=session.activity, pictures=Wanted(away=1), by=system())
    assert 'class="cover"' in browser.get(at).content.decode()
    assert browser.get(f"{file}desk/").status_code == 404
    assert verify.check() == []


def test_there_is_one_and_another_needs_its_place(session: Session) -> None:
    with pytest.raises(arranging.EnoughPictures):
        services.edit(activity=session.activity, pictures=wanted(2), by=system())


def test_it_is_brought_with_the_plan_and_a_draft_shows_it_to_its_planners_alone(client_of: ClientOf) -> None:
    photo = SimpleUploadedFile("IMG.JPG", files.picture())
    sent = TYPED | {"picture": photo, "picture_words": BAG.alt, "add": "1"}
    answer = client_of("staff").post(f"{BENCH}new/", sent)
    assert answer.headers["Location"] == f"{BENCH}1/edit/#pictures"
    file = f"{HOME}files/{Activity.objects.get().pictures[0].file}/phone/"
    answers = {key: client_of(key).get(file).status_code for key in (VISITOR, "resident", "staff")}
    assert answers == {VISITOR: 302, "resident": 403, "staff": 200}


def test_what_is_no_picture_leaves_the_plan_as_it_was_typed(client_of: ClientOf) -> None:
    for content in (files.HEIC, files.SVG, files.PDF, files.png_that_says(50_000, 50_000)):
        sent = TYPED | {"picture": SimpleUploadedFile("a.jpg", content), "picture_words": BAG.alt}
        answer = client_of("staff").post(f"{BENCH}new/", sent)
        assert answer.status_code == 422
        assert 'value="旧物魔术会"' in answer.content.decode()
    looked = client_of("staff").post(
        f"{BENCH}new/",
        TYPED | {"preview": "1", "picture": SimpleUploadedFile("a.jpg", files.picture()), "picture_words": "包"},
    )
    assert "请再选一次" in looked.content.decode()
    assert not Activity.objects.exists()
