"""How staff write: plain text with a blank line between paragraphs and a handful of signs. Pure functions.

    # Heading            ## Smaller heading
    - a point            1. a numbered point        > what somebody said
    **strong**           [words](https://…)         ![words about the picture](/media/…)

Everything else is text: HTML that somebody pastes is shown as typed, never obeyed. What comes out is cleaned once more
by nh3, so that a mistake here opens no door. Pictures come from this site only (the pages' policy forbids others).
"""

from __future__ import annotations

import re
from html import escape

import nh3

TAGS = {"p", "br", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "a", "img"}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
SCHEMES = {"http", "https", "tel", "mailto"}
DIGEST = 80  # characters taken from the text when nobody wrote a digest

_HEADING = re.compile(r"(#{1,3})\s*(.+)")
_POINT = re.compile(r"[-*•·]\s+(.+)")
_NUMBERED = re.compile(r"\d{1,2}(?:[.)]\s+|[、．]\s*)(.+)")
_QUOTED = re.compile(r">\s*(.*)")
_INLINE = re.compile(
    r"!\[(?P<alt>[^\]\n]*)\]\((?P<src>/(?!/)[^)\s]+)\)"
    r"|\[(?P<words>[^\]\n]+)\]\((?P<href>[^)\s]+)\)"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|(?P<bare>https?://[^\s<>，。；！？、）》”]+)"
)


def to_html(text: str) -> str:
    """Clean HTML for what was typed."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    made = "\n".join(part for block in blocks if block.strip() for part in _parts(block.strip("\n").split("\n")))
    return nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")


def plain(text: str) -> str:
    """The words alone, on one line: for digests, sharing cards and feeds."""
    shown = _INLINE.sub(lambda m: m["words"] or m["strong"] or m["bare"] or "", text)
    lines = (re.sub(r"^(#{1,3}|[-*•·>])\s*", "", line.strip()) for line in shown.splitlines())
    return " ".join(line for line in lines if line)


def digest_of(text: str) -> str:
    """The beginning of the text, for when nobody wrote a digest."""
    words = plain(re.sub(r"(?m)^#.*$", "", text)) or plain(text)
    return words if len(words) <= DIGEST else words[: DIGEST - 1].rstrip("，、；,; ") + "…"


def _parts(lines: list[str]) -> list[str]:
    """A block's headings, lists, quotations and paragraphs, in order."""
    made: list[str] = []
    rest: list[str] = []
    kind = ""
    for line in [*lines, None]:
        now, words = ("end", "") if line is None else _kind(line.strip())
        if rest and now != kind:
            made.append(_wrapped(kind, rest))
            rest = []
        kind = now
        if now in {"h2", "h3"}:
            made.append(f"<{now}>{_inline(words)}</{now}>")
        elif now != "end":
            rest.append(_inline(words))
    return made


def _kind(line: str) -> tuple[str, str]:
    if match := _HEADING.fullmatch(line):
        return ("h2" if len(match[1]) == 1 else "h3"), match[2]
    for kind, pattern in (("ul", _POINT), ("ol", _NUMBERED), ("blockquote", _QUOTED)):
        if match := pattern.fullmatch(line):
            return kind, match[1]
    return "p", line


def _wrapped(kind: str, lines: list[str]) -> str:
    if kind in {"ul", "ol"}:
        return f"<{kind}>{''.join(f'<li>{line}</li>' for line in lines)}</{kind}>"
    inner = "<br>".join(lines)
    return f"<blockquote><p>{inner}</p></blockquote>" if kind == "blockquote" else f"<p>{inner}</p>"


def _inline(words: str) -> str:
    made, at = [], 0
    for match in _INLINE.finditer(words):
        made.append(escape(words[at : match.start()]))
        made.append(_mark(match))
        at = match.end()
    return "".join([*made, escape(words[at:])])


def _mark(match: re.Match[str]) -> str:
    if match["src"]:
        return f'<img src="{escape(match["src"])}" alt="{escape(match["alt"])}">'
    if match["strong"]:
        return f"<strong>{escape(match['strong'])}</strong>"
    href, words = match["href"] or match["bare"], match["words"] or match["bare"]
    if match["href"] and not re.match(r"(https?://|tel:|mailto:|/(?!/))", href):
        return escape(match[0])
    return f'<a href="{escape(href)}">{escape(words)}</a>'
