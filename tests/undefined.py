"""A template that asks for what nobody gave it makes a mistake; Django would leave the place empty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.template import engines


class Undefined(str):
    """Stands for what is missing; Django writes the name into it (`string_if_invalid`), and that is refused."""

    __slots__ = ()

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"a template asks for `{name!s}`, which nobody gave it")


@contextmanager
def missing_is(what: str) -> Iterator[None]:
    """What stands where something is missing; "" as in life, for pages that stand though nothing is around them."""
    engine = engines["django"].engine  # type: ignore[attr-defined]  # Django's own backend has one
    before, engine.string_if_invalid = engine.string_if_invalid, what
    try:
        yield
    finally:
        engine.string_if_invalid = before


@pytest.fixture(autouse=True, scope="session")
def nothing_is_undefined(django_test_environment: None) -> Iterator[None]:
    """In every test, through all pages."""
    with missing_is(Undefined("%s")):
        yield
