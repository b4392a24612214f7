"""Reads worth a name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import homes_with
from weiyifang.organizations import queries as organizations
from weiyifang.people import queries as people
from weiyifang.people.models import ConsentText, Purpose
from weiyifang.people.roles import Permission
from weiyifang.talents import kinds, rules
from weiyifang.talents.models import RequestState, Talent, TalentQuerySet, TalentRequest, Thanks, ThanksState


def listed(words: str = "", topic: str = "") -> TalentQuerySet:
    """Who is on the list, with their record but its numbers, by number; searched, and of one topic if asked."""
    rows: TalentQuerySet = Talent.objects.listed().matching(words).select_related("resident")
    if topic in {word.code for word in kinds.TOPIC.ever()}:
        rows = rows.filter(topics__contains=[topic])
    return rows.defer("resident__phone", "resident__id_number").order_by("number")


def count_listed() -> int:
    return Talent.objects.listed().count()


def count_requests() -> int:
    """Every request that was ever made."""
    return TalentRequest.objects.count()


def talent_of(resident_id: UUID | None) -> Talent | None:
    """What somebody put down, as long as it stands."""
    return Talent.objects.listed().filter(resident_id=resident_id).first() if resident_id else None


def words_of_consent() -> ConsentText | None:
    """What whoever is put down says yes to; None while the community has not published the words."""
    return people.current_texts().get(Purpose.TALENTS)


def askers_for(actor: Actor) -> list[tuple[str, str]]:
    """In whose name the actor may ask: organizations; the committee and oneself are not among them."""
    return organizations.choices_for(actor, Permission.KEEP_TALENTS)


def request(pk: UUID) -> TalentRequest:
    """One request by its id, with the two it is between."""
    return _with_the_two(TalentRequest.objects.all()).get(pk=pk)


def asked_of(talent: Talent) -> QuerySet[TalentRequest]:
    """What a talent was asked: what waits for an answer first, then the newest."""
    return _waiting_first(_with_the_two(TalentRequest.objects.filter(talent=talent)))


def asked_by(resident_id: UUID) -> QuerySet[TalentRequest]:
    """What a resident asked, for themselves or an organization; the newest first."""
    rows = TalentRequest.objects.filter(resident_id=resident_id)
    return _with_the_two(rows).order_by("-asked_at", "-id")


def between(resident_id: UUID | None) -> QuerySet[TalentRequest]:
    """What somebody asked, and what they were asked; the newest first."""
    if resident_id is None:
        return TalentRequest.objects.none()
    rows = TalentRequest.objects.filter(Q(resident_id=resident_id) | Q(talent__resident_id=resident_id))
    return _with_the_two(rows).order_by("-asked_at", "-id")


def requests_for(actor: Actor, state: str = "") -> QuerySet[TalentRequest]:
    """For the workbench: what the actor looks after, of one state if asked; what waits first, then the newest."""
    rows = rules.requests_of(actor)
    if state in RequestState.values:
        rows = rows.filter(state=state)
    return _waiting_first(_with_the_two(rows))


def homes_with_overdue() -> list[int]:
    """The communities where somebody was asked and did not answer in time."""
    return homes_with(TalentRequest.everywhere.filter(_is_overdue()))  # everywhere: the clock asks once for all


def _is_overdue() -> Q:
    return Q(state=RequestState.ASKED, lapses_at__lte=clock.now())


def say_whose(requests: Iterable[TalentRequest]) -> None:
    """Let each request know the organization it is for, `whose` (one query)."""
    rows = list(requests)
    known = organizations.named({row.of for row in rows if row.of})
    for row in rows:
        row.whose = known.get(row.of)


def thanks_to(talent: Talent) -> QuerySet[Thanks]:
    """What the neighbours may read, the newest first."""
    rows = Thanks.objects.filter(request__talent=talent, state=ThanksState.SHOWN)
    return rows.select_related("request__resident").order_by("-shown_at", "-id")


def thanks_for(request: TalentRequest) -> Thanks | None:
    """The thanks for what was asked, unless they were taken back."""
    return Thanks.objects.filter(request=request).exclude(state=ThanksState.TAKEN_BACK).first()


def phones(request: TalentRequest, actor: Actor) -> tuple[str, str]:
    """The talent's and the asker's phone, each as far as its owner allows it and the actor is the other one; "" else.

    Never for the desk: it has the register, where each reading says why.
    """
    until = request.phones_until
    if until is None or until <= clock.now():
        return "", ""
    of_talent = of_asker = ""
    if request.talent_phone and rules.is_asker(actor, request):
        of_talent = _number(request.talent.resident_id)
    if request.asker_phone and request.resident_id and rules.is_asked(actor, request):
        of_asker = _number(request.resident_id)
    return of_talent, of_asker


def _number(resident_id: UUID) -> str:
    found = people.reachable([resident_id]).get(resident_id)
    return people.number_to_ring(found) if found is not None and found.left_on is None else ""


def _with_the_two(rows: QuerySet[TalentRequest]) -> QuerySet[TalentRequest]:
    rows = rows.select_related("talent__resident", "resident")
    numbers = ("phone", "id_number")
    return rows.defer(*(f"{way}__{name}" for way in ("talent__resident", "resident") for name in numbers))


def _waiting_first(rows: QuerySet[TalentRequest]) -> QuerySet[TalentRequest]:
    first = Case(When(state=RequestState.ASKED, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(first, "-asked_at", "-id")
