"""Who is inside, who has left, by whom a child may be fetched.

The rule, on which pages, phones and programs agree in whatever order the facts were sent: somebody came in when their
attendance says so, and each time they were noted as coming once more; they are outside when they were noted as leaving
after the last of these moments, and of several such leavings the earliest counts. So a leaving before any coming in,
or at the same moment, counts for nothing, and neither does one of somebody who is not noted as having come: who is
looked for in a fire is rather one too many. Whoever was counted with them goes out and in with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext

from weiyifang.activities.door import DOOR, handed_over_most
from weiyifang.activities.models import Activity, Attendance, Fetcher, Passage, Session, SessionState, Way
from weiyifang.core import clock
from weiyifang.core.look.wording import as_day, clock_time
from weiyifang.people.minors import guardians_of, not_let_go_alone
from weiyifang.people.models import Resident


def with_passages(rows: QuerySet[Any], session: Session) -> QuerySet[Any]:
    """Attendances of a date with `in_at` (the last time they came in), `left_at` and `left_by` (when they left since,
    and which passage says so; None: they are inside), and `is_child`: they are handed over."""
    if not session.activity.notes_leaving:
        return rows
    day, most = as_day(session.starts_at), handed_over_most(session.starts_at)
    children = not_let_go_alone(most=most, on=day).filter(pk=OuterRef("resident_id"))
    found: QuerySet[Any] = _placed(rows).annotate(is_child=Exists(children))
    return found


def _placed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Where each of these attendances ends: the rule above."""
    theirs = Passage.objects.standing().filter(session=OuterRef("session_id"), resident=OuterRef("resident_id"))
    back = theirs.filter(way=Way.IN).order_by("-happened_at").values("happened_at")[:1]
    found: QuerySet[Any] = rows.annotate(in_at=Greatest("happened_at", Coalesce(Subquery(back), F("happened_at"))))
    left = theirs.filter(way=Way.OUT, happened_at__gt=OuterRef("in_at")).order_by("happened_at", "nonce")
    placed: QuerySet[Any] = found.annotate(
        left_at=Subquery(left.values("happened_at")[:1]), left_by=Subquery(left.values("pk")[:1])
    )
    return placed


def here_or_gone(session: Session) -> QuerySet[Any]:
    """Everybody who came with a name, with what `with_passages` says."""
    rows = Attendance.objects.filter(session=session, voids=None, voided_by=None, resident__isnull=False)
    return with_passages(rows.select_related("resident"), session)


def presence(session: Session, resident_id: UUID) -> Any:
    """One person's `Attendance` of a date that notes who leaves, with what `with_passages` says; None: did not come."""
    return here_or_gone(session).filter(resident=resident_id).first()


@dataclass(frozen=True, kw_only=True)
class Inside:
    """Who is inside: `children` and `others` as counts of people, and `nameless` guests, of whom nobody notes when they
    leave; `unknown` were noted as leaving and never as having come."""

    session: Session
    children: int
    others: int
    nameless: int
    unknown: Sequence[Resident]

    @property
    def people(self) -> int:
        return self.children + self.others

    def rows(self) -> QuerySet[Any]:
        """Children first, then by the time they came."""
        return still_inside(self.session).order_by("-is_child", "happened_at", "id")


MOST_UNKNOWN = 20


def still_inside(session: Session) -> QuerySet[Any]:
    """Those noted as having come who have not left since."""
    return here_or_gone(session).filter(left_at=None)


def inside(session: Session) -> Inside:
    """How many are inside now; three questions."""
    sums = dict(
        still_inside(session)
        .order_by()
        .values_list("is_child")
        .annotate(people=Sum("people", output_field=IntegerField()))
    )
    standing = Attendance.objects.filter(session=session, voids=None, voided_by=None)
    nameless = standing.filter(resident=None).aggregate(sum=Sum("people"))["sum"] or 0
    out = Passage.objects.standing().filter(session=session, way=Way.OUT)
    came = standing.filter(resident=OuterRef("resident_id"))
    strangers = out.filter(~Exists(came)).order_by("resident_id").distinct("resident_id").select_related("resident")
    return Inside(
        session=session,
        children=sums.get(True, 0),
        others=sums.get(False, 0),
        nameless=nameless,
        unknown=[row.resident for row in strangers[:MOST_UNKNOWN]],
    )


def passages_by_id(ids: Collection[UUID | None]) -> Mapping[UUID, Passage]:
    """Passages with whoever fetched, for those who may know it."""
    rows = Passage.objects.filter(pk__in=[pk for pk in ids if pk]).select_related("guardian", "fetcher", "session")
    return {row.pk: row for row in rows}


def with_left(rows: Iterable[Any]) -> list[tuple[Any, Passage | None]]:
    """Each with the passage by which they left; at most one question."""
    some = list(rows)
    known = passages_by_id([one.left_by for one in some])
    return [(one, known.get(one.left_by)) for one in some]


