"""Filters and tags every template has (registered as builtins in settings). Words on amounts, days and drawings."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.template.base import FilterExpression
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from weiyifang.core import money
from weiyifang.core.look import charts, icons, lunar, wording
from weiyifang.core.tenancy import CommunityModel
from weiyifang.core.web import fields, own, picking, typed, versions

register = template.Library()

# --- words -----------------------------------------------------------------------------------------------------


@register.filter
def fen(amount: int | None) -> str:
    """`446,140.00` for 44614000 fen; "" for nothing."""
    return "" if amount is None else money.yuan(int(amount))


@register.filter
def grouped(number: int) -> str:
    """`30,000`: a count of thousands."""
    return f"{number:,}"


register.filter("yuan_words", wording.yuan_words)
register.filter("yuan_capitals", wording.yuan_capitals)
register.filter("when", wording.when)
register.filter("moment", wording.moment)
register.filter("full_day", wording.full_day)
register.filter("day", wording.day)
register.filter("full_day", wording.full_day)
register.filter("short_day", wording.short_day)
register.filter("full_day", wording.full_day)
register.filter("clock", wording.clock_time)
register.filter("clock_words", wording.clock_words)
register.filter("waited", wording.waited)
register.filter("listed", wording.listed)
register.simple_tag(wording.comma)
register.filter("minutes", wording.minutes)
register.filter("worked", wording.worked)
register.simple_tag(wording.span, name="span")


@register.filter("lunar")
def lunar_filter(value: date | None) -> str:
    """`九月初五`."""
    return lunar.lunar_day(wording.as_day(value)) if value else ""


@register.filter
def festival(value: date | None) -> str:
    """The festival on that day, or ""."""
    return lunar.festival(wording.as_day(value)) if value else ""


@register.filter
def tel(number: str) -> str:
    """The address of a telephone link: digits and + only."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


@register.filter
def local_number(number: str) -> str:
    """The number without its area code, for a narrow place: `0123 9999` for `023-0123 9999`."""
    area, dash, rest = number.partition("-")
    return rest if dash and area.isdecimal() and len(area) <= 4 else number


@register.filter
def initial(name: str) -> str:
    """The one character that stands for a name in a round badge: 余 for 小余, A for Alice."""
    plain = name.removeprefix("小").removeprefix("老") if len(name) > 1 else name
    return plain[:1].upper()


# --- drawings --------------------------------------------------------------------------------------------------

register.simple_tag(icons.icon, name="icon")
register.simple_tag(charts.pearls, name="pearls")
register.simple_tag(charts.pearl_unit, name="pearl_unit")
register.filter("pearl_words", charts.pearl_words)
register.simple_tag(charts.unit_pearl, name="unit_pearl")
register.simple_tag(charts.seats, name="seats")
register.simple_tag(charts.bar, name="bar")
register.simple_tag(charts.line_chart, name="line_chart")
register.simple_tag(charts.columns, name="columns")
register.simple_tag(charts.flow, name="flow")
register.simple_tag(charts.qr, name="qr")


# --- forms -----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def once(context: Context, *about: CommunityModel | None) -> SafeString:
    """The hidden key that makes a form sent twice do its work once (`core.web.once`); made for somebody signed in, with
    the mark that says so (`core.web.typed`), and with what is seen here of the rows the page, or this form, is about
    (`core.web.versions`).
    """
    key = format_html('<input type="hidden" name="_once" value="{}">', uuid.uuid4())
    chrome = context.get("chrome")
    if chrome:
        key += format_html('<input type="hidden" name="_page" value="{}">', chrome.page)
    who = chrome.actor.account_id if chrome and chrome.actor is not None else None
    if not who:
        return key
    owner = format_html('<input type="hidden" name="_for" value="{}">', typed.mark(who))
    return key + owner + versions.fields(context.get("request"), *about)


@register.simple_tag(takes_context=True)
def switches(context: Context, form: forms.BaseForm | None, its_id: str = "") -> SafeString:
    """Inside a form's tag: its id, by which the switches of language and look take along what was typed into it.

    Its hidden fields are what `keeps` gives; the fields of `c-field` come back filled in.
    """
    chrome = context.get("chrome")
    if not form or not chrome:
        return format_html('id="{}"', its_id) if its_id else SafeString("")
    its_id = its_id or _refilled(context, form)
    if not chrome.form or (form.is_bound and form.errors):
        chrome.form = its_id
    return format_html('id="{}" data-typed', its_id)


@register.simple_tag(takes_context=True)
def searches(context: Context, its_id: str) -> SafeString:
    """Inside the tag of a form that searches (GET): as `switches`; where the page has other forms, they come first."""
    chrome = context.get("chrome")
    if chrome and not chrome.search:
        chrome.search = its_id
    return format_html('id="{}" data-typed', its_id)


@register.simple_tag
def keeps(form: forms.BaseForm | None) -> SafeString:
    """The hidden fields that say which form it is, and whether it was refused."""
    if not form:
        return SafeString("")
    key = format_html('<input type="hidden" name="_form" value="{}">', _form_key(form))
    return key + SafeString('<input type="hidden" name="_refused" value="1">' if form.is_bound and form.errors else "")


