"""The port for short messages. settings.SMS_SENDER names a class with `send`; two real gateways are in `gateways`."""

from __future__ import annotations

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from weiyifang.people.numbers import masked_phone


class NotSent(Exception):
    """A gateway did not take a message, or did not say so in time. `code` is its word for why, never what was sent."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Sender(Protocol):
    def send(self, phone: str, text: str, *, key: str = "", code: str = "", short: str = "") -> None:
        """Hand `text` for `phone` (`+86…`) over, or raise `NotSent`: who called tries again, with the same `key`.

        `code`: the digits in it, when it is a code to sign in with; gateways have a template of its own for those.
        `short`: what goes out in place of a text that is too long, instead of its beginning.
        """


class ConsoleSender:
    """For the demo and for development: prints the message where the program was started, which may be a log."""

    def send(self, phone: str, text: str, *, key: str = "", code: str = "", short: str = "") -> None:
        print(f"SMS to {masked_phone(phone)}: {text}", file=sys.stderr, flush=True)


class MemorySender:
    """For tests: keeps what was sent."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str, *, key: str = "", code: str = "", short: str = "") -> None:
        self.sent.append((phone, text))


def sender() -> Sender:
    """The gateway that settings.SMS_SENDER names."""
    made: Sender = import_string(settings.SMS_SENDER)()
    return made
