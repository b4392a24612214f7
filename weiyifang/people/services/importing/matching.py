"""Who is on the register already, who was typed twice, and who only looks so.

*The same*: the same identity number and name; the same name and phone; the same name, birthday and door; or alike in
whatever is known of them. *To decide*: somebody of that name about whom nothing speaks against it and too little for
it; and twins, whose surname, birthday and door are the same, but not the name. A different identity number is a
different person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from weiyifang.core.look import wording
from weiyifang.core.text import person_name
from weiyifang.people.models import Resident
from weiyifang.people.secrets import find_keys
from weiyifang.people.services.importing.columns import DOOR, NAMES
from weiyifang.people.services.residents import NewResident

_EVERYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Somebody:
    """What two people are compared by. Keys are find keys: what the numbers are is not known here."""

    where: str
    name: str
    gender: str
    born_on: date | None
    is_month: bool
    phone_keys: frozenset[str]
    id_keys: frozenset[str]
    door: tuple[str, ...]
    in_file: bool

    def differs(self, other: Somebody) -> list[str]:
        """The fields that both give and that are not alike."""
        pairs = {
            "gender": (self.gender, other.gender, self.gender == other.gender),
            "born_on": (self.born_on, other.born_on, _same_day(self, other)),
            "phone": (self.phone_keys, other.phone_keys, bool(self.phone_keys & other.phone_keys)),
            "id_number": (self.id_keys, other.id_keys, bool(self.id_keys & other.id_keys)),
            "door": (self.door, other.door, self.door == other.door),
        }
        return [name for name, (ours, theirs, same) in pairs.items() if ours and theirs and not same]

    def adds(self, known: Somebody) -> list[str]:
        """The fields that are told here and not there."""
        there = known.given | ({"gender"} if known.gender else set())
        told = [*sorted(self.given), *(["gender"] if self.gender else [])]
        is_exact = known.is_month and self.born_on is not None and not self.is_month  # the day is new
        return [name for name in told if name not in there or (name == "born_on" and is_exact)]

    def agrees(self, other: Somebody) -> set[str]:
        """The fields that both give and that are alike; the gender proves nothing."""
        found = {"phone"} if self.phone_keys & other.phone_keys else set()
        if self.born_on and other.born_on and _same_day(self, other):
            found.add("born_on")
        if self.door and self.door == other.door:
            found.add("door")
        return found

    @property
    def given(self) -> set[str]:
        """The fields that say who it is, beside the name."""
        told = {"born_on": self.born_on, "phone": self.phone_keys, "id_number": self.id_keys, "door": self.door}
        return {name for name, value in told.items() if value}


def _same_day(one: Somebody, other: Somebody) -> bool:
    if one.born_on and other.born_on and (one.is_month or other.is_month):
        return f"{one.born_on:%Y%m}" == f"{other.born_on:%Y%m}"
    return one.born_on == other.born_on


@dataclass(frozen=True)
class Same:
    """It is this person; what the file says otherwise, or besides, is in `differs`."""

    where: str
    differs: Sequence[str] = ()


@dataclass(frozen=True)
class Clash:
    """The identity number is somebody else's."""

    where: str
    name: str


@dataclass(frozen=True)
class Alike:
    """Perhaps the same. `is_likely_new`: the name is another, as with twins."""

    where: str
    why: str
    is_likely_new: bool = False


