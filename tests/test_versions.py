"""Nobody decides on, or writes over, what they have not seen: every address that acts on a row that stands."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.forms import Form
from django.utils.functional import Promise
from pytest_django.plugin import DjangoDbBlocker

from tests import scenes
from tests.stage import Act, Stage
from tests.test_access import LINES
from tests.test_once import rows
from weiyifang.activities.forms import ActivityForm
from weiyifang.activities.models import Activity
from weiyifang.core.actors import system
from weiyifang.core.tenancy import CommunityModel, in_community, source_of
from weiyifang.core.web import versions
from weiyifang.fund.forms import PaymentForm
from weiyifang.fund.models import PaymentRequest
from weiyifang.news.forms import ArticleForm
from weiyifang.news.models import Article
from weiyifang.organizations.forms import OrganizationForm
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.forms import PersonForm
from weiyifang.people.models import Resident
from weiyifang.people.testing import CommunityClient

NEW = "it makes a row; there is nothing to write over"
ENDS = "the row is never edited: it stands or is over, and what is over is refused"
FIXED = "what was asked for cannot be edited by anybody; it is decided once, and a second time is refused"
COUNTS = "who came is counted beside what others count; the same person twice is refused"
READ = "a message is never edited; what its reader does with it is theirs alone"
UNSEEN = {  # addresses with an id that need not say what was seen, and why
    "activities/<number>/<date_number>/enrollments/": NEW,
    "activities/<number>/<date_number>/arrival/<code>/": COUNTS,
    "activities/<number>/visits/": NEW,
    "activities/enrollments/<pk>/leaves/": "said twice, it is the same",
    "activities/leaves/<pk>/end/": ENDS,
    "activities/absences/<pk>/objection/": "it is said once, and a second time is refused",
    "api/activities/absences/<pk>/objection": "it is said once, and a second time is refused",
    "activities/enrollments/<pk>/restoration/": "it gives back exactly what was given up, or is refused",
    "activities/enrollments/<pk>/acceptance/": "an offer stands or is gone, and what is gone is refused",
    "activities/tickets/<ticket>/": COUNTS,
    "workbench/activities/<number>/<date_number>/attendances/": COUNTS,
    "workbench/activities/<number>/<date_number>/enrollments/": NEW,
    "workbench/activities/<number>/<date_number>/members/": NEW,
    "workbench/activities/<number>/<date_number>/absences/": "it excuses once, and what was said meanwhile refuses it",
    "workbench/activities/<number>/<date_number>/message/": NEW,
    "activities/<number>/<date_number>/stalls/": "a stall that somebody else has is refused",
    "workbench/activities/<number>/<date_number>/stalls/": NEW,
    "workbench/activities/stalls/<pk>/proceeds/": "two people count without seeing what the other counted",
    "workbench/activities/stalls/<pk>/proceeds/taking-back/": "a count that two made is never edited; it stands or not",
    "workbench/activities/<number>/<date_number>/acts/": NEW,
    "workbench/activities/<number>/<date_number>/acts/publication/": "it is shown once, and a second time is refused",
    "workbench/activities/<number>/<date_number>/draw/": "it happens once, and nobody can be put on the list before it",
    "workbench/activities/attendances/<pk>/void/": ENDS,
    "workbench/activities/<number>/<date_number>/departures/<resident>/": "who has left already is refused",
    "workbench/activities/passages/<pk>/void/": ENDS,
    "activities/enrollments/<pk>/fetchers/": "said twice, it is the same",
    "activities/fetchers/<pk>/end/": ENDS,
    "workbench/fund/payments/<pk>/review/": "what is paid stays as it is, and a second review is refused",
    "workbench/fund/payments/<pk>/correction/": "it makes a row; more than is left of the payment is refused",
    "workbench/fund/corrections/<pk>/confirmation/": FIXED,
    "workbench/fund/corrections/<pk>/refusal/": FIXED,
    "workbench/fund/corrections/<pk>/withdrawal/": FIXED,
    "workbench/fund/budgets/<pk>/confirmation/": FIXED,
    "workbench/fund/budgets/<pk>/refusal/": FIXED,
    "workbench/fund/budgets/<pk>/withdrawal/": FIXED,
    "workbench/fund/purposes/<code>/change/": NEW,
    "workbench/fund/changes/<pk>/confirmation/": FIXED,
    "workbench/fund/changes/<pk>/refusal/": FIXED,
    "workbench/fund/changes/<pk>/withdrawal/": FIXED,
    "workbench/fund/changes/<pk>/undo/": FIXED,
    "workbench/fund/moves/<pk>/confirmation/": FIXED,
    "workbench/fund/moves/<pk>/refusal/": FIXED,
    "workbench/fund/moves/<pk>/withdrawal/": FIXED,
    "organizations/<number>/requests/": NEW,
    "organizations/<number>/requests/mine/withdrawal/": ENDS,
    "organizations/<number>/membership/end/": ENDS,
    "workbench/organizations/<number>/members/": NEW,
    "workbench/organizations/<number>/members/<pk>/end/": ENDS,
    "me/consents/<pk>/of/<person>/": "a wording is never edited; an older one is refused",
    "me/consents/<pk>/end/": ENDS,
    "me/suggestions/<person>/": "a switch of one's own: it stands as it was set last",
    "me/suggestions/<person>/end/": "as above",
    "me/relations/<pk>/end/": ENDS,
    "workbench/activities/import/<brought_in>/publication/": "all drafts of a file are shown as they are",
    "workbench/activities/import/<brought_in>/end/": ENDS,
    "me/calendars/<pk>/renewal/": "an address is never edited; a new one ends it",
    "me/calendars/<pk>/end/": ENDS,
    "workbench/residents/<number>/numbers/": "it looks, and changes nothing of the person",
    "workbench/residents/<number>/relations/": NEW,
    "workbench/residents/<number>/relations/<pk>/end/": ENDS,
    "workbench/papers/<kind>/<pk>/": NEW,
    "workbench/papers/<kind>/<pk>/look/": "it looks, and changes nothing of the papers",
    "workbench/papers/<kind>/<pk>/<file_pk>/end/": ENDS,
    "workbench/residents/<number>/consents/<pk>/": "a wording is never edited; an older one is refused",
    "workbench/wechat-pay/<pk>/refund/": NEW,
    "workbench/wechat-pay/refunds/<pk>/withdrawal/": ENDS,
    "workbench/banking/import/<pk>/": "a file that was read is never edited; what it meets is looked at anew",
    "workbench/banking/import/<pk>/columns/": "one's own file, as it stands",
    "workbench/banking/import/<pk>/end/": ENDS,
    "workbench/banking/statements/<pk>/end/": ENDS,
    "workbench/banking/places/<pk>/months/<year>/<month>/": "decided on sums: `banking/tests/test_months.py`",
    "workbench/banking/places/<pk>/sure/": "what is sure is looked at anew, and each line once",
    "workbench/residents/import/<pk>/": "a file that was read is never edited; what it meets is looked at anew",
    "workbench/residents/import/<pk>/end/": ENDS,
    "workbench/errands/<pk>/end/": ENDS,
    "workbench/errands/<pk>/again/": NEW,
    "workbench/errands/<pk>/file/": "it hands a file out, and changes nothing",
    "workbench/rules/<name>/": NEW,
    "workbench/rules/own/<pk>/end/": ENDS,
    "workbench/duties/<pk>/end/": ENDS,
    "workbench/duties/<pk>/invitation/": "a duty is never edited; a new invitation ends the one before",
    "workbench/duties/<pk>/again/": NEW,
    "me/messages/<pk>/": READ,
    "me/messages/<pk>/end/": READ,
    "me/messages/<pk>/return/": READ,
    "workbench/messages/deliveries/<pk>/telling/": ENDS,
    "workbench/messages/deliveries/<pk>/telling/end/": ENDS,
    "volunteering/children/<pk>/end/": ENDS,
    "volunteering/teams/<number>/membership/": NEW,
    "volunteering/teams/<number>/membership/end/": ENDS,
    "volunteering/shifts/<number>/slots/<pk>/end/": ENDS,
    "volunteering/shifts/<number>/slots/<pk>/search/": ENDS,
    "volunteering/shifts/<number>/slots/<pk>/search/end/": ENDS,
    "volunteering/help/<number>/address/": "it changes nothing; that somebody looked is noted",
    "workbench/volunteering/volunteers/<pk>/papers/": "the paper says what the books have, whoever asks for it",
    "volunteering/shifts/<number>/slots/<pk>/colleague/": NEW,
    "volunteering/shifts/<number>/slots/<pk>/swap/end/": ENDS,
    "workbench/volunteering/slots/<pk>/end/": ENDS,
    "volunteering/shifts/<number>/slots/<pk>/hours/": NEW,
    "workbench/volunteering/shifts/<number>/hours/": NEW,
    "workbench/volunteering/shifts/<number>/hours/planned/": NEW,
    "workbench/volunteering/slots/<pk>/return/": ENDS,
    "workbench/volunteering/teams/<number>/hours/approvals/": "hours are never edited; what was decided is not again",
    "workbench/volunteering/time/<pk>/reversal/": "what was given is never edited; it is taken back once",
    "workbench/volunteering/hours/<pk>/refusal/": "hours are never edited; what was decided is not again",
    "workbench/volunteering/hours/<pk>/reversal/": "hours are never edited; what was taken back is not again",
    "workbench/volunteering/teams/<number>/shifts/new/": NEW,
    "workbench/volunteering/teams/<number>/members/": NEW,
    "workbench/volunteering/teams/<number>/members/<pk>/end/": ENDS,
    "workbench/volunteering/volunteers/<pk>/certificates/": NEW,
    "workbench/volunteering/certificates/<pk>/end/": ENDS,
    "workbench/outreach/residents/<number>/": "it makes a row; what was noted meanwhile is shown first",
    "workbench/outreach/residents/<number>/needs/": NEW,
    "workbench/outreach/needs/<pk>/end/": ENDS,
    "workbench/outreach/grids/<number>/buildings/": NEW,
    "workbench/outreach/grids/buildings/<pk>/end/": ENDS,
    "workbench/outreach/grids/<number>/workers/": NEW,
    "workbench/outreach/grids/workers/<pk>/end/": ENDS,
    "talents/<number>/requests/": NEW,
    "api/talents/<number>/requests": NEW,
    "talents/thanks/<pk>/showing/": "thanks are never edited; those that were taken back are refused",
    "talents/thanks/<pk>/end/": ENDS,
    "workbench/talents/<number>/end/": ENDS,
    "stage/performances/<pk>/end/": ENDS,
    "workbench/stage/<number>/phone/": "it changes nothing; that somebody looked is noted",
    "workbench/stage/<number>/offers/": NEW,
    "workbench/stage/performers/<pk>/end/": ENDS,
    "workbench/stage/income/<pk>/return/": ENDS,
    "sharing/<number>/bookings/": NEW,
    "workbench/sharing/rounds/<number>/sharing-out/": "it happens once, and nobody applies any more before it",
    "workbench/sharing/<number>/closures/": "it makes a row; whoever has it then is shown before they lose it",
    "workbench/sharing/closures/<pk>/end/": ENDS,
    "api/sharing/<number>/bookings": NEW,
    "api/volunteering/slots/<pk>": ENDS,
    "api/volunteering/slots/<pk>/hours": NEW,
    "api/activities/<number>/<date_number>/enrollments": NEW,
    "api/activities/<number>/<date_number>/groups": NEW,
    "api/activities/<number>/<date_number>/visits": NEW,
    "api/activities/<number>/<date_number>/leaves": "said twice, it is the same",
    "api/activities/leaves/<pk>": ENDS,
    "api/activities/<number>/<date_number>/attendances": COUNTS,
    "api/activities/<number>/<date_number>/departures": COUNTS,
}
ACTING = [line for line in LINES if not line.startswith("GET ") and "<" in line]
DECIDING = [line for line in ACTING if line.split()[1] not in UNSEEN]
FORM = re.compile(r"<form\b(?P<head>[^>]*)>(?P<body>.*?)</form>", re.DOTALL)
ACTION = re.compile(r'action="([^"#]*)')
SEEN = re.compile(r'name="_seen" value="([^"]+)"')


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Its browsers say nothing of themselves: here every mark comes from a page."""
    for stage in scenes.on_stage("nanhu", django_db_blocker):
        for browser in stage.browsers.values():
            browser.looks = False
        yield stage


