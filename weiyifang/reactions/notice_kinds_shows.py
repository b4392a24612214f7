"""What notices about shows say when they are read, and where they lead. See `notice_kinds`."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.notices.kinds import Kind, Told


def _show(told: Told) -> str:
    return reverse("stage:manage", args=[told.values["number"]])


def _my_shows(told: Told) -> str:
    return reverse("stage:mine")


def _what(told: Told) -> dict[str, str]:
    """“New shop” (Saturday 17 October 14:30)."""
    return {"what": f"“{told.title}” {told.moment('starts_at')}".rstrip()}


SHOWS = {
    "troupe_asked": Kind(
        purpose="work",
        words=lambda told: _("Somebody would like a show of your troupe: %s. Please say yes or no.") % told.title,
        url=_show,
    ),
    "troupe_asked_again": Kind(
        purpose="work",
        words=lambda told: (
            _("The time of a show you would play is another one: %s. Yes or no, once more?") % told.title
        ),
        url=_show,
    ),
    "show_moved_troupe": Kind(
        purpose="work",
        words=lambda told: _("The show %s is at another time. Please look at who is on.") % told.title,
        url=_show,
    ),
    "show_moved": Kind(
        purpose="changed",
        words=lambda told: _("The show is at another time: %(what)s. Cannot come? Please say so.") % _what(told),
        url=_my_shows,
    ),
    "troupe_answered": Kind(
        purpose="work", words=lambda told: _("A troupe has answered about the show %s.") % told.title, url=_show
    ),
    "show_agreed": Kind(
        purpose="work",
        words=lambda told: _("Your troupe plays the show %s. Please put in who is on.") % told.title,
        url=_show,
    ),
    "in_line_up": Kind(
        purpose="changed",
        words=lambda told: _("You are on in a show: %(what)s. Cannot come? Please say so on its page.") % _what(told),
        url=_my_shows,
    ),
    "out_of_line_up": Kind(
        purpose="changed",
        words=lambda told: _("You need not come to this show any more: %(what)s.") % _what(told),
        url=_my_shows,
    ),
    "stepped_back": Kind(
        purpose="work",
        words=lambda told: _("Somebody cannot come to the show %s. Please look at who is on.") % told.title,
        url=_show,
    ),
    "show_off": Kind(
        purpose="changed",
        words=lambda told: _("Called off: the show %(what)s. You need not come.") % _what(told),
        url=_my_shows,
    ),
    "show_off_troupe": Kind(
        purpose="work", words=lambda told: _("The show %s is called off. Its page says why.") % told.title, url=_show
    ),
    "show_paid": Kind(
        purpose="work",
        words=lambda told: _("The show %s was paid. Its page says who gets which part.") % told.title,
        url=_show,
    ),
    "show_paid_member": Kind(
        purpose="affairs",
        words=lambda told: _("The show %s was paid. Your page of shows says your part.") % told.title,
        url=_my_shows,
    ),
    "show_given_back": Kind(
        purpose="work",
        words=lambda told: (
            _("Of the money for the show %s some was given back. Its page says what stays.") % told.title
        ),
        url=_show,
    ),
    "show_given_back_member": Kind(
        purpose="affairs",
        words=lambda told: (
            _("Of the money for the show %s some was given back. Your page of shows says your part.") % told.title
        ),
        url=_my_shows,
    ),
}
