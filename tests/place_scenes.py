"""What stands in a place before a test begins: `python -m tests.place_scenes web|work|everything`. Prints JSON."""

from __future__ import annotations

import json
import os
import sys

import django


def web() -> dict[str, object]:
    """Two dates with plenty of seats, an open fund, people who may sign up, and the accountant: their cookies."""
    from weiyifang.activities.tests import make as activity
    from weiyifang.core.actors import system
    from weiyifang.fund import services as fund
    from weiyifang.people import services as people

    accounts = make_cast(community)
    with in_community(community):
        fund.open_fund(by=system())
        dates = [activity.session(title=title, places=60) for title in ("包粽子", "做香囊")]
        cookies = []
        for number in range(12):
            account = people.make_account(name=f"居民{number}", phone=f"199 0001 {number:04}", phone_verified=True)
            resident = people.register_resident(name=f"居民{number}", by=system())
            people.link_account(resident=resident, account=account, by=system())
            cookies.append(cookie_of(account))
    return {
        "people": cookies,
        "accountant": cookie_of(accounts["accountant"]),
        "dates": [f"/c/nanhu/api/activities/{date.activity.number}/{date.number}/enrollments" for date in dates],
    }


def storm(dates: int) -> dict[str, object]:
    """So many dates with fewer seats than people who want them, an open fund, and who records gifts and payments."""
    from weiyifang.activities.tests import make as activity
    from weiyifang.core import clock
    from weiyifang.core.actors import system
    from weiyifang.fund import services as fund
    from weiyifang.people import services as people

    accounts = make_cast(community)
    with in_community(community):
        fund.open_fund(by=system())
        opened = [activity.session(title=f"包粽子 {number}", places=12) for number in range(dates)]
        neighbours = []
        for number in range(20):
            account = people.make_account(name=f"居民{number}", phone=f"199 0002 {number:04}", phone_verified=True)
            resident = people.register_resident(name=f"居民{number}", by=system())
            people.link_account(resident=resident, account=account, by=system())
            neighbours.append({"id": str(resident.pk), "cookie": cookie_of(account)})
        return {
            "people": neighbours,
            "accountant": cookie_of(accounts["accountant"]),
            "staff": cookie_of(accounts["staff"]),
            "today": clock.today().isoformat(),
            "dates": [
                {
                    "id": str(date.pk),
                    "path": f"/c/nanhu/api/activities/{date.activity.number}/{date.number}/enrollments",
                }
                for date in opened
            ],
        }


def work() -> dict[str, object]:
    """In several communities: people who asked to be forgotten, transfers without a seal, and the jobs for both."""
    from datetime import timedelta

    from weiyifang.core import clock
    from weiyifang.core.actors import Actor
    from weiyifang.core.server.jobs import enqueue
    from weiyifang.ledger import tasks as books
    from weiyifang.ledger.tests import make as money
    from weiyifang.people import services as people
    from weiyifang.people import tasks as registers

    homes = [community, *(open_community(code=500108002000 + number) for number in (2, 3, 4, 5))]
    for home in homes:
        with in_community(home):
            fund = money.fund("another")  # whose entries need no receipts
            for fen in range(1, 41):
                fund.give(fen)
            for number in range(8):
                person = people.register_resident(name=f"张{number}", by=Actor(community_id=home.pk, is_system=True))
                phone = f"199 0{home.pk % 100:02}1 {number:04}"
                account = people.make_account(name=f"张{number}", phone=phone, phone_verified=True)
                people.link_account(resident=person, account=account, by=Actor(community_id=home.pk, is_system=True))
                oneself = Actor(community_id=home.pk, account_id=account.pk, resident_id=person.pk)
                with clock.at(clock.now() - timedelta(days=5)):
                    people.ask_erasure(resident=person, by=oneself)
            for task in (registers.erase_due, books.seal_all):
                enqueue(task, key="every")
    return {"people": 8 * len(homes), "transfers": 40 * len(homes)}


def errands(residents: int, more: int) -> dict[str, object]:
    """So many residents, and a staff member who asks for all of them as a file, and for more to be put beside them."""
    from weiyifang.errands import services as long_work
    from weiyifang.people import services as people
    from weiyifang.people.demo import actors_of
    from weiyifang.people.models import Resident
    from weiyifang.people.population import make_population

    accounts = make_cast(community)
    with in_community(community):
        make_population(7, residents)
        staff = actors_of(accounts)["staff"]
        wanted = {"wishes": {}, "form": "xlsx", "sensitive": True}
        long_work.ask(kind="residents_export", arguments=wanted, by=staff)
        rows = "".join(f"新{number},1960-01-01,南湖路三号院,99,1,{number}\n" for number in range(more))
        table = f"姓名,出生日期,小区,楼栋,单元,门牌\n{rows}"
        draft = people.keep_draft(file_name="a.csv", content=table.encode(), people=more, by=staff)
        long_work.ask(kind="residents_import", arguments={"draft": str(draft.pk), "also": []}, by=staff)
        return {"residents": Resident.objects.count()}


def everything() -> dict[str, object]:
    """A bit of everything in every topic: the stage of who may open what, at the hour to which its days belong."""
    from tests import scenes
    from tests.at_noon import NOON
    from weiyifang.core import clock
    from weiyifang.replay import figures

    with clock.at(NOON):
        scenes.build(community, open_community(code=500108002002, slug="neighbour"))
    with in_community(community):
        return {"head": figures.head()}


def cookie_of(account: object) -> str:
    browser = CommunityClient()
    browser.force_login(account)  # type: ignore[arg-type]  # an account, by its name in other files
    return f"sessionid={browser.cookies['sessionid'].value}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from weiyifang.communities.services import open_community
    from weiyifang.core.tenancy import in_community
    from weiyifang.people.demo import make_cast
    from weiyifang.people.testing import CommunityClient

    community = open_community(code=500108002001, slug="nanhu")
    name, *numbers = sys.argv[1].split()
    made = {"web": web, "work": work, "everything": everything, "storm": storm, "errands": errands}[name](
        *map(int, numbers)
    )  # type: ignore[operator]  # each takes numbers
    print(json.dumps(made))
