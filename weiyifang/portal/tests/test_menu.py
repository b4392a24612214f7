"""The map of the site, which the packages make together."""

from __future__ import annotations

from collections import Counter

from django.urls import reverse

from weiyifang.core.web import menu
from weiyifang.people.roles import Permission


def test_every_place_has_an_address_and_stands_once_among_the_residents_and_once_at_the_desk() -> None:
    at_desk = [entry for _group, entries in menu.workbench() for entry in entries]
    for entries in (menu.residents(), at_desk):
        assert max(Counter(entry.route for entry in entries).values()) == 1
        assert all(reverse(entry.route, urlconf="config.community_urls") for entry in entries)


def test_a_place_at_the_desk_is_somebodys_by_a_permission_there_is() -> None:
    asked = {
        permission for _group, entries in menu.workbench() for entry in entries for permission in entry.permissions
    }
    assert asked <= set(Permission)
    assert all(entry.permissions for _group, entries in menu.workbench() for entry in entries)


def test_on_a_phone_and_in_the_version_for_elders_few_places_are_left() -> None:
    dock = [entry.route for entry in menu.residents() if not entry.wide]
    assert dock == ["portal:home", "activities:list", "portal:me"]
    assert [entry.route for entry in menu.residents() if entry.care] == ["portal:home", "portal:me"]
