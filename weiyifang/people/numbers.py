"""Phone and id numbers: one way to write them, checked."""

from __future__ import annotations

import re
from datetime import date

import phonenumbers
from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused
from weiyifang.core.text import number

HOME = "CN"  # the country whose numbers are written without +

_BETWEEN = re.compile(r"[\s\-‐-―−()·.]")
_DIGITS = re.compile(r"\+?[0-9]{7,18}")
_MOBILE = re.compile(r"\+86(1[3-9][0-9]{9})")
_NEARLY = re.compile(r"(?:\+?86)?(1[3-9][0-9]{7,11})")  # in China nothing but a mobile begins so
_LOCAL = re.compile(r"[2-8][0-9]{6,7}")  # a landline of this town: no area code begins so
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class NotAPhone(Refused):
    """What was typed is no phone number."""

    sentence = _(
        "That is not a phone number. A mobile has 11 digits, for example 138 0013 8000; a landline begins with its "
        "area code, for example 010 6552 9988; a number from outside the mainland begins with +."
    )
    status = 422


class NotAMobile(NotAPhone):
    """It begins like a mobile of this country, and has a digit too few or too many."""

    sentence = _("This looks like a mobile, but has %(digits)s digits and not 11. Look for the one missing or doubled.")


class NotAnIdNumber(Refused):
    """What was typed is no citizen identity number."""

    sentence = _("That is not a valid identity number: check its 18 characters once more.")
    status = 422


def clean_phone(text: str) -> str:
    """One way to write each number that can be rung; raises `NotAPhone`.

    `+8613800138000` for a mobile; digits with the area code for a landline (01065529988) and for 400 and 800 numbers,
    the 7 or 8 digits alone where nobody gave a code; `+85221234567` (E.164) for anywhere else. Which numbers there are
    says libphonenumber. Only mobiles are taken by their length: a range opened after its list was made rings, too.
    """
    plain = _BETWEEN.sub("", number(text))
    if not _DIGITS.fullmatch(plain):
        raise NotAPhone()
    if _LOCAL.fullmatch(plain):
        return plain
    try:
        found = phonenumbers.parse(plain, HOME)
    except phonenumbers.NumberParseException:
        raise NotAPhone() from None
    whole = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    if _MOBILE.fullmatch(whole):
        return whole
    if not phonenumbers.is_valid_number(found):
        if nearly := _NEARLY.fullmatch(plain):
            raise NotAMobile(digits=len(nearly[1]))
        raise NotAPhone()
    if found.country_code != phonenumbers.country_code_for_region(HOME):
        return whole
    return re.sub(r"[^0-9]", "", phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.NATIONAL))


def is_mobile(phone: str) -> bool:
    """A mobile of this country, as `clean_phone` writes it."""
    return _MOBILE.fullmatch(phone) is not None


def known_as(login: str) -> str:
    """One text for all ways of writing what somebody signs in with: a phone as we keep it, or a sign-in name."""
    try:
        return clean_phone(login)
    except NotAPhone:
        return number(login).lower()


def shown_phone(phone: str) -> str:
    """The way people write it: `138 0013 8000`."""
    if match := _MOBILE.fullmatch(phone):
        digits = match[1]
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return phone


def masked_phone(phone: str) -> str:
    """For lists: `138 **** 8000`."""
    shown = shown_phone(phone).replace(" ", "")
    return f"{shown[:3]} **** {shown[-4:]}" if len(shown) >= 7 else "****"


def clean_id_number(text: str) -> str:
    """An 18-character citizen identity number with a right check character (GB 11643-1999); raises `NotAnIdNumber`."""
    plain = number(text).replace(" ", "").upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        raise NotAnIdNumber()
    total = sum(int(digit) * weight for digit, weight in zip(plain, _WEIGHTS, strict=False))
    if "10X98765432"[total % 11] != plain[17]:
        raise NotAnIdNumber()
    try:
        born_on(plain)
    except ValueError:
        raise NotAnIdNumber() from None
    return plain


def born_on(id_number: str) -> date:
    """The date of birth inside an identity number."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def masked_id_number(id_number: str) -> str:
    """For lists: first three and last two characters."""
    return f"{id_number[:3]}*************{id_number[-2:]}" if id_number else ""


def is_male(id_number: str) -> bool:
    """The gender inside an identity number: the 17th digit is odd for men."""
    return int(id_number[16]) % 2 == 1
