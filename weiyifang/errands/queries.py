"""Reads: one's own errands, and who is running what."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core import clock, long_work
from weiyifang.core.actors import Actor
from weiyifang.errands.models import OPEN, STANDS_STILL, Errand, ErrandFile, State, Why

TONES: dict[str, str] = {State.RUNNING: "info", State.DONE: "ok", State.FAILED: "no"}


@dataclass(frozen=True)
class Line:
    """An errand in words. `file`: without its content; None where there is none (any more)."""

    errand: Errand
    file: ErrandFile | None = None

    @property
    def title(self) -> str:
        return str(long_work.kind(self.errand.kind).title)

    @property
    def tone(self) -> str:
        return TONES.get(self.errand.state, "")

    @property
    def came(self) -> str:
        """What came of it, or why nothing did."""
        errand = self.errand
        if errand.state == State.DONE:
            return long_work.kind(errand.kind).words(errand.came)
        if errand.said:
            return errand.said
        return str(Why(errand.why).label) if errand.why else ""

    @property
    def onward(self) -> str:
        """The page that shows what came of it; "" for none. Only while a page is made."""
        return long_work.kind(self.errand.kind).onward(self.errand.came) if self.errand.state == State.DONE else ""

    @property
    def how_far(self) -> str:
        """`8,000 of 22,000`; without figures in words."""
        errand = self.errand
        if errand.state == State.WAITING:
            return _("It waits for its turn.") if not errand.begun else _("It begins again from the start in a minute.")
        if not errand.total:
            return _("It has begun.")
        words = ngettext("%(done)s of %(total)s", "%(done)s of %(total)s", errand.total)
        return words % {"done": f"{errand.done:,}", "total": f"{errand.total:,}"}

    @property
    def percent(self) -> int:
        """Never 100 before it is done."""
        return min(99, self.errand.done * 100 // self.errand.total) if self.errand.total else 0


def of(actor: Actor) -> QuerySet[Errand]:
    """What the actor asked for, the newest first."""
    mine = Errand.objects.filter(asked_by=actor.account_id) if actor.account_id else Errand.objects.none()
    return mine.order_by("-id")


def line(errand: Errand) -> Line:
    """One of them, with its file."""
    return Line(errand, ErrandFile.objects.filter(errand=errand).defer("content").first())


def with_file_until(rows: QuerySet[Errand]) -> QuerySet[Errand]:
    """`file_until`: how long its file can be fetched; None where there is none."""
    return rows.annotate(file_until=Subquery(ErrandFile.objects.filter(errand=OuterRef("pk")).values("until")[:1]))


def under_way() -> QuerySet[Errand]:
    """Everybody's that is open, the oldest first, with who asked."""
    return Errand.objects.filter(state__in=OPEN).select_related("asked_by").order_by("id")


def standing_still() -> QuerySet[Errand]:
    """Those that should have moved long ago."""
    return under_way().filter(moved_at__lt=clock.now() - STANDS_STILL)