@pytest.fixture
def act(stage: Stage, line: str) -> Iterator[Act]:
    """The act of the line, everything before it done; whatever the test does is undone."""
    with transaction.atomic(), in_community(stage.community):
        stage.prepare(line)
        yield stage.acts[line]
        transaction.set_rollback(True)


def address_of(stage: Stage, line: str) -> str:
    _method, route, *variant = line.split()
    return stage.address(route, variant[0].removeprefix("@") if variant else "")


def pages(stage: Stage, address: str) -> Iterator[str]:
    """Where a form that is sent to `address` may stand: there, above it, then anywhere."""
    if "/enrollments/" in address:
        yield f"/c/nanhu/activities/{date_of(address)}enrollments/"
    if "/wechat-pay/refunds/" in address:
        refund: Any = apps.get_model("wechat_pay.refund").objects.get(pk=address.split("/")[-3])
        yield f"/c/nanhu/workbench/wechat-pay/{refund.order_id}/"
    if address.endswith("/leader/"):
        yield f"{address.removesuffix('leader/')}?q=新来的"
    while address.count("/") > 3:
        yield address
        address = f"{address.rstrip('/').rpartition('/')[0]}/"
    for line in LINES:
        if line.startswith("GET ") and "api/" not in line:
            yield address_of(stage, line)


