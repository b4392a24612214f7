"""Somebody of a story: a browser without scripts, which opens pages and sends the forms it finds on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.reading import Form, Page
from weiyifang.people.models import Account
from weiyifang.people.testing import CommunityClient

HOME = "/c/nanhu/"


class Somebody:
    """`open` a page, `send` one of its forms as it stands there: what is hidden in it goes along, and nothing else."""

    def __init__(self, account: Account | None) -> None:
        self.account, self.address = account, HOME
        self.come_back()

    def come_back(self) -> None:
        """On another day: signed in anew."""
        self.client = CommunityClient()
        self.client.looks = False  # what was seen is said by the page
        if self.account is not None:
            self.client.force_login(self.account)

    def open(self, path: str) -> str:
        """The page at a path of the community, or of the whole site; its text."""
        return self._at(urljoin(HOME, path), self.client.get(urljoin(HOME, path), follow=True))

    def send(self, to: str, *, press: str = "", **typed: Any) -> str:
        """Send the form of the page whose address ends so, with these values; the page that follows.

        `press`: the name of the button, which is sent as well.
        """
        form = self._form(to)
        address = urljoin(self.address, form.attrs.get("action") or self.address)
        sent = {name: values for name, values in form.sent().items() if name not in typed}
        pressed = {press: "1"} if press else {}
        return self._at(address, self.client.post(address, {**sent, **typed, **pressed}, follow=True))

    def link(self, to: str) -> str:
        """Where the link of the page leads that has `to` in its address."""
        return next(link for link in self.page.links if to in link)

    def _form(self, to: str) -> Form:
        forms = [form for form in self.page.forms if form.attrs.get("method") == "post"]
        fitting = [form for form in forms if urlsplit(form.attrs.get("action") or self.address).path.endswith(to)]
        assert fitting, f"no form to …{to} among {[form.attrs.get('action') for form in forms]}"
        return fitting[0]

    def _at(self, address: str, answer: Any) -> str:
        assert answer.status_code == 200, (address, answer.status_code, answer.content.decode()[:3000])
        self.address = answer.request["PATH_INFO"]
        self.page = Page(answer, self.address)
        return str(self.page.said)
