"""Lists that leave the program as xlsx files."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from weiyifang.core import tables
from weiyifang.organizations.models import Membership, Organization

WIDTHS = (8, 18, 18, 10, 12, 8, 18, 12, 12, 18, 22, 60)


def register(organizations: Iterable[Organization]) -> bytes:
    """One line an organization (with `member_count` and leader)."""
    heads = [_("No."), _("Name"), _("Kind"), _("Status"), _("Leader"), _("Members"), _("Telephone")]
    heads += [_("Founded on"), _("Filed on"), _("Filing number"), _("Credit code"), _("What it does")]
    return tables.write_xlsx(
        _("Organizations"),
        heads,
        (
            [
                one.number,
                one.name,
                one.kind_name,
                one.get_status_display(),
                one.leader.name if one.leader else "",
                getattr(one, "member_count", 0),
                one.phone_shown,
                one.founded_on,
                one.filed_on,
                one.filing_no,
                one.credit_code,
                one.purpose,
            ]
            for one in organizations
        ),
        widths=WIDTHS,
    )


def roster(memberships: Iterable[Membership]) -> bytes:
    """One line a member. No phones and no addresses: a roster is copied and passed on."""
    rows = ([m.resident.number, m.resident.name, m.title, m.since] for m in memberships)
    heads = [_("Resident no."), _("Name"), _("Task"), _("Since")]
    return tables.write_xlsx(_("Members"), heads, rows, widths=WIDTHS[:4])
