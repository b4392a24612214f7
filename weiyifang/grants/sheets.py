"""The table of a run as an xlsx file."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.core import tables
from weiyifang.grants.models import GrantRun
from weiyifang.grants.queries import Shown

WIDTHS = (6, 24, 10, 12, 12, 10, 12, 12, 20)


def table(run: GrantRun, grants: Iterable[Shown]) -> bytes:
    """One line an organization: what was published, what was corrected, how far its payment is. Amounts in yuan."""
    heads = [_("No."), _("Organization"), _("Points"), _("Grade"), _("Amount (yuan)")]
    heads += [_("Points, corrected"), _("Grade, corrected"), _("Amount, corrected (yuan)"), _("State")]
    rows = (
        [
            one.grant.place,
            one.name,
            one.grant.points_before,
            one.grant.get_grade_display(),
            one.grant.amount_fen / 100,
            one.grant.points if one.grant.is_corrected else "",
            one.grant.get_new_grade_display() if one.grant.is_corrected else "",
            "" if one.grant.new_fen is None else one.grant.new_fen / 100,
            one.standing,
        ]
        for one in grants
    )
    return tables.write_xlsx(_("Running grants of %(year)d") % {"year": run.year}, heads, rows, widths=WIDTHS)
