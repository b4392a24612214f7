"""Things on a table or a wall."""

from __future__ import annotations

import math

from drawing.paper import (
    BLUSH,
    CLAY,
    DEEP,
    DUSK,
    FRESH,
    GLOW,
    HEIGHT,
    INK,
    LAMP,
    LEAF,
    PALE,
    PAPER,
    ROSE,
    SHADE,
    SKY,
    THREAD,
    WIDTH,
    Sheet,
)


def radio(on: Sheet) -> None:
    on.box("#d9c79b", 0, 560, WIDTH, 240, 0, 12)
    on.box(PAPER, 60, 90, 300, 260, 8, 10)
    for one, long in enumerate((150, 190, 120, 170)):
        on.line(DEEP, [(110 + one * 66, 120), (110 + one * 66, 120 + long)], 12, 5)
        on.round(LAMP, 110 + one * 66, 130, 16, 26, 4)
    on.line(DUSK, [(560, 260), (420, 60)], 7, 4)
    on.box(CLAY, 440, 250, 560, 380, 40, 18)
    on.box("#7d3423", 466, 276, 508, 328, 26, 0)
    on.round(THREAD, 620, 440, 130, shadow=8)
    for r in range(20, 121, 20):
        on.arc("#7d3423", 620, 440, r, 0, 360, 4)
    on.box(GLOW, 780, 310, 170, 90, 10, 6)
    for one in range(8):
        on.line(INK, [(796 + one * 20, 330), (796 + one * 20, 346 + (one % 2) * 10)], 3)
    on.line(CLAY, [(876, 324), (876, 388)], 4)
    for x in (814, 910):
        on.round(PAPER, x, 500, 40)
        on.line(INK, [(x, 500), (x + 16, 474)], 5)
    on.line(LAMP, [(140, 690), (250, 690)], 30, 8)
    on.line(DUSK, [(250, 690), (380, 690)], 10, 6)
    for x, y in ((480, 720), (530, 742), (590, 716), (1060, 700)):
        on.round(DUSK, x, y, 16, shadow=4)
        on.line(INK, [(x - 9, y), (x + 9, y)], 3)
    on.line(LEAF, [(900, 720), (960, 690), (1030, 730), (1100, 640), (1150, 660)], 6, 4)


def telephone(on: Sheet) -> None:
    on.string()
    on.box("#d9c79b", 0, 600, WIDTH, 200, 0, 12)
    on.shape(LEAF, [(330, 660), (390, 430), (730, 430), (790, 660)], 16)
    on.round(PAPER, 560, 545, 96, shadow=8)
    for one in range(10):
        a = math.radians(-60 - one * 30)
        on.round(DEEP, 560 + 66 * math.cos(a), 545 + 66 * math.sin(a), 13, shadow=0)
    on.round(GLOW, 560, 545, 30, shadow=3)
    on.line(DEEP, [(380, 380), (420, 350), (560, 336), (700, 350), (740, 380)], 44, 10)
    on.round(DEEP, 380, 400, 56, 40, 8)
    on.round(DEEP, 740, 400, 56, 40, 8)
    coil = [
        (352 - 70 * math.sin(math.pi * t / 90) + 13 * math.cos(t * 0.9), 630 - t * 2.3 + 13 * math.sin(t * 0.9))
        for t in range(91)
    ]
    on.line(DEEP, coil, 6)
    on.cup(960, 700, 56)
    on.box(PAPER, 860, 250, 230, 200, 6, 10)
    for one in range(4):
        on.line(DUSK, [(890, 300 + one * 36), (1060 - (one % 2) * 40, 300 + one * 36)], 5)
    on.round(CLAY, 975, 256, 12, shadow=3)


def camera(on: Sheet) -> None:
    for x, y, _turn, sky, hill in (
        (90, 110, 0, SKY, FRESH),
        (820, 90, 0, BLUSH, LEAF),
        (110, 470, 0, GLOW, DEEP),
        (840, 480, 0, DUSK, LAMP),
    ):
        on.box(PAPER, x, y, 270, 230, 4, 12)
        on.box(sky, x + 18, y + 18, 234, 160, 2, 0)
        on.shape(
            hill,
            [
                (x + 18, y + 178),
                (x + 18, y + 120),
                (x + 90, y + 80),
                (x + 150, y + 130),
                (x + 210, y + 90),
                (x + 252, y + 130),
                (x + 252, y + 178),
            ],
            3,
        )
        on.round(PAPER, x + 200, y + 54, 16, shadow=0)
    on.box(INK, 380, 290, 440, 290, 34, 18)
    on.box(INK, 520, 240, 160, 80, 16, 4)
    on.box("#38463f", 380, 350, 440, 150, 0, 0)
    on.round(DUSK, 600, 430, 128, shadow=12)
    on.round(INK, 600, 430, 108, shadow=0)
    on.round("#4f7186", 600, 430, 76, shadow=0)
    on.round("#86aeb4", 576, 402, 26, shadow=0)
    on.box(GLOW, 720, 312, 66, 30, 8, 3)
    on.round(CLAY, 440, 282, 24, 12, 4)
    on.line(THREAD, [(380, 330), (300, 420), (330, 620), (420, 690)], 10, 5)


