"""The drawings on top of an activity: one string of pearls and what it is about; colours are CSS classes.

To add one: a line in `models.Cover` and its shapes here, on a paper of 640 × 250, the ground at y = 236.
"""

from __future__ import annotations

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from weiyifang.activities.models import Cover

_STRING = (
    '<rect class="c-bg" width="640" height="250"/><path class="c-line" d="M0 40C120 110 250 20 360 62S560 96 640 30"/>'
    '<circle class="p-in" cx="92" cy="69" r="8"/><circle class="p-out" cx="205" cy="58" r="8"/>'
    '<circle class="p-in" cx="470" cy="80" r="8"/><circle class="p-out" cx="572" cy="66" r="8"/>'
)

_SHAPES: dict[str, str] = {
    Cover.TEA: (
        '<path class="c-leaf" d="M232 168C150 150 128 112 128 84c52 2 92 32 104 84ZM236 166c-16-62 4-100 38-118 22'
        ' 38 8 92-38 118Z"/><path class="c-leaf2" d="M238 168c60-8 92-34 104-70-50-4-92 22-104 70Z"/>'
        '<circle class="c-petal" cx="190" cy="92" r="22"/><circle class="c-petal" cx="286" cy="98" r="26"/>'
        '<circle class="c-petal" cx="238" cy="72" r="19"/><circle class="p-rim" cx="190" cy="92" r="8"/>'
        '<circle class="p-rim" cx="286" cy="98" r="9"/><circle class="p-rim" cx="238" cy="72" r="7"/>'
        '<path class="c-cup" d="M204 158h68l-10 78h-48Z"/>'
        '<path class="c-cup" d="M398 150h96c0 52-14 84-48 84s-48-32-48-84ZM494 166c26-6 36 14 20 30-8 8-16 12-24'
        ' 14M398 166l-34-20M424 150v-8h44v8"/><path class="c-cup" d="M548 200h50c0 22-8 36-25 36s-25-14-25-36Z"/>'
        '<path class="c-line" d="M440 128c-8-12 8-18 0-32M462 126c-8-12 8-18 0-32"/>'
    ),
    Cover.LEAF: (
        '<path class="c-leaf" d="M120 226c-34-70 4-124 92-140 20 76-14 126-92 140Z"/>'
        '<path class="c-leaf2" d="M300 232c-64-50-56-112 20-160 56 56 50 118-20 160Z"/>'
        '<path class="c-petal" d="M446 228c-10-74 34-114 118-110 4 74-40 112-118 110Z"/>'
        '<path class="c-line" d="M120 226c30-40 56-80 84-128M300 232c2-56 8-104 20-150M446 228c34-34 66-66'
        " 108-100M150 184c20 0 36-4 50-12M168 156c-6-14-8-26-6-38M304 176c18-6 32-16 42-30M304"
        ' 176c-14-8-24-18-30-30M492 186c20 4 38 2 54-6M512 164c0-14 2-26 8-36"/>'
    ),
    Cover.POT: (
        '<path class="c-cup" d="M120 112h120c34 44 26 96-22 124h-76c-48-28-56-80-22-124Z"/>'
        '<path class="c-petal" d="M104 152c50-16 102-16 152 0l4 22c-54-16-106-16-160 0Z"/>'
        '<path class="c-leaf" d="M136 108c4-24 84-24 88 0Z"/>'
        '<path class="c-cup" d="M372 236c-40-40-34-96 18-118h60c52 22 58 78 18 118Z"/>'
        '<circle class="p-in" cx="402" cy="168" r="11"/><circle class="p-in" cx="440" cy="168" r="11"/>'
        '<path class="c-line" d="M400 200c12 14 30 14 42 0M392 118l-16-30M448 118l16-30"/>'
        '<circle class="p-out" cx="374" cy="84" r="8"/><circle class="p-out" cx="466" cy="84" r="8"/>'
        '<path class="c-cup" d="M546 236l40-110 14 6-36 104Z"/>'
        '<path class="c-petal" d="M586 126c0-20 8-32 22-38 4 14 2 30-8 44Z"/>'
    ),
    Cover.BRUSH: (
        '<path class="c-cup" d="M120 96h250v140H120Z"/>'
        '<path class="c-leaf" d="M176 130h140v12H176ZM240 118h14v96h-14ZM190 168h112v12H190ZM176 208h140v12H176Z"/>'
        '<path class="c-petal" d="M330 202h26v22h-26Z"/><path class="c-cup" d="M424 224 556 92l14 14-132 132Z"/>'
        '<path class="c-leaf2" d="M424 224l14 14c-18 10-34 8-48-2 16-2 26-6 34-12Z"/>'
        '<path class="c-line" d="M570 98c14-14 22-24 26-38"/><path class="c-cup" d="M500 206h98v30h-98Z"/>'
        '<path class="c-leaf" d="M516 206h66v10h-66Z"/>'
    ),
    Cover.HEART: (
        '<path class="c-petal" d="M240 228c-96-66-126-112-104-148 24-36 78-28 104 18 26-46 80-54 104-18 22 36-8'
        ' 82-104 148Z"/><path class="c-cup" d="M428 104h124v132H428Z"/>'
        '<path class="c-leaf" d="M478 128h24v28h28v24h-28v28h-24v-28h-28v-24h28Z"/>'
        '<path class="c-line" d="M148 144h48l16-28 24 60 20-46 12 14h64M344 144c40 0 52 26 84 26"/>'
    ),
    Cover.LANTERN: (
        '<path class="c-line" d="M132 84v22M320 64v26M508 84v22M132 196v34M320 186v44M508 196v34"/>'
        '<path class="c-petal" d="M132 106c52 0 68 26 68 46s-16 44-68 44-68-24-68-44 16-46 68-46Z"/>'
        '<path class="c-leaf" d="M320 90c56 0 74 28 74 50s-18 46-74 46-74-24-74-46 18-50 74-50Z"/>'
        '<path class="c-petal" d="M508 106c52 0 68 26 68 46s-16 44-68 44-68-24-68-44 16-46 68-46Z"/>'
        '<path class="c-line" d="M132 108v86M104 112c-16 26-16 54 0 78M160 112c16 26 16 54 0 78M320 92v92M288 98c-18'
        ' 28-18 56 0 82M352 98c18 28 18 56 0 82M508 108v86M480 112c-16 26-16 54 0 78M536 112c16 26 16 54 0 78"/>'
    ),
    Cover.STALLS: (
        '<path class="c-cup" d="M84 150h200v86H84ZM356 150h200v86H356Z"/>'
        '<path class="c-leaf" d="M72 108h224l-16 42H88Z"/><path class="c-petal" d="M344 108h224l-16 42H360Z"/>'
        '<path class="c-cup" d="M116 108h34l-6 42h-32ZM214 108h34l10 42h-32ZM390 108h34l-6 42h-32ZM488 108h34l10'
        ' 42h-32Z"/><circle class="p-in" cx="124" cy="196" r="15"/><circle class="p-out" cx="164" cy="196" r="15"/>'
        '<circle class="p-in" cx="204" cy="196" r="15"/>'
        '<path class="c-leaf2" d="M394 216c-4-26 8-42 34-46 6 26-6 42-34 46Z"/>'
        '<path class="c-cup" d="M460 182h62l-8 40h-46Z"/><path class="c-line" d="M474 182c0-20 34-20 34 0"/>'
    ),
    Cover.MUSIC: (
        '<path class="c-leaf" d="M196 206c0 18-14 30-34 30s-32-10-32-26 16-30 36-30c6 0 10 1 14 3V96l116-24v108c0'
        ' 18-14 30-34 30s-32-10-32-26 16-30 36-30c6 0 10 1 14 3v-46l-84 18Z"/>'
        '<path class="c-cup" d="M420 236c-34-30-30-76 6-92s78 6 88 50-24 60-52 52-30-2-42-10Z"/>'
        '<circle class="c-petal" cx="452" cy="192" r="18"/><path class="c-cup" d="M490 160 586 84l10 12-94 78Z"/>'
        '<path class="c-line" d="M340 130c14-8 14-24 0-32M360 150c26-16 26-52 0-70"/>'
    ),
    Cover.ROAD: (
        '<path class="c-leaf2" d="M0 236 150 100l96 86 84-66 150 116Z"/>'
        '<path class="c-leaf" d="M300 236 452 112l188 124Z"/>'
        '<path class="c-line" d="M330 250c-30-30 60-40 30-64s40-26 24-44"/>'
        '<circle class="c-petal" cx="552" cy="120" r="30"/>'
        '<path class="c-cup" d="M88 178h120c12 0 18 10 20 24v24H88Z"/>'
        '<path class="c-leaf" d="M102 190h28v18h-28ZM142 190h28v18h-28Z"/>'
        '<circle class="p-out" cx="118" cy="228" r="12"/><circle class="p-out" cx="198" cy="228" r="12"/>'
    ),
    Cover.PHONE: (
        '<path class="c-cup" d="M150 78h104c12 0 18 8 18 18v140H132V96c0-10 6-18 18-18Z"/>'
        '<path class="c-leaf" d="M146 100h112v104H146Z"/><circle class="p-rim" cx="202" cy="220" r="8"/>'
        '<circle class="c-petal" cx="180" cy="132" r="14"/><circle class="c-cup" cx="224" cy="132" r="14"/>'
        '<circle class="c-cup" cx="180" cy="172" r="14"/><circle class="c-petal" cx="224" cy="172" r="14"/>'
        '<path class="c-leaf2" d="M330 92h150c14 0 22 8 22 22v44c0 14-8 22-22 22H388l-40 34 6-34h-24c-14 0-22-8-22-22'
        'v-44c0-14 8-22 22-22Z"/><circle class="p-in" cx="364" cy="136" r="10"/>'
        '<circle class="p-out" cx="404" cy="136" r="10"/><circle class="p-in" cx="444" cy="136" r="10"/>'
        '<path class="c-line" d="M548 204c18-18 18-48 0-66M572 226c32-32 32-88 0-120"/>'
        '<circle class="c-petal" cx="534" cy="170" r="12"/>'
    ),
    Cover.NEEDLE: (
        '<path class="c-cup" d="M110 102 164 82c12 20 52 20 64 0l54 20 26 56-42 16-10-20v82H136v-82l-10 20-42-16Z"/>'
        '<path class="c-petal" d="M166 168h58v52h-58Z"/>'
        '<path class="c-line" d="M166 182h58M166 206h58M182 168v52M208 168v52"/>'
        '<circle class="c-leaf" cx="430" cy="176" r="52"/><circle class="p-rim" cx="416" cy="164" r="7"/>'
        '<circle class="p-rim" cx="446" cy="164" r="7"/><circle class="p-rim" cx="416" cy="192" r="7"/>'
        '<circle class="p-rim" cx="446" cy="192" r="7"/>'
        '<path class="c-line" d="M446 192c60 40 90 10 104-40s20-60 34-74"/>'
        '<path class="c-cup" d="M520 236 590 74l10 4-66 158Z"/>'
    ),
}


def drawing(name: str, *, is_named: bool = True) -> SafeString:
    """The whole picture as SVG, with its name for those who do not see it, unless that stands beside it."""
    cover = Cover(name) if name in Cover.values else Cover.TEA
    said = f'role="img" aria-label="{escape(str(cover.label))}"' if is_named else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308 - shapes of ours; the label is escaped
        f'<svg class="cover" viewBox="0 0 640 250" {said}>{_STRING}{_SHAPES[cover]}</svg>'
    )