class People:
    """Everybody on the register of the community at hand, and of the file whoever was read so far."""

    def __init__(self) -> None:
        self._by_id: dict[str, Somebody] = {}
        self._by_name: dict[str, list[Somebody]] = defaultdict(list)
        self._by_house: dict[tuple[object, ...], list[Somebody]] = defaultdict(list)
        for somebody in _on_the_register():
            self._remember(somebody)

    def meet(self, person: NewResident, line: int, *, is_month: bool) -> Same | Clash | Alike | None:
        """Who this is; None for somebody new. Whoever is not the same is remembered."""
        new = Somebody(
            where=_("in line %(line)s of this file") % {"line": line},
            name=person.name,
            gender=person.gender,
            born_on=person.born_on,
            is_month=is_month,
            phone_keys=frozenset(find_keys(person.phone)),
            id_keys=frozenset(find_keys(person.id_number)),
            door=person.address.key if person.address else (),
            in_file=True,
        )
        found = self._compared(new)
        if not isinstance(found, (Same, Clash)):
            self._remember(new)
        return found

    def _compared(self, new: Somebody) -> Same | Clash | Alike | None:
        for key in new.id_keys & self._by_id.keys():
            known = self._by_id[key]
            if known.name != new.name:
                return Clash(known.where, known.name)
            return _same(known, new)
        alike: Alike | None = None
        for known in self._by_name[new.name]:
            found = _namesake(known, new)
            if isinstance(found, Same):
                return found
            alike = alike or found
        return alike or self._twin(new)

    def _twin(self, new: Somebody) -> Alike | None:
        for known in self._by_house[_house(new)] if _house(new) else ():
            if known.name != new.name and not (known.id_keys and new.id_keys):
                why = _("the same surname, birthday and door as %(name)s: twins, or another way to write the name?")
                return Alike(known.where, why % {"name": known.name}, is_likely_new=True)
        return None

    def _remember(self, somebody: Somebody) -> None:
        self._by_id.update(dict.fromkeys(somebody.id_keys, somebody))
        self._by_name[somebody.name].append(somebody)
        if house := _house(somebody):
            self._by_house[house].append(somebody)


def _house(somebody: Somebody) -> tuple[object, ...]:
    if not (somebody.born_on and somebody.door) or somebody.is_month:
        return ()
    return (somebody.name[:1], somebody.born_on, *somebody.door)


def _namesake(known: Somebody, new: Somebody) -> Same | Alike | None:
    """What to think of two people of one name whose identity numbers do not say that they are one."""
    differs, agrees = set(known.differs(new)), known.agrees(new)
    alike_in_all = not differs and known.given == new.given and (known.given or not known.in_file)
    words = ""
    if "id_number" in differs:
        return None
    if "born_on" in differs:
        words = _("the same name and %(what)s, but another birthday") if agrees else ""
    elif alike_in_all or "phone" in agrees or {"born_on", "door"} <= agrees:
        return _same(known, new)
    elif agrees:
        words = _("the same name and %(what)s")
    elif not differs:
        words = _("the same name, and nothing to tell them apart")
    return Alike(known.where, words % {"what": wording.listed(_labels(sorted(agrees)))}) if words else None


def _same(known: Somebody, new: Somebody) -> Same:
    return Same(known.where, _labels([*known.differs(new), *new.adds(known)]))


def _labels(names: Iterable[str]) -> list[str]:
    return [str(NAMES[name]) for name in names]


def _on_the_register() -> Iterator[Somebody]:
    rows = Resident.objects.filter(erased_at=None).order_by("number")
    fields = ("number", "left_on", "name", "gender", "born_on", "born_month_only", "phone_key", "id_number_key")
    doors = (f"household__{part}" for part in DOOR)
    here, gone = _("on the register as no. %(number)s"), _("on the register as no. %(number)s, as having left")
    for number, left_on, name, gender, born_on, is_month, phone_key, id_number_key, *door in rows.values_list(
        *fields, *doors
    ).iterator():
        yield Somebody(
            where=(gone if left_on else here) % {"number": number},
            name=person_name(name),  # it may be there from before names had one spelling
            gender=gender,
            born_on=born_on,
            is_month=is_month,
            phone_keys=frozenset({phone_key}) if phone_key else _EVERYBODY,
            id_keys=frozenset({id_number_key}) if id_number_key else _EVERYBODY,
            door=tuple(door) if door[0] is not None else (),
            in_file=False,
        )
