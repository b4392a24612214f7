from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.ids import new_id
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, current_community_id
from weiyifang.people.roles import ROLE_NAMES, Role
from weiyifang.people.secrets import SealedField, find_key


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str = "", password: str | None = None, **fields: Any) -> Account:
        """A new account; without a username it gets its id's digits (people sign in by phone)."""
        account = self.model(**fields)
        account.username = username or f"u{account.pk.hex}"
        account.set_password(password)
        account.save(force_insert=True)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """Somebody who signs in: one person, in however many communities. Shared by all: holds no affairs of anyone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("sign-in name"), max_length=40)
    name = models.CharField(_("name"), max_length=40, blank=True)
    phone = SealedField(_("phone"), default="", blank=True)
    phone_key = models.CharField(max_length=43, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    look = models.CharField(
        max_length=12, blank=True, default=""
    )  # care mode and text size, as `core.care` writes them
    made_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False  # asked by Django admin; our own site asks the duties instead
    is_superuser = False

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(fields=["username"], name="account_username"),
            models.UniqueConstraint(fields=["phone_key"], name="account_phone"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.phone_key = find_key(self.phone) or None
        super().save(*args, **kwargs)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's permissions are not used: rights come from duties (`roles.py`)."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Gender(models.TextChoices):
    FEMALE = "f", _("female")
    MALE = "m", _("male")
    UNKNOWN = "", _("not said")


class Household(CommunityModel):
    """A door: everybody who lives behind it."""

    compound = models.CharField(_("compound"), max_length=40)
    building = models.CharField(_("building"), max_length=20)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    door = models.CharField(_("door"), max_length=20)

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
        return self.filter(phone_key=find_key(phone))

    def with_id_number(self, id_number: str) -> ResidentQuerySet:
        return self.filter(id_number_key=find_key(id_number))

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

    number = models.IntegerField(_("no."))
    name = models.CharField(_("name"), max_length=40)
    gender = models.CharField(
        _("gender"),
        max_length=1,
        choices=Gender.choices,
        default=Gender.UNKNOWN,
        blank=True,
    )
    born_on = models.DateField(_("born on"), null=True, blank=True)
    phone = SealedField(_("phone"), default="", blank=True)
    phone_key = models.CharField(max_length=43, blank=True, default="")
    id_number = SealedField(_("identity number"), default="", blank=True)
    id_number_key = models.CharField(max_length=43, blank=True, default="")
    household = CommunityForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="residents")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="+")
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
        ]
        indexes = [
            models.Index(fields=["community", "name"], name="resident_name"),
            models.Index(fields=["community", "phone_key"], name="resident_phone"),
            models.Index(fields=["community", "household"], name="resident_household"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.seal_keys()
        super().save(*args, **kwargs)

    def seal_keys(self) -> None:
        """Keep the search keys in step with the sealed values (before `save` and `bulk_create`)."""
        self.phone_key, self.id_number_key = (
            find_key(self.phone),
            find_key(self.id_number),
        )

    def age_on(self, day: date) -> int | None:
        """Full years on a day; None when the birthday is not known."""
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


class RelationKind(models.TextChoices):
    GUARDIAN = "guardian", _("guardian")  # of a minor, or by court: acts by right
    PROXY = "proxy", _("proxy")  # an elder asked them to act
    FAMILY = "family", _("family")
    CONTACT = "contact", _("emergency contact")


class RelationQuerySet(models.QuerySet["Relation"]):
    def lasting(self) -> RelationQuerySet:
        return self.filter(until=None)


class RelationManager(Home["Relation"]):
    def get_queryset(self) -> RelationQuerySet:
        return RelationQuerySet(self.model, using=self._db).filter(community_id=current_community_id())

    def lasting(self) -> RelationQuerySet:
        return self.get_queryset().lasting()


class Relation(CommunityModel):
    """`helper` stands by `resident`; a guardian or proxy may act for them while it lasts."""

    resident = CommunityForeignKey(Resident, models.CASCADE, related_name="helped_by")
    helper = CommunityForeignKey(Resident, models.CASCADE, related_name="helps")
    kind = models.CharField(_("kind"), max_length=10, choices=RelationKind.choices)
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)

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

    MAY_ACT: ClassVar[frozenset[str]] = frozenset({RelationKind.GUARDIAN, RelationKind.PROXY})


class Duty(CommunityModel):
    """A role an account holds here, everywhere or within one source (`organizations.organization:<id>`)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=[(r.value, ROLE_NAMES[r]) for r in Role])
    scope = models.CharField(max_length=120, blank=True, default="")
    since = models.DateField(default=clock.today)
    until = models.DateField(null=True, blank=True)

    class Meta(CommunityModel.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "account", "role", "scope"],
                condition=models.Q(until=None),
                name="duty_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.scope}"


class Purpose(models.TextChoices):
    """What a person consents to, each by itself (个人信息保护法 art. 13–15, 29)."""

    REGISTER = "register", _("keeping me on the community's register")
    MESSAGES = "messages", _("messages about what I enrolled in")
    PHOTOS = "photos", _("photographs of me in the community's news")
    SENSITIVE = (
        "sensitive",
        _("health and identity details, where a service needs them"),
    )


class ConsentText(CommunityModel):
    """The words shown when consent was asked; a new wording is a new version, never an edit."""

    append_only = True

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    version = models.IntegerField()
    text = models.TextField()
    from_day = models.DateField(default=clock.today)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["community", "purpose", "version"], name="consent_text_version"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="consent_text_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}"


class Consent(CommunityModel):
    """A resident said yes to one version of one text; taking it back is a date, not a deletion."""

    resident = CommunityForeignKey(Resident, models.CASCADE, related_name="consents")
    text = CommunityForeignKey(ConsentText, models.PROTECT, related_name="consents")
    given_at = models.DateTimeField(default=clock.now)
    given_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["community", "resident", "text"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.text_id}"


class SensitiveRead(CommunityModel):
    """Somebody read a sensitive field of a resident: who, what, why, when. Append-only, and holds no name."""

    append_only = True

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="sensitive_reads")
    reader = models.ForeignKey(Account, models.PROTECT, related_name="+")
    fields_read = models.CharField(max_length=80)  # names of fields, separated by commas
    reason = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        indexes = [models.Index(fields=["community", "resident", "at"], name="sensitive_read_of")]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.fields_read}"


class ErasureRequest(CommunityModel):
    """A person asked to be forgotten. Until `due_at` they can take it back; then `erase_due` does it."""

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="erasure_requests")
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["community", "resident"],
                condition=models.Q(taken_back_at=None, done_at=None),
                name="erasure_once",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at=None) | models.Q(done_at=None),
                name="erasure_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.due_at}"


class ImportDraft(CommunityModel):
    """An uploaded file of residents that was previewed and waits for a yes. Its content is sealed, and goes with the yes."""

    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    made_by = models.ForeignKey(Account, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    residents_made = models.IntegerField(default=0)

    class Meta(CommunityModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(content=b""), name="import_draft_leaves_nothing"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


def account_of(pk: UUID) -> Account | None:
    """The account with this id, when it is active."""
    return Account.objects.filter(pk=pk, is_active=True).first()