def date_of(address: str) -> str:
    """Whose page shows the enrolment in this address: `<number>/<date_number>/`."""
    pk = address.partition("/enrollments/")[2].partition("/")[0]
    found: Any = apps.get_model("activities.enrollment").objects.select_related("session__activity").get(pk=pk)
    return f"{found.session.activity.number}/{found.session.number}/"


def marks_in(page: str, text: str, address: str) -> list[str] | None:
    """What the form that is sent to `address` says was seen; None when there is none on this page."""
    for form in FORM.finditer(text):
        action = ACTION.search(form["head"])
        if 'method="post"' in form["head"] and ((action and html.unescape(action[1])) or page) == address:
            return SEEN.findall(form["body"])
    return None


found_on: dict[str, str] = {}  # where a form stood the last time: the next test looks there first


def seen(stage: Stage, line: str) -> list[str]:
    """What whoever does the act of this line has seen, as their page or the API tells it."""
    address, who = address_of(stage, line), stage.acts[line].by
    browser = stage.browsers[who]
    if " api/sharing/rounds/" in line:
        return of_a_season(browser, address)
    if line.startswith("DELETE "):
        of_date = f"activities/{date_of(address)}enrollments" if "/enrollments/" in address else ""
        there = f"/c/nanhu/api/{of_date or 'sharing/bookings'}"
        return [one["version"] for one in browser.get(there).json() if one["id"] in address]
    if " api/sharing/bookings/" in line:
        lent = browser.get(f"/c/nanhu/api/sharing/{'bookings' if line.endswith('/time') else 'lending'}").json()
        return [one["version"] for one in lent if one["id"] in address]
    if " api/" in line:
        row = re.sub(r"/(acceptance|refusal|end|thanks)$", "", address.partition("/needs/")[0])
        return [browser.get(row).json()["version"]]
    tried = {""}
    for page in chain([found_on.get(line, "")], pages(stage, address)):
        if page not in tried:
            tried.add(page)
            answer = browser.get(page)
            if answer.status_code == 200 and not answer.streaming:
                marks = marks_in(page, answer.content.decode(errors="replace"), address)
                if marks is not None:
                    found_on[line] = page
                    return marks
    raise AssertionError(f"no page has a form that is sent to {address}")


