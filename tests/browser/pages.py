"""The pages the gate looks at. A package adds its own: a function that sets the stage and says which pages to visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from weiyifang.communities.models import Community
from weiyifang.core.actors import Actor

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


STAGES: dict[str, Callable[[Stage], list[Visit]]] = {
    "look": look,
    "accounts": accounts,
    "portal": portal,
}
