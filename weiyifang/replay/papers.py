"""Papers of the replayed year: some payments' invoices, a gift's letter, statements, documents of organizations.

Drawn by `tools/draw_papers.py`; each says on its face that it is a sample. The same sheet is kept once, however often
it is brought. Nothing of it counts in the published figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile

from weiyifang.core import clock
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import CommunityModel, source_of
from weiyifang.files import services as files
from weiyifang.fund import services as fund
from weiyifang.fund.models import Donation, Method, PaymentRequest, State, StatedBalance
from weiyifang.organizations.models import Organization
from weiyifang.organizations.papers import source_of_documents
from weiyifang.people import services as people
from weiyifang.people.models import RelationKind, Resident

SHEETS = Path(__file__).parent / "sheets"
INVOICES = ("invoice-1.jpg", "invoice-2.jpg", "invoice-3.jpg")
EVERY = 30  # so many payments have one that was photographed


def drawn(name: str) -> ContentFile[bytes]:
    """One of the sheets, as a form hands it over."""
    return ContentFile((SHEETS / name).read_bytes(), name=name)


def photograph_invoices(*, every: int = EVERY, staff: Actor) -> None:
    """Of what was asked for today and nobody has decided on, some lie there photographed."""
    for row in PaymentRequest.objects.filter(state=State.SUBMITTED, files_changed=0).order_by("number"):
        if row.number % every == 0:
            fund.add_paper(request=row, brought=drawn(INVOICES[row.number % len(INVOICES)]), by=staff)


def lay_out(*, cast: Mapping[str, Actor], choir: str, led: str) -> None:
    """What lies there when the year ends, of every kind of paper there is."""
    photograph_invoices(every=1, staff=cast["staff"])
    gifts = Donation.objects.filter(reversed_at=None).order_by("-number")
    mine = gifts.filter(resident__account__username="resident").first()
    _lay(gifts.filter(channel="partners").first(), "letter.jpg", "letter", cast["accountant"])
    _lay(mine, "slip.jpg", "slip", cast["accountant"])
    said = StatedBalance.objects.filter(method=Method.BANK).order_by("-stated_on", "-id").first()
    _lay(said, "statement.jpg", "statement", cast["accountant"])
    for organization in Organization.objects.filter(name__in=(choir, led)).order_by("number"):
        documents = source_of_documents(organization)
        files.add(owner=documents, brought=drawn("statutes.pdf"), what="statutes", is_open=True, by=cast["staff"])
        files.add(owner=documents, brought=drawn("minutes.jpg"), what="minutes", by=cast["staff"])
    _prove(by=cast["staff"])


def _prove(*, by: Actor) -> None:
    """A child's guardian, behind the same door, with the paper that says so."""
    here, today = Resident.objects.living_here().order_by("number"), clock.today()
    child = here.filter(born_on__gt=today - timedelta(days=10 * 365)).first()
    grown = here.filter(born_on__lt=today - timedelta(days=25 * 365))
    guardian = grown.filter(household=child.household).first() or grown.first() if child else None
    if child and guardian:
        relation = people.relate(resident=child, helper=guardian, kind=RelationKind.GUARDIAN, by=by)
        _lay(relation, "proof.jpg", "proof", by)


def _lay(row: CommunityModel | None, name: str, what: str, by: Actor) -> None:
    if row is not None:
        files.add(owner=source_of(row), brought=drawn(name), what=what, by=by)
