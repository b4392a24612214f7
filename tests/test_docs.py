"""What the documents point to is there: files, `make` targets, decisions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
QUOTED = re.compile(r"`([^`\n]+)`")
LINKED = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)")
FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")  # no spaces, no placeholders
TOP = {path.name for path in ROOT.iterdir()}
PACKAGES = {path.name for path in (ROOT / "weiyifang").iterdir() if path.is_dir()}
TARGET = re.compile(r"`make ([a-z-]+)")
DECISION = re.compile(r"ADR[ -]?(\d{4})")
MADE_HERE = {"var", ".venv", "build"}  # by the program, not kept


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def stands(word: str, document: Path) -> bool:
    """A path seen from the document, the root, the packages, or the package that others copy."""
    return any(
        (base / word).exists() for base in (document.parent, ROOT, ROOT / "weiyifang", ROOT / "weiyifang/activities")
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_the_files_it_names_are_there(document: Path) -> None:
    text = document.read_text("utf-8")
    named = [word for word in QUOTED.findall(text) if FILE.fullmatch(word) and "/" in word]
    named = [word for word in named if word.split("/")[0] in (TOP | PACKAGES) - MADE_HERE]
    missing = [word for word in [*named, *LINKED.findall(text)] if not stands(word, document)]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_the_make_targets_it_names_are_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(TARGET.findall(document.read_text("utf-8"))) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_the_decisions_it_names_are_there(document: Path) -> None:
    numbers = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    assert set(DECISION.findall(document.read_text("utf-8"))) <= numbers
