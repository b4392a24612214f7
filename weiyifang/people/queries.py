"""Reads worth a name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from weiyifang.communities.models import Community
from weiyifang.core import clock
from weiyifang.core.actors import EVERYWHERE, Actor
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import current_community_id, homes_with
from weiyifang.core.text import line, number, person_name
from weiyifang.people.models import (
    Account,
    Consent,
    ConsentText,
    Duty,
    ErasureRequest,
    Purpose,
    Relation,
    Resident,
    ResidentQuerySet,
    SensitiveRead,
)
from weiyifang.people.numbers import clean_id_number, clean_phone
from weiyifang.people.roles import AT_A_DESK, PERMISSIONS, ROLE_NAMES, WITHIN_ONLY, Permission, Role
from weiyifang.people.secrets import find_keys

SHOWN_FOR = timedelta(minutes=5)  # how long a reader sees what they asked to see
LIVING_HERE, GONE, EVERYBODY = "", "gone", "all"
MOST_WORDS = 6  # of a search


def names_of(account_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What the holders of these accounts are called: the account's name, else the resident's (at most two queries)."""
    names = dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "name"))
    nameless = [pk for pk, name in names.items() if not name]
    if nameless:
        names |= dict(Resident.objects.filter(account_id__in=nameless).values_list("account_id", "name"))
    return names


def accounts_called(text: str) -> list[UUID]:
    """The accounts of those who have or had a duty here, or live here, whose name holds this text."""
    here = Duty.objects.values("account_id")
    worked = Account.objects.filter(pk__in=here, name__contains=text).values_list("pk", flat=True)
    living = Resident.objects.filter(name__contains=text).exclude(account=None).values_list("account_id", flat=True)
    return [*worked, *(pk for pk in living if pk is not None)]


def find_residents(
    text: str = "",
    *,
    compound: str = "",
    building: str = "",
    least_age: int | None = None,
    most_age: int | None = None,
    linked: bool | None = None,
    living: str = LIVING_HERE,
) -> ResidentQuerySet:
    """Residents by what a clerk types: a name or its part, an exact phone or identity number, a number, an address.

    Several words narrow each other (`陈 三号院`). Oldest number first; the household is read along.
    """
    rows = Resident.objects.get_queryset().filter(erased_at=None)
    if living == LIVING_HERE:
        rows = rows.living_here()
    elif living == GONE:
        rows = rows.exclude(left_on=None)
    if compound:
        rows = rows.filter(household__compound=compound)
    if building:
        rows = rows.filter(household__building=building)
    if linked is not None:
        rows = rows.filter(account__isnull=not linked)
    rows = rows.aged(least=least_age, most=most_age)
    for word in [text] if exact_number(text) is not None else line(text).split()[:MOST_WORDS]:
        rows = rows.filter(_fits(word))
    return rows.select_related("household").order_by("number")


def exact_number(text: str) -> Q | None:
    """A whole phone or identity number, however it is written; None when the text is neither."""
    try:
        return Q(pk__in=Resident.objects.with_id_number(clean_id_number(text)).values("pk"))
    except Refused:
        pass
    try:
        return Q(pk__in=Resident.objects.with_phone(clean_phone(text)).values("pk"))
    except Refused:
        return None


def _fits(word: str) -> Q:
    fits = exact_number(word) or Q()
    if word.isdecimal() and len(word) <= 9:
        fits |= Q(number=int(word))
    fits |= Q(name__contains=person_name(word)) | Q(household__compound__contains=word)
    building, dash, door = word.partition("-")
    if dash and building and door:
        fits |= Q(household__building=building, household__door=door) | Q(household__door=word)
    return fits


def living_here(numbers: Collection[int]) -> ResidentQuerySet:
    """Those with these numbers who live here, with their households."""
    return Resident.objects.living_here().filter(number__in=numbers).select_related("household")


def ids_of(numbers: Collection[int]) -> dict[int, UUID]:
    """The residents with these numbers, by number; also who no longer lives here."""
    return dict(Resident.objects.filter(number__in=numbers).values_list("number", "pk"))


def resident(pk: UUID | None) -> Resident | None:
    """The one with this id."""
    return Resident.objects.filter(pk=pk).first() if pk else None


def still_here(resident_ids: Collection[UUID]) -> list[Resident]:
    """Who of these lives here, by number; who was forgotten is left out."""
    rows = Resident.objects.living_here().filter(pk__in=resident_ids, erased_at=None)
    return list(rows.defer("phone", "id_number").order_by("number"))


def of_number(number: int, name: str) -> Resident | None:
    """Who lives here and has both this number on the register and this name."""
    return Resident.objects.living_here().filter(number=number, name=name, erased_at=None).first()


