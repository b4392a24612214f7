"""Consent: the words, with versions, and each person's yes to one version."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.events import announce
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import source_of
from weiyifang.core.text import paragraphs
from weiyifang.core.web import versions
from weiyifang.core.web.access import require
from weiyifang.people import queries, rules
from weiyifang.people.consent_texts import STANDARD
from weiyifang.people.events import ConsentGiven, ConsentTextPublished, ConsentWithdrawn, SuggestionsSwitched
from weiyifang.people.models import OF_AGE, Consent, ConsentText, Purpose, Resident
from weiyifang.people.services.residents import locked_here, locked_resident

LONGEST_TEXT = 4000


class OldWording(Refused):
    """A yes to words that were replaced in the meantime."""

    sentence = _("These words were replaced by newer ones. Open the page again and read them first.")


class ConsentStands(Refused):
    """The person said yes to these words already."""

    sentence = _("This consent was given already. There is nothing to do.")


class ConsentOver(Refused):
    """The yes was taken back before."""

    sentence = _("This consent was taken back already.")


class SameWords(Refused):
    """A new version without a change."""

    sentence = _("These are the words that hold already. Change them first, or leave them as they are.")


class NoWords(Refused):
    """A consent text without words, or with too many."""

    sentence = _("Write what people are asked to agree to, in at most 4,000 characters.")
    status = 422


class ConsentNeeded(Refused):
    """Put on a list without the yes that it needs."""

    sentence = _("Nobody is put down for this without saying yes to it. Tick the box below its words.")
    status = 422


class WordsNeeded(Refused):
    """The community has not published what people say yes to."""

    sentence = _("The words one says yes to here are not published yet. Please call the committee.")


class BirthdayNeeded(Refused):
    """Nobody knows how old they are."""

    sentence = _("The register does not say when %(name)s was born. The committee's office puts it in.")


class GuardianNeeded(Refused):
    """A minor signed alone."""

    sentence = _("Under eighteen a guardian signs with you: come to the committee's office together.")


@transaction.atomic
def publish_consent_text(*, purpose: str, text: str, by: Actor) -> ConsentText:
    """A new wording; earlier consents stay with the words they were given to. Announces `ConsentTextPublished`.

    Raises `NoWords`, `SameWords`.
    """
    require(rules.can_publish_consent_texts(by))
    text = paragraphs(text)
    if not text or len(text) > LONGEST_TEXT:
        raise NoWords()
    newest = ConsentText.objects.filter(purpose=purpose).order_by("-version").first()
    if newest is not None:
        versions.check(newest, by, alone=True)
    if newest is not None and newest.text == text:
        raise SameWords()
    row = ConsentText(purpose=Purpose(purpose), version=newest.version + 1 if newest else 1, text=text)
    row.save(force_insert=True)
    announce(ConsentTextPublished(subject=source_of(row), purpose=row.purpose, version=row.version), by=by)
    return row


@transaction.atomic
def publish_standard_texts(*, by: Actor) -> list[ConsentText]:
    """Our wording for every purpose that has none yet (a community's first day). Returns what was published."""
    known = set(ConsentText.objects.values_list("purpose", flat=True))
    return [
        publish_consent_text(purpose=purpose, text=text, by=by)
        for purpose, text in STANDARD.items()
        if purpose not in known
    ]


@transaction.atomic
def give_consent(*, resident: Resident, text: ConsentText, by: Actor) -> Consent:
    """Say yes to the newest wording of a purpose; a yes to an older one ends. Announces `ConsentGiven`.

    The person says it, or their guardian or proxy; staff note what was signed on paper. Raises `OldWording`,
    `ConsentStands`, `Forgotten`.
    """
    require(rules.acts_for(by, resident.pk) or rules.can_manage_residents(by))
    resident = locked_resident(resident)
    if ConsentText.objects.filter(purpose=text.purpose, version__gt=text.version).exists():
        raise OldWording()
    standing = Consent.objects.filter(resident=resident, text__purpose=text.purpose, withdrawn_at=None)
    if standing.filter(text=text).exists():
        raise ConsentStands()
    standing.update(withdrawn_at=clock.now())
    consent = Consent(resident=resident, text=text, given_by_id=by.account_id)
    consent.save(force_insert=True)
    given = ConsentGiven(subject=source_of(resident), purpose=text.purpose, version=text.version)
    announce(given, by=by)
    return consent


def on_their_word(*, resident: Resident, purpose: Purpose, agreed: bool, by: Actor) -> Resident:
    """Part of putting somebody on a list that needs their yes: who they are, held, living here, with that yes.

    `agreed`: they said yes to the newest words; it becomes their consent, unless that stands. Raises `WordsNeeded`,
    `ConsentNeeded`, `LivesElsewhere`.
    """
    text = ConsentText.objects.filter(purpose=purpose).order_by("-version").first()
    if text is None:
        raise WordsNeeded()
    if not agreed:
        raise ConsentNeeded()
    if not queries.has_consented(resident.pk, purpose):
        give_consent(resident=resident, text=text, by=by)
    return locked_here(resident)


def refuse_alone(resident: Resident, by: Actor) -> None:
    """Nobody signs for themselves whose age is not known (`BirthdayNeeded`), or who is a minor (`GuardianNeeded`)."""
    if by.resident_id == resident.pk:
        age = resident.age_on(clock.today())
        if age is None:
            raise BirthdayNeeded(name=resident.name)
        if age < OF_AGE:
            raise GuardianNeeded()


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: Actor) -> Consent:
    """Take a yes back, at any time and without a reason (个人信息保护法 art. 15). Announces `ConsentWithdrawn`.

    Raises `ConsentOver`.
    """
    require(rules.acts_for(by, consent.resident_id) or rules.can_manage_residents(by))
    consent = Consent.objects.select_for_update(of=("self",)).select_related("text", "resident").get(pk=consent.pk)
    if consent.withdrawn_at is not None:
        raise ConsentOver()
    consent.withdrawn_at = clock.now()
    consent.save(update_fields=["withdrawn_at"])
    text = consent.text
    back = ConsentWithdrawn(subject=source_of(consent.resident), purpose=text.purpose, version=text.version)
    announce(back, by=by)
    return consent


@transaction.atomic
def switch_suggestions(*, resident: Resident, wanted: bool, by: Actor) -> Resident:
    """Let activities be suggested to a resident, or no longer. They, and who acts for them, may; twice is no harm.

    Announces `SuggestionsSwitched`.
    """
    require(rules.acts_for(by, resident.pk))
    resident = locked_here(resident)
    if resident.wants_suggestions != wanted:
        resident.wants_suggestions = wanted
        resident.save(update_fields=["wants_suggestions"])
        announce(SuggestionsSwitched(subject=source_of(resident), wanted=wanted), by=by)
    return resident
