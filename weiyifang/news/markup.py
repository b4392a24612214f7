"""How staff write: plain text with a blank line between paragraphs and a handful of signs. Pure functions.

    # Heading            ## Smaller heading
    - a point            1. a numbered point        > what somebody said
    **strong**           [words](https://…)         ![words about the picture](/media/…)

Everything else is text and stays as it was typed, line by line: `1、`, `#3 楼`, `>60 岁`, `2*3*4`, a backslash, HTML.
In doubt it is text, for a sign that disappears can change what a notice says. markdown-it does the reading, with those
rules of CommonMark switched off that nobody here means; what comes out is cleaned once more by nh3, so that a mistake
opens no door. Pictures come from this site only (the pages' policy forbids others): others become links.

An article keeps the HTML it was given when it was written. Whoever changes what comes out of here raises `EDITION`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

EDITION = 2  # of these rules; in the first, `1、` began a list and `#3` a heading
TAGS = {"p", "br", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "a", "img"}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "li": {"value"}}
SCHEMES = {"http", "https", "tel", "mailto"}
DIGEST = 80  # characters taken from the text when nobody wrote a digest

_RULES = ["normalize", "block", "inline", "text_join", "heading", "paragraph", "newline", "text", "link", "image"]
_POINT = re.compile(r"(?:[-*]|[1-9]\d?\.)[ \t]+(?!(?:[-*+>#]|\d+[.)])(?:\s|$))\S")  # not "- - -": a line somebody drew
_SAID = re.compile(r">[ \t\u3000]+(?=[^\s\d])(.*)")  # "> 60 岁" is no quotation either
_SAID_ON = re.compile(rf"{_SAID.pattern}|>\s*$")
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&'*+,;=%()\[\]-]*[\w/~#@$&+=%-]\)?", re.ASCII | re.IGNORECASE)
_MAY_LINK = re.compile(r"https?://|tel:|mailto:|/(?!/)", re.IGNORECASE)
_SMALLER = {"h1": "h2", "h2": "h3"}  # the title of the article is its h1


def to_html(text: str) -> str:
    """Clean HTML for what was typed."""
    made = _READER.render(text)
    return nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener").strip()


def absolute(html: str, base: str) -> str:
    """What came out of here, for readers elsewhere: addresses within this site begin with `base`."""
    rules: dict[str, Any] = {"tags": TAGS, "attributes": ATTRIBUTES, "url_schemes": SCHEMES, "link_rel": "noopener"}
    return nh3.clean(html, **rules, url_relative=("rewrite_with_base", base))


def plain(text: str) -> str:
    """The words alone, on one line: for digests, sharing cards and feeds."""
    return _words(_READER.parse(text))


def digest_of(text: str) -> str:
    """The beginning of the text without its headings, for when nobody wrote a digest."""
    tokens = _READER.parse(text)
    headings = {at + 1 for at, token in enumerate(tokens) if token.type == "heading_open"}
    words = _words([token for at, token in enumerate(tokens) if at not in headings]) or _words(tokens)
    return words if len(words) <= DIGEST else words[: DIGEST - 1].rstrip("，、；,; ") + "…"


def _words(tokens: Sequence[Token]) -> str:
    found = []
    for token in tokens:
        if token.type == "list_item_open" and token.info:
            found.append(f"{token.info}. ")
        if token.type == "inline":
            found += [part.content if part.type == "text" else " " * part.type.endswith("break") for part in _in(token)]
            found.append(" ")
    return " ".join("".join(found).split())


def _in(token: Token) -> list[Token]:
    return token.children or []


class _Reader(MarkdownIt):
    """CommonMark with the rules above. One for all threads: what it reads is kept in a state of its own."""

    def __init__(self) -> None:
        super().__init__("zero", {"breaks": True, "maxNesting": 20})
        self.block.ruler.at("list", _points, {"alt": ["paragraph"]})
        self.block.ruler.at("blockquote", _quotation, {"alt": ["paragraph", "list"]})
        self.inline.ruler.before("link", "strong", _strong)
        self.core.ruler.push("ours", _ours)
        self.enable([*_RULES, "list", "blockquote"])
        self.add_render_rule("image", _picture)
        self.render("each rule is looked up once, before there are threads")

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Whether it becomes a link; what does not stays as it was typed."""
        return _MAY_LINK.match(url) is not None


# --- blocks ----------------------------------------------------------------------------------------------------


def _line(state: StateBlock, number: int) -> tuple[str, int, int]:
    return state.src, state.bMarks[number] + state.tShift[number], state.eMarks[number]


def _points(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A list, where one was meant."""
    return _POINT.match(*_line(state, first)) is not None and list_block(state, first, end, silent)


def _quotation(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Lines that each begin with `> `; the first that does not is no longer said."""
    if _SAID.match(*_line(state, first)) is None:
        return False
    if silent:
        return True
    said, line = [], first
    while line < end and state.sCount[line] >= state.blkIndent and (more := _SAID_ON.match(*_line(state, line))):
        said.append(more[1] or "")
        line += 1
    state.push("blockquote_open", "blockquote", 1)
    state.push("paragraph_open", "p", 1)
    words = state.push("inline", "", 0)
    words.content, words.children = "\n".join(said).strip(), []
    state.push("paragraph_close", "p", -1)
    state.push("blockquote_close", "blockquote", -1)
    state.line = line
    return True


# --- inside a line ---------------------------------------------------------------------------------------------


def _strong(state: StateInline, silent: bool) -> bool:
    """Words between two stars: CommonMark's own rule fails beside Chinese punctuation, and takes `2*3*4` apart."""
    found = _STRONG.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        until = state.posMax
        state.push("strong_open", "strong", 1)
        state.pos, state.posMax = found.span(1)
        state.md.inline.tokenize(state)
        state.push("strong_close", "strong", -1)
        state.posMax = until
    state.pos = found.end()
    return True


def _ours(state: StateCore) -> None:
    """Headings below the title, points under the numbers they were typed with, addresses as links."""
    for token in state.tokens:
        token.tag = _SMALLER.get(token.tag, "h3") if token.type.startswith("heading") else token.tag
        if token.type == "list_item_open" and token.info:
            token.attrSet("value", str(int(token.info)))
        if token.type == "inline":
            token.children = list(_linked(_in(token)))


def _linked(parts: Sequence[Token]) -> Iterator[Token]:
    inside = 0
    for part in parts:
        inside += part.nesting if part.type.startswith("link") else 0
        if part.type != "text" or inside:
            yield part
            continue
        at = 0
        for found in _ADDRESS.finditer(part.content):
            address = found[0] if "(" in found[0] else found[0].rstrip(")")
            yield _text(part.content[at : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": address})
            yield _text(address)
            yield Token("link_close", "a", -1)
            at = found.start() + len(address)
        yield _text(part.content[at:])


def _text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def _picture(self: Any, parts: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A picture of ours; the address of another."""
    part = parts[at]
    if not str(part.attrs["src"]).startswith("/"):
        link = [Token("link_open", "a", 1, attrs={"href": part.attrs["src"]}), *_in(part), Token("link_close", "a", -1)]
        return str(self.renderInline(link, options, env))
    return str(self.image(parts, at, options, env))


_READER = _Reader()
