"""The person picker: wherever the workbench asks for somebody, by name, number, address or phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from weiyifang.core import text as text_of
from weiyifang.core.web.picking import SHOWN, Option, PickField
from weiyifang.people import queries
from weiyifang.people.models import Account, Duty, Resident
from weiyifang.people.numbers import masked_phone
from weiyifang.people.services.duties import NoSuchAccount

MOST_TYPED = 60
HINT = gettext_lazy("A name or a part of it, the number on the register, or a whole phone number.")
WHOLE = gettext_lazy("The whole name, the number on the register, or a whole phone number.")


def told(resident: Resident) -> str:
    """What tells somebody from others of the same name: age and door."""
    age = (
        ""
        if resident.age is None
        else ngettext("%(n)s year old", "%(n)s years old", resident.age) % {"n": resident.age}
    )
    home = str(resident.household.address) if resident.household else _("no address noted")
    return " · ".join(part for part in (age, home) if part)


def as_name(words: str) -> str:
    """The words as the register writes names; several words, which narrow each other, as they are."""
    return words if " " in words else text_of.person_name(words)


class PersonField(PickField[Resident]):
    """Somebody who lives here. A whole name that one person alone has is taken as it is; anybody else is shown first.

    `only_whole`: for who may not see the register, a part of a name finds nobody, so that nobody leafs through it.
    """

    only_whole = False
    marks: Mapping[UUID, str] = MappingProxyType({})  # what is said of some of them first: that they are on the list

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Who"), "help_text": HINT, **options})

    def for_one_who_sees(self, register: bool) -> None:
        """Say whether the one who asks may see the register."""
        self.only_whole = not register
        self.help_text = HINT if register else WHOLE

    def find(self, words: str, key: str = "") -> Sequence[Resident]:
        text = as_name(words)
        rows = self._rows(text[:MOST_TYPED]).select_related("household").defer("phone", "id_number")
        if key:
            rows = rows.filter(number=_number(key))
        whole_first = Case(When(name=text, then=Value(0)), default=Value(1))
        return list(rows.order_by(whole_first, "number")[: SHOWN + 1])

    def _rows(self, text: str) -> QuerySet[Resident]:
        if not self.only_whole:
            return queries.find_residents(text)
        fits = Q(name=text) | (queries.exact_number(text) or Q())
        return Resident.objects.living_here().filter(fits | Q(number=_number(text)), erased_at=None)

    def option(self, row: Resident) -> Option:
        desc = " · ".join(part for part in (self.marks.get(row.pk, ""), told(row)) if part)
        return Option(str(row.number), f"{row.number} · {row.name}", desc)

    def is_sure(self, words: str, rows: Sequence[Resident]) -> bool:
        return [row.name for row in rows].count(as_name(words)) == 1

    def nothing(self, words: str) -> str:
        return _("Nobody who lives here is called so. Is the name written as on the register?")


def named_exactly(words: str) -> list[Resident]:
    """Who lives here and is called so to the letter, or has this number on the register; two are enough to know."""
    text = as_name(words)[:MOST_TYPED]
    rows = Resident.objects.living_here().filter(Q(name=text) | Q(number=_number(text)), erased_at=None)
    return list(rows.order_by("number")[:2])


class AccountField(PickField[Account]):
    """Somebody who signs in: by the name on the register, by the sign-in name or the phone of their account.

    Who works here without living here is found by the two latter, or by name once they had a duty here.
    """

    def __init__(self, **options: Any) -> None:
        hint = gettext_lazy("A name, a sign-in name or a whole phone number. The person must have signed in once.")
        super().__init__(**{"label": gettext_lazy("Who"), "help_text": hint, **options})

    def find(self, words: str, key: str = "") -> Sequence[Account]:
        text = as_name(words)[:MOST_TYPED]
        living = queries.find_residents(text).filter(account__is_active=True, account__phone_verified=True)
        rows = [row.account for row in living.select_related("account")[: SHOWN + 1] if row.account is not None]
        here = Duty.objects.values("account_id")
        known = Account.objects.filter(pk__in=here, name__contains=text, is_active=True, phone_verified=True)
        named = [one for one in [queries.find_account(text)] if one is not None]
        found = {row.pk: row for row in [*named, *rows, *known.order_by("name", "pk")[: SHOWN + 1]]}
        first = sorted(found.values(), key=lambda row: row.name != text)
        rows = [row for row in first if not key or str(row.pk) == key][: SHOWN + 1]
        homes = Resident.objects.select_related("household").defer("phone", "id_number").filter(account__in=rows)
        self._residents = {row.account_id: row for row in homes}
        return rows

    def option(self, row: Account) -> Option:
        resident = self._residents.get(row.pk)
        if resident is not None:
            return Option(str(row.pk), f"{resident.number} · {resident.name}", told(resident))
        reached = masked_phone(row.phone) if row.phone else row.username
        return Option(str(row.pk), row.name or row.username, _("does not live here · %(who)s") % {"who": reached})

    def is_sure(self, words: str, rows: Sequence[Account]) -> bool:
        return len(rows) == 1  # the form asks once more before it does anything

    def nothing(self, words: str) -> str:
        if there := queries.find_residents(as_name(words)[:MOST_TYPED]).first():
            sentence = _("%(name)s has no account yet. They sign in with their phone once, then try again.")
            return sentence % {"name": there.name}
        return str(NoSuchAccount())


def _number(text: str) -> int:
    """A number on the register; 0, which nobody has, for anything else."""
    return int(text) if text.isdecimal() and len(text) <= 9 else 0
