"""What each kind of notice says when it is read, and where it leads. It keeps no words: they are made here."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from weiyifang.core.look.wording import listed
from weiyifang.core.money import yuan
from weiyifang.fund.queries import FEWEST_DIGITS
from weiyifang.notices.kinds import Kind, Told
from weiyifang.people.roles import ROLE_NAMES, Role
from weiyifang.reactions.notice_kinds_grants import GRANTS
from weiyifang.reactions.notice_kinds_helping import HELPING
from weiyifang.reactions.notice_kinds_rounds import ROUNDS
from weiyifang.reactions.notice_kinds_shows import SHOWS
from weiyifang.reactions.notice_kinds_talents import TALENTS


def _activity(told: Told) -> str:
    number, date = told.values["number"], told.values.get("date")
    if date is None:
        return reverse("activities:detail", args=[number])
    return reverse("activities:date", args=[number, date])


def _enrollments(told: Told) -> str:
    """Where a family reads who fetched a child."""
    return reverse("activities:enrollments", args=[told.values["number"], told.values["date"]])


def _seat(told: Told) -> dict[str, str]:
    """“Paper cutting” (Saturday 17 October 14:30)."""
    when = told.moment("starts_at")
    title = f"“{told.title}”" if told.title else _("what you enrolled for")
    what = f"{title} {when}".rstrip()
    return {"what": what, "until": told.moment("answer_by"), "to": told.moment("moved_to")}


def _programme(told: Told) -> str:
    return reverse("activities:programme", args=[told.values["number"], told.values["date"]])


def _market(told: Told) -> str:
    return reverse("activities:stalls", args=[told.values["number"], told.values["date"]])


def _yuan(told: Told) -> str:
    return yuan(told.values["amount_fen"])


def _payment(told: Told) -> str:
    return reverse("fund:payment", args=[told.values["payment"]])


def _sealed(told: Told) -> str:
    heads = listed(head.replace("/", " ") for head in told.values["heads"])
    sealed = {"month": told.values["month"][:7], "root": told.values["root"], "heads": heads}
    if not heads:
        return _("The books of %(month)s are sealed: %(root)s. Keep this message.") % sealed
    return _("The books of %(month)s are sealed: %(root)s. Heads of the chains: %(heads)s. Keep this message.") % sealed


def _first_digits(told: Told) -> str:
    """Of the month's root, which covers its books and all months before: 32 hexadecimal digits, which are 128 bits.

    A variable of a text message has 35 letters. Nobody finds other books whose root begins with the same 128 bits: that
    would take 2¹²⁸ tries. (Two books made to be mistaken for one another would take 2⁶⁴, before the month is sealed
    and by whoever writes both.) The page of the sealed months compares them.
    """
    root: str = told.values["root"]
    return root[:FEWEST_DIGITS]


def _article(told: Told) -> str:
    return reverse("news:manage", args=[told.values["number"]])


def _organization(told: Told) -> str:
    return reverse("organizations:detail", args=[told.values["number"]])


def _members(told: Told) -> str:
    return reverse("organizations:manage", args=[told.values["number"]])


def _booking(told: Told) -> str:
    return reverse("sharing:booking", args=[told.values["booking"]])


def _booked(told: Told) -> dict[str, str]:
    """“Large hall” Saturday 17 October 14:30, and 3 other dates."""
    what = f"{told.title} {told.moment('starts_at')}".strip()
    more = told.values["count"] - 1
    if more > 0:
        what = ngettext("%(what)s and %(n)d more date", "%(what)s and %(n)d more dates", more) % {
            "what": what,
            "n": more,
        }
    return {"what": what}


def _role(told: Told) -> dict[str, str]:
    return {"role": str(ROLE_NAMES[Role(told.values["role"])])}


def _errand(told: Told) -> str:
    return reverse("errands:errand", args=[told.values["errand"]])


def _me(told: Told) -> str:
    return reverse("portal:me")


def _today(told: Told) -> str:
    return reverse("portal:today")


def _relations(told: Told) -> str:
    return reverse("people:relations")


KINDS = {
    **SHOWS,
    **GRANTS,
    **HELPING,
    **ROUNDS,
    **TALENTS,
    "seat_offered": Kind(
        purpose="answer",
        words=lambda told: _("A seat came free: %(what)s. It is yours if you say yes by %(until)s.") % _seat(told),
        url=_activity,
    ),
    "moved_up": Kind(
        purpose="changed",
        words=lambda told: (
            _("You moved up, you are in: %(what)s. Cannot come? Please give the seat back.") % _seat(told)
        ),
        url=_activity,
    ),
    "seat_given": Kind(
        purpose="changed",
        words=lambda told: (
            _("The seats were given, and you have one: %(what)s. Cannot come? Please give the seat back.") % _seat(told)
        ),
        url=_activity,
    ),
    "seat_not_given": Kind(
        purpose="affairs",
        words=lambda told: (
            _("The seats were given, and you are in the queue: %(what)s. Its page says how many are ahead of you.")
            % _seat(told)
        ),
        url=_activity,
    ),
    "offer_lapsed": Kind(
        purpose="affairs",
        words=lambda told: _("Nobody answered in time, so the seat went to the next in line: %(what)s.") % _seat(told),
        url=_activity,
    ),
    "not_reached": Kind(
        purpose="affairs",
        words=lambda told: _("The queue closed before your turn came: %(what)s.") % _seat(told),
        url=_activity,
    ),
    "called_off": Kind(
        purpose="changed",
        words=lambda told: _("Called off: %(what)s. You need not come; your seat is given back.") % _seat(told),
        url=_activity,
    ),
    "lesson_called_off": Kind(
        purpose="changed",
        words=lambda told: (
            _("This lesson is called off: %(what)s. The others take place; you keep your seat.") % _seat(told)
        ),
        url=_activity,
    ),
    "date_moved": Kind(
        purpose="changed",
        words=lambda told: _("Moved: %(what)s is now %(to)s; its page says where. You keep your seat.") % _seat(told),
        url=_activity,
    ),
    "elsewhere": Kind(
        purpose="changed",
        words=lambda told: _("At another place: %(what)s. Its page says where. You keep your seat.") % _seat(told),
        url=_activity,
    ),
    "day_before": Kind(
        purpose="reminder",
        words=lambda told: _("Tomorrow: %(what)s. Cannot come? Please give the seat back.") % _seat(told),
        url=_activity,
    ),
    "organizer_wrote": Kind(
        purpose="letter",
        words=lambda told: _("From whoever runs what you enrolled for: %s") % (told.title or _("(no longer kept)")),
        url=_activity,
    ),
    "on_stage": Kind(
        purpose="changed",
        words=lambda told: _("Your organization is on the programme: %(what)s. Tell those who perform.") % _seat(told),
        url=_programme,
    ),
    "stage_time": Kind(
        purpose="changed",
        words=lambda told: (
            _("On the stage your organization's time is now: %(what)s. Tell those who perform.") % _seat(told)
        ),
        url=_programme,
    ),
    "stage_elsewhere": Kind(
        purpose="changed",
        words=lambda told: (
            _("Your organization performs at another place: %(what)s. The page says where. Tell those who perform.")
            % _seat(told)
        ),
        url=_activity,
    ),
    "handed_to_another": Kind(
        purpose="child",
        words=lambda told: (
            _("Fetched at %(left)s by somebody whom no guardian had named: %(what)s. The page says who it was.")
            % {**_seat(told), "left": told.moment("left_at")}
        ),
        url=_enrollments,
    ),
    "off_stage": Kind(
        purpose="changed",
        words=lambda told: _("No longer to be performed: %(what)s. Tell those who were to perform.") % _seat(told),
        url=_activity,
    ),
    "stall_given": Kind(
        purpose="changed",
        words=lambda told: _("Your organization has a stall: %(what)s. Its number stands on the page.") % _seat(told),
        url=_market,
    ),
    "stall_gone": Kind(
        purpose="changed",
        words=lambda told: (
            _("Your organization no longer has its stall: %(what)s. Please call if that is wrong.") % _seat(told)
        ),
        url=_market,
    ),
    "market_moved": Kind(
        purpose="changed",
        words=lambda told: (
            _("Changed: the market at which your organization has a stall, %(what)s. The page says when and where.")
            % _seat(told)
        ),
        url=_market,
    ),
    "market_off": Kind(
        purpose="changed",
        words=lambda told: (
            _("Called off: the market at which your organization has a stall, %(what)s. Tell those who sell there.")
            % _seat(told)
        ),
        url=_activity,
    ),
    "payment_to_check": Kind(
        purpose="work",
        words=lambda told: _("The papers of a payment wait to be checked: %s.") % told.title,
        url=_payment,
    ),
    "payment_to_decide": Kind(
        purpose="work",
        words=lambda told: _("The fund's committee decides on a payment, and you belong to it: %s.") % told.title,
        url=_payment,
    ),
    "payment_to_review": Kind(
        purpose="work",
        words=lambda told: _("Emergency relief was paid at once, please look at it: %s.") % told.title,
        url=_payment,
    ),
    "payment_not_in_order": Kind(
        purpose="work",
        words=lambda told: (
            _("An urgent payment was looked at and is not in order: %s. The page says what.") % told.title
        ),
        url=_payment,
    ),
    "payment_to_approve": Kind(
        purpose="work", words=lambda told: _("A payment waits for approval: %s.") % told.title, url=_payment
    ),
    "payment_to_pay": Kind(
        purpose="work", words=lambda told: _("A payment was approved and can be paid: %s.") % told.title, url=_payment
    ),
    "payment_sent_back": Kind(
        purpose="work",
        words=lambda told: _("The payment you asked for was sent back to you: %s. The page says why.") % told.title,
        url=_payment,
    ),
    "move_to_confirm": Kind(
        purpose="work",
        words=lambda told: _("Money is said to have been moved, and you may confirm it: %s yuan.") % _yuan(told),
        url=lambda told: reverse("fund:move", args=[told.values["row"]]),
    ),
    "correction_to_confirm": Kind(
        purpose="work",
        words=lambda told: _("A correction of a payment waits for your confirmation: %s yuan.") % _yuan(told),
        url=lambda told: reverse("fund:correction_of", args=[told.values["row"]]),
    ),
    "change_to_confirm": Kind(
        purpose="work",
        words=lambda told: _("Money is said to be for another purpose, and you may confirm it: %s yuan.") % _yuan(told),
        url=lambda told: reverse("fund:change", args=[told.values["row"]]),
    ),
    "payment_corrected": Kind(
        purpose="work",
        words=lambda told: (
            _("Of a payment you had a part in %(amount)s yuan are back: %(what)s. The page says why.")
            % {"amount": _yuan(told), "what": told.title}
        ),
        url=_payment,
    ),
    "payment_lapsed": Kind(
        purpose="work",
        words=lambda told: _("An approved payment was not made in time, and its approval lapsed: %s.") % told.title,
        url=_payment,
    ),
    "payment_refused": Kind(
        purpose="work",
        words=lambda told: _("The payment you asked for was refused: %s. The page says why.") % told.title,
        url=_payment,
    ),
    "month_to_seal": Kind(
        purpose="work",
        words=lambda told: (
            _("The month %(month)s is over and its books are still open: compare and seal them.")
            % {"month": told.values["month"]}
        ),
        url=lambda told: reverse("fund:books"),
    ),
    "month_sealed": Kind(
        purpose="oversight", words=_sealed, url=lambda told: reverse("fund:months"), short=_first_digits
    ),
    "article_to_review": Kind(
        purpose="work", words=lambda told: _("An article waits for your review: %s.") % told.title, url=_article
    ),
    "article_sent_back": Kind(
        purpose="work",
        words=lambda told: _("Your article was sent back: %s. The page says why.") % told.title,
        url=_article,
    ),
    "asked_to_join": Kind(
        purpose="work", words=lambda told: _("Somebody wants to join %s.") % told.title, url=_members
    ),
    "taken_in": Kind(
        purpose="affairs", words=lambda told: _("You are a member now: %s. Welcome!") % told.title, url=_organization
    ),
    "not_taken_in": Kind(
        purpose="affairs",
        words=lambda told: _("%s did not take you in this time. Its page says why.") % told.title,
        url=_organization,
    ),
    "booking_to_answer": Kind(
        purpose="work",
        words=lambda told: _("Somebody would like to have %s, and waits for a yes.") % told.title,
        url=_booking,
    ),
    "booking_approved": Kind(
        purpose="affairs", words=lambda told: _("You have it: %(what)s.") % _booked(told), url=_booking
    ),
    "booking_refused": Kind(
        purpose="affairs",
        words=lambda told: _("Not this time: %(what)s. Its page says why.") % _booked(told),
        url=_booking,
    ),
    "booking_moved": Kind(
        purpose="changed",
        words=lambda told: _("Moved: %(what)s. Its page says the new time.") % _booked(told),
        url=_booking,
    ),
    "booking_called_off": Kind(
        purpose="changed",
        words=lambda told: _("Called off by whoever lends it: %(what)s. Its page says why.") % _booked(told),
        url=_booking,
    ),
    "booking_overdue": Kind(
        purpose="changed",
        words=lambda told: _("Please bring it back: %(what)s. Others wait for it.") % _booked(told),
        url=_booking,
    ),
    "booking_lapsed": Kind(
        purpose="affairs",
        words=lambda told: (
            _("Nobody answered in time, so it is not yours: %(what)s. Call the committee.") % _booked(told)
        ),
        url=_booking,
    ),
    "duty_given": Kind(
        purpose="work", words=lambda told: _("You have a duty now: %(role)s.") % _role(told), url=_today
    ),
    "duty_ended": Kind(purpose="work", words=lambda told: _("Your duty ended: %(role)s.") % _role(told), url=_me),
    "errand_done": Kind(
        purpose="work",
        words=lambda told: _("Done: %s. The page says until when what came of it is kept.") % told.title,
        url=_errand,
    ),
    "errand_not_done": Kind(
        purpose="work", words=lambda told: _("Not done: %s. The page says why.") % told.title, url=_errand
    ),
    "stands_by": Kind(purpose="affairs", words=lambda told: _("Somebody named you to stand by them."), url=_relations),
    "is_stood_by": Kind(
        purpose="affairs", words=lambda told: _("Somebody stands by you now; you see who on your page."), url=_relations
    ),
    "no_longer_stands_by": Kind(
        purpose="affairs",
        words=lambda told: _("You no longer stand by one of those you did."),
        url=_relations,
    ),
    "is_no_longer_stood_by": Kind(
        purpose="affairs", words=lambda told: _("Somebody no longer stands by you."), url=_relations
    ),
}