def name_of(resident_id: UUID) -> str:
    """What a resident is called."""
    return str(Resident.objects.values_list("name", flat=True).get(pk=resident_id))


def account_in_use(account_id: UUID) -> Account | None:
    """The account, unless it was closed."""
    return Account.objects.filter(pk=account_id, is_active=True).first()


def count_living_here() -> int:
    """How many people live here, as the register knows it."""
    return Resident.objects.living_here().filter(erased_at=None).count()


def born_and_gender_of(resident_ids: Collection[UUID]) -> list[Resident]:
    """These residents, also those who have left, with nothing read of them but the birthday and the gender."""
    return list(Resident.objects.filter(pk__in=resident_ids).only("id", "born_on", "gender"))


def at_home(households: Collection[UUID | None], *, most: int, on: date) -> QuerySet[Resident]:
    """Who lives in one of these households and is at most so many full years old on that day."""
    return Resident.objects.living_here().aged(most=most, on=on).filter(household__in=households)


def relations_of(resident: Resident) -> tuple[QuerySet[Relation], QuerySet[Relation]]:
    """Who stands by this person, and by whom this person stands (lasting relations)."""
    helped = resident.helped_by.filter(until=None).select_related("helper").order_by("since", "pk")
    helps = resident.helps.filter(until=None).select_related("resident").order_by("since", "pk")
    return helped, helps


def people_acted_for(resident_id: UUID) -> list[Resident]:
    """Whom this resident may act for, besides themselves: as a guardian or proxy."""
    acting = Relation.objects.acting().filter(helper_id=resident_id, resident=OuterRef("pk"))
    return list(Resident.objects.living_here().filter(Exists(acting)).order_by("number"))


def oneself_and_acted_for(resident_id: UUID) -> list[Resident]:
    """Oneself first, then `people_acted_for`; empty for whoever does not live here."""
    acting = Relation.objects.acting().filter(helper_id=resident_id, resident=OuterRef("pk"))
    rows = Resident.objects.living_here().filter(Q(pk=resident_id) | Exists(acting)).order_by("number")
    return sorted(rows, key=lambda one: one.pk != resident_id)


def to_act_for(resident_id: UUID, minors_from: date) -> ResidentQuerySet:
    """Whom this resident may act for, themselves among them: for a `Read` (see `RelationQuerySet.acting`)."""
    helped = Relation.objects.acting(minors_from).filter(helper=resident_id)
    mine = Q(pk=resident_id) | Q(pk__in=helped.values("resident_id"))
    return Resident.objects.living_here().filter(mine).defer("phone", "id_number")


