"""Pages to look at when somebody belongs to an organization, and leads it. See `tests/browser/pages.py`."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.pages import BENCH, HOME, Moment, Visit
from tests.stage import Stage
from weiyifang.core.actors import system
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.organizations.tests import make as organization


def belonging(stage: Stage) -> Iterator[Visit]:
    """An organization as somebody sees it who belongs to it, who asked, who leads it; and one not filed yet."""
    joined, asked = Organization.objects.get(name="南湖太极队"), Organization.objects.get(name="南湖棋社")
    led, choir = Organization.objects.get(name="南湖书法社"), Organization.objects.get(name="南湖合唱团")
    yield Visit(name="organization-joined", address=f"{HOME}organizations/{joined.number}/", who="resident")
    yield Visit(name="organization-asked", address=f"{HOME}organizations/{asked.number}/", who="resident")
    yield Visit(name="organization-led", address=f"{HOME}organizations/{led.number}/", who="leader")
    yield Visit(name="organization-visitor", address=f"{HOME}organizations/{choir.number}/")
    faults = {"name": "", "kind": "culture"}
    yield Visit(name="apply-faults", address=f"{HOME}organizations/new/", who="resident", sends=faults, status=422)


def managing_organizations(stage: Stage) -> Iterator[Visit]:
    """One that is only applied for, one registered with members, one dissolved, one's own; a search without a hit."""
    row = f"{BENCH}organizations/"
    applied = Organization.objects.get(name="南湖诗社")
    yield Visit(name="manage-applied", address=f"{row}{applied.number}/", who="staff")
    large = organization.in_status("registered", "重庆市南岸区花园路街道南湖社区夕阳红老年合唱团")
    for number in range(25):
        organizations.add_member(organization=large, resident=organization.resident(f"欧阳{number}号"), by=system())
    yield Visit(name="manage-registered", address=f"{row}{large.number}/", who="secretary")
    yield Visit(name="manage-members", address=f"{row}{large.number}/roster/", who="secretary")
    yield Visit(name="manage-list", address=row, who="staff")
    yield Visit(name="manage-none", address=f"{row}?q=没有这个", who="staff")
    gone = organizations.dissolve(organization=large, reason="大家都搬走了", by=system())
    yield Visit(name="manage-dissolved", address=f"{row}{gone.number}/", who="staff")
    led = Organization.objects.get(name="南湖书法社")
    yield Visit(name="manage-led", address=f"{row}{led.number}/", who="leader")


MOMENTS: tuple[Moment, ...] = (
    belonging,
    managing_organizations,
)
