"""A picture instead of the drawing: on the card, the page and the poster; of a draft for its planners alone."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from weiyifang.activities import services, verify
from weiyifang.activities.models import Activity, Session
from weiyifang.activities.tests import make
from weiyifang.activities.tests.test_workbench import BENCH, TYPED
from weiyifang.core.actors import system
from weiyifang.files import arranging
from weiyifang.files.arranging import Wanted, Words
from weiyifang.files.tests import make as files
from weiyifang.people.testing import VISITOR, ClientOf, CommunityClient

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


def is_red(browser: CommunityClient, address: str) -> bool:
    """Is there anything left of the red corner?"""
    with Image.open(io.BytesIO(b"".join(browser.get(address)))) as image:
        pixels = image.convert("RGB").resize((60, 60)).tobytes()
    return any(red > 180 and green < 80 for red, green in zip(pixels[::3], pixels[1::3], strict=True))


def test_what_the_frame_does_not_show_can_be_cut_off_for_good(session: Session, client_of: ClientOf) -> None:
    """The corner at the top left is red: who keeps the bottom of an upright picture keeps nothing of it."""
    upright = Wanted(away=1), Wanted(brought=files.brought(files.picture(600, 1200)), said=BAG)
    for wanted_now in upright:
        session.activity = services.edit(activity=session.activity, pictures=wanted_now, by=system())
    (whole,) = session.activity.pictures.shown
    staff, number = client_of("staff"), whole.number
    address = f"{HOME}files/{whole.file}/print/"
    assert is_red(staff, address)
    there = f"{BENCH}{session.activity.number}/edit/"
    said = {f"words_{number}": BAG.alt, f"focus_{number}": "b", f"cut_{number}": "on"}
    assert staff.post(there, TYPED | said).status_code == 302
    activity = Activity.objects.get()
    (kept,) = activity.pictures.shown
    assert (kept.number, kept.alt, kept.width, kept.height) == (number, BAG.alt, 600, 400)
    assert not any(is_red(staff, f"{HOME}files/{kept.file}/{size}/") for size in ("stamp", "desk", "print"))
    assert staff.get(address).status_code == 404
    assert verify.check() == []
    assert staff.post(there, TYPED | said).status_code == 302
    (still,) = Activity.objects.get().pictures.shown
    assert still.file == kept.file, "there is nothing more to cut off"


def test_a_picture_that_was_cut_can_be_had_back_whole_for_a_while(session: Session) -> None:
    services.edit(activity=session.activity, pictures=Wanted(away=1), by=system())
    upright = Wanted(brought=files.brought(files.picture(600, 1200)), said=BAG)
    (whole,) = services.edit(activity=session.activity, pictures=upright, by=system()).pictures.shown
    cut = Wanted(about={whole.number: Words(BAG.alt, focus="t", cut=True)})
    activity = services.edit(activity=session.activity, pictures=cut, by=system())
    last = activity.pictures.away[-1]
    services.edit(activity=activity, pictures=Wanted(away=whole.number), by=system())
    (again,) = services.edit(activity=activity, pictures=Wanted(back=last.number), by=system()).pictures.shown
    assert (again.width, again.height) == (600, 1200)


def test_one_planned_like_another_takes_its_picture_along(session: Session, client_of: ClientOf) -> None:
    staff, there = client_of("staff"), f"{BENCH}new/?like={session.activity.number}"
    assert f"files/{session.activity.pictures[0].file}/stamp/" in staff.get(there).content.decode()
    sent = TYPED | {"title": "明年的", "take_along": "on"}
    looked = staff.post(there, sent | {"preview": "1"}).content.decode()
    assert f"files/{session.activity.pictures[0].file}/phone/" in looked
    assert staff.post(there, sent).status_code == 302
    (one,) = Activity.objects.get(title="明年的").pictures
    assert (one.alt, one.sizes) == (BAG.alt, session.activity.pictures[0].sizes)
    assert one.file != session.activity.pictures[0].file
    services.edit(activity=session.activity, pictures=Wanted(away=1), by=system())
    assert staff.get(f"{HOME}files/{one.file}/desk/").status_code == 200, "each has its own"
    assert staff.post(there, TYPED | {"title": "没有图的"}).status_code == 302
    assert not Activity.objects.get(title="没有图的").pictures
    assert verify.check() == []
