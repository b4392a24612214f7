from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.test import Client

A_YEAR = 365 * 24 * 3600


def test_a_file_may_be_kept_a_year_because_its_address_changes_with_it() -> None:
    address = static("css/base.css")
    assert re.fullmatch(r"/static/css/base\.css\?v=[0-9a-f]{12}", address)
    assert address.partition("?")[2] != static("css/tokens.css").partition("?")[2]
    answer = Client().get(address)
    assert answer.headers["Cache-Control"] == f"max-age={A_YEAR}, public"
    assert b"".join(answer) == (settings.BASE_DIR / "static/css/base.css").read_bytes()


def test_no_style_sheet_or_script_names_another_file() -> None:
    """It would have no mark: browsers would keep an old one for a year."""
    found = [*settings.BASE_DIR.glob("static/**/*"), *settings.BASE_DIR.glob("weiyifang/*/static/**/*")]
    texts = [file for file in found if file.suffix in {".css", ".js"}]
    assert texts
    for file in texts:
        text = Path(file).read_text("utf-8")
        assert not re.search(r"@import|url\((?!['\"]?(data:|#))|^import |import\(|/static/", text, re.MULTILINE), file


def test_a_name_that_does_not_exist_has_an_address_all_the_same() -> None:
    assert static("no/such.css") == "/static/no/such.css"
