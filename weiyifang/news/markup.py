"""How staff write: plain text with a blank line between paragraphs and a handful of signs. Pure functions.

    # Heading            ## Smaller heading
    - a point            1. a numbered point        > what somebody said
    **strong**           [words](https://…)         ![words below it](图2)

Everything else is text and stays as it was typed, line by line: `1、`, `#3 楼`, `>60 岁`, `2*3*4`, a backslash, HTML.
In doubt it is text, for a sign that disappears can change what a notice says. markdown-it does the reading, with those
rules of CommonMark switched off that nobody here means; what comes out is cleaned once more by nh3, so that a mistake
opens no door.

Pictures are those of the article's own album, named by their numbers; any other becomes a link. The first of the album
stands on top, those that the text names where it does, the others below. In what is kept an address of a picture
begins with `files/`: where it is shown it is given the community's own (`shown`).

An article keeps the HTML it was given when it was written. Whoever changes what comes out of here raises `EDITION`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from weiyifang.files.album import Picture

EDITION = 3  # of these rules; in the first, `1、` began a list and `#3` a heading; in the second there was no album
TAGS = {"p", "br", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "a", "img", "figure", "figcaption"}
SIZED = {"src", "alt", "width", "height"}
ATTRIBUTES = {"a": {"href"}, "img": SIZED | {"srcset", "sizes", "loading"}, "li": {"value"}}
ELSEWHERE = ATTRIBUTES | {"img": SIZED}  # a reader elsewhere fetches one size
SCHEMES = {"http", "https", "tel", "mailto"}
DIGEST = 80  # characters taken from the text when nobody wrote a digest

_RULES = ["normalize", "block", "inline", "text_join", "heading", "paragraph", "newline", "text", "link", "image"]
_POINT = re.compile(r"(?:[-*]|[1-9]\d?\.)[ \t]+(?!(?:[-*+>#]|\d+[.)])(?:\s|$))\S")  # not "- - -": a line somebody drew
_SAID = re.compile(r">[ \t\u3000]+(?=[^\s\d])(.*)")  # "> 60 岁" is no quotation either
_SAID_ON = re.compile(rf"{_SAID.pattern}|>\s*$")
_STRONG = re.compile(r"\*\*([^*\n]+)\*\*")
_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&'*+,;=%()\[\]-]*[\w/~#@$&+=%-]\)?", re.ASCII | re.IGNORECASE)
_MAY_LINK = re.compile(r"https?://|tel:|mailto:|/(?!/)", re.IGNORECASE)
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\]\((?:图片?|picture )?[ ]?([1-9]\d{0,3})\)", re.IGNORECASE)
_TAG = re.compile(r"<img [^>]*>")  # of what was cleaned: in its texts there is no such sign
_ADDRESSES = re.compile(r'(?<=[" ])files/(?=[0-9a-f-]{36}/[a-z]+/[" ])')
_WIDE = "(min-width: 64rem) 44rem, 100vw"  # how wide a picture stands in an article
_OURS = "picture of ours"  # a token; its `meta` is the picture, its content the words below
_SMALLER = {"h1": "h2", "h2": "h3"}  # the title of the article is its h1


def to_html(text: str, pictures: Sequence[Picture] = ()) -> str:
    """Clean HTML for what was typed, with the pictures of the article in their order."""
    env: dict[str, Any] = {"pictures": {one.number: one for one in pictures}, "named": set()}
    made = _READER.render(text, env)
    rest = [one for one in pictures if one.number not in env["named"]]
    lead = rest.pop(0) if rest and rest[0] is pictures[0] else None
    if lead is not None:
        made = _figure(lead, is_lead=True) + made
    made += "".join(_figure(one) for one in rest)
    return nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener").strip()


def shown(html: str, home: str) -> str:
    """What came out of here, for the pages of the community whose address is `home` (`/c/nanhu/`)."""
    return _TAG.sub(lambda tag: _ADDRESSES.sub(f"{home}files/", tag[0]), html) if "<img " in html else html


def absolute(html: str, home: str, base: str) -> str:
    """The same for readers elsewhere: addresses within this site begin with `base`."""
    rules: dict[str, Any] = {"tags": TAGS, "attributes": ELSEWHERE, "url_schemes": SCHEMES, "link_rel": "noopener"}
    return nh3.clean(shown(html, home), **rules, url_relative=("rewrite_with_base", base))


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
        self.inline.ruler.before("link", "ours", _named)
        self.core.ruler.push("ours", _ours)
        self.core.ruler.push("stood", _stood)
        self.enable([*_RULES, "list", "blockquote"])
        self.add_render_rule("image", _linked_picture)
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


# --- pictures --------------------------------------------------------------------------------------------------


def _named(state: StateInline, silent: bool) -> bool:
    """One of the album, by its number. Where only the words are wanted (`plain`), whatever number it has."""
    found = _PICTURE.match(state.src, state.pos, state.posMax)
    album: dict[int, Picture] | None = state.env.get("pictures")
    if found is None or (album is not None and int(found[2]) not in album):
        return False
    if not silent:
        token = state.push(_OURS, "", 0)
        token.content, token.meta = found[1], {"picture": (album or {}).get(int(found[2]))}
    state.pos = found.end()
    return True


def _stood(state: StateCore) -> None:
    """A paragraph of nothing but pictures is a row of figures; among words a picture stands as it is."""
    named: set[int] = state.env.setdefault("named", set())
    out: list[Token] = []
    for token in state.tokens:
        ours = [part for part in _in(token) if part.type == _OURS and part.meta["picture"] is not None]
        named |= {part.meta["picture"].number for part in ours}
        is_alone = ours and all(part.type == _OURS or part.type.endswith("break") for part in _in(token))
        for part in ours:
            one = part.meta["picture"]
            part.type, part.content = "html_inline", _figure(one, part.content) if is_alone else _image(one)
        if is_alone and out and out[-1].type == "paragraph_open":
            out[-1] = Token("html_block", "", 0, content="".join(part.content for part in ours))
            token.type, token.children = "figures", []
        out.append(token)
    state.tokens = [
        one
        for at, one in enumerate(out)
        if one.type != "figures" and not (at and one.type == "paragraph_close" and out[at - 1].type == "figures")
    ]


def _figure(one: Picture, caption: str = "", *, is_lead: bool = False) -> str:
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption.strip() else ""
    return f"<figure>{_image(one, is_lead=is_lead)}{below}</figure>"


def _image(one: Picture, *, is_lead: bool = False) -> str:
    at = f"files/{one.file}"
    every = ", ".join(f"{at}/{size}/ {width}w" for size, (width, _height) in one.sizes.items())
    return (
        f'<img src="{at}/desk/" srcset="{every}" sizes="{_WIDE}" width="{one.width}" height="{one.height}"'
        f' alt="{escape(one.alt)}"{"" if is_lead else " loading=lazy"}>'
    )


def _linked_picture(self: Any, parts: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """No picture of the album: its address."""
    part = parts[at]
    link = [Token("link_open", "a", 1, attrs={"href": part.attrs["src"]}), *_in(part), Token("link_close", "a", -1)]
    return str(self.renderInline(link, options, env))


_READER = _Reader()