def of_a_season(browser: CommunityClient, address: str) -> list[str]:
    """What a program reads of the slots of seasons: applications, and slots that were given."""
    found, root = list[str](), "/c/nanhu/api/sharing/rounds"
    for season in browser.get(root).json():
        here = f"{root}/{season['number']}/"
        slots = [one for result in browser.get(f"{here}results").json() for one in result["slots"]]
        asked = browser.get(f"{here}applications").json()
        found += [
            one["version"] for one in [*slots, *asked] if one["id"] in address or f"{here}applications" == address
        ]
    return found


def send(stage: Stage, line: str, marks: list[str]) -> Any:
    act = stage.acts[line]
    if line.startswith("DELETE"):
        headers = {"Origin": "http://testserver", "If-Match": ", ".join(f'"{one}"' for one in marks)}
        return stage.browsers[act.by].delete(address_of(stage, line), headers=headers)
    if " api/" in line:
        headers = {"Origin": "http://testserver", "If-Match": ", ".join(f'"{one}"' for one in marks)}
        return stage.browsers[act.by].post(address_of(stage, line), act.body, "application/json", headers=headers)
    return stage.send(line, act.by, more={"_seen": marks})


def changed_behind_the_back(source: str) -> bool:
    """Change something of the row that a reader saw, as a colleague might have."""
    label, _colon, pk = source.partition(":")
    model = apps.get_model(label)
    assert issubclass(model, CommunityModel)
    if model.append_only:
        people.publish_consent_text(purpose="photos", text="同事改过的说法。", by=system())
        return True
    row = model.objects.get(pk=pk)
    for name in model.in_view:
        field = model._meta.get_field(name)
        other = another(field, getattr(row, field.attname)) if isinstance(field, models.Field) else None
        if other is not None:
            try:
                with transaction.atomic():
                    model.objects.filter(pk=pk).update(**{name: other})
            except DatabaseError:  # what the program may not change, another may not have changed either
                continue
            return True
    return False