def meal(on: Sheet) -> None:
    on.box("#caa86a", 0, 0, WIDTH, HEIGHT, 0, 0)
    for x in range(0, WIDTH, 150):
        on.line("#bd9a5c", [(x + 20, 0), (x, HEIGHT)], 4)
    on.round("#efe6d2", 600, 400, 360, shadow=18)
    on.round(SHADE, 600, 400, 342, shadow=0)
    on.bowl(600, 400, 130, "#c9863f")
    for _one in range(16):
        a, d = on.dice.uniform(0, 6.3), on.dice.uniform(10, 84)
        on.round(on.dice.choice((LEAF, CLAY, GLOW)), 600 + d * math.cos(a), 400 + d * math.sin(a), 14, 10, 2)
    dishes = ((600, 170, FRESH), (830, 300, CLAY), (800, 560, GLOW), (400, 560, PAPER), (370, 290, LEAF))
    for x, y, inside in dishes:
        on.bowl(x, y, 96, inside)
        for _one in range(14):
            a, d = on.dice.uniform(0, 6.3), on.dice.uniform(0, 60)
            top = {FRESH: DEEP, CLAY: GLOW, GLOW: LAMP, PAPER: SHADE, LEAF: PALE}[inside]
            on.round(top, x + d * math.cos(a), y + d * math.sin(a), 12, 9, 1)
    for x, y in ((110, 220), (110, 620), (1090, 220), (1090, 620)):
        on.bowl(x, y, 74, PAPER, "#4f7186")
        on.line(CLAY, [(x + (80 if x < 600 else -80), y - 80), (x + (92 if x < 600 else -92), y + 80)], 7, 4)


def desk(on: Sheet) -> None:
    on.box("#2f4f5a", 0, 0, WIDTH, HEIGHT, 0, 0)
    on.shape("#5b7a6a", [(800, 230), (1000, 230), (1190, 640), (560, 640)], 0)
    on.box(CLAY, 0, 620, WIDTH, 180, 0, 14)
    on.box("#8d3a26", 0, 620, WIDTH, 14, 0, 0)
    for one, (colour, w) in enumerate(((LEAF, 360), (LAMP, 330), (PAPER, 300), (ROSE, 340), (DUSK, 280))):
        on.box(colour, 110 + (one * 17) % 40, 566 - one * 54, w, 52, 6, 8)
        on.box(GLOW if colour != LAMP else PAPER, 140 + (one * 17) % 40, 580 - one * 54, 90, 8, 2, 0)
    on.line(INK, [(980, 620), (1060, 420), (900, 250)], 12, 6)
    on.round(INK, 980, 626, 76, 14, 6)
    on.shape(LAMP, [(820, 260), (960, 180), (1010, 290), (840, 330)], 10)
    on.round(GLOW, 920, 316, 78, 22, 0)
    on.shape(PAPER, [(500, 700), (700, 670), (720, 740), (520, 780)], 8)
    on.shape("#fffaf0", [(700, 670), (900, 700), (890, 780), (720, 740)], 8)
    for one in range(4):
        on.line(DUSK, [(540, 708 + one * 14), (680, 688 + one * 14)], 3)
        on.line(DUSK, [(730, 690 + one * 14), (868, 712 + one * 14)], 3)
    on.line(GLOW, [(930, 740), (1080, 716)], 10, 5)


