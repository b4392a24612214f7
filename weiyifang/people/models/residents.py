"""The register: people, the doors they live behind, and who stands by whom."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, NameColumn, NumberColumn
from weiyifang.core.look.wording import full_day, full_month
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, current_community_id
from weiyifang.people.models.accounts import Account
from weiyifang.people.numbers import masked_id_number, masked_phone
from weiyifang.people.secrets import FindKeyField, SealedField, find_keys

if TYPE_CHECKING:
    from uuid import UUID

OF_AGE = 18  # 民法典 art. 17
NEUTRAL_NAME = "某居民"  # of a person who asked to be forgotten: data like any name, in the register's language


class Gender(models.TextChoices):
    FEMALE = "f", _("female")
    MALE = "m", _("male")
    UNKNOWN = "", _("not said")


class Household(CommunityModel):
    """A door: everybody who lives behind it."""

    compound = LineColumn(_("compound"), max_length=40)
    building = NumberColumn(_("building"), max_length=20)
    unit = NumberColumn(pgettext_lazy("people", "unit"), max_length=20, blank=True)
    door = NumberColumn(_("door"), max_length=20)

    class Meta(CommunityModel.Meta):
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "compound", "building", "unit", "door"],
                name="household_address",
            )
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """The way it is said: 南湖路三号院 3 栋 2 单元 5-1."""
        unit = f"{self.unit} 单元 " if self.unit else ""
        return f"{self.compound} {self.building} 栋 {unit}{self.door}"


class ResidentQuerySet(models.QuerySet["Resident"]):
    def living_here(self) -> ResidentQuerySet:
        return self.filter(left_on=None)

    def with_phone(self, phone: str) -> ResidentQuerySet:
        """Exact value, as `numbers.clean_phone` writes it."""
        return self.filter(phone_key__in=find_keys(phone))

    def with_id_number(self, id_number: str) -> ResidentQuerySet:
        return self.filter(id_number_key__in=find_keys(id_number))

    def aged(
        self,
        *,
        least: int | None = None,
        most: int | None = None,
        on: date | None = None,
    ) -> ResidentQuerySet:
        """Between `least` and `most` full years old on a day (today)."""
        day = on or clock.today()
        rows = self
        if least is not None:
            rows = rows.filter(born_on__lte=_years_before(day, least))
        if most is not None:
            rows = rows.filter(born_on__gt=_years_before(day, most + 1))
        return rows


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def born_before_minors() -> date:
    """The last birthday of those who are of age today."""
    return _years_before(clock.today(), OF_AGE)


class ResidentManager(Home["Resident"]):
    def get_queryset(self) -> ResidentQuerySet:
        return ResidentQuerySet(self.model, using=self._db).filter(community_id=current_community_id())

    def living_here(self) -> ResidentQuerySet:
        return self.get_queryset().living_here()

    def with_phone(self, phone: str) -> ResidentQuerySet:
        return self.get_queryset().with_phone(phone)

    def with_id_number(self, id_number: str) -> ResidentQuerySet:
        return self.get_queryset().with_id_number(id_number)


class Resident(CommunityModel):
    """A person's record in one community."""

    in_view = ("name", "gender", "born_on", "born_month_only", "phone", "id_number", "household", "account", "left_on")
    names_in_view = MappingProxyType(
        {"household": pgettext_lazy("people", "address"), "account": pgettext_lazy("people", "account")}
    )

    number = models.IntegerField(_("no."))
    name = NameColumn(pgettext_lazy("people", "name"), max_length=40)
    gender = models.CharField(
        _("gender"),
        max_length=1,
        choices=Gender.choices,
        default=Gender.UNKNOWN,
        blank=True,
    )
    born_on = models.DateField(_("born on"), null=True, blank=True)
    born_month_only = models.BooleanField(_("only the month of birth is known"), db_default=False, default=False)
    phone = SealedField(_("phone"), default="", blank=True)
    phone_key = FindKeyField(of="phone", default="")
    id_number = SealedField(_("identity number"), default="", blank=True)
    id_number_key = FindKeyField(of="id_number", default="")
    household = CommunityForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="residents")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
    claims_failed = models.SmallIntegerField(default=0)  # who said "this is me" and knew too little
    wants_suggestions = models.BooleanField(_("activities are suggested"), db_default=True, default=True)
    joined_on = models.DateField(_("on the register since"), default=clock.today)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    erased_at = models.DateTimeField(
        null=True, blank=True
    )  # the person asked to be forgotten: nothing personal is left

    objects: ClassVar[ResidentManager] = ResidentManager()

    class Meta(CommunityModel.Meta):
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="resident_number"),
            models.UniqueConstraint(
                fields=["community", "id_number_key"],
                condition=~models.Q(id_number_key=""),
                name="resident_id_number",
            ),
            models.UniqueConstraint(
                fields=["community", "account"],
                condition=models.Q(account__isnull=False),
                name="resident_account",
            ),
            models.CheckConstraint(  # of whom the day is not known, it is the first
                condition=models.Q(born_month_only=False) | models.Q(born_on__day=1), name="resident_born_in_a_month"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "name"], name="resident_name"),
            models.Index(fields=["community", "phone_key"], name="resident_phone"),
            models.Index(fields=["community", "household"], name="resident_household"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_masked(self) -> str:
        """`138 **** 8000`; the whole number only through `services.read_sensitive`."""
        return masked_phone(self.phone) if self.phone else ""

    @property
    def id_number_masked(self) -> str:
        """The first three and the last two characters."""
        return masked_id_number(self.id_number)

    @property
    def born_shown(self) -> str:
        """The birthday in words, as exactly as it is known: `1951年3月8日`, `1951年3月`; "" for none."""
        return full_month(self.born_on) if self.born_month_only else full_day(self.born_on)

    @property
    def born_written(self) -> str:
        """The same for files and programs: 1951-03-08, 1951-03."""
        return "" if self.born_on is None else self.born_on.isoformat()[: 7 if self.born_month_only else 10]

    @property
    def age(self) -> int | None:
        """Full years today."""
        return self.age_on(clock.today())

    def age_on(self, day: date) -> int | None:
        """Full years on a day; None when the birthday is not known.

        Of whom only the month is known, it is counted from its first day: nobody is kept from what is theirs.
        """
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


class RelationKind(models.TextChoices):
    GUARDIAN = "guardian", _("guardian")  # of a minor (民法典 art. 27): over on the eighteenth birthday
    APPOINTED = "appointed", _("guardian of a grown-up")  # of an adult who cannot act themselves (art. 28)
    PROXY = "proxy", _("proxy")  # an elder asked them to act
    FAMILY = "family", _("family")
    CONTACT = "contact", _("emergency contact")


GUARDIANS = frozenset({RelationKind.GUARDIAN, RelationKind.APPOINTED})
NAMED_BY_ONESELF = frozenset({RelationKind.PROXY, RelationKind.FAMILY, RelationKind.CONTACT})


class RelationQuerySet(models.QuerySet["Relation"]):
    def lasting(self) -> RelationQuerySet:
        return self.filter(until=None)

    def acting(self, minors_from: date | None = None) -> RelationQuerySet:
        """By which the helper may act for the resident today. The one place that says so.

        A guardian of a minor may until the day before the eighteenth birthday; nobody is one of a person whose birthday
        is not known. `minors_from`: whoever was born after that day is a minor (`born_before_minors`), for a query that
        is composed once.
        """
        minor = models.Q(resident__born_on__gt=minors_from or born_before_minors())
        by_right = models.Q(kind=RelationKind.GUARDIAN) & minor
        return self.lasting().filter(by_right | models.Q(kind__in=Relation.MAY_ACT - {RelationKind.GUARDIAN}))

    def outgrown(self) -> RelationQuerySet:
        """Guardianships of minors that stand though the person is of age by now."""
        of_age = models.Q(resident__born_on__lte=born_before_minors())
        return self.lasting().filter(of_age, kind=RelationKind.GUARDIAN)


class RelationManager(Home["Relation"]):
    def get_queryset(self) -> RelationQuerySet:
        return RelationQuerySet(self.model, using=self._db).filter(community_id=current_community_id())

    def lasting(self) -> RelationQuerySet:
        return self.get_queryset().lasting()

    def acting(self, minors_from: date | None = None) -> RelationQuerySet:
        return self.get_queryset().acting(minors_from)

    def outgrown(self) -> RelationQuerySet:
        return self.get_queryset().outgrown()


class Relation(CommunityModel):
    """`helper` stands by `resident`; a guardian or proxy may act for them, see `RelationQuerySet.acting`."""

    resident = CommunityForeignKey(Resident, models.CASCADE, related_name="helped_by")
    helper = CommunityForeignKey(Resident, models.CASCADE, related_name="helps")
    kind = models.CharField(_("kind"), max_length=10, choices=RelationKind.choices)
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)
    ended_by_leaving_of: models.UUIDField[UUID | None, UUID | None] = models.UUIDField(null=True)  # a resident's id

    objects: ClassVar[RelationManager] = RelationManager()

    class Meta(CommunityModel.Meta):
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "resident", "helper", "kind"],
                condition=models.Q(until=None),
                name="relation_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(resident=models.F("helper")),
                name="relation_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.helper_id} {self.kind} {self.resident_id}"

    MAY_ACT: ClassVar[frozenset[str]] = frozenset({RelationKind.GUARDIAN, RelationKind.APPOINTED, RelationKind.PROXY})
