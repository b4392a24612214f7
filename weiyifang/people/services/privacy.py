"""Looking at sensitive fields, and being forgotten."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock, timeline
from weiyifang.core.actors import Actor, system
from weiyifang.core.events import announce, announced_together
from weiyifang.core.forgetting import write_over
from weiyifang.core.models import OnceRecord
from weiyifang.core.refusals import NotAllowed, Refused
from weiyifang.core.tenancy import current_community_id, fill_community, source_of
from weiyifang.core.web import versions
from weiyifang.core.web.access import require, require_fresh
from weiyifang.people import queries, rules, terms
from weiyifang.people.events import (
    ErasureAsked,
    ErasureConfirmed,
    ErasureTakenBack,
    PapersRead,
    PersonErased,
    ResidentsExported,
    SensitiveFieldsRead,
)
from weiyifang.people.models import (
    NEUTRAL_NAME,
    NUMBERS,
    Account,
    Duty,
    ErasureReason,
    ErasureRequest,
    ImportDraft,
    ReadReason,
    Relation,
    Resident,
    ResidentQuerySet,
    SensitiveField,
    SensitiveRead,
    TypedForm,
)
from weiyifang.people.services.accounts import drop_credentials
from weiyifang.people.services.residents import Forgotten, locked_resident


class ReasonMissing(Refused):
    """Somebody wanted to read a sensitive field without saying why."""

    sentence = _("Choose why you need it. The person sees who looked, when and why.")
    status = 422


class LookAgain(Refused):
    """What was shown for a few minutes is hidden again."""

    sentence = _("It was shown for 5 minutes and is hidden again. If you still need it, say why once more.")


class DutiesFirst(Refused):
    """A person on duty asked to be forgotten."""

    sentence = _("This person still has a duty here. It must end first: talk to the secretary.")


class ErasureStands(Refused):
    """It was asked for before."""

    sentence = _("This was asked for already. Until the day that is shown it can be taken back.")


class ErasureReasonMissing(Refused):
    """The desk asked that somebody be forgotten and did not say why."""

    sentence = _("Choose why this person is to be forgotten. It stays on record, without the name.")
    status = 422


class OwnErasure(Refused):
    """Somebody asked or confirmed at the desk that they themselves be forgotten."""

    sentence = _("This is your own record. Ask to be forgotten on your own page.")


class SecondPersonNeeded(Refused):
    """Whoever asked wanted to confirm, too."""

    sentence = _("You asked for this yourself. Somebody else of the office has to confirm it.")


class ErasureConfirmedAlready(Refused):
    """Another was quicker."""

    sentence = _("This is confirmed already. Until the day that is shown it can be taken back.")


class NothingToConfirm(Refused):
    """What was to be confirmed is not asked for any more."""

    sentence = _("There is nothing to confirm: it was taken back, or it is done.")


class NothingToTakeBack(Refused):
    """There is no open wish to be forgotten."""

    sentence = _("There is nothing to take back: either it was taken back already, or it is done.")


class NotDue(Refused):
    """A wish to be forgotten was to be carried out, and is not due (any more)."""

    sentence = _("This is not to be done: it was taken back, or its time has not come.")


@transaction.atomic
def read_sensitive(*, resident: Resident, fields: tuple[str, ...], reason: str, by: Actor) -> SensitiveRead:
    """Note who looks at which fields, and why; then `reveal` shows them for five minutes. Announces
    `SensitiveFieldsRead`. Raises `ReasonMissing`.
    """
    names = tuple(field for field in fields if field in NUMBERS)
    read = _noted(resident, names, reason, by)
    announce(SensitiveFieldsRead(subject=source_of(resident), fields=names), by=by)
    return read


@transaction.atomic
def read_papers(*, resident: Resident, reason: str, by: Actor) -> SensitiveRead:
    """Note who looks at a person's sealed papers, and why; for five minutes `queries.is_looking_at` says yes.

    Announces `PapersRead`. Raises `ReasonMissing`.
    """
    read = _noted(resident, (SensitiveField.PAPERS.value,), reason, by)
    announce(PapersRead(subject=source_of(resident)), by=by)
    return read


@transaction.atomic
def note_reading(*, resident: Resident, fields: tuple[str, ...], reason: str, by: Actor) -> SensitiveRead:
    """Somebody looks at what a topic's own rule lets them see of this person: whoever helps them must know where.

    The topic has asked its rule; here it is noted, and the person sees it. Announces `SensitiveFieldsRead`. Raises
    `ReasonMissing`.
    """
    read = _written(resident, fields, reason, by)
    announce(SensitiveFieldsRead(subject=source_of(resident), fields=fields), by=by)
    return read


def _noted(resident: Resident, fields: tuple[str, ...], reason: str, by: Actor) -> SensitiveRead:
    require(rules.can_read_sensitive(by))
    require_fresh(by)
    return _written(resident, fields, reason, by)


def _written(resident: Resident, fields: tuple[str, ...], reason: str, by: Actor) -> SensitiveRead:
    if by.account_id is None:
        raise NotAllowed()
    if reason not in ReadReason.values or not fields:
        raise ReasonMissing()
    read = SensitiveRead(resident=resident, reader_id=by.account_id, fields_read=",".join(fields), reason=reason)
    read.save(force_insert=True)
    return read


def reveal(*, read: SensitiveRead, by: Actor) -> dict[str, str]:
    """The values that were asked for, to the one who asked. Raises `LookAgain` when the five minutes are over."""
    if read.reader_id != by.account_id or not rules.can_read_sensitive(by):
        raise NotAllowed()
    require_fresh(by)
    if clock.now() - read.at > queries.SHOWN_FOR:
        raise LookAgain()
    return {field: getattr(read.resident, field) for field in read.fields_read.split(",")}


@transaction.atomic
def note_export(*, residents: ResidentQuerySet, sensitive: bool, by: Actor) -> int:
    """Note that a list of residents leaves as a file, and with numbers: who looked at each of them.

    Announces `ResidentsExported`. Returns how many people are in the list.
    """
    require(rules.can_read_sensitive(by) if sensitive else rules.can_see_residents(by))
    if sensitive:
        require_fresh(by)
    ids = list(residents.order_by("pk").values_list("pk", flat=True))
    if sensitive:
        if by.account_id is None:
            raise NotAllowed()
        both = ",".join(NUMBERS)
        reads = [
            SensitiveRead(resident_id=pk, reader_id=by.account_id, fields_read=both, reason=ReadReason.EXPORT)
            for pk in ids
        ]
        fill_community(reads)
        SensitiveRead.objects.bulk_create(reads, batch_size=2000)
    announce(ResidentsExported(subject="people.export", count=len(ids), with_sensitive=sensitive), by=by)
    return len(ids)


@transaction.atomic
def ask_erasure(*, resident: Resident, by: Actor) -> ErasureRequest:
    """Ask to be forgotten once the time to think is over (`terms`).

    Announces `ErasureAsked`. Raises `DutiesFirst`, `ErasureStands`.
    """
    require(rules.is_self(by, resident))
    resident = locked_resident(resident, by)
    return _ask(resident, ErasureReason.WISH, due_at=clock.now() + terms.time_to_think(), by=by)


@transaction.atomic
def ask_erasure_of(*, resident: Resident, reason: str, by: Actor) -> ErasureRequest:
    """Ask at the desk that somebody be forgotten; nothing happens before a second person confirms it.

    Announces `ErasureAsked`. Raises `ErasureReasonMissing`, `OwnErasure`, `DutiesFirst`, `ErasureStands`.
    """
    require(rules.can_manage_residents(by) and by.account_id is not None)
    if reason not in ErasureReason.values or reason == ErasureReason.WISH:
        raise ErasureReasonMissing()
    resident = locked_resident(resident, by)
    _refuse_own(resident, by)
    return _ask(resident, ErasureReason(reason), due_at=None, by=by)


def _ask(resident: Resident, reason: ErasureReason, *, due_at: datetime | None, by: Actor) -> ErasureRequest:
    assert by.account_id is not None
    _refuse_on_duty(resident)
    if queries.open_erasure(resident) is not None:
        raise ErasureStands()
    request = ErasureRequest(resident=resident, reason=reason, asked_by_id=by.account_id, due_at=due_at)
    request.save(force_insert=True)
    announce(ErasureAsked(subject=source_of(resident), reason=reason.value), by=by)
    return request


@transaction.atomic
def confirm_erasure(*, resident: Resident, by: Actor) -> ErasureRequest:
    """Say as the second person that this resident is to be forgotten: it is done after the time to think (`terms`).

    Announces `ErasureConfirmed`. Raises `NothingToConfirm`, `ErasureConfirmedAlready`, `SecondPersonNeeded`,
    `OwnErasure`, `DutiesFirst`.
    """
    require(rules.can_manage_residents(by) and by.account_id is not None)
    resident = locked_resident(resident, by)
    request = queries.open_erasure(resident)
    if request is None:
        raise NothingToConfirm()
    versions.check(request, by, alone=True)
    if request.due_at is not None:
        raise ErasureConfirmedAlready()
    if request.asked_by_id == by.account_id:
        raise SecondPersonNeeded()
    _refuse_own(resident, by)
    _refuse_on_duty(resident)
    now = clock.now()
    request.confirmed_by_id, request.confirmed_at, request.due_at = by.account_id, now, now + terms.time_to_think()
    request.save(update_fields=["confirmed_by", "confirmed_at", "due_at"])
    announce(ErasureConfirmed(subject=source_of(resident)), by=by)
    return request


@transaction.atomic
def take_back_erasure(*, resident: Resident, by: Actor) -> ErasureRequest:
    """Keep somebody after all: the person their own wish and the desk's, the desk what the desk asked for.

    Announces `ErasureTakenBack`. Raises `NothingToTakeBack`.
    """
    require(rules.is_self(by, resident) or rules.can_manage_residents(by))
    resident = locked_resident(resident, by)
    request = queries.open_erasure(resident)
    if request is None:
        raise NothingToTakeBack()
    versions.check(request, by, alone=True)
    require(rules.can_take_back_erasure(by, request))
    request.taken_back_at = clock.now()
    request.save(update_fields=["taken_back_at"])
    announce(ErasureTakenBack(subject=source_of(resident)), by=by)
    return request


def erase_due() -> int:
    """Carry out the wishes whose time to think is over, each in its own transaction. Returns how many."""
    count = 0
    for request in list(queries.erasures_due().select_related("resident")):
        try:
            erase_person(resident=request.resident, by=system(), due=True)
        except (DutiesFirst, NotDue, Forgotten):  # given a duty in the meantime (it waits), or taken back just now
            continue
        count += 1
    return count


@transaction.atomic
def erase_person(*, resident: Resident, by: Actor, due: bool = False) -> Resident:
    """Forget a person: their record keeps its number and every tally it is part of, and a neutral name.

    The program does it (people ask, see `ask_erasure` and `ask_erasure_of`); with `due`, only while a wish that has
    come due still stands. Their account goes with it unless they live or work in another community, too. Announces
    `PersonErased`, so that every package that keeps a name forgets it in the same transaction. Raises `DutiesFirst`,
    `Forgotten`, `NotDue`.
    """
    require(by.is_system)
    _forget_answers(resident)
    _forget_files(resident)
    resident = locked_resident(resident, by)
    name = resident.name
    if due and not queries.erasures_due().filter(resident=resident).exists():  # looked at again, under the lock
        raise NotDue()
    _refuse_on_duty(resident)
    account = resident.account
    resident.name, resident.gender, resident.born_on, resident.born_month_only = NEUTRAL_NAME, "", None, False
    resident.phone = resident.id_number = ""
    resident.household = resident.account = None
    resident.left_on = resident.left_on or clock.today()
    resident.erased_at = clock.now()
    resident.save()
    Relation.objects.filter(Q(resident=resident) | Q(helper=resident)).delete()
    wishes = resident.erasure_requests.filter(taken_back_at=None, done_at=None)
    wishes.filter(due_at=None).update(taken_back_at=clock.now())  # nobody confirmed it, and now it is needless
    wishes.update(done_at=clock.now())
    gone = account is not None and not _known_elsewhere(account)
    gone_account = account.pk if account and gone else None
    fact = PersonErased(subject=source_of(resident), account_id=gone_account, name=name)
    with announced_together():  # what follows, then the account, for which a sign-in waits; then that pages changed
        announce(fact, by=by)
        if account is not None and gone:
            _forget_account(account)
    timeline.forget_remarks([source_of(resident)])
    timeline.forget_name(name, instead=NEUTRAL_NAME)
    if gone_account is not None:
        TypedForm.everywhere.filter(account=gone_account).delete()  # one account serves all communities
    return resident


def _refuse_own(resident: Resident, by: Actor) -> None:
    if resident.account_id == by.account_id or rules.is_self(by, resident):
        raise OwnErasure()


def _refuse_on_duty(resident: Resident) -> None:
    if queries.duties_of(resident.account_id):
        raise DutiesFirst()


def _known_elsewhere(account: Account) -> bool:
    residents = Resident.everywhere.filter(account=account)  # one person's account serves all their communities
    duties = Duty.everywhere.filter(account=account, until=None)  # as above
    return residents.exists() or duties.exists()


def _forget_answers(resident: Resident) -> None:
    """Answers kept for repeated requests (`core.web.once`): to the person, and those that mention them."""
    if resident.account_id is not None:
        OnceRecord.objects.filter(scope__startswith=f"{resident.account_id} ").delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM core_oncerecord WHERE community_id = %s"
            " AND (position(%s in body) > 0 OR position(%s in body) > 0)",
            [current_community_id(), resident.name.encode(), json.dumps(resident.name).strip('"').encode()],
        )


def _forget_files(resident: Resident) -> None:
    """Files of residents: those the person uploaded and nobody said yes to, and what files were called."""
    if resident.account_id is not None:
        ImportDraft.objects.filter(made_by=resident.account_id, done_at=None).delete()
    write_over(ImportDraft.objects.all(), "file_name", name=resident.name, instead=NEUTRAL_NAME)


def _forget_account(account: Account) -> None:
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    drop_credentials(account)
    account.username, account.name = f"u{account.pk.hex}", ""
    account.phone, account.phone_verified, account.phone_proved_at, account.look = "", False, None, ""
    account.is_active, account.last_login = False, None
    account.save()