def another(field: models.Field[Any, Any], value: Any) -> Any:
    """A value that could stand there as well; None for what would change what may be done with it."""
    if field.choices:
        return "desk" if value == "writing" else None
    if isinstance(value, str):
        return f"{value[: (field.max_length or 100) - 1]}改"
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value + 1
    return value + timedelta(minutes=5) if isinstance(value, datetime | date) else None


@pytest.mark.parametrize("line", DECIDING)
def test_what_changed_since_it_was_read_is_said_and_nothing_is_done(stage: Stage, line: str, act: Act) -> None:
    marks = seen(stage, line)
    assert marks, "the form does not say what was seen"
    known = versions.read(marks)
    assert None not in known.values()
    refused = False
    for source in known:
        with transaction.atomic():
            assert changed_behind_the_back(source)
            before = rows()
            answer = send(stage, line, marks)
            if answer.status_code >= 400:
                refused = True
                assert answer.status_code in {409, 412, 422}, answer.content.decode()[:500]
                assert rows() == before
                again = send(stage, line, newer(stage, line, answer))
                assert again.status_code < 400, again.content.decode()[:2000]
            transaction.set_rollback(True)
    assert refused


def newer(stage: Stage, line: str, answer: Any) -> list[str]:
    """What they see then: on the form that is shown again, else on the page opened anew."""
    address = address_of(stage, line)
    shown = marks_in(address, answer.content.decode(), address) if answer.status_code == 422 else None
    return shown or seen(stage, line)


@pytest.mark.parametrize("line", DECIDING)
def test_what_nobody_says_they_have_seen_is_not_done(stage: Stage, line: str, act: Act) -> None:
    """From a page of long ago, by hand, or by a program that did not read it first."""
    before = rows()
    answer = send(stage, line, [])
    said = answer.content.decode()
    if " api/" in line:
        assert (answer.status_code, answer.json()["code"]) == (428, "NotSeen")
    else:
        assert answer.status_code in {409, 422}, said[:500]
        assert html.escape(str(versions.NotSeen())) in said
    assert rows() == before
    again = send(stage, line, newer(stage, line, answer))
    assert again.status_code < 400, again.content.decode()[:2000]


@pytest.mark.parametrize("line", DECIDING)
def test_what_did_not_change_is_done(stage: Stage, line: str, act: Act) -> None:
    before = rows()
    answer = send(stage, line, seen(stage, line))
    assert answer.status_code < 400, answer.content.decode()[:2000]
    assert rows() != before


def test_every_reason_belongs_to_an_address() -> None:
    assert set(UNSEEN) <= {line.split()[1] for line in ACTING}


@pytest.mark.parametrize(
    ("form", "model"),
    [
        (ActivityForm, Activity),
        (OrganizationForm, Organization),
        (PaymentForm, PaymentRequest),
        (ArticleForm, Article),
        (PersonForm, Resident),
    ],
)
def test_whatever_a_form_writes_over_was_seen(form: type[Form], model: type[CommunityModel]) -> None:
    """A field more on a form of what stands is a field more in `in_view`."""
    written = {{"amount": "amount_fen", "urgent": "path"}.get(name, name) for name in form.base_fields}
    written -= {"beyond"}  # a word that is added, and writes over none
    assert written <= set(model.in_view)


@pytest.mark.parametrize("model", [one for one in apps.get_models() if getattr(one, "in_view", ())])
def test_whatever_is_seen_has_a_name_that_can_be_said_in_both_languages(model: type[CommunityModel]) -> None:
    for name in model.in_view:
        field = model._meta.get_field(name)
        assert isinstance(field, models.Field)
        assert isinstance(versions.name_of(model, field), Promise), f"{model.__name__}.{name} has no name for people"


def test_a_mark_is_the_same_as_long_as_the_row_is(stage: Stage) -> None:
    with in_community(stage.community):
        row: Any = apps.get_model("fund.paymentrequest").objects.first()
        assert versions.mark(row) == versions.mark(type(row).objects.get(pk=row.pk))
        assert list(versions.read([versions.mark(row)])) == [source_of(row)]
