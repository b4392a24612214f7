"""What notices about running grants say when they are read, and where they lead. See `notice_kinds`."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.notices.kinds import Kind, Told


def _run(told: Told) -> str:
    return reverse("grants:manage", args=[told.values["run"]])


def _grant(told: Told) -> str:
    return reverse("grants:grant", args=[told.values["grant"]])


def _year(told: Told) -> dict[str, int]:
    return {"year": told.values["year"]}


GRANTS = {
    "grants_to_confirm": Kind(
        purpose="work",
        words=lambda told: _("Please look at the running grants of %(year)d and confirm them.") % _year(told),
        url=_run,
    ),
    "grants_sent_back": Kind(
        purpose="work",
        words=lambda told: _("The running grants of %(year)d came back to you. Their page says why.") % _year(told),
        url=_run,
    ),
    "grant_published": Kind(
        purpose="work",
        words=lambda told: (
            _("The running grants of %(year)d are published. Look at yours; its page says until when you can appeal.")
            % _year(told)
        ),
        url=_grant,
    ),
    "grant_paid": Kind(
        purpose="work",
        words=lambda told: _("The running grant of %(year)d of your organization is paid.") % _year(told),
        url=_grant,
    ),
    "appeal_to_answer": Kind(
        purpose="work",
        words=lambda told: _("Somebody appeals about the running grants of %(year)d. Please answer.") % _year(told),
        url=_grant,
    ),
    "appeal_answered": Kind(
        purpose="work",
        words=lambda told: (
            _("Your appeal about the running grants of %(year)d is answered. Its page says how.") % _year(told)
        ),
        url=_grant,
    ),
}
