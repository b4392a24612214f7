from __future__ import annotations

import random

from django.db.models import F

from weiyifang.core import actors, clock
from weiyifang.core.actors import Actor
from weiyifang.organizations import demo
from weiyifang.organizations.models import Membership, Organization
from weiyifang.organizations.tests import make


def test_the_demo_has_43_organizations_and_one_resident_leads_two(cast: dict[str, Actor]) -> None:
    for number in range(30):
        make.resident(f"居民{number}")
    Organization.objects.exclude(name="").exclude(name="南湖合唱团").count()
    plans = demo.plans()
    assert len(plans) == 43
    assert len({plan.name for plan in plans}) == 43
    assert len({plan.pearl for plan in plans}) == 43
    assert {plan.kind for plan in plans} == {"service", "charity", "neighbours", "culture", "farming"}


def test_the_same_dice_make_the_same_organizations(here: object) -> None:
    for number in range(30):
        make.resident(f"居民{number}")
    made = demo.make_organizations(random.Random(7), by=actors.system())
    assert len(made) == Organization.objects.active().count() == 43
    by_name = {one.name: one for one in made}
    assert by_name["摄友之家"].leader == by_name["方寸俱乐部"].leader
    days = list(Membership.objects.values_list("since", "organization__founded_on"))
    assert len({since for since, _founded in days}) > 43, "not all on one day"
    assert not Membership.objects.filter(since__lt=F("organization__founded_on")).exists()
    assert not Membership.objects.filter(since__gt=clock.today()).exists()
    old = Organization.objects.filter(filed_on__lt=clock.today())
    assert old.count() > 20
    assert all(one.was_there_before for one in old)
    first = sorted(Membership.objects.values_list("organization__name", "resident__number"))
    Membership.objects.all().delete()
    Organization.objects.all().delete()
    demo.make_organizations(random.Random(7), by=actors.system())
    assert sorted(Membership.objects.values_list("organization__name", "resident__number")) == first
