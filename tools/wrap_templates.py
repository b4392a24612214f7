"""Breaks template lines that nobody can read, only where a break changes nothing that is shown.

Between Chinese words no space may appear, so a formatter that indents as it likes is none for these pages; and few know
components. This one knows the places where white space means nothing, and touches nothing else:

1. between the attributes of a tag, outside their values, and before its end;
2. in a `{% blocktranslate trimmed %}`, which joins its lines with one space and drops the ends;
3. before and after the tags of blocks, rows and cells, where lines begin and end anyway;
4. at a space beside a sign that is not Chinese (browsers drop a break only between two that are), in text and at a
   `·` in what a component is told;
5. between two `{# comments #}`.

`make fix` does it to every template; `python tools/wrap_templates.py --check` only says which lines are too long.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST = 160
AIM = 130  # a line that is broken is broken about here
LEAST = 30  # and no piece of it is shorter

BLOCKS = re.compile(
    r"</?(address|article|aside|blockquote|body|caption|circle|dd|details|div|dl|dt|fieldset|figure|figcaption|footer|form"
    r"|h[1-6]|head|header|hr|html|legend|li|link|main|meta|nav|ol|p|path|section|summary|table|tbody|td|tfoot|th|thead"
    r"|tr|ul)"
)
COMPONENTS = re.compile(  # whose outermost element is one of the above
    r"</?c-(album|buttons|card|cell|cells|choice|choices|cols|details|empty|fact|facts|faults|field|form|happening|head"
    r"|months|note|num|num-head|pager|papers|row|rows|section|sizes|stack|strip|sums|table)"
)
KEEPS_SPACE = {"<pre", "<textarea", "<script", "<style"}
TOKEN = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<!--.*?-->|</?[a-zA-Z](?:[\w.:-]|{{ level }})*|.", re.DOTALL)
SENTENCE = re.compile(r'{% translate "([^"%]+)"( context "[^"]+")? %}')
UNTRIMMED = re.compile(
    r"({% blocktranslate)((?![^%]* trimmed )(?: [^%]*)? %})(?=\S(?:[^\n]*\S)?{% endblocktranslate %})"
)
LATIN = re.compile(r"[\x21-\x3b\x3f-\x7a·]")  # no bracket of a tag, no brace of a template
COMMENT = re.compile(r"{# (.*) #}")

GOOD, FAIR, POOR = range(3)
Place = tuple[
    int, int, int
]  # where a line may end, where the next begins (white space between them, or nothing), how good


def templates() -> list[Path]:
    """Every page and component of ours."""
    return sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("weiyifang/*/templates/**/*.html")])


def places(text: str) -> Iterator[Place]:
    """Every place where a line may end."""
    tag = quote = words = kept = ""  # the tag, the value in it, the sentence, what keeps its white space
    for found in TOKEN.finditer(text):
        token, start, end = found[0], found.start(), found.end()
        at: list[Place] = []
        if token.startswith("{%"):
            words, at = _around_a_sentence(token, words, start, end)
        elif token.startswith("{") and len(token) > 1:
            continue
        elif words:
            is_between = " trimmed " in words and token == " " and text[start - 1] != "\n" and text[end] not in " \n"
            at = [(start, end, FAIR)] if is_between else []
        elif tag:
            quote, at = _in_a_tag(text, tag, quote, start)
            if token == ">" and not quote:
                kept, tag = tag if tag in KEEPS_SPACE else "", ""
        elif token.startswith("</") or not kept:
            tag, at = _in_text(text, token, start)
        yield from at


def _in_text(text: str, token: str, start: int) -> tuple[str, list[Place]]:
    """The tag that begins here, if one does, and the place before it; or a space between words."""
    if token == " ":
        return "", [(start, start + 1, FAIR)] if LATIN.match(text[start - 1]) or LATIN.match(text[start + 1]) else []
    if token[0] != "<" or len(token) == 1:
        return "", []
    is_begin = BLOCKS.fullmatch(token) or (token[1] != "/" and COMPONENTS.fullmatch(token))
    return token, [(start, start, GOOD)] if is_begin else []


def _around_a_sentence(token: str, words: str, start: int, end: int) -> tuple[str, list[Place]]:
    """The sentence we are in after this tag, and the places at its ends."""
    begins, ends = token.startswith("{% blocktranslate"), token.startswith("{% endblocktranslate")
    at = []
    if " trimmed " in (words or token) and (ends or token.startswith("{% plural")):
        at.append((start, start, FAIR))
    if " trimmed " in (words or token) and (begins or token.startswith("{% plural")):
        at.append((end, end, FAIR))
    return token if begins else "" if ends else words, at


def _in_a_tag(text: str, tag: str, quote: str, start: int) -> tuple[str, list[Place]]:
    """The value we are in after this sign of a tag, and the places about it."""
    sign, closes = text[start], tag[1] == "/" or text[start - 1] == "/"
    if quote:
        is_told = sign == " " and tag.startswith("<c-") and "·" in (text[start - 1], text[start + 1])
        return "" if sign == quote else quote, [(start, start + 1, FAIR)] if is_told else []
    if sign in "\"'":
        return sign, []
    if sign == " " and text[start + 1] not in "/> \n" and text[start - 1] != "\n":
        is_first, is_pair = text.endswith(tag, 0, start), text.startswith("value=", start + 1)
        belongs = (is_first and not tag.startswith("<c-")) or is_pair  # an element and what it is, a name and its value
        return "", [(start, start + 1, POOR if belongs else GOOD)]
    if sign == ">":
        at = [(start, start, POOR)] if tag[1] != "/" and text[start - 1] not in "/ \n" else []
        if BLOCKS.fullmatch(tag) or (closes and COMPONENTS.fullmatch(tag)):
            at.append((start + 1, start + 1, GOOD))
        return "", at
    return "", []


def wrapped(text: str) -> str:
    """The same page with no line longer than MOST, where that can be."""
    for shortest in (40, 12, 3):  # sentences that may be broken where nothing else may be
        text = "".join(f"{one}\n" for line in text.splitlines() for one in _prepared(line, shortest))
        able, begin, lines = sorted({*places(text)}), 0, []
        for line in text.splitlines(keepends=True):
            end = begin + len(line) - 1
            lines += _pieces(text, begin, end, [one for one in able if begin < one[0] < end])
            begin = end + 1
        text = "".join(lines)
    return text


def _prepared(line: str, shortest: int) -> list[str]:
    """A line that is too long with its sentences in a form that can be broken."""
    if len(line) <= MOST:
        return [line]
    if comment := COMMENT.fullmatch(line):
        return [f"{{# {part} #}}" for part in textwrap.wrap(comment[1], AIM)]
    line = UNTRIMMED.sub(r"\1 trimmed\2", line)

    def spoken(found: re.Match[str]) -> str:
        long = len(found[1]) >= shortest
        how = found[2] or ""
        return f"{{% blocktranslate trimmed{how} %}}{found[1]}{{% endblocktranslate %}}" if long else found[0]

    return [SENTENCE.sub(spoken, line)]


def _pieces(text: str, begin: int, end: int, able: list[Place]) -> Iterator[str]:
    """One line in as many as it needs; those after the first stand in a little."""
    line, indent = text[begin:end], ""
    deeper = " " * (len(line) - len(line.lstrip()) + 2)
    while len(indent) + end - begin > MOST:
        near = [one for one in able if LEAST <= one[0] - begin <= MOST - len(indent)]
        if not near:
            near = [one for one in able if one[0] - begin > MOST - len(indent)][:1]
        if not near:
            break
        stop, start, _how = min(near, key=lambda one: (_cost(one, begin + AIM - len(indent)), -one[0]))
        yield f"{indent}{text[begin:stop]}\n"
        begin, indent = start, deeper
    yield f"{indent}{text[begin:end]}\n"


def _cost(place: Place, aim: int) -> int:
    """What a place costs: its kind, and how far it is from where the line should end."""
    return 40 * place[2] + abs(place[0] - aim)


def main() -> int:
    """Wraps; says where a line is too long still."""
    faults = []
    for page in templates():
        text = page.read_text("utf-8")
        new = text if "--check" in sys.argv else wrapped(text)
        if new != text:
            page.write_text(new, "utf-8")
        long = [(number, len(line)) for number, line in enumerate(new.splitlines(), 1) if len(line) > MOST]
        faults += [f"{page.relative_to(ROOT)}:{number}: {letters} letters, not {MOST}" for number, letters in long]
    print(*faults, sep="\n", end="\n" * bool(faults))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
