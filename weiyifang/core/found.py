"""What packages bring along and nobody lists: a module of a given name in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps

HOUSE = "weiyifang."


@cache
def modules(name: str) -> tuple[ModuleType, ...]:
    """The modules called `name` of all packages that have one, in the order the packages are installed in."""
    return tuple(_modules(name))


def _modules(name: str) -> Iterator[ModuleType]:
    for app in apps.get_app_configs():
        if app.name.startswith(HOUSE) and find_spec(f"{app.name}.{name}") is not None:
            yield import_module(f"{app.name}.{name}")
