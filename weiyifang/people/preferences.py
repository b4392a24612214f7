"""How a signed-in person likes pages to look goes with them to the next device (see `core.look.care`)."""

from __future__ import annotations

from django.http import HttpRequest

from weiyifang.people import services
from weiyifang.people.models import Account


def recall(request: HttpRequest) -> str:
    """What the account remembers."""
    user = getattr(request, "user", None)
    return user.look if isinstance(user, Account) else ""


def remember(request: HttpRequest, text: str) -> None:
    """Keep the choice on the account of whoever is signed in."""
    user = getattr(request, "user", None)
    if isinstance(user, Account):
        services.save_preference(account=user, look=text)
