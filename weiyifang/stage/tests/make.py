"""Rows for tests, made through the verbs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from weiyifang.core import clock
from weiyifang.core.actors import system
from weiyifang.core.tenancy import source_of
from weiyifang.organizations import services as organizations
from weiyifang.organizations.models import Organization
from weiyifang.people import services as people
from weiyifang.people.models import Resident
from weiyifang.stage import services
from weiyifang.stage.models import Engagement, Income, Offer, Performer
from weiyifang.stage.splitting import Shares

USUAL = Shares(troupe=5200, members=0, fund=4800)
WITH_MEMBERS = Shares(troupe=3000, members=2200, fund=4800)


def request(*, days: int = 5, at: str = "15:00", minutes: int = 90, **more: Any) -> Engagement:
    """Somebody wants a show so many days from today."""
    starts_at = clock.local(clock.today() + timedelta(days=days), at)
    said = {"title": "新店开张", "customer": "花园路粮油店", "phone": "023-62800000", "place": "花园路口", **more}
    ends_at = starts_at + timedelta(minutes=minutes)
    return services.put_down(starts_at=starts_at, ends_at=ends_at, by=system(), **said)


def offer(of: Organization, *, price_fen: int | None = 200_000, wanted: Engagement | None = None, **more: Any) -> Offer:
    """A troupe was asked, and would play."""
    (row,) = services.ask(engagement=wanted or request(**more), troupes=[source_of(of)], by=system())
    return services.make_offer(offer=row, price_fen=price_fen, by=system()) if price_fen else row


def agreed(of: Organization, *, price_fen: int = 200_000, shares: Shares = USUAL, **more: Any) -> Engagement:
    """A troupe plays."""
    return services.choose(offer=offer(of, price_fen=price_fen, **more), shares=shares, by=system())


def member(of: Organization, name: str = "唱歌的") -> Resident:
    one = people.register_resident(name=name, born_on=date(1958, 3, 8), by=system())
    organizations.add_member(organization=of, resident=one, by=system())
    return one


def played(of: Organization, *, on: int = 3, days: int = 1, **more: Any) -> Engagement:
    """A show with so many members on, that is over since `days` ago and not noted as held."""
    with clock.at(clock.now() - timedelta(days=days + 3)):
        show = agreed(of, days=3, at="00:30", minutes=30, **more)
        services.put_in(engagement=show, residents=[member(of, f"队员{one}") for one in range(on)], by=system())
    return show


def held(of: Organization, **more: Any) -> Engagement:
    """The same, noted as held."""
    return services.note_held(engagement=played(of, **more), by=system())


def on_in_a_held_show(of: Organization, who: Resident, **more: Any) -> Performer:
    """A member who was on in a show that is noted as held."""
    with clock.at(clock.now() - timedelta(days=4)):
        show = agreed(of, days=3, at="00:30", minutes=30, **more)
        (place,) = services.put_in(engagement=show, residents=[who], by=system())
    services.note_held(engagement=show, by=system())
    return Performer.objects.select_related("engagement", "resident").get(pk=place.pk)


def paid(of: Organization, *, fen: int = 200_000, **more: Any) -> Income:
    """What was paid for a show that was held."""
    return services.receive(
        engagement=held(of, price_fen=fen, **more), amount_fen=fen, received_on=clock.today(), by=system()
    )
