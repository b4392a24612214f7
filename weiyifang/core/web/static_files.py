"""Addresses of static files carry a mark of their contents (`/static/css/base.css?v=1f0c…`): browsers keep them a year.

The files are served from where they lie, nothing is collected. Every reference goes through `{% static %}`; style
sheets and scripts of ours name no other file.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class MarkedFiles(StaticFilesStorage):
    """See the module. With DEBUG, when files change under a running program, there are no marks."""

    def url(self, name: str | None) -> str:
        url = super().url(name)
        mark = "" if settings.DEBUG or not name else _mark(name)
        return f"{url}?v={mark}" if mark else url


@cache
def _mark(name: str) -> str:
    found = finders.find(name)
    return hashlib.blake2b(Path(found).read_bytes(), digest_size=6).hexdigest() if found else ""
