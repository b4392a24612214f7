"""What notices about talents say when they are read, and where they lead. See `notice_kinds`."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.notices.kinds import Kind, Told


def _asked(told: Told) -> dict[str, str]:
    """“Portraits of our elders” Saturday 17 October 14:30; what was asked may no longer be kept."""
    title = f"“{told.title}”" if told.title else _("(no longer kept)")
    return {"what": f"{title} {told.moment('starts_at')}".rstrip()}


def _request(told: Told) -> str:
    return reverse("talents:request", args=[told.values["request"]])


TALENTS = {
    "talent_asked": Kind(
        purpose="answer",
        words=lambda told: _("Somebody asks whether you could help: %(what)s. Please say yes or no.") % _asked(told),
        url=_request,
    ),
    "talent_accepted": Kind(
        purpose="affairs", words=lambda told: _("Yes, they do it: %(what)s.") % _asked(told), url=_request
    ),
    "talent_declined": Kind(
        purpose="changed",
        words=lambda told: _("They cannot do it: %(what)s. The page says why.") % _asked(told),
        url=_request,
    ),
    "talent_no_longer_asked": Kind(
        purpose="changed",
        words=lambda told: _("No longer needed: %(what)s. You need not come.") % _asked(told),
        url=_request,
    ),
    "talent_request_lapsed": Kind(
        purpose="changed",
        words=lambda told: (
            _("Nobody answered in time, so it is not asked any more: %(what)s. Look for somebody else.") % _asked(told)
        ),
        url=_request,
    ),
    "talent_gone": Kind(
        purpose="changed",
        words=lambda told: _("Whom you asked can no longer be asked: %(what)s. Look for somebody else.") % _asked(told),
        url=_request,
    ),
    "talent_thanked": Kind(
        purpose="affairs",
        words=lambda told: _("Somebody thanks you: %s. You decide whether others may read it.") % told.title,
        url=_request,
    ),
}
