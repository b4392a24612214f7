"""Many residents at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import bulk, clock, locks, numbers
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.long_work import Step, along, nowhere
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import fill_community
from weiyifang.core.web.access import require
from weiyifang.people import rules
from weiyifang.people.events import ResidentsImported
from weiyifang.people.models import Household, ImportDraft, Resident
from weiyifang.people.secrets import find_keys, seal_bytes, unseal_bytes
from weiyifang.people.services import importing
from weiyifang.people.services.residents import Door, NewResident, clean_details

BATCH = 2000
Key = tuple[str, str, str, str]


class KnownNumber(Refused):
    """An identity number of the batch is on the register already, or twice in the batch."""

    sentence = _("Some of these people are on the register already. Look at the preview again: nothing was imported.")


class DraftDone(Refused):
    """The file was imported before, or is too old."""

    sentence = _("This file was imported already, or waited for more than a day. Choose it again to start anew.")


class NobodyNew(Refused):
    """Every row is wrong, in doubt or known."""

    sentence = _("Nobody in this file can be put on the register as it is. Correct the rows that are wrong first.")
    status = 422


class RegisterChanged(Refused):
    """A row that was in doubt when the page was shown is not any more: the register has changed."""

    sentence = _("The register has changed meanwhile, so nothing was imported. Look at the preview once more.")


@transaction.atomic
def import_residents(
    *, rows: Sequence[NewResident], by: Actor, subject: str = "people.import", step: Step = nowhere
) -> list[Resident]:
    """Put many people on the register: all of them, or none. 22,000 take three seconds. Announces `ResidentsImported`.

    Raises what `clean_details` raises for the first row that is wrong, and `KnownNumber`.
    """
    require(rules.can_manage_residents(by))
    if not rows:
        return []
    locks.take("residents")  # nobody registers the same identity number meanwhile
    today = clock.today()
    doors = _households({row.address.cleaned() for row in rows if row.address})
    first = numbers.next_number("resident", len(rows))
    made = []
    for number, row in enumerate(along(rows, len(rows), step), first):
        details = clean_details(
            name=row.name,
            gender=row.gender,
            born_on=row.born_on,
            born_month_only=row.born_month_only,
            phone=row.phone,
            id_number=row.id_number,
        )
        resident = Resident(
            number=number,
            household_id=doors[row.address.cleaned().key] if row.address else None,
            joined_on=row.joined_on or today,
            **vars(details),
        )
        made.append(resident)
    _refuse_known_numbers(made)
    bulk.forget_plans()
    bulk.copy_in(made)
    announce(ResidentsImported(subject=subject, count=len(made), first=first, last=first + len(made) - 1), by=by)
    return made


@transaction.atomic
def keep_draft(*, file_name: str, content: bytes, people: int = 0, by: Actor) -> ImportDraft:
    """Keep an uploaded file, sealed, until somebody has looked at its preview and says yes."""
    require(rules.can_manage_residents(by))
    assert by.account_id is not None
    draft = ImportDraft(
        file_name=file_name[-200:], content=seal_bytes(content), people=people, made_by_id=by.account_id
    )
    draft.save(force_insert=True)
    return draft


@dataclass(frozen=True)
class Imported:
    """What a yes did: how many people are new on the register, and the file with the rows that are not."""

    count: int
    rest: ImportDraft | None


@transaction.atomic
def import_draft(*, draft: ImportDraft, also: Collection[int] = (), by: Actor, step: Step = nowhere) -> Imported:
    """Put the people of a previewed file on the register, and forget the file.

    `also`: the lines of those who might be somebody we have, and are not. Rows that are wrong or stay in doubt become a
    file of their own, which waits like this one. The file is read again against the register as it is now. Raises
    `NobodyNew`, `RegisterChanged` and `DraftDone`.
    """
    require(rules.can_manage_residents(by))
    draft = ImportDraft.objects.select_for_update().get(pk=draft.pk)
    content = draft_content(draft)
    preview = importing.preview(content, step=lambda done, total: step(done // 2, total))  # reading is half of it
    decided = [row for row in preview.doubts if row.line in also]
    if len(decided) < len(set(also)):
        raise RegisterChanged()
    rows = sorted([*preview.good, *decided], key=lambda row: row.line)
    if not rows:
        raise NobodyNew()
    made = import_residents(
        rows=[row.person for row in rows],
        by=by,
        subject=f"people.importdraft:{draft.pk}",
        step=lambda done, total: step((done + total) // 2, total),
    )
    draft.content, draft.done_at, draft.residents_made = b"", clock.now(), len(made)
    draft.save(update_fields=["content", "done_at", "residents_made"])
    problems = preview.problems(taken={row.line for row in decided})
    if not problems:
        return Imported(len(made), None)
    name = str(_("Left of %(file)s")) % {"file": draft.file_name.rpartition(".")[0] or draft.file_name}
    left = importing.as_workbook(*importing.rest(content, problems))
    return Imported(len(made), keep_draft(file_name=f"{name[:190]}.xlsx", content=left, people=len(problems), by=by))


@transaction.atomic
def drop_draft(*, draft: ImportDraft, by: Actor) -> None:
    """Throw an uploaded file away."""
    require(rules.can_manage_residents(by))
    ImportDraft.objects.filter(pk=draft.pk, done_at=None).update(content=b"", done_at=clock.now())


def forget_drafts() -> int:
    """Forget the files that nobody said yes to within a day (called daily). Returns how many."""
    return ImportDraft.objects.waiting_too_long().update(content=b"", done_at=clock.now())


def draft_content(draft: ImportDraft) -> bytes:
    """The uploaded file. Raises `DraftDone` when it is forgotten."""
    if not draft.content:
        raise DraftDone()
    return unseal_bytes(bytes(draft.content))


def _households(doors: set[Door]) -> dict[Key, UUID]:
    """The households behind these doors by address, the missing ones made."""
    known = _household_ids() if doors else {}
    new = [
        Household(compound=d.compound, building=d.building, unit=d.unit, door=d.door)
        for d in sorted(doors, key=lambda door: door.key)
        if d.key not in known
    ]
    if new:
        fill_community(new)
        Household.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        known = _household_ids()
    return known


def _household_ids() -> dict[Key, UUID]:
    rows = Household.objects.values_list("compound", "building", "unit", "door", "pk")
    return {(compound, building, unit, door): pk for compound, building, unit, door, pk in rows}


def _refuse_known_numbers(made: Sequence[Resident]) -> None:
    known = [resident.id_number for resident in made if resident.id_number]
    keys = [key for number in known for key in find_keys(number)]
    if len(set(known)) < len(known) or Resident.objects.filter(id_number_key__in=keys).exists():
        raise KnownNumber()
