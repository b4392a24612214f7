"""Who has which duty, stands by whom, is on the register and agreed to what: told again from the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from weiyifang.core import facts
from weiyifang.core.facts import SOMETHING
from weiyifang.core.faults import Fault
from weiyifang.core.tenancy import source_of
from weiyifang.people import events
from weiyifang.people.models import Account, Consent, Duty, ErasureRequest, Relation, RelationKind, Resident
from weiyifang.people.roles import PERMISSIONS, WITHIN_ONLY


def check() -> list[Fault]:
    """What is broken in the community at hand; empty when every promise holds."""
    return [*_duties(), *_register(), *_relations(), *_consents(), *_erasures(), *unproved_accounts()]


def unproved_accounts() -> Iterator[Fault]:
    """Records and duties are held by active accounts whose phone was proved."""
    unproved = Account.objects.exclude(is_active=True, phone_verified=True)
    held = {
        "record": Resident.objects.filter(account__in=unproved),
        "duty": Duty.objects.filter(account__in=unproved, until=None),
    }
    for what, rows in held.items():
        for row in rows.order_by("pk"):
            yield Fault.of(row, check="people.accounts", what=f"nobody proved who holds this {what}")


def _duties() -> Iterator[Fault]:
    """Nobody has a duty that was not given, or keeps one that ended."""
    wanted = facts.due(
        {
            events.DutyGiven: lambda fact: {
                "account_id": fact.id("account_id"),
                "role": fact.values["role"],
                "scope": fact.values["scope"],
                "until": None,
            },
            events.DutyEnded: lambda _fact: {"until": SOMETHING},
        }
    )
    rows = list(facts.every(Duty, "account", "role", "scope", "until"))
    for row in rows:
        if row.role not in PERMISSIONS or (row.role in WITHIN_ONLY and not row.scope):
            what = f"{row.role!r} is no role of roles.py, or needs an organization it is held in"
            yield Fault.of(row, check="people.duties", what=what)
    yield from facts.compare(rows, wanted, check="people.duties", untold="nobody gave this duty")


def _register() -> Iterator[Fault]:
    """Everybody on the register was put there, one by one or from a file, and stays on it."""
    numbers = {fact.values["number"] for fact in facts.told(events.ResidentRegistered)}
    for fact in facts.told(events.ResidentsImported):
        numbers |= set(range(fact.values["first"], fact.values["last"] + 1))
    wanted = facts.due(
        {
            events.ResidentLeft: lambda _fact: {"left_on": SOMETHING},
            events.ResidentReturned: lambda _fact: {"left_on": None},
            events.PersonErased: lambda _fact: {"left_on": SOMETHING, "erased_at": SOMETHING},
        }
    )
    rows = list(facts.every(Resident, "number", "left_on", "erased_at"))
    yield from facts.compare(rows, wanted, check="people.register", untold="")
    for row in rows:
        if row.number not in numbers:
            yield Fault.of(row, check="people.register", what="nobody put this person on the register")
        if row.erased_at is not None and source_of(row) not in wanted:
            yield Fault.of(row, check="people.register", what="nobody forgot this person")
    for number in sorted(numbers - {row.number for row in rows}):
        yield Fault(check="people.register", where=f"resident no. {number}", what="is gone from the register")


def _relations() -> Iterator[Fault]:
    """Nobody stands by a resident without a fact. (Facts do not say who: either may ask to be forgotten.)"""

    def told(kind: str) -> str:  # older facts say "guardian" of those of grown-ups too
        return RelationKind.GUARDIAN if kind == RelationKind.APPOINTED else kind

    begun = Counter((fact.subject, told(fact.values["kind"])) for fact in facts.told(events.RelationBegun))
    begun -= Counter((fact.subject, told(fact.values["kind"])) for fact in facts.told(events.RelationEnded))
    standing = Counter(
        (f"people.resident:{resident_id}", told(kind))
        for resident_id, kind in Relation.objects.lasting().values_list("resident_id", "kind")
    )
    for (source, kind), more in (standing - begun).items():
        yield Fault(check="people.relations", where=source, what=f"{more} more {kind} than were named")


def _consents() -> Iterator[Fault]:
    """A yes that stands is the last one given, and was not taken back."""
    standing: dict[tuple[str, str], int] = {}
    given: Counter[tuple[str, str, int]] = Counter()
    for fact in facts.told(events.ConsentGiven, events.ConsentWithdrawn):
        purpose, version = fact.values["purpose"], fact.values["version"]
        if fact.kind == events.ConsentGiven.__name__:
            standing[fact.subject, purpose] = version
            given[fact.subject, purpose, version] += 1
        elif standing.get((fact.subject, purpose)) == version:
            del standing[fact.subject, purpose]
    rows = Consent.objects.values_list("id", "resident_id", "text__purpose", "text__version", "withdrawn_at")
    for pk, resident_id, purpose, version, withdrawn_at in rows.iterator():
        where, person = f"people.consent:{pk}", f"people.resident:{resident_id}"
        given[person, purpose, version] -= 1
        if given[person, purpose, version] < 0:
            yield Fault(check="people.consents", where=where, what="nobody gave this consent")
        if withdrawn_at is None and standing.pop((person, purpose), None) != version:
            yield Fault(check="people.consents", where=where, what="stands, and its facts say it was taken back")
    for (person, purpose), version in standing.items():
        what = f"said yes to {purpose} version {version}, and no row says so"
        yield Fault(check="people.consents", where=person, what=what)
    for (person, purpose, version), more in given.items():
        if more > 0 and (person, purpose) not in standing:
            what = f"a consent to {purpose} version {version} is gone"
            yield Fault(check="people.consents", where=person, what=what)


def _erasures() -> Iterator[Fault]:
    """Nobody is to be forgotten, or was, without those who asked and confirmed having said so."""
    said: dict[str, Counter[tuple[str, UUID | None]]] = {"asked": Counter(), "confirmed": Counter()}
    for fact in facts.told(events.ErasureAsked, events.ErasureConfirmed):
        said["asked" if fact.kind == events.ErasureAsked.__name__ else "confirmed"][fact.subject, fact.by] += 1
    for row in ErasureRequest.objects.order_by("pk").iterator():
        person = f"people.resident:{row.resident_id}"
        for what, who in (("asked", row.asked_by_id), ("confirmed", row.confirmed_by_id)):
            if who is None:
                continue
            said[what][person, who] -= 1
            if said[what][person, who] < 0:
                yield Fault.of(row, check="people.erasures", what=f"whoever {what} for it never did")