def brush(on: Sheet) -> None:
    on.box("#caa86a", 0, 0, WIDTH, HEIGHT, 0, 0)
    on.box(CLAY, 150, 70, 640, 660, 4, 14)
    on.box(PAPER, 180, 60, 580, 680, 4, 8)
    on.line(INK, [(300, 640), (330, 520), (310, 400), (340, 280), (320, 150)], 16)
    for y in (520, 400, 280):
        on.line(PAPER, [(296, y), (350, y)], 5)
    on.line(INK, [(470, 660), (450, 500), (480, 360), (460, 230)], 11)
    for y in (500, 360):
        on.line(PAPER, [(440, y), (496, y)], 4)
    for x, y, turn, long in (
        (330, 280, -30, 130),
        (334, 300, 10, 120),
        (320, 170, 20, 130),
        (320, 150, -160, 110),
        (340, 400, 160, 120),
        (470, 240, -20, 120),
        (470, 250, 30, 130),
        (460, 360, 170, 110),
        (475, 370, 15, 140),
        (330, 520, 25, 120),
        (460, 500, -10, 150),
    ):
        on.leaf(INK, x, y, long, turn, 0.13)
    on.round(BLUSH, 650, 180, 50, shadow=0)
    on.box(INK, 860, 470, 220, 250, 18, 12)
    on.round("#38463f", 970, 560, 78, 66, 0)
    on.round("#101412", 970, 566, 62, 50, 0)
    on.line(THREAD, [(880, 110), (1000, 360)], 18, 8)
    on.shape(INK, [(990, 350), (1016, 342), (1034, 420)], 5)
    on.line(CLAY, [(1000, 90), (1090, 330)], 14, 8)
    on.shape(INK, [(1080, 324), (1102, 316), (1112, 380)], 5)


def chess(on: Sheet) -> None:
    on.box("#caa86a", 0, 0, WIDTH, HEIGHT, 0, 0)
    on.box("#b98d4a", 210, 50, 780, 700, 12, 18)
    on.box("#e4c98e", 230, 70, 740, 660, 6, 0)
    for one in range(9):
        on.line(CLAY, [(290 + one * 77.5, 120), (290 + one * 77.5, 370)], 3)
        on.line(CLAY, [(290 + one * 77.5, 430), (290 + one * 77.5, 680)], 3)
    for one in range(5):
        on.line(CLAY, [(290, 120 + one * 62.5), (910, 120 + one * 62.5)], 3)
        on.line(CLAY, [(290, 430 + one * 62.5), (910, 430 + one * 62.5)], 3)
    spots = on.dice.sample([(a, b) for a in range(9) for b in range(5)], 16)
    for one, (a, b) in enumerate(spots):
        x, y = 290 + a * 77.5, (120 if one % 2 else 430) + b * 62.5
        on.round(PAPER, x, y, 32, shadow=8)
        on.arc(CLAY if one % 2 else DEEP, x, y, 24, 0, 360, 3)
        on.round(CLAY if one % 2 else DEEP, x, y, 11, shadow=0)
    on.cup(100, 640, 56)
    on.cup(1100, 330, 56, PALE)


def _motif(on: Sheet, what: int, sky: str, frame: tuple[float, float, float, float]) -> None:
    """What is on one stamp: a flower, a hill, a leaf, a fish."""
    x, y, w, h = frame
    cx, cy = x + w / 2, y + h / 2
    if what == 0:
        on.flower(CLAY if sky != ROSE else PAPER, cx, cy, 40)
    elif what == 1:
        on.shape(
            DEEP,
            [
                (x + 16, y + h - 16),
                (x + 50, cy - 10),
                (x + 76, cy + 16),
                (x + w - 16, cy - 24),
                (x + w - 16, y + h - 16),
            ],
            0,
        )
        on.round(PAPER, x + 90, y + 40, 12, shadow=0)
    elif what == 2:
        on.leaf(LEAF, cx - 34, cy + 34, 92, -45)
    else:
        on.round(PAPER, cx, cy + 6, 36, 22, 2)
        on.shape(PAPER, [(cx + 24, cy), (cx + 46, cy - 18), (cx + 42, cy + 20)], 0)
        on.round(INK, cx - 20, cy + 2, 4, shadow=0)


