"""A page as somebody without scripts has it: its forms, what one can type, the buttons one can press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.http import HttpResponseBase

WORDS = frozenset({"text", "search", "tel", "password", "email", "url"})  # inputs that take any words


@dataclass
class Button:
    """What can be pressed: `form` by its id, or the form it stands in."""

    form: int
    attrs: dict[str, str]


@dataclass
class Form:
    """A form: where it goes, its fields as (name, kind, value), as they would be sent."""

    attrs: dict[str, str]
    fields: list[tuple[str, str, str]] = field(default_factory=list)

    def sent(self, typed: dict[str, str] | None = None) -> dict[str, list[str]]:
        """What the browser sends, with `typed` in place of what stood there."""
        found: dict[str, list[str]] = {}
        for name, _kind, value in self.fields:
            found.setdefault(name, []).append((typed or {}).get(name, value))
        return found

    def words(self) -> Iterator[str]:
        """The names of the fields that take any words."""
        return (name for name, kind, _value in self.fields if kind in WORDS or kind == "textarea")


class Page(HTMLParser):
    """The page of an answer."""

    def __init__(self, answer: HttpResponseBase, address: str) -> None:
        super().__init__()
        self.address, self.forms, self.buttons = address, list[Form](), list[Button]()
        self.links: list[str] = []
        self._form = self._area = self._select = -1
        self.said = answer.content.decode()  # type: ignore[attr-defined]  # it is no stream
        self.feed(self.said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(has))
            self._form = len(self.forms) - 1
        elif tag == "a" and "href" in has:
            self.links.append(urljoin(self.address, has["href"]))
        elif tag == "button":
            self.buttons.append(Button(self._form, has))
        elif self._form < 0:
            return
        elif tag == "input" and has.get("type") not in {"submit", "file"}:
            if has.get("type") not in {"checkbox", "radio"} or "checked" in has:
                self._has(has.get("name", ""), has.get("type", "text"), has.get("value", ""))
        elif tag == "textarea":
            self._has(has.get("name", ""), "textarea", "")
            self._area = len(self.forms[self._form].fields) - 1
        elif tag == "select":
            self._has(has.get("name", ""), "select", "")
            self._select = len(self.forms[self._form].fields) - 1
        elif tag == "option" and self._select >= 0 and "selected" in has:
            name, kind, _value = self.forms[self._form].fields[self._select]
            self.forms[self._form].fields[self._select] = (name, kind, has.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area >= 0:
            name, kind, value = self.forms[self._form].fields[self._area]
            self.forms[self._form].fields[self._area] = (
                name,
                kind,
                value + (data if value else data.removeprefix("\n")),
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = -1
        elif tag == "textarea":
            self._area = -1
        elif tag == "select":
            self._select = -1

    def _has(self, name: str, kind: str, value: str) -> None:
        self.forms[self._form].fields.append((name, kind, value))

    def form(self, its_id: str) -> Form | None:
        """The form of this id."""
        return next((form for form in self.forms if form.attrs.get("id") == its_id), None)

    def typed_in(self) -> list[Form]:
        """The forms that write, in which something can be typed that a switch takes along."""
        return [form for form in self.forms if "data-typed" in form.attrs and form.attrs.get("method") == "post"]

    def searched_in(self) -> list[Form]:
        """The forms that search."""
        return [form for form in self.forms if form.attrs.get("method", "get").lower() == "get"]

    def switched_with(self, say: str) -> Form:
        """The form that this switch takes along where no script runs."""
        button = self._switch(say)
        form = self.form(button.attrs["form"]) if "form" in button.attrs else self.forms[button.form]
        assert form is not None, "a button of no form does nothing"
        return form

    def _switch(self, say: str) -> Button:
        return next(one for one in self.buttons if one.attrs.get("value") == say and one.attrs["name"] == "_look")

    def press(
        self, say: str, typed: dict[str, str] | None = None, into: Form | None = None
    ) -> tuple[str, dict[str, list[str]]]:
        """Where the switch that says `say` sends what, with `typed` in its form; a script gives it to the form that
        somebody types `into`.
        """
        button = self._switch(say)
        form = into or self.switched_with(say)
        to = urljoin(self.address, button.attrs.get("formaction") or form.attrs["action"])
        return to, {**form.sent(typed), "_look": [say]}
