"""What these tests are about, made through the verbs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Unpack

from weiyifang.activities import services
from weiyifang.activities.models import Act, Activity, Audience, Enrollment, Method, Session
from weiyifang.activities.services import Details
from weiyifang.capacity.models import PlacePool
from weiyifang.core import clock
from weiyifang.core.actors import Actor, system
from weiyifang.people import services as people
from weiyifang.people.models import Resident


def activity(**details: Unpack[Details]) -> Activity:
    """A draft with 3 seats."""
    told: Details = {"title": "插花茶艺孝敬爸妈", "place": "二楼茶艺室", "places": 3}
    told.update(details)
    return services.plan(by=system(), **told)


def date_of(of: Activity, days: int = 2, hours: int = 0, minutes: int = 120) -> Session:
    """One more date of it, some days from now."""
    starts_at = clock.now() + timedelta(days=days, hours=hours)
    ends_at = starts_at + timedelta(minutes=minutes)
    return services.add_session(activity=of, starts_at=starts_at, ends_at=ends_at, by=system())


def session(days: int = 2, hours: int = 0, **details: Unpack[Details]) -> Session:
    """A date of a new activity that is shown to all."""
    of = activity(**details)
    date_of(of, days, hours)
    services.publish(activity=of, by=system())
    return again(Session.objects.get(activity=of))


def lottery(ago: int = 2, people: int = 0, **details: Unpack[Details]) -> Session:
    """A date of tomorrow whose enrolment closed this moment; so many put themselves on its list, some days ago."""
    with clock.at(clock.now() - timedelta(days=ago)):
        told: Details = {"order": "lottery", "closes_hours": 24}
        told.update(details)
        found = session(days=ago + 1, **told)
        for one in residents(people):
            enroll(found, one)
    return found


def resident(name: str = "王孃孃", **details: Any) -> Resident:
    return people.register_resident(name=name, by=system(), **details)


def residents(count: int) -> list[Resident]:
    return [resident(f"居民{number}") for number in range(1, count + 1)]


def enroll(in_: Session, who: Resident | None = None, places: int = 1) -> Enrollment:
    return services.enroll(session=in_, resident=who or resident(), places=places, by=system())


def wait(in_: Session, who: Resident | None = None, places: int = 1) -> Enrollment:
    return services.queue(session=in_, resident=who or resident(), places=places, by=system())


def missed(who: Actor, *others: Actor, days: int = 7, **details: Unpack[Details]) -> Enrollment:
    """A date some days ago that somebody, and others, enrolled for by themselves and did not come to. Of the first."""
    told: Details = {"title": "没来的", "places": 9}
    told.update(details)
    with clock.at(clock.now() - timedelta(days=days + 1)):
        held = session(days=1, **told)
        row, *_theirs = [
            services.enroll(session=held, resident=Resident.objects.get(pk=by.resident_id or ""), by=by)
            for by in (who, *others)
        ]
    with clock.at(held.starts_at):
        services.check_in(session=held, resident=resident("来了的"), method=Method.ROSTER, by=system())
    with clock.at(held.ends_at):
        services.hold_session(session=held, by=system())
    return Enrollment.objects.select_related("activity", "session").get(pk=row.pk)


def left_behind(name: str = "没人接的") -> Session:
    """A class for children that is over since an hour, from which one was not noted as fetched."""
    with clock.at(clock.now() - timedelta(hours=4)):
        held = session(days=0, hours=1, title="小手做灯笼", audience=Audience.CHILDREN, places=9)
        child = resident(name, born_on=clock.today() - timedelta(days=8 * 366))
        services.check_in(session=held, resident=child, method=Method.ROSTER, by=system())
    return again(held)


def performed(title: str = "合唱") -> Act:
    """An act of a programme that was shown to all, of a date that took place an hour ago."""
    with clock.at(clock.now() - timedelta(days=2)):
        gala = session(days=1, hours=21, title="邻里晚会", kind="gala", places=0)
        act = services.add_act(session=gala, title=title, performers="晚霞合唱队", minutes=5, by=system())
        services.publish_running_order(session=gala, by=system())
    services.hold_session(session=again(gala), by=system())
    return Act.objects.select_related("order__session__activity").get(pk=act.pk)


def again(row: Session) -> Session:
    """The session as it is in the database now."""
    return Session.objects.select_related("activity").get(pk=row.pk)


def pool(of: Session) -> PlacePool:
    return PlacePool.objects.get(owner=of.pool_owner)
