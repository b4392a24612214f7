r"""One cleaner for whatever people write, at every entrance, and one for whatever the program writes down.

What comes in goes through one of four, by what is meant: `line` (a title, a place, a reason), `paragraphs` (several
lines), `person_name`, `number` (a phone, a code, a date, an identity number). The columns of `core.columns` call them,
so no service can forget it; the form fields of `core.web.fields` and the types of `core.web.schemas` call them too, so
that the sentence stands beside what was typed. What goes out into a file goes through `writable`.

What is kept and what goes:
- one way to write each character (NFC); ends of lines are `\n`, also Word's soft break, U+2028 and Excel's `_x000D_`;
- out: control characters, halves of surrogates, whatever is never seen (zero-width letters, soft hyphens, fillers,
  tags) and whatever turns the direction of writing: letters of right-to-left scripts turn by themselves;
- joiners and selectors stay inside pictures (a family, a heart in colour), a selector of a glyph behind a Chinese
  character, and those of Mongolian behind its letters; a flag of a region loses its tags and stays a black flag;
- letters of private use stay: official systems write rare characters of names with them;
- what is made of such signs alone, or of nothing but accents, is blank.
In a line all white space is one space. In names and numbers full-width signs and the radicals that PDFs hold instead of
characters (`⼈`, `⻢`) are folded, and no selector stays; every dot in the middle of a name is `·` (U+00B7), and spaces
between Chinese characters, put there to align a list, go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from weiyifang.core.refusals import Refused

Cleaner = Callable[[str], str]


class Missing(Refused):
    """Blank, or made of nothing that can be seen. `what`: what it is called."""

    sentence = _("There is nothing in “%(what)s” that can be read. Write a few words there.")
    status = 422


class TooLong(Refused):
    """More characters than there is room for: `most`; `long` were written. `what`: what it is called."""

    sentence = _("“%(what)s” is too long: %(long)d characters, and at most %(most)d are possible. Make it shorter.")
    status = 422


class OutOfBounds(Refused):
    """No whole number, or one that nobody can have meant. `what`: what it is called; `most`: the greatest possible."""

    sentence = _("“%(what)s” is a whole number, at most %(most)d. Correct it and try again.")
    status = 422


_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_PICTURE = "©®‼⁉™ℹ←-⇿⌀-⏿Ⓜ■-➿⤴⤵⬀-⯿〰〽㊗㊙\U0001f000-\U0001faff"
_NEVER_SEEN = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffc"
    "\ufffe\uffff\U00013441\U00013442\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
_SELECTORS = "\u180b-\u180f\u200d\ufe0e\ufe0f\U000e0100-\U000e01ef"
# Most of what is written needs nothing: ASCII, Chinese characters and their usual signs.
_CLEAN = re.compile(r"[\n\t -~一-鿿。，、；：？！“”‘’（）《》〈〉「」『』【】〔〕—…·～￥０-９]*")
_END_OF_LINE = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_EXCELS_END_OF_LINE = re.compile(r"_x000[aAbBcCdD]_\n?")
_UNSEEN = re.compile(
    f"[{_NEVER_SEEN}]"
    f"|(?<![{_PICTURE}])(?<![{_PICTURE}]\ufe0f)\u200d|\u200d(?![{_PICTURE}])"
    f"|(?<![#*0-9{_PICTURE}])[\ufe0e\ufe0f]|(?<=[#*0-9])[\ufe0e\ufe0f](?!\u20e3)"
    f"|(?<![{_HAN}])[\U000e0100-\U000e01ef]"
    f"|(?<![\u1820-\u18aa])[\u180b-\u180f]"
)
_SELECTED = re.compile(f"[{_SELECTORS}]")
# Of the radicals without a compatibility mapping, those that are characters by themselves (Unicode's
# EquivalentUnifiedIdeograph.txt); parts such as ⺡ are nobody's name and stay.
_RADICALS = str.maketrans(
    "⺁⺄⺈⺊⺌⺍⺎⺒⺓⺗⺛⺜⺝⺠⺧⺩⺫⺬⺴⺶⺻⺼⻁⻄⻅⻆⻉⻋⻏⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "厂乙刀卜小小兀巳幺心旡日月民牛王目示冗羊聿肉虎西见角贝车邑長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)
_ALL_HAN = re.compile(r"[一-鿿]*")
_DOTS = "·•・‧∙⋅●◦᛫⸱⸳ꞏ"
_DOT = re.compile(rf"[ {_DOTS}]*[{_DOTS}][ {_DOTS}]*|(?<=[{_HAN}]) ?\. ?(?=[{_HAN}])")
_PADDING = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_NOT_IN_A_FILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def line(said: str) -> str:
    """One line: no ends of lines, one space where there was white space, none around."""
    return " ".join(_sifted(said).split())


def paragraphs(said: str) -> str:
    """Several lines, with their tabs and spaces inside."""
    return _sifted(said).strip()


def person_name(said: str) -> str:
    """A person's name: the same text for the same name, however it is typed or copied."""
    if _ALL_HAN.fullmatch(said):
        return said
    return _PADDING.sub("", _DOT.sub("·", number(said)))


def number(said: str) -> str:
    """A phone, a code, a date or an identity number, in narrow letters, digits and signs (NFKC)."""
    return line(unicodedata.normalize("NFKC", _SELECTED.sub("", _sifted(said)).translate(_RADICALS)))


def writable(kept: str) -> str:
    """What XML 1.0, a workbook and a calendar can hold of a text, whenever and however it came to be kept."""
    if _NOT_IN_A_FILE.search(kept) is None:
        return kept
    return _NOT_IN_A_FILE.sub("", _END_OF_LINE.sub("\n", kept))


def _sifted(said: str) -> str:
    """Without what nobody sees; each character in one way; `\\n` at the end of a line."""
    if _CLEAN.fullmatch(said):
        return _EXCELS_END_OF_LINE.sub("\n", said) if "_x000" in said else said
    seen = unicodedata.normalize("NFC", _UNSEEN.sub("", _END_OF_LINE.sub("\n", said)))
    if all(sign.isspace() or unicodedata.category(sign).startswith("M") for sign in seen):
        return ""
    return _EXCELS_END_OF_LINE.sub("\n", seen)