def coming_in_words(came: Attendance, left: Passage | None) -> str:
    """“came 14:02, fetched 15:35 by Grandmother Chen”, for a family."""
    told = {"came": clock_time(came.happened_at), "left": clock_time(left.happened_at) if left is not None else ""}
    if left is None:
        return gettext("came %(came)s") % told
    by = left.guardian or left.fetcher
    if by is None:
        return gettext("came %(came)s, left %(left)s") % told
    if left.fetcher is not None and left.fetcher.at_the_door:
        words = gettext("came %(came)s, fetched %(left)s by %(name)s, whom nobody had named: %(why)s")
        return words % {**told, "name": by.name, "why": left.fetcher.why}
    return gettext("came %(came)s, fetched %(left)s by %(name)s") % {**told, "name": by.name}


def comings_of(session: Session, residents: Collection[UUID]) -> dict[UUID, str]:
    """When these came to a date that notes who leaves, and by whom they were fetched; {} where it does not."""
    if not session.activity.notes_leaving:
        return {}
    rows = here_or_gone(session).filter(resident__in=residents)
    return {one.resident_id: coming_in_words(one, left) for one, left in with_left(rows) if one.resident_id}


@dataclass(frozen=True, kw_only=True)
class MayFetch:
    """One who may fetch a child: a guardian, or somebody a guardian named."""

    child_id: UUID
    guardian: Resident | None = None
    fetcher: Fetcher | None = None

    @property
    def name(self) -> str:
        found = self.guardian or self.fetcher
        return found.name if found is not None else ""

    @property
    def words(self) -> str:
        """The name, and what they are to the child."""
        return self.name if self.guardian is None else gettext("%(name)s, guardian") % {"name": self.name}

    @property
    def key(self) -> str:
        """What forms and programs call them."""
        return f"g{self.guardian.number}" if self.guardian is not None else f"f{self.fetcher and self.fetcher.pk}"


def good_fetchers(session: Session) -> QuerySet[Fetcher]:
    """Those named beforehand who may fetch from this date now: not ended, and named for it or until a later day."""
    day = as_day(session.starts_at)
    for_it = Q(enrollment__activity=session.activity_id) & (
        Q(enrollment__session=None) | Q(enrollment__session=session.pk)
    )
    return Fetcher.objects.filter(Q(until__gte=day) | Q(until=None) & for_it, at_the_door=False, ended_at=None)


def may_fetch(session: Session, children: Collection[UUID]) -> dict[UUID, list[MayFetch]]:
    """Who may fetch each of these children from a date: guardians first, then those they named; two questions."""
    if not children:
        return {}
    found = {
        child: [MayFetch(child_id=child, guardian=one) for one in theirs]
        for child, theirs in guardians_of(children).items()
    }
    for row in good_fetchers(session).filter(resident__in=children).order_by("id"):
        found.setdefault(row.resident_id, []).append(MayFetch(child_id=row.resident_id, fetcher=row))
    return found


def children_of(session: Session, residents: Collection[UUID]) -> set[UUID]:
    """Those of these residents who are handed over when they leave this date; {} where nobody notes who leaves."""
    if not session.activity.notes_leaving or not residents:
        return set()
    day, most = as_day(session.starts_at), handed_over_most(session.starts_at)
    return set(not_let_go_alone(most=most, on=day).filter(pk__in=residents).values_list("pk", flat=True))


def fetchers_of(resident_id: UUID) -> QuerySet[Fetcher]:
    """Everybody a guardian named for this child and has not taken back, the newest first."""
    rows = Fetcher.objects.filter(resident=resident_id, at_the_door=False, ended_at=None).order_by("-id")
    return rows.select_related("enrollment__activity", "enrollment__session")


def fetched(resident_id: UUID) -> QuerySet[Any]:
    """When a child came to what notes who leaves, the newest first, each with `left_at` and `left_by`."""
    rows = Attendance.objects.filter(resident=resident_id, voids=None, voided_by=None)
    noting = rows.filter(session__activity__in=Activity.objects.noting_leaving())
    return _placed(noting.select_related("session__activity")).order_by("-happened_at", "-id")


def passages_of(resident: Resident) -> QuerySet[Passage]:
    """Every time somebody left or came back or fetched a child, voids too, the newest first: for their own copy."""
    rows = Passage.objects.filter(Q(resident=resident) | Q(guardian=resident))
    return rows.select_related("session__activity", "guardian", "fetcher").order_by("-id")


def fetchers_said(resident: Resident) -> QuerySet[Fetcher]:
    """Everybody who was named for this child, or by this person, or at the door: for their own copy."""
    by_them = Q(named_by_id=resident.account_id, named_by_id__isnull=False, at_the_door=False)
    return Fetcher.objects.filter(Q(resident=resident) | by_them).order_by("-id")


def forgotten_inside() -> QuerySet[Session]:
    """Dates that ended some days ago at most, of what notes who leaves, from which a child was not noted as leaving;
    who is a child, and how many days, by the rule of today."""
    now, today = clock.now(), clock.today()
    rule = DOOR.on(today)
    children = not_let_go_alone(most=rule.handed_over_most, on=today)
    came = Attendance.objects.filter(session=OuterRef("pk"), voids=None, voided_by=None)
    inside_still = _placed(came).filter(left_at=None, resident__in=children.values("pk"))
    lately = Session.objects.filter(ends_at__lte=now, ends_at__gt=now - timedelta(days=rule.looked_after_days))
    over = lately.filter(activity__in=Activity.objects.noting_leaving())
    return over.exclude(state=SessionState.CANCELLED).filter(Exists(inside_still))
