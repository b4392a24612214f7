"""Reads worth a name. Other packages ask here, never the tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from weiyifang.core import clock
from weiyifang.core.tenancy import source_of
from weiyifang.fund import underway
from weiyifang.fund.models import PaymentRequest, State
from weiyifang.grants.models import SHOWN, Appeal, AppealState, GrantRun, RunningGrant, RunState
from weiyifang.organizations import queries as organizations
from weiyifang.organizations.queries import Named

FEN = Coalesce(F("new_fen"), F("amount_fen"))  # what a grant is, as corrected


def runs() -> QuerySet[GrantRun]:
    """Every run that was not dropped, newest year first, with `many` organizations and `fen` in all."""
    rows = GrantRun.objects.exclude(state=RunState.DROPPED).order_by("-year")
    fen = Coalesce(F("grants__new_fen"), F("grants__amount_fen"))
    return rows.annotate(many=Count("grants"), fen=Coalesce(Sum(fen), 0))


def shown_runs() -> QuerySet[GrantRun]:
    """Those that everybody may see."""
    return runs().filter(state__in=SHOWN)


def grants_of(run: GrantRun) -> QuerySet[RunningGrant]:
    """The lines of a run, as they stand in its table."""
    return RunningGrant.objects.filter(run=run).order_by("place", "id")


def published_for(organization: str) -> QuerySet[RunningGrant]:
    """What an organization was given, year by year, the newest first."""
    rows = RunningGrant.objects.filter(organization=organization, run__state__in=SHOWN).select_related("run")
    return rows.order_by("-run__year")


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Of a run: organizations, those that get something, fen in all, as corrected."""

    many: int
    paid_for: int
    fen: int


def sums(run: GrantRun) -> Sums:
    found = (
        grants_of(run)
        .order_by()
        .annotate(what=FEN)
        .aggregate(many=Count("id"), paid_for=Count("id", filter=Q(what__gt=0)), fen=Coalesce(Sum("what"), 0))
    )
    return Sums(**found)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A grant as pages show it: of whom, and how far its payment is."""

    grant: RunningGrant
    organization: Named | None
    payment: PaymentRequest | None

    @property
    def name(self) -> str:
        return self.organization.name if self.organization else "—"

    @property
    def is_paid(self) -> bool:
        return self.payment is not None and self.payment.state == State.PAID

    @property
    def is_to_be_asked_for(self) -> bool:
        """Was it corrected, so that its payment ended and another has to be asked for?"""
        ended = self.payment is None or self.payment.state in {State.WITHDRAWN, State.REFUSED}
        return bool(self.grant.run.is_shown and self.grant.fen and ended)

    @property
    def standing(self) -> str:
        """How far it is, in words."""
        if not self.grant.fen:
            return _("no grant")
        if not self.grant.run.is_shown:
            return ""
        if self.is_to_be_asked_for:
            return _("corrected, to be asked for")
        assert self.payment is not None
        return _("money set aside") if self.payment.stands == State.APPROVED else self.payment.standing


def shown(rows: Iterable[RunningGrant]) -> list[Shown]:
    """These grants with their organizations and payments: two queries, however many."""
    grants = list(rows)
    names = organizations.named({row.organization for row in grants})
    payments = underway.following([source_of(row) for row in grants])
    return [
        Shown(grant=row, organization=names.get(row.organization), payment=payments.get(source_of(row)))
        for row in grants
    ]


def digest_of(run: GrantRun) -> str:
    """What two people sign: a hash over every line of the table as it was entered."""
    lines = grants_of(run).values_list("organization", "tenths", "grade", "amount_fen")
    said = json.dumps([run.year, str(run.ruled_on), *map(list, lines)])
    return hashlib.sha256(said.encode()).hexdigest()


def open_appeals() -> QuerySet[Appeal]:
    """Those that wait for an answer, the longest waiting first."""
    rows = Appeal.objects.filter(state=AppealState.ASKED).select_related("grant", "grant__run")
    return rows.order_by("made_at")


def to_ask_again() -> QuerySet[RunningGrant]:
    """Corrected ones for which the fund has to be asked for another amount."""
    return RunningGrant.objects.filter(asks_again=True).select_related("run")


def grants_by_id(ids: Iterable[UUID]) -> list[RunningGrant]:
    """These, in the order of their tables."""
    return list(RunningGrant.objects.filter(pk__in=[*ids]).select_related("run").order_by("run", "place"))


def published_grants(run_id: UUID) -> list[RunningGrant]:
    """Every grant of a run."""
    return list(RunningGrant.objects.filter(run=run_id).select_related("run").order_by("place"))


def signer_of(grant_id: UUID) -> UUID | None:
    """Who signed the table that a grant stands in."""
    return GrantRun.objects.values_list("handed_in_by_id", flat=True).get(grants=grant_id)


def due_runs() -> QuerySet[GrantRun]:
    """Published ones whose time for appeals is over, without open appeals."""
    waiting = Appeal.objects.filter(state=AppealState.ASKED).values("grant__run")
    due = GrantRun.objects.filter(state=RunState.PUBLISHED, appeals_until__lt=clock.today())
    return due.exclude(pk__in=waiting)


def figures() -> dict[str, Any]:
    """How many grants were paid, and how many fen in all: for the replay."""
    grants = [one for run in GrantRun.objects.filter(state__in=SHOWN) for one in shown(grants_of(run))]
    paid = [one for one in grants if one.is_paid]
    return {"running_grants": len(paid), "running_grants_fen": sum(one.grant.fen for one in paid)}
