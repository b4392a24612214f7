"""The port for short messages. A gateway is a class with `send(phone, text)`; settings.SMS_SENDER names it."""

from __future__ import annotations

import sys
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from weiyifang.people.numbers import masked_phone


class Sender(Protocol):
    def send(self, phone: str, text: str) -> None:
        """Deliver `text` to `phone` (`+86…`) or raise: the job that called tries again."""


class ConsoleSender:
    """For the demo and for development: prints the message where the program was started, which may be a log."""

    def send(self, phone: str, text: str) -> None:
        print(f"SMS to {masked_phone(phone)}: {text}", file=sys.stderr, flush=True)


class MemorySender:
    """For tests: keeps what was sent."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))


def sender() -> Sender:
    """The gateway that settings.SMS_SENDER names."""
    made: Sender = import_string(settings.SMS_SENDER)()
    return made
