"""Whatever people write is cleaned and measured: no form, schema or column goes without, also one not written yet."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast, get_args, get_origin

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator
from pydantic.fields import FieldInfo

from config.api import api
from weiyifang.activities.models import Act, Activity, Enrollment, Excuse, Fetcher, Message, Session, Stall, StallCount
from weiyifang.banking.models import Explanation, Line
from weiyifang.capacity.models import PlacePool
from weiyifang.core import wordlists
from weiyifang.core.columns import Words, most
from weiyifang.core.models import Remark
from weiyifang.core.web.dates_typed import ClockField, DayField, MomentField
from weiyifang.core.web.fields import LineField
from weiyifang.files.album import LONGEST_ALT
from weiyifang.fund.models import (
    Budget,
    BudgetWord,
    Donation,
    MoneyMove,
    PaymentCorrection,
    PaymentRequest,
    PaymentReview,
    Purpose,
    PurposeChange,
    StatedBalance,
)
from weiyifang.grants.models import Appeal, GrantRun
from weiyifang.news.models import Article, Revision
from weiyifang.organizations.models import JoinRequest, Membership, Organization
from weiyifang.outreach.models import Grid
from weiyifang.people.models import Account, ConsentText, Household, Resident
from weiyifang.sharing.models import Application, Booking, Closure, Handover, Resource, Round, Slot
from weiyifang.stage.models import Engagement, Income, Offer
from weiyifang.stage.services.agreeing import LONGEST_NAME as LONGEST_CUSTOMER
from weiyifang.talents.models import Talent, TalentRequest, Thanks
from weiyifang.timetable.models import Part
from weiyifang.volunteering.models import HelpRequest, Hours, Need, Shift, Team, TimeGift, Volunteer
from weiyifang.wechat_pay.models import Order, Refund

ROOT = Path(__file__).resolve().parent.parent
OURS = [file for file in sorted(ROOT.glob("weiyifang/**/*.py")) if not {"tests", "migrations"} & set(file.parts)]
# What makes a workbook, a CSV, a calendar, a feed or XML.
WRITES = re.compile(
    r"import Workbook|WriteOnlyCell|csv\.writer|import Calendar\b|BEGIN:VCALENDAR|feedgenerator|XMLGenerator|SubElement"
)

# Texts that the program makes, or that are one of a list: no person's words.
MADE_HERE = {
    "core.Block": {"model", "columns", "hash"},
    "activities.Activity": {"kind"},
    "activities.Draw": {"commitment", "sheet"},
    "activities.Session": {"calendar_key"},
    "wechat_pay.Order": {"pool", "trade_no", "code_url", "transaction"},
    "wechat_pay.Refund": {"refund_no", "trouble"},
    "banking.Line": {"time", "key", "ending"},
    "banking.Statement": {"sha256", "shape"},
    "capacity.Share": {"name"},
    "capacity.Claim": {"share"},
    "communities.OwnRule": {"rule"},
    "calendars.Link": {"digest"},
    "core.Counter": {"kind"},
    "outreach.Contact": {"outcome"},
    "outreach.SpecialNeed": {"need"},
    "core.Installation": {"version"},
    "core.OnceRecord": {"scope", "key", "body_hash", "location", "content_type"},
    "core.Remark": {"field"},
    "core.TimelineEntry": {"verb", "actor_name"},
    "communities.Community": {"slug"},
    "errands.Errand": {"kind", "key", "language", "said"},
    "errands.ErrandFile": {"name", "media_type"},
    "files.Content": {"sha256"},
    "fund.Donation": {"channel", "pool", "salt"},
    "fund.MoneyMove": {"pool"},
    "fund.BudgetLine": {"pool", "category"},
    "fund.Purpose": {"code", "category"},
    "fund.PurposeChange": {"from_pool", "to_pool"},
    "fund.PaymentRequest": {"category", "pool", "salt", "decision_hash"},
    "governance.Anchor": {"chain", "hash"},
    "ledger.Account": {"code"},
    "ledger.Book": {"code"},
    "ledger.Hold": {"content_hash", "memo"},
    "ledger.Period": {"root_hash", "rows_hash"},
    "ledger.Pool": {"code"},
    "ledger.Seal": {"hash"},
    "ledger.Transfer": {"content_hash", "memo"},
    "news.Article": {"html"},
    "news.Column": {"code"},
    "notices.Notice": {"kind"},
    "organizations.Organization": {"kind"},
    "people.Account": {"password", "invitation", "look"},
    "people.SensitiveRead": {"fields_read"},
    "people.SentCode": {"key"},
    "people.Tally": {"key"},
    "people.TypedForm": {"path", "body"},
    "sharing.Resource": {"key", "weekdays"},
    "sharing.Round": {"commitment", "sheet"},
    "sharing.Wish": {"kind"},
    "timetable.Allocation": {"subject_kind"},
    "volunteering.Certificate": {"kind"},
    "volunteering.HelpRequest": {"kind"},
    "volunteering.YearPaper": {"code"},
    "volunteering.Need": {"skill", "certificate"},
    "timetable.Part": {"kind"},
}
# What is only looked for, as in every form called a filter or a search: a code that is compared, somebody.
LOOKED_FOR = {
    "activities.CodeForm.code",
    "activities.DeskForm.others",
    "activities.WalkInForm.who",
    "people.AccountForm.who",
    "people.DutyForm.who",
    "fund.RootForm.digits",
    "people.FilterForm.q",
    "people.InvitationForm.code",
    "volunteering.GiveTimeForm.name",
    "volunteering.HeirForm.name",
    "volunteering.ToWhomForm.name",
    "outreach.BuildingsForm.buildings",
    "outreach.ContactForm.after",
    "volunteering.ColleagueForm.name",
}
# Numbers that people write at greater length than they are kept: cleaned by `numbers`, and sealed or checked there.
WRITTEN_AT_LENGTH = {"phone", "id_number", "credit_code", "fee_fen", "amount", "own", "budget", "tenths"}
# Where each form's text goes: the column of the field's name, or of another.
KEPT_IN: dict[str, list[type[models.Model]] | dict[str, list[tuple[type[models.Model], str]]]] = {
    "activities.ActForm": [Act],
    "activities.NewActForm": [Act],
    "activities.SetUpForm": [Stall],
    "activities.TakeForm": [Stall],
    "activities.TakeBackForm": {"reason": [(StallCount, "why_back"), (Remark, "text")]},
    "activities.ActivityForm": [Activity],
    "activities.ChosenForm": {"reason": [(Session, "cancel_reason"), (Remark, "text")]},
    "activities.DateForm": [Session],
    "activities.DeskForm": {"note": [(Enrollment, "note")], "despite": [(Remark, "text")]},
    "activities.MoveForm": [Session],
    "activities.SpanForm": [Session],
    "activities.ReasonForm": {"reason": [(Activity, "cancel_reason"), (Session, "cancel_reason"), (Remark, "text")]},
    "activities.EnrollForm": [Enrollment],
    "activities.FetchedForm": [Fetcher],
    "activities.FetcherForm": [Fetcher],
    "activities.MessageForm": [Message],
    "activities.ObjectionForm": {"said": [(Excuse, "words"), (Remark, "text")]},
    "activities.DecisionForm": {"answer": [(Excuse, "answer"), (Remark, "text")]},
    "fund.ReceiptForm": [Donation],
    "banking.BookForm": [Donation],
    "banking.ExplainForm": {"word": [(Explanation, "word"), (Remark, "text")]},
    "banking.AsideForm": {"because": [(Line, "aside_because"), (Remark, "text")]},
    "wechat_pay.GiveForm": [Order, Donation],
    "wechat_pay.RefundForm": {"reason": [(Refund, "reason"), (Remark, "text")]},
    "wechat_pay.RefusalForm": {"answer": [(Refund, "answer"), (Remark, "text")]},
    "fund.PaymentForm": {
        **{name: [(PaymentRequest, name)] for name in ("title", "payee", "papers")},
        "beyond": [(BudgetWord, "word")],
    },
    "grants.ReasonForm": {"reason": [(GrantRun, "reason"), (Remark, "text")]},
    "grants.PaidForm": [PaymentRequest],
    "grants.AppealForm": {"words": [(Appeal, "words")]},
    "grants.AnswerForm": {"answer": [(Appeal, "answer"), (Remark, "text")]},
    "fund.ReasonForm": {"reason": [(PaymentRequest, "reason"), (Donation, "reversed_because"), (Remark, "text")]},
    "fund.PaidForm": [PaymentRequest],
    "fund.ReviewForm": [PaymentReview],
    "fund.MoveForm": [MoneyMove],
    "fund.CorrectionForm": [PaymentCorrection],
    "fund.StatedForm": [StatedBalance],
    "fund.BudgetForm": [Budget],
    "fund.PurposeForm": [Purpose],
    "fund.ChangeForm": [PurposeChange],
    "news.ArticleForm": [Article, Revision],
    "news.CorrectionForm": [Article, Revision],
    "news.ReasonForm": {"reason": [(Article, "sent_back_why"), (Article, "withdrawn_why"), (Remark, "text")]},
    "organizations.OrganizationForm": [Organization],
    "organizations.FileForm": [Organization],
    "organizations.RegisterForm": [Organization],
    "organizations.DissolveForm": {"reason": [(Organization, "dissolved_why"), (Remark, "text")]},
    "organizations.JoinForm": [JoinRequest],
    "organizations.DeclineForm": {"answer": [(JoinRequest, "answer"), (Remark, "text")]},
    "organizations.MemberForm": [Membership],
    "communities.SaidForm": {"why": [(Remark, "text")]},
    "volunteering.TeamForm": [Team],
    "volunteering.EndForm": {"reason": [(Team, "ended_why"), (Remark, "text")]},
    "volunteering.ShiftForm": {
        "what": [(Shift, "what")],
        "place": [(Shift, "place")],
        "note": [(Shift, "note")],
        "role": [(Need, "role")],
        "role_2": [(Need, "role")],
    },
    "volunteering.ChangeShiftForm": {
        "what": [(Shift, "what")],
        "place": [(Shift, "place")],
        "note": [(Shift, "note")],
        "role": [(Need, "role")],
        "role_2": [(Need, "role")],
    },
    "volunteering.HelpForm": [HelpRequest],
    "volunteering.OwnHelpForm": [HelpRequest],
    "volunteering.DeskHelpForm": [HelpRequest],
    "volunteering.UnfoundForm": {"reason": [(HelpRequest, "why"), (Remark, "text")]},
    "volunteering.BackForm": {"reason": [(TimeGift, "back_why"), (Remark, "text")]},
    "volunteering.WhyForm": {"reason": [(Hours, "why"), (Remark, "text")]},
    "volunteering.OffForm": {"reason": [(Shift, "off_why"), (Remark, "text")]},
    "volunteering.ChoicesForm": [Volunteer],
    "volunteering.SignUpForm": [Volunteer],
    "outreach.GridForm": [Grid],
    "talents.TalentForm": [Talent],
    "talents.PutDownForm": [Talent],
    "talents.OthersForm": [Talent],
    "talents.DeskForm": [Talent],
    "talents.RequestForm": [TalentRequest],
    "talents.AcceptForm": [TalentRequest],
    "talents.DeclineForm": [TalentRequest],
    "talents.ThanksForm": [Thanks],
    "stage.RequestForm": [Engagement],
    "stage.OfferForm": [Offer],
    "stage.DeclineForm": [Offer],
    "stage.OffForm": {"reason": [(Engagement, "off_why"), (Remark, "text")]},
    "stage.GiveBackForm": {"reason": [(Income, "given_back_why"), (Donation, "reversed_because"), (Remark, "text")]},
    "sharing.ResourceForm": [Resource],
    "sharing.BookingForm": [Booking],
    "sharing.ReasonForm": {"reason": [(Booking, "reason"), (Remark, "text")]},
    "sharing.HandoverForm": [Handover],
    "sharing.RoundForm": [Round],
    "sharing.WishesForm": [Application],
    "sharing.ObjectionForm": {"reason": [(Slot, "objection"), (Remark, "text")]},
    "sharing.CallOffForm": {"reason": [(Round, "reason"), (Remark, "text")]},
    "sharing.ClosureForm": {"reason": [(Closure, "reason"), (Remark, "text")]},
    "communities.RuleForm": {"why": [(Remark, "text")]},
    "communities.WordForm": {"why": [(Remark, "text")]},
    "people.AddressForm": [Household],
    "people.PersonForm": [Resident],
    "people.NewResidentForm": [Household, Resident],
    "people.EditForm": [Resident],
    "people.OwnRelationForm": [Resident],
    "people.ClaimForm": [Resident],
    "people.ConsentTextForm": [ConsentText],
}
# What the program copies from one column into another.
COPIES = [
    (Activity, "title", PlacePool, "name"),
    (Resource, "name", Part, "name"),
    (Closure, "reason", Booking, "reason"),
    (Activity, "title", Donation, "note"),  # of a lesson's fee
    (Engagement, "title", Donation, "note"),  # of the fund's part of a show
    (Activity, "place", Session, "place"),
    (Article, "title", Revision, "title"),
    (Article, "digest", Revision, "digest"),
    (Article, "text", Revision, "text"),
    (Revision, "note", Remark, "text"),
    (PaymentRequest, "reason", Remark, "text"),
    (Resident, "name", Account, "name"),
]


def columns() -> Iterator[Any]:
    for model in apps.get_models():
        if model.__module__.startswith("weiyifang."):
            for field in model._meta.local_fields:
                if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
                    yield pytest.param(field, id=f"{model._meta.label}.{field.name}")


def our_forms() -> Iterator[tuple[str, type[forms.BaseForm]]]:
    """Of every `forms` and `forms_…` of a package."""
    for app in apps.get_app_configs():
        if not app.name.startswith("weiyifang."):
            continue
        for file in sorted(Path(app.path).glob("forms*.py")):
            module, package = importlib.import_module(f"{app.name}.{file.stem}"), app.label
            for name, found in sorted(vars(module).items()):
                if (
                    isinstance(found, type)
                    and issubclass(found, forms.BaseForm)
                    and found.__module__ == module.__name__
                ):
                    yield f"{package}.{name}", found


def fields_of(*kinds: type[forms.Field]) -> Iterator[Any]:
    for name, form in our_forms():
        for field_name, field in cast("Any", form).base_fields.items():
            if isinstance(field, kinds):
                yield pytest.param(name, field_name, field, id=f"{name}.{field_name}")


def bodies() -> Iterator[tuple[str, type[Schema]]]:
    """What the API takes as the body of a request."""
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for model in operation.models:
                    if model.__ninja_param_source__ != "body":
                        continue
                    for field in model.model_fields.values():
                        for schema in schemas_in(field.annotation):
                            yield f"{path} {schema.__name__}", schema


def schemas_in(kind: Any) -> Iterator[type[Schema]]:
    if isinstance(kind, type) and issubclass(kind, Schema):
        yield kind
        for field in kind.model_fields.values():
            yield from schemas_in(field.annotation)
    for part in get_args(kind) if get_origin(kind) is not None else ():
        yield from schemas_in(part)


def sent() -> Iterator[Any]:
    for where, schema in bodies():
        for name, field in schema.model_fields.items():
            yield pytest.param(field, id=f"{where}.{name}")


def parts(kind: Any) -> Iterator[Any]:
    """What an annotation is made of, with what is said of each part."""
    yield kind
    for part in get_args(kind):
        yield from parts(part)


@pytest.mark.parametrize("column", list(columns()))
def test_every_column_of_words_cleans_and_has_a_name_for_people(column: Any) -> None:
    from weiyifang.core.sources import SourceField
    from weiyifang.people.secrets import FindKeyField, SealedField

    if isinstance(column, (SourceField, SealedField, FindKeyField)):
        return
    if column.name in MADE_HERE.get(column.model._meta.label, set()):
        return
    assert isinstance(column, Words), "use a column of core.columns, or say in MADE_HERE that no person writes it"
    assert isinstance(column.verbose_name, Promise)
    assert column.max_length


@pytest.mark.parametrize(("form", "name", "field"), list(fields_of(forms.CharField)))
def test_every_field_of_words_cleans_and_fits_where_it_is_kept(form: str, name: str, field: forms.CharField) -> None:
    assert isinstance(field, LineField), "use a field of core.fields"
    if form.endswith(("Filter", "Search")) or name in WRITTEN_AT_LENGTH or f"{form}.{name}" in LOOKED_FOR:
        return
    if form == "files.AlbumForm":  # an album is no column of words: its verb measures (`files.arranging`)
        assert field.max_length == LONGEST_ALT
        return
    if f"{form}.{name}" == "stage.RequestForm.customer":  # sealed, so its column does not measure: its verb does
        assert field.max_length == LONGEST_CUSTOMER
        return
    if f"{form}.{name}" == "communities.WordForm.name":  # one value of a rule, which its verb measures
        assert field.max_length == wordlists.LONGEST
        return
    said = KEPT_IN[form]
    if isinstance(said, dict):
        kept = said[name]
    else:
        kept = [(model, name) for model in said if any(one.name == name for one in model._meta.fields)]
    assert kept, "say in KEPT_IN where it is kept, or in LOOKED_FOR that it is not"
    assert field.max_length == min(most(model, column) for model, column in kept)


@pytest.mark.parametrize(
    ("form", "name", "field"), list(fields_of(forms.DateField, forms.TimeField, forms.DateTimeField))
)
def test_every_day_and_time_is_read_as_people_write_it(form: str, name: str, field: forms.Field) -> None:
    assert isinstance(field, (DayField, ClockField, MomentField)), "use a field of core.dates_typed"


@pytest.mark.parametrize("file", [file for file in OURS if WRITES.search(file.read_text())], ids=lambda file: file.name)
def test_every_writer_of_files_asks_what_a_file_can_hold(file: Path) -> None:
    assert "writable" in file.read_text(), "give every text through text.writable"


@pytest.mark.parametrize(("source", "name", "target", "copy"), COPIES)
def test_every_copy_has_room_for_what_is_copied(
    source: type[models.Model], name: str, target: type[models.Model], copy: str
) -> None:
    assert most(source, name) <= most(target, copy)


@pytest.mark.parametrize("field", list(sent()))
def test_every_text_and_number_that_programs_send_is_cleaned_and_bounded(field: FieldInfo) -> None:
    kinds = list(parts(field.annotation))
    said = [*field.metadata, *(mark for kind in kinds for mark in getattr(kind, "__metadata__", ()))]
    if str in kinds:
        assert any(isinstance(mark, BeforeValidator) for mark in said), "use a type of core.schemas"
    if int in kinds and bool not in kinds:
        marks = [part for mark in said for part in getattr(mark, "metadata", [mark])]
        assert any(getattr(mark, "strict", False) for mark in marks), "true is no number"
        assert any(getattr(mark, "le", None) is not None for mark in marks), "a column has an end"
    if {date, datetime} & {*kinds}:
        assert any(isinstance(mark, AfterValidator) for mark in said), "use Day or Moment of core.schemas"
