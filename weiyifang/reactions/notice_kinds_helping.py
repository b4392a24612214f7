"""What notices about volunteers say when they are read, and where they lead. See `notice_kinds`."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from weiyifang.core.look.wording import worked
from weiyifang.notices.kinds import Kind, Told


def _shift(told: Told) -> str:
    return reverse("volunteering:shift", args=[told.values["number"]])


def _help(told: Told) -> str:
    return reverse("volunteering:help", args=[told.values["number"]])


def _at(told: Told) -> dict[str, str]:
    return {"when": told.moment("starts_at")}


def _what(told: Told) -> dict[str, str]:
    """“Bringing meals” (Saturday 17 October 14:30), and where it moved to."""
    title = f"“{told.title}”" if told.title else ""
    return {"what": f"{title} {told.moment('starts_at')}".strip(), "to": told.moment("moved_to")}


HELPING = {
    "joined_team": Kind(
        purpose="work",
        words=lambda told: _("Somebody joined the service team %s.") % told.title,
        url=lambda told: reverse("volunteering:manage", args=[told.values["number"]]),
    ),
    "team_ended": Kind(
        purpose="affairs",
        words=lambda told: _("The service team %s has ended. Its page says why.") % told.title,
        url=lambda told: reverse("volunteering:detail", args=[told.values["number"]]),
    ),
    "shift_called_off": Kind(
        purpose="changed",
        words=lambda told: _("Called off: the shift %(what)s. You need not come; its page says why.") % _what(told),
        url=_shift,
    ),
    "shift_moved": Kind(
        purpose="changed",
        words=lambda told: (
            _("The shift %(what)s is now %(to)s. You are in it. Cannot come? Give it back.") % _what(told)
        ),
        url=_shift,
    ),
    "shift_elsewhere": Kind(
        purpose="changed",
        words=lambda told: _("The shift %(what)s is at another place now. Its page says where.") % _what(told),
        url=_shift,
    ),
    "out_of_changed_shift": Kind(
        purpose="changed",
        words=lambda told: (
            _("The shift %(what)s was changed, and you cannot be in it any more. Its page says more.") % _what(told)
        ),
        url=_shift,
    ),
    "put_into_shift": Kind(
        purpose="changed",
        words=lambda told: _("You are down for a shift: %(what)s. Cannot come? Please give it back.") % _what(told),
        url=_shift,
    ),
    "out_of_shift": Kind(
        purpose="changed",
        words=lambda told: _("You need not come to this shift any more: %(what)s.") % _what(told),
        url=_shift,
    ),
    "shift_given_back": Kind(
        purpose="work", words=lambda told: _("Somebody gave a shift back: %(what)s.") % _what(told), url=_shift
    ),
    "stand_in_sought": Kind(
        purpose="work", words=lambda told: _("Somebody looks for a stand-in: %(what)s.") % _what(told), url=_shift
    ),
    "stand_in_asked": Kind(
        purpose="answer",
        words=lambda told: (
            _("Somebody of your team asks you to stand in: %(what)s. Please say yes or no.") % _what(told)
        ),
        url=_shift,
    ),
    "stand_in_declined": Kind(
        purpose="changed",
        words=lambda told: _("The colleague you asked cannot stand in: %(what)s. It is still yours.") % _what(told),
        url=_shift,
    ),
    "swap_offered": Kind(
        purpose="answer",
        words=lambda told: _("Somebody would swap shifts: you would do %(what)s. Please have a look.") % _what(told),
        url=_shift,
    ),
    "swap_agreed": Kind(
        purpose="changed",
        words=lambda told: _("Swapped: you now do %(what)s, and your own shift is done by the other.") % _what(told),
        url=_shift,
    ),
    "shifts_swapped": Kind(
        purpose="work", words=lambda told: _("Two people swapped their shifts: %(what)s.") % _what(told), url=_shift
    ),
    "help_taken": Kind(
        purpose="affairs",
        words=lambda told: _("You asked for help (%(when)s): somebody does it.") % _at(told),
        url=_help,
    ),
    "help_open_again": Kind(
        purpose="changed",
        words=lambda told: _("Whoever was to help you (%(when)s) cannot. Somebody else is sought.") % _at(told),
        url=_help,
    ),
    "help_not_found": Kind(
        purpose="changed",
        words=lambda told: _("You asked for help (%(when)s): nobody was found. Its page says more.") % _at(told),
        url=_help,
    ),
    "time_given": Kind(
        purpose="affairs",
        words=lambda told: _("Somebody gave you time: %s in the time bank.") % worked(told.values["minutes"]),
        url=lambda _told: reverse("volunteering:time"),
    ),
    "time_given_by_community": Kind(
        purpose="affairs",
        words=lambda told: _("The community gave you time: %s in the time bank.") % worked(told.values["minutes"]),
        url=lambda _told: reverse("volunteering:time"),
    ),
    "time_left": Kind(
        purpose="affairs",
        words=lambda told: (
            _("Somebody who is no longer here left you time: %s in the time bank.") % worked(told.values["minutes"])
        ),
        url=lambda _told: reverse("volunteering:time"),
    ),
    "time_taken_back": Kind(
        purpose="affairs",
        words=lambda told: (
            _("Time that was given on went back: %s. The page says why.") % worked(told.values["minutes"])
        ),
        url=lambda _told: reverse("volunteering:time"),
    ),
    "hours_not_counted": Kind(
        purpose="affairs",
        words=lambda told: _("Hours of yours do not count: %(what)s. The page says why.") % _what(told),
        url=lambda _told: reverse("volunteering:hours"),
    ),
}
