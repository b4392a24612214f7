"""People for programs: who am I, and the register for those who may see it. Numbers stay masked here, too."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404
from ninja import Field, Router, Schema, Status

from weiyifang.core.columns import most
from weiyifang.core.tenancy import source_of
from weiyifang.core.web.access import PageRequest, require
from weiyifang.core.web.paging import After, Limit
from weiyifang.core.web.schemas import Day, Line, Number, PersonName
from weiyifang.people import queries, rules, services
from weiyifang.people.models import Household, Resident

router = Router(tags=["people"])


class MeOut(Schema):
    """The actor: `roles` and `permissions` are codes (people/roles.py); `acts_for` are residents' ids."""

    name: str
    resident_id: UUID | None
    roles: list[str]
    permissions: list[str]
    acts_for: list[UUID]


class ResidentOut(Schema):
    """A record; `phone` and `id_number` are masked. `gender` is f, m or empty."""

    id: UUID
    source: str
    number: int
    name: str
    gender: str
    born_on: date | None
    born_month_only: bool  # then the day of `born_on` means nothing
    address: str
    phone: str
    id_number: str
    has_account: bool
    joined_on: date
    left_on: date | None


class ResidentIn(Schema):
    """Somebody to put on the register. The address is given whole (compound, building, door) or not at all."""

    name: PersonName = Field(min_length=1, max_length=most(Resident, "name"))
    gender: Line = Field("", pattern="^[fm]?$")
    born_on: Day | None = None
    born_month_only: bool = False
    phone: Number = Field("", max_length=30)
    id_number: Number = Field("", max_length=30)
    compound: Line = Field("", max_length=most(Household, "compound"))
    building: Number = Field("", max_length=most(Household, "building"))
    unit: Number = Field("", max_length=most(Household, "unit"))
    door: Number = Field("", max_length=most(Household, "door"))


@router.get("me", response=MeOut)
def me(request: PageRequest) -> MeOut:
    """Who the program is signed in as here."""
    actor = request.actor
    require(actor.is_member)
    acting = queries.people_acted_for(actor.resident_id) if actor.resident_id else []
    return MeOut(
        name=actor.name,
        resident_id=actor.resident_id,
        roles=sorted(actor.roles),
        permissions=sorted(actor.rights),
        acts_for=[person.pk for person in acting],
    )


@router.get("residents", response=list[ResidentOut])
def residents(request: PageRequest, q: str = "", after: After = 0, limit: Limit = 50) -> list[ResidentOut]:
    """Who lives here, by number; `q` as on the page (a name, an address, a whole phone or identity number)."""
    require(rules.can_see_residents(request.actor))
    return [_out(row) for row in queries.find_residents(q[:60]).filter(number__gt=after)[:limit]]


@router.get("residents/{number:number}", response=ResidentOut)
def resident(request: PageRequest, number: int) -> ResidentOut:
    """One record."""
    require(rules.can_see_residents(request.actor))
    row = Resident.objects.select_related("household").filter(number=number).first()
    if row is None:
        raise Http404
    return _out(row)


@router.post("residents", response={201: ResidentOut})
def register(request: PageRequest, new: ResidentIn) -> Status[ResidentOut]:
    """Put somebody on the register. Send an `Idempotency-Key`: repeated, it does nothing twice."""
    door = services.Door(new.compound, new.building, new.unit, new.door)
    made = services.register_resident(
        name=new.name,
        gender=new.gender,
        born_on=new.born_on,
        born_month_only=new.born_month_only,
        phone=new.phone,
        id_number=new.id_number,
        address=door if any(door.key) else None,
        by=request.actor,
    )
    return Status(201, _out(made))


def _out(row: Resident) -> ResidentOut:
    return ResidentOut(
        id=row.pk,
        source=source_of(row),
        number=row.number,
        name=row.name,
        gender=row.gender,
        born_on=row.born_on,
        born_month_only=row.born_month_only,
        address=row.household.address if row.household else "",
        phone=row.phone_masked,
        id_number=row.id_number_masked,
        has_account=row.account_id is not None,
        joined_on=row.joined_on,
        left_on=row.left_on,
    )
