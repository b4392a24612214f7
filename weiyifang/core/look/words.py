"""The sentences people read, in both languages, kept without gettext installed.

English sentences stand in the code and are the keys. Their Chinese stands in one file per package
(`weiyifang/<package>/locale/zh_Hans/LC_MESSAGES/django.po`); what is said in `templates/` and `config/` stands in
`locale/`. The compiled `.mo` files are made anew whenever their source is younger, and are not committed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polib
from django.utils.translation.reloader import translation_file_changed

from weiyifang.core import files

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CATALOGUE = Path("locale", "zh_Hans", "LC_MESSAGES", "django.po")
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "Plural-Forms": "nplurals=1; plural=0;",
}
ONE_LINE = 10_000  # characters: a sentence is a line, so that a change is a line too
PLACE = re.compile(r"%\(\w+\)[#0\- +]?[\d.]*[sdfr]|%[sd]|{\w*}")  # what gets filled in: %(name)s, %s, {name}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, order=True)
class Sentence:
    """What is asked for in the code: the English, its plural and its context where it has them."""

    english: str
    context: str = ""
    plural: str = ""


@dataclass(frozen=True)
class Catalogue:
    """One file of translations and the folders its sentences come from."""

    file: Path
    sources: tuple[Path, ...]

    def sentences(self) -> set[Sentence]:
        """All that is said there."""
        found: set[Sentence] = set()
        for source in self.sources:
            for file in sorted(source.rglob("*")):
                inside = file.relative_to(source).parts
                if file.suffix in {".py", ".html", ".txt"} and not {"tests", "migrations", "vendor"} & set(inside):
                    found.update(sentences_in(file))
        return found

    def read(self) -> polib.POFile:
        """The file as it stands, or an empty one."""
        if self.file.exists():
            return polib.pofile(str(self.file), wrapwidth=ONE_LINE)
        return polib.POFile(wrapwidth=ONE_LINE)

    def update(self) -> tuple[int, int]:
        """Add what is missing, drop what nobody says any more. Returns how many of each. Writes only changes."""
        said, kept = self.sentences(), polib.POFile(wrapwidth=ONE_LINE)
        kept.metadata = dict(HEADER)
        known = {key(entry): entry for entry in self.read() if not entry.obsolete}
        for sentence in sorted(said):
            kept.append(known.get(sentence) or new_entry(sentence))
        text = str(kept).rstrip("\n").replace("\n\n\n", "\n\n") + "\n"
        if (said or self.file.exists()) and (not self.file.exists() or self.file.read_text("utf-8") != text):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with files.whole(self.file, mode=0o644) as out:
                out.write(text.encode())
        return len(said - known.keys()), len(known.keys() - said)

    def complaints(self) -> Iterator[str]:
        """What is wrong with the translations, a line each."""
        said, entries = self.sentences(), {key(entry): entry for entry in self.read() if not entry.obsolete}
        for sentence in sorted(said - entries.keys()):
            yield f"missing: {sentence.english!r}"
        for sentence in sorted(entries.keys() - said):
            yield f"nobody says this any more: {sentence.english!r}"
        for sentence, entry in sorted(entries.items()):
            chinese = translations(entry)
            if not all(chinese):
                yield f"empty: {sentence.english!r}"
            elif entry.fuzzy:
                yield f"fuzzy: {sentence.english!r}"
            places = {*PLACE.findall(sentence.english), *PLACE.findall(sentence.plural)}
            for text in filter(None, chinese):
                if set(PLACE.findall(text)) - places or (not sentence.plural and set(PLACE.findall(text)) != places):
                    yield f"other places to fill in: {sentence.english!r} → {text!r}"


def catalogues(only: Sequence[str] = ()) -> list[Catalogue]:
    """Every package's, and the one of what belongs to no package; or those of the packages named."""
    if only:
        return [Catalogue(ROOT / "weiyifang" / name / CATALOGUE, (ROOT / "weiyifang" / name,)) for name in only]
    packages = sorted(file.parent for file in ROOT.glob("weiyifang/*/__init__.py"))
    shared = Catalogue(ROOT / CATALOGUE, (ROOT / "config", ROOT / "templates"))
    return [Catalogue(package / CATALOGUE, (package,)) for package in packages] + [shared]


def complaints(only: Sequence[str] = ()) -> list[str]:
    """All that is wrong, a line each, with the file; also where one sentence is translated in two ways."""
    found, said_as = [], defaultdict(set)
    for catalogue in catalogues(only):
        name = catalogue.file.relative_to(ROOT)
        found += [f"{name}: {line}" for line in catalogue.complaints()]
        for entry in catalogue.read():
            said_as[entry.msgctxt or "", entry.msgid].add((translations(entry), str(name)))
    for (_, english), ways in sorted(said_as.items()):
        if len({chinese for chinese, _ in ways}) > 1:
            each = "; ".join(f"{' / '.join(chinese)} in {name}" for chinese, name in sorted(ways))
            found.append(f"{english!r} in different words (say it once, or give it a context): {each}")
    return found


def compile_stale(root: Path = ROOT) -> int:
    """Make the `.mo` files anew that are missing or older than their `.po`. Returns how many.

    What this process has loaded of them it reads again.
    """
    count = 0
    for file in [root / CATALOGUE, *root.glob(f"weiyifang/*/{CATALOGUE}")]:
        compiled = file.with_suffix(".mo")
        if file.exists() and not (compiled.exists() and compiled.stat().st_mtime >= file.stat().st_mtime):
            with files.whole(compiled, mode=0o644) as out:
                out.write(polib.pofile(str(file)).to_binary())
            count += 1
            translation_file_changed(None, compiled)
    return count


def sentences_in(file: Path) -> Iterator[Sentence]:
    """What one program or template says."""
    from babel.messages.extract import extract  # only makers have it
    from django.utils.translation.template import templatize

    text = file.read_text("utf-8")
    if file.suffix != ".py":
        text = re.sub(
            r"^[ \t]+", "", templatize(text, origin=str(file)), flags=re.MULTILINE
        )  # read as Python, which minds indents
    for _, words, _, context in extract(
        "python", BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        english, plural = (words, "") if isinstance(words, str) else (words[0], words[1])
        if english:
            yield Sentence(english, context or "", plural or "")


def key(entry: polib.POEntry) -> Sentence:
    """The sentence a translation is for."""
    return Sentence(entry.msgid, entry.msgctxt or "", entry.msgid_plural or "")


def new_entry(sentence: Sentence) -> polib.POEntry:
    """An empty translation."""
    entry = polib.POEntry(msgid=sentence.english, msgctxt=sentence.context or None)
    if sentence.plural:
        entry.msgid_plural, entry.msgstr_plural = sentence.plural, {0: ""}
    return entry


def translations(entry: polib.POEntry) -> tuple[str, ...]:
    """The Chinese; Chinese has no plural, so it is one, but files may hold more."""
    return tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)