def _refilled(context: Context, form: forms.BaseForm) -> str:
    """The form's key, after what waits for it was filled in (see `core.web.typed`)."""
    key, request = _form_key(form), context.get("request")
    if request is not None:
        typed.refill(request, form, key)
    return key


def _form_key(form: forms.BaseForm) -> str:
    """The same for the same form each time the page is made."""
    said = f"{form.auto_id} {' '.join(form.fields)}".encode()
    return f"form-{hashlib.blake2b(said, digest_size=4).hexdigest()}"


class Captured(template.Node):
    """See `captured`."""

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> SafeString:
        context[self.name] = self.nodelist.render(context)
        return SafeString("")


@register.tag
def captured(parser: template.base.Parser, token: template.base.Token) -> Captured:
    """`{% captured name %}…{% endcaptured %}`: made now, shown later as `{{ name }}`.

    What stands above a page's content may so depend on it: the switches know which form there is.
    """
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcaptured",))
    parser.delete_first_token()
    return Captured(nodelist, name)


class Own(template.Node):
    """See `own_place`."""

    def __init__(self, nodelist: template.NodeList, name: str, of: FilterExpression | None) -> None:
        self.nodelist, self.name, self.of = nodelist, name, of

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        of = str(self.of.resolve(context)) if self.of else ""
        if (making := own.making(request)) is not None:
            nobodys = self.nodelist.render(context)
            assert context.template is not None
            return making.note(own.Spot(self.name, self.nodelist, context.template, nobodys, of))
        theirs = own.theirs(self.name, request, context, of)  # type: ignore[arg-type]  # it reads like a mapping
        with context.push(**(theirs or {})):
            return self.nodelist.render(context)


@register.tag("own")
def own_place(parser: template.base.Parser, token: template.base.Token) -> Own:
    """`{% own "name" %}…{% endown %}`: what is somebody's own on a page for everybody (`weiyifang.core.web.own`).

    `{% own "name" of thing %}`: of several such places on the page, the one about this.
    """
    _tag, name, *of = token.split_contents()
    nodelist = parser.parse(("endown",))
    parser.delete_first_token()
    if (name := name.strip('"')) not in own.names():
        raise template.TemplateSyntaxError(f"no place is called {name}: weiyifang/portal/own.py names them all")
    return Own(nodelist, name, parser.compile_filter(of[1]) if of else None)


@register.simple_tag(takes_context=True)
def kept_values(context: Context, but: str) -> SafeString:
    """Hidden fields with what stands behind the `?`, but for one name: for a small form that changes that one."""
    request = context.get("request")
    sent = request.GET.lists() if request is not None else []
    pairs = [(name, value) for name, values in sent if name != but for value in values]
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag(takes_context=True)
def page_at(context: Context, name: str, number: int) -> str:
    """The address of another page of a list: `name` is what its number is called behind the `?`; the rest stays."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query[name] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def field_kind(context: Context, field: BoundField) -> str:
    """How `<c-field>` lays the field out: "tick" (one box), "choices" (boxes), "pictures", "pick", "hidden" or "input".

    It is the first that is asked of a field, before the form's own tag is made: what waits for the form is filled in.
    """
    _refilled(context, field.form)
    return _kind(field)


def _kind(field: BoundField) -> str:
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, picking.PickWidget):
        return "pick"
    if isinstance(widget, fields.PicturesWidget):
        return "pictures"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "input"


PICKERS: tuple[tuple[type[forms.Widget], str, str], ...] = (  # widget, the input's type, the value's format
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


@register.simple_tag
def widget(
    field: BoundField, autocomplete: str = "", inputmode: str = "", placeholder: str = "", hint: str = ""
) -> SafeString:
    """The field's own control with our look, its hint and fault tied to it, and the right keyboard on a phone."""
    control = field.field.widget
    for kind, input_type, value_format in PICKERS:
        if isinstance(control, kind) and not isinstance(control, forms.SplitDateTimeWidget):
            control.input_type, control.format = input_type, value_format  # type: ignore[attr-defined]  # a widget of one kind
            break
    attrs: dict[str, Any] = {} if _kind(field) == "tick" else {"class": "input"}
    wanted = {"autocomplete": autocomplete, "inputmode": inputmode or _keyboard(field), "placeholder": placeholder}
    attrs |= {name: value for name, value in wanted.items() if value}
    if described := described_by(field, hint):
        attrs["aria-describedby"] = described
    if field.errors:
        attrs["aria-invalid"] = "true"
    return mark_safe(field.as_widget(attrs=attrs))  # noqa: S308 - Django's own rendering of the widget


@register.simple_tag
def described_by(field: BoundField, hint: str = "") -> str:
    """The ids of the field's hint and fault, in reading order."""
    ids = [f"{field.auto_id}_hint"] if hint or field.help_text else []
    return " ".join([*ids, f"{field.auto_id}_why"] if field.errors else ids)


def _keyboard(field: BoundField) -> str:
    if isinstance(field.field, forms.DecimalField | forms.FloatField):
        return "decimal"
    return "numeric" if isinstance(field.field, forms.IntegerField) else ""


@register.filter
def is_past(value: datetime) -> bool:
    """Is the moment behind us?"""
    return wording.is_past(value)
