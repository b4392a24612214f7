"""The numbers in our addresses (`<number:number>`): what people read out on the phone, at most nine digits.

Django's `<int:…>` takes any length, and the database then refuses what no column holds.
"""

from __future__ import annotations


class ShortNumber:
    """Whatever is longer is no address of ours: 404. So is 007: a page has one address."""

    regex = "0|[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """As Django asks."""
        return int(value)

    def to_url(self, value: int) -> str:
        """As Django asks."""
        return str(value)