def stamps(on: Sheet) -> None:
    on.box(DEEP, 90, 60, 1020, 680, 16, 18)
    on.box(LEAF, 110, 80, 980, 640, 10, 0)
    for y in (270, 490, 700):
        on.box("#4f9a70", 130, y - 26, 940, 26, 3, 3)
    skies = (SKY, BLUSH, GLOW, PALE, DUSK, ROSE)
    for row in range(3):
        for one in range(6):
            if on.dice.random() < 0.12:
                continue
            x, y, w, h = 150 + one * 154, 110 + row * 212, 124, 146
            on.box(PAPER, x, y, w, h, 0, 8)
            for step in range(9):
                for sx, sy in ((x + 7 + step * 13.8, y), (x + 7 + step * 13.8, y + h)):
                    on.round(LEAF, sx, sy, 4.5, shadow=0)
            for step in range(10):
                for sx in (x, x + w):
                    on.round(LEAF, sx, y + 8 + step * 14.4, 4.5, shadow=0)
            sky = skies[(row * 2 + one) % 6]
            on.box(sky, x + 14, y + 14, w - 28, h - 28, 0, 0)
            _motif(on, (row + one) % 4, sky, (x, y, w, h))


def heart(on: Sheet) -> None:
    on.string()
    on.box("#dfe9e4", 0, 560, WIDTH, 240, 0, 12)
    x, y, s = 420, 330, 13.5
    outline = [
        (
            x + s * 16 * math.sin(t / 40) ** 3,
            y - s * (13 * math.cos(t / 40) - 5 * math.cos(t / 20) - 2 * math.cos(t * 3 / 40) - math.cos(t / 10)),
        )
        for t in range(252)
    ]
    on.shape(ROSE, outline, 16)
    on.line(PAPER, [(230, 330), (330, 330), (360, 270), (410, 400), (450, 300), (480, 330), (610, 330)], 10)
    on.box(PAPER, 720, 300, 330, 220, 24, 14)
    on.box(PALE, 750, 330, 180, 110, 8, 0)
    for one, long in enumerate((120, 90)):
        on.line(DEEP, [(776, 362 + one * 40), (776 + long, 362 + one * 40)], 12)
    on.round(LEAF, 990, 386, 34)
    on.line(DEEP, [(760, 520), (700, 610), (560, 640), (430, 660)], 12, 6)
    on.box("#4f7186", 240, 610, 240, 120, 30, 12)
    on.box("#3d5c70", 300, 610, 40, 120, 0, 0)
    on.cup(960, 720, 50)
    on.leaf(LEAF, 640, 740, 130, -30)


def table(on: Sheet) -> None:
    on.box("#c4d6cf", 0, 0, WIDTH, HEIGHT, 0, 0)
    on.hills("#a9c2b0", 330, 36, 5, 1)
    on.shape("#1f5f7a", [(250, 360), (950, 360), (1140, 700), (60, 700)], 18)
    on.line(PAPER, [(600, 362), (600, 698)], 6)
    on.line(PAPER, [(262, 366), (938, 366), (1122, 694), (78, 694), (262, 366)], 7)
    on.box(INK, 140, 480, 16, 60, 3, 4)
    on.box(INK, 1044, 480, 16, 60, 3, 4)
    on.box("#e9efe9", 150, 470, 900, 56, 4, 8)
    for x in range(170, 1050, 24):
        on.line("#9fb3ab", [(x, 476), (x, 522)], 2)
    on.line("#9fb3ab", [(156, 498), (1044, 498)], 2)
    for x, y, turn, colour in ((330, 270, 40, CLAY), (880, 250, -40, INK)):
        a = math.radians(turn)
        on.line(
            THREAD,
            [(x + 60 * math.sin(a), y + 70 * math.cos(a)), (x + 130 * math.sin(a), y + 150 * math.cos(a))],
            28,
            8,
        )
        on.round(colour, x, y, 92, 92, 12)
    on.round("#fffaf0", 620, 250, 28, shadow=12)


def books(on: Sheet) -> None:
    on.box("#efe2c6", 0, 0, WIDTH, HEIGHT, 0, 0)
    colours = (LEAF, LAMP, PAPER, ROSE, DUSK, CLAY, FRESH, DEEP, GLOW, "#4f7186")
    for _row, y in enumerate((270, 510, 750)):
        on.box(THREAD, 60, y, 1080, 24, 3, 12)
        x = 90.0
        while x < 1080:
            w, h = on.dice.uniform(34, 62), on.dice.uniform(130, 188)
            colour = on.dice.choice(colours)
            if on.dice.random() < 0.1:
                on.pot(x + 40, y, 30)
                for turn in (-140, -110, -90, -70, -40):
                    on.leaf(LEAF, x + 40, y - 46, 70, turn)
                x += 100
                continue
            on.box(colour, x, y - h, w, h, 4, 5)
            for at in (0.2, 0.8):
                on.box(PAPER if colour != PAPER else THREAD, x + 5, y - h + at * h, w - 10, 6, 1, 0)
            x += w + 5
