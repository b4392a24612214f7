"""Every block of the walkthroughs runs, in order, in one namespace, on a real database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from weiyifang.core.tenancy import outside_any_community

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "walkthroughs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.django_db
@pytest.mark.parametrize("walkthrough", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_what_it_shows_works(walkthrough: Path) -> None:
    text = walkthrough.read_text("utf-8")
    blocks = list(BLOCK.finditer(text))
    assert blocks
    names: dict[str, object] = {}
    with outside_any_community():
        for block in blocks:
            line = text.count("\n", 0, block.start(1))
            exec(compile("\n" * line + block[1], str(walkthrough), "exec"), names)  # the traceback names the document
