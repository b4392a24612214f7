"""The pages the gate looks at. A package adds its own: a function that sets the stage and says which pages to visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor, system
from weiyifang.people import services
from weiyifang.people.models import RelationKind, Resident

HOME = "/c/nanhu/"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page to look at: its address (from the site's root), who looks (one of the cast), what it answers."""

    name: str
    path: str
    who: str = "visitor"
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where the pages' data are made: inside the community, with its cast."""

    community: Community
    cast: dict[str, Actor]


def look(stage: Stage) -> list[Visit]:
    """What no topic owns: the gallery of components, settings of the look, a page that is not there."""
    return [
        Visit(name="gallery", path=f"{HOME}workbench/ui/", who="staff"),
        Visit(name="look", path=f"{HOME}look/"),
        Visit(name="look-outside", path="/look/"),
        Visit(name="error-404", path=f"{HOME}nothing/here/", status=404),
        Visit(name="error-404-outside", path="/nothing/here/", status=404),
    ]


def accounts(stage: Stage) -> list[Visit]:
    """Signing in, and what a person sees of the own account."""
    return [
        Visit(name="login", path="/accounts/login/"),
        Visit(name="login-code", path="/accounts/login/code/"),
        Visit(name="signup", path="/accounts/signup/"),
        Visit(name="password-change", path="/accounts/password/change/", who="staff"),
        Visit(name="second-factor", path="/accounts/2fa/", who="staff"),
        Visit(name="sessions", path="/accounts/sessions/", who="staff"),
    ]


def portal(stage: Stage) -> list[Visit]:
    """The pages made of several topics, before anything has happened: every empty state at once."""
    return [
        Visit(name="find", path="/"),
        Visit(name="home-visitor", path=HOME),
        Visit(name="home", path=HOME, who="resident"),
        Visit(name="me", path=f"{HOME}me/", who="resident"),
        Visit(name="today", path=f"{HOME}workbench/", who="staff"),
    ]


def people(stage: Stage) -> list[Visit]:
    """The register on the workbench, and a person's own record."""
    by = system()
    for text in services.publish_standard_texts(by=by):
        last = text
    home = services.Door("南湖路三号院", "3", "2", "5-1")
    person = services.register_resident(
        name="赵一鸣", born_on=date(1949, 10, 1), phone="199 0000 7001", address=home, by=by
    )
    own = Resident.objects.get(account_id=str(stage.cast["resident"].account_id))
    helper = Resident.objects.get(account_id=str(stage.cast["volunteer"].account_id))
    services.relate(resident=own, helper=helper, kind=RelationKind.PROXY, by=stage.cast["resident"])
    services.give_consent(resident=own, text=last, by=stage.cast["resident"])
    read = services.read_sensitive(resident=own, fields=("phone",), reason="call", by=stage.cast["staff"])
    table = (
        "姓名,性别,出生日期,手机,小区,楼栋,单元,门牌\n张三,女,1951-03-08,19900007002,南湖路三号院,3,2,5-2\n,男,,,,,,\n"
    )
    draft = services.keep_draft(file_name="居民名册.csv", content=table.encode("gbk"), by=stage.cast["staff"])
    bench = f"{HOME}workbench/"
    record = f"{bench}residents/{own.number}/"
    of_staff = {
        "people-residents": f"{bench}residents/",
        "people-nobody": f"{bench}residents/?q=没有这个人",
        "people-add": f"{bench}residents/new/",
        "people-resident": record,
        "people-edit": f"{record}details/",
        "people-look": f"{record}numbers/",
        "people-looked": f"{record}numbers/{read.pk}/",
        "people-erase": f"{record}erasure/",
        "people-household": f"{bench}households/{person.household_id}/",
        "people-upload": f"{bench}residents/import/",
        "people-preview": f"{bench}residents/import/{draft.pk}/",
        "people-export": f"{bench}residents/export/",
    }
    of_secretary = {
        "people-duties": f"{bench}duties/",
        "people-give": f"{bench}duties/new/",
        "people-texts": f"{bench}consents/",
        "people-text": f"{bench}consents/photos/",
    }
    of_resident = {
        "people-me": f"{HOME}me/details/",
        "people-consents": f"{HOME}me/consents/",
        "people-relations": f"{HOME}me/relations/",
        "people-data": f"{HOME}me/data/",
        "people-erasure": f"{HOME}me/erasure/",
    }
    every = {"staff": of_staff, "secretary": of_secretary, "resident": of_resident}
    return [
        Visit(name="people-claim", path=f"{HOME}me/claim/"),
        *(Visit(name=name, path=path, who=who) for who, paths in every.items() for name, path in paths.items()),
    ]


STAGES: dict[str, Callable[[Stage], list[Visit]]] = {
    "look": look,
    "accounts": accounts,
    "portal": portal,
    "people": people,
}
