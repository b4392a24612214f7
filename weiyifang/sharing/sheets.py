"""Lists that leave the program as files."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.core import tables
from weiyifang.sharing.queries import Usage


def usage_csv(rows: Iterable[Usage]) -> bytes:
    """A line for each organization, and one for everybody else."""
    heads = [_("No."), _("Who it is for"), _("Rooms and instruments, times"), _("Hours of them"), _("Equipment, times")]
    lines = tables.write_csv(
        heads,
        (
            [
                one.organization.number if one.organization else "",
                one.organization.name if one.organization else _("residents and the committee"),
                one.rooms,
                one.hours,
                one.things,
            ]
            for one in rows
        ),
    )
    return b"".join(lines)
