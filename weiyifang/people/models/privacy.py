"""Consent, who looked at what, being forgotten, and files that wait."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weiyifang.core import clock
from weiyifang.core.columns import LineColumn, TextColumn
from weiyifang.core.look import wording
from weiyifang.core.tenancy import CommunityForeignKey, CommunityModel, Home, Journal, current_community_id
from weiyifang.people.models.accounts import Account
from weiyifang.people.models.residents import Resident


class Purpose(models.TextChoices):
    """What a person consents to, each by itself (个人信息保护法 art. 13–15, 29)."""

    REGISTER = "register", _("keeping me on the community's register")
    MESSAGES = "messages", _("messages about what I enrolled in")
    PHOTOS = "photos", _("photographs of me in the community's news")
    VOLUNTEERING = "volunteering", _("helping as a volunteer")
    TALENTS = "talents", _("being found for what I can do")
    SENSITIVE = (
        "sensitive",
        _("health and identity details, where a service needs them"),
    )


class ConsentText(CommunityModel):
    """The words shown when consent was asked; a new wording is a new version, never an edit."""

    append_only = True
    in_view = ("text",)
    names_in_view = MappingProxyType({"text": _("the words")})

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    version = models.IntegerField()
    text = TextColumn(_("the words"), max_length=4000)
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


class SensitiveField(models.TextChoices):
    PHONE = "phone", _("phone")
    ID_NUMBER = "id_number", _("identity number")
    ADDRESS = "address", pgettext_lazy("people", "address")  # where another topic shows it to one person only
    PAPERS = "papers", _("sealed papers")  # of the relations in which another acts for the person


NUMBERS = (SensitiveField.PHONE, SensitiveField.ID_NUMBER)


class ReadReason(models.TextChoices):
    """Why somebody looks. A choice and no free text: what is noted for ever must not name anybody."""

    CALL = "call", _("to call the person about something they take part in")
    EMERGENCY = "emergency", _("an emergency")
    ASKED = "asked", _("the person asked for it")
    CORRECT = "correct", _("to put the record right")
    SERVICE = "service", _("a service needs it (meals, care, insurance)")
    AUTHORITY = "authority", _("an authority asks for it by law")
    EXPORT = "export", _("a list for the committee's work")


class SensitiveRead(CommunityModel):
    """Somebody read a sensitive field of a resident: who, what, why, when. Append-only, and holds no name."""

    append_only = True
    in_journal = Journal(moment="at")

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="sensitive_reads")
    reader = models.ForeignKey(Account, models.PROTECT, related_name="+")
    fields_read = models.CharField(max_length=80)  # names of fields, separated by commas
    reason = models.CharField(max_length=12, choices=ReadReason.choices)
    at = models.DateTimeField(default=clock.now)

    class Meta(CommunityModel.Meta):
        indexes = [models.Index(fields=["community", "resident", "at"], name="sensitive_read_of")]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.fields_read}"

    @property
    def what(self) -> str:
        """The fields in words."""
        return wording.listed(SensitiveField(field).label for field in self.fields_read.split(","))


class ErasureReason(models.TextChoices):
    """Why a person is forgotten. A choice and no free text, for it stays when the person is gone."""

    WISH = "wish", _("the person's own wish, on their page")
    DESK = "desk", _("the person asked at the desk")
    WRITING = "writing", _("the person asked in writing")
    DIED = "died", _("the person died, and the family asks for it")
    TWICE = "twice", _("the record is there twice, or was made by mistake")
    AUTHORITY = "authority", _("a court or an authority orders it")


class ErasureRequest(CommunityModel):
    """Somebody is to be forgotten. Until `due_at` it can be taken back; then `erase_due` does it.

    The person's own wish is due when they have had the time to think (`terms`); what the desk asks for, as long after a
    second person confirmed it, and not before.
    """

    in_view = ("reason", "due_at")
    names_in_view = MappingProxyType({"reason": _("why"), "due_at": _("when it is done")})

    resident = CommunityForeignKey(Resident, models.PROTECT, related_name="erasure_requests")
    reason = models.CharField(max_length=12, choices=ErasureReason.choices, default=ErasureReason.WISH)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
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
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("asked_by")),
                name="erasure_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(reason="wish", confirmed_by=None, confirmed_at=None, due_at__isnull=False)
                | ~models.Q(reason="wish")
                & (
                    models.Q(confirmed_by=None, confirmed_at=None, due_at=None)
                    | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False, due_at__isnull=False)
                ),
                name="erasure_due_when_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(due_at__isnull=False), name="erasure_done_when_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resident_id} {self.due_at}"

    @property
    def is_own_wish(self) -> bool:
        """The person asked for it, on their page."""
        return self.reason == ErasureReason.WISH


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    def waiting_too_long(self) -> ImportDraftQuerySet:
        return self.filter(done_at=None, made_at__lt=clock.now() - timedelta(days=1))


class ImportDraftManager(Home["ImportDraft"]):
    def get_queryset(self) -> ImportDraftQuerySet:
        return ImportDraftQuerySet(self.model, using=self._db).filter(community_id=current_community_id())

    def waiting_too_long(self) -> ImportDraftQuerySet:
        return self.get_queryset().waiting_too_long()


class ImportDraft(CommunityModel):
    """An uploaded file of residents that was previewed and waits for a yes. Sealed, and gone after the yes."""

    file_name = LineColumn(_("name of the file"), max_length=200)
    content = models.BinaryField()
    people = models.IntegerField(default=0)  # how many rows stand for somebody
    made_by = models.ForeignKey(Account, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    residents_made = models.IntegerField(default=0)

    objects: ClassVar[ImportDraftManager] = ImportDraftManager()

    class Meta(CommunityModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at=None) | models.Q(content=b""), name="import_draft_leaves_nothing"
            )
        ]

    def __str__(self) -> str:
        return self.file_name