def who_acts_for(resident_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Who may act for these residents, as guardian or proxy: (the resident, who acts), one query."""
    acting = Relation.objects.acting().filter(resident__in=resident_ids)
    return list(acting.order_by("id").values_list("resident_id", "helper_id").distinct()) if resident_ids else []


def reachable(resident_ids: Collection[UUID]) -> dict[UUID, Resident]:
    """These residents with what they can be reached by: account, phone and door; who was forgotten is left out."""
    rows = Resident.objects.filter(pk__in=resident_ids, erased_at=None).select_related("account", "household")
    return {row.pk: row for row in rows} if resident_ids else {}


def number_to_ring(resident: Resident) -> str:
    """The number they proved, else the one on their record; "" when there is none."""
    account = resident.account
    return (account.phone if account is not None and account.is_proved else "") or resident.phone


@dataclass(frozen=True)
class HeldDuty:
    """A duty with the name of who holds it."""

    duty: Duty
    name: str
    role: str
    lacks_second_factor: bool = False  # though the duty opens the workbench
    invited_until: datetime | None = None  # the invitation that stands
    can_be_invited: bool = False

    @property
    def is_own_matter(self) -> bool:
        """Is it given and ended by itself, and does not go with something else?"""
        return Role(self.duty.role) not in WITHIN_ONLY


def find_account(who: str) -> Account | None:
    """The active account with this sign-in name or this phone; never one whose phone nobody has proved."""
    there = Account.objects.filter(is_active=True, phone_verified=True)
    account = there.filter(username=number(who)).first()
    if account is None:
        with suppress(Refused):
            account = there.filter(phone_key__in=find_keys(clean_phone(who))).first()
    return account


def has_second_factor(account_id: UUID) -> bool:
    """Has the account an authenticator app or a passkey?"""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=kinds).exists())


def passkeys_of(account_id: UUID) -> int:
    """How many passkeys the account has."""
    return int(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.WEBAUTHN).count())


OPENING = [role for role, permissions in PERMISSIONS.items() if Permission.OPEN_WORKBENCH in permissions]


def opens_some_workbench(account_id: UUID) -> bool:
    """Has the account, anywhere, a duty that opens a workbench?"""
    duties = Duty.everywhere.filter(account_id=account_id, until=None, role__in=OPENING)  # asked at sign-in
    return duties.exists()


def opening_duties(account_id: UUID) -> QuerySet[Duty]:
    """The account's duties here that open the workbench, the oldest first."""
    return Duty.objects.filter(account_id=account_id, until=None, role__in=OPENING).order_by("since", "pk")


def opens_a_workbench_elsewhere(account_id: UUID) -> bool:
    """Has the account a duty that opens the workbench of another community?"""
    duties = Duty.everywhere.filter(account_id=account_id, until=None, role__in=OPENING)  # one account serves them all
    return duties.exclude(community_id=current_community_id()).exists()


def needs_invitation(account_id: UUID) -> bool:
    """Must the account show an invitation before it sets up its second factor?"""
    return settings.STAFF_TOTP and opens_some_workbench(account_id) and not has_second_factor(account_id)


def works_at_a_desk(account_id: UUID, community: Community) -> bool:
    """Does the account's day in this community begin on the workbench?"""
    duties = Duty.everywhere.filter(community=community, account_id=account_id, until=None)  # asked at sign-in
    return duties.filter(role__in=AT_A_DESK).exists()


def homes_of(account_id: UUID) -> list[Community]:
    """The communities an account lives or works in."""
    living = Resident.everywhere.filter(account_id=account_id, left_on=None)  # asked before a community is chosen
    working = Duty.everywhere.filter(account_id=account_id, until=None)  # as above
    ids = living.values("community_id").union(working.values("community_id"))
    return list(Community.objects.filter(pk__in=[row["community_id"] for row in ids]).order_by("pk"))


def duties_held() -> QuerySet[Duty]:
    """Who does what here now, by role in the order of the page of roles."""
    order = Case(*(When(role=role, then=place) for place, role in enumerate(Role)))
    return Duty.objects.filter(until=None).order_by(order, "pk")


def with_invitations(held: Sequence[HeldDuty], *, asker_id: UUID | None) -> list[HeldDuty]:
    """The same, with who still needs an invitation, and whom `asker_id` may invite: each once, and not themselves.

    Two queries; none where staff need no second factor.
    """
    if not settings.STAFF_TOTP:
        return list(held)
    ids = {one.duty.account_id for one in held if one.duty.role in OPENING}
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ready = set(Authenticator.objects.filter(user_id__in=ids, type__in=kinds).values_list("user_id", flat=True))
    invited = dict(
        Account.objects.filter(pk__in=ids, invitation_until__gt=clock.now()).values_list("pk", "invitation_until")
    )
    asked = {asker_id}

    def told(one: HeldDuty) -> HeldDuty:
        who = one.duty.account_id
        if one.duty.role not in OPENING:
            return one
        is_first = who not in asked
        asked.add(who)
        return replace(
            one, lacks_second_factor=who not in ready, invited_until=invited.get(who), can_be_invited=is_first
        )

    return [told(one) for one in held]


def duties_ended(since: date) -> list[HeldDuty]:
    """What ended on that day or later, the latest first, and could be given back: nobody has it again by now."""
    held = Duty.objects.filter(account=OuterRef("account"), role=OuterRef("role"), scope=OuterRef("scope"), until=None)
    ended = Duty.objects.filter(~Exists(held), until__gte=since).exclude(role__in=WITHIN_ONLY)
    last = ended.order_by("account_id", "role", "-until", "-pk").distinct("account_id", "role")
    return with_names(sorted(last, key=lambda duty: (duty.until, duty.pk), reverse=True))


def with_names(rows: Iterable[Duty]) -> list[HeldDuty]:
    """The same, with who holds them and what they are called."""
    duties = list(rows)
    names = names_of({duty.account_id for duty in duties}) if duties else {}
    return [HeldDuty(duty, names.get(duty.account_id, ""), str(ROLE_NAMES[Role(duty.role)])) for duty in duties]


def duties_of(account_id: UUID | None) -> list[Duty]:
    """What an account does here now."""
    return list(Duty.objects.filter(account_id=account_id, until=None).order_by("since", "pk")) if account_id else []


def every_duty_of(account_id: UUID) -> QuerySet[Duty]:
    """What an account does and did here."""
    return Duty.objects.filter(account_id=account_id).order_by("since", "pk")


def current_texts() -> dict[str, ConsentText]:
    """The newest wording of each purpose that has one."""
    rows = ConsentText.objects.order_by("purpose", "-version").distinct("purpose")
    return {row.purpose: row for row in rows}


@dataclass(frozen=True)
class Asked:
    """What a person is asked to consent to, and what they said."""

    purpose: Purpose
    text: ConsentText
    given: Consent | None  # standing, to this wording or an older one

    @property
    def is_outdated(self) -> bool:
        """The yes belongs to an older wording."""
        return self.given is not None and self.given.text_id != self.text.pk


def consents_of(*people: Resident) -> dict[UUID, list[Asked]]:
    """Of each of them one line for every purpose with a wording (two queries)."""
    texts = current_texts()
    stands = Consent.objects.filter(resident__in=people, withdrawn_at=None).select_related("text")
    given = {(one.resident_id, one.text.purpose): one for one in stands.order_by("text__version")}
    asked = [purpose for purpose in Purpose if purpose in texts]
    return {one.pk: [Asked(what, texts[what], given.get((one.pk, what))) for what in asked] for one in people}


def has_consented(resident_id: UUID, purpose: Purpose) -> bool:
    """Does a yes to any wording of this purpose stand?"""
    return Consent.objects.filter(resident_id=resident_id, text__purpose=purpose, withdrawn_at=None).exists()


def who_consented(resident_ids: Collection[UUID], purpose: Purpose) -> set[UUID]:
    """For which of these residents does a yes to any wording of this purpose stand?"""
    given = Consent.objects.filter(resident__in=resident_ids, text__purpose=purpose, withdrawn_at=None)
    return set(given.values_list("resident_id", flat=True)) if resident_ids else set()


def holders(permission: Permission, within: str = EVERYWHERE) -> list[UUID]:
    """The accounts whose duties give them a right, everywhere or within a source: whom its work concerns."""
    roles = [role for role, permissions in PERMISSIONS.items() if permission in permissions]
    held = Duty.objects.filter(role__in=roles, until=None, scope__in={EVERYWHERE, within}, account__is_active=True)
    return list(held.order_by("account").values_list("account_id", flat=True).distinct())


def who_looked(resident: Resident) -> QuerySet[SensitiveRead]:
    """Every reading of this person's sensitive fields, with who it was by name, newest first."""
    reads = SensitiveRead.objects.filter(resident=resident).order_by("-at", "-pk")
    return reads.select_related("reader").only("fields_read", "reason", "at", "reader__name")


def every_relation_of(resident: Resident) -> QuerySet[Relation]:
    """All in which this person stands or stood, on either side."""
    return Relation.objects.filter(Q(resident=resident) | Q(helper=resident))


def relation(pk: UUID) -> Relation | None:
    """One, with both people."""
    return Relation.objects.filter(pk=pk).select_related("resident", "helper").first()


def relations_there(ids: Collection[UUID]) -> set[UUID]:
    """Which of these are there still."""
    return set(Relation.objects.filter(pk__in=ids).values_list("pk", flat=True))


def is_looking_at(resident: Resident, fields: Sequence[str], actor: Actor) -> bool:
    """Has the actor said within five minutes that they look at these fields of this person, and why?"""
    said = SensitiveRead.objects.filter(
        resident=resident, reader_id=actor.account_id, fields_read=",".join(fields), at__gt=clock.now() - SHOWN_FOR
    )
    return actor.account_id is not None and said.exists()


def open_erasure(resident: Resident) -> ErasureRequest | None:
    """The wish that this person be forgotten, theirs or the desk's, that was not carried out or taken back."""
    return resident.erasure_requests.filter(taken_back_at=None, done_at=None).first()


def erasures_due() -> QuerySet[ErasureRequest]:
    """Wishes to be forgotten whose time has come."""
    return ErasureRequest.objects.filter(_erasure_is_due()).order_by("due_at")


def homes_with_erasures_due() -> list[int]:
    """The communities that have such a wish."""
    due = ErasureRequest.everywhere.filter(_erasure_is_due())  # everywhere: the clock asks once for all
    return homes_with(due)


def _erasure_is_due() -> Q:
    return Q(taken_back_at=None, done_at=None, due_at__lte=clock.now())


def open_erasures() -> QuerySet[ErasureRequest]:
    """Everybody who is to be forgotten, the longest waiting first, with the people who asked and confirmed."""
    waiting = ErasureRequest.objects.filter(taken_back_at=None, done_at=None)
    return waiting.select_related("resident", "asked_by", "confirmed_by").order_by("asked_at", "pk")


def erasures_to_confirm(account_id: UUID | None) -> QuerySet[ErasureRequest]:
    """What another asked for and this account may confirm: of somebody else than itself."""
    waiting = open_erasures().filter(due_at=None)
    return waiting.exclude(asked_by=account_id).exclude(resident__account=account_id)
