"""Places of the neighbourhood, outside."""

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
    WATER,
    WIDTH,
    Sheet,
)


def lamp(on: Sheet) -> None:
    on.round("#2f5561", 880, 170, 330, shadow=0)
    on.round("#3c6672", 880, 170, 210, shadow=0)
    for x, w, h in ((-20, 190, 470), (180, 150, 380), (340, 170, 520), (960, 260, 430)):
        on.house(x, 690, w, h, "#35545c", 3)
    on.hills("#1c343c", 690, 18, 5, 0.5)
    for step in range(6):
        on.box("#49676c" if step % 2 else "#56757a", 560 - step * 40, 650 + step * 28, 420 + step * 80, 40, 4, 6)
    for x, y, s in ((800, 650, 1.0), (1060, 720, 1.15)):
        on.shape(
            "#3f605c", [(x - 60, y - 330 * s), (x + 60, y - 330 * s), (x + 170 * s, y + 20), (x - 170 * s, y + 20)], 0
        )
        on.box(INK, x - 6, y - 400 * s, 12, 410 * s, 4, 5)
        on.shape(LAMP, [(x - 46, y - 370 * s), (x + 46, y - 370 * s), (x + 26, y - 420 * s), (x - 26, y - 420 * s)], 6)
        on.round(GLOW, x, y - 364 * s, 26, 18, 0)
    on.tree(150, 760, 120, "#2d5a48")


def water(on: Sheet) -> None:
    on.box(SKY, 0, 0, WIDTH, 470, 0, 0)
    for x in range(0, WIDTH, 100):
        for y in range(0, 470, 94):
            on.box("#e4eeee" if (x // 100 + y // 94) % 2 else "#dbe7e8", x + 3, y + 3, 94, 88, 4, 0)
    on.box(THREAD, 0, 460, WIDTH, 340, 0, 10)
    on.box("#d9c79b", 0, 480, WIDTH, 320, 0, 0)
    on.box(DUSK, 560, 90, 44, 150, 12)
    on.box(DUSK, 470, 190, 190, 44, 20)
    on.box(DUSK, 470, 200, 40, 110, 10)
    on.box(CLAY, 540, 70, 84, 26, 12)
    for one in range(3):
        on.round(WATER, 490, 350 + one * 52, 9, 16, 3)
    for x, y, r, colour in ((490, 690, 150, LEAF), (820, 710, 120, LAMP), (190, 700, 110, ROSE)):
        on.shape(colour, [(x - r, y - r * 1.35), (x + r, y - r * 1.35), (x + r * 0.75, y), (x - r * 0.75, y)], 12)
        on.round(PAPER, x, y - r * 1.35, r, r * 0.24, 4)
        on.round(WATER, x, y - r * 1.33, r * 0.86, r * 0.17, 0)
        on.arc(INK, x, y - r * 1.35, r, 180, 360, 5)
    on.box(PAPER, 970, 520, 130, 170, 30, 12)
    on.shape(PAPER, [(970, 560), (910, 530), (905, 545), (970, 600)], 6)
    on.arc(DEEP, 1098, 600, 44, -80, 80, 12)


def shade(on: Sheet) -> None:
    on.round(GLOW, 170, 130, 84)
    on.hills(FRESH, 430, 40, 5, 0)
    on.hills(LEAF, 500, 26, 7, 2)
    on.box("#e7d9b6", 0, 560, WIDTH, 240, 0, 10)
    on.tree(1080, 620, 190)
    on.box(CLAY, 566, 220, 12, 420, 4)
    for one in range(6):
        a, b = 572 - 330 + one * 110, 572 - 330 + (one + 1) * 110
        on.shape(PAPER if one % 2 else CLAY, [(572, 130), (a, 300), (b, 300)], 5)
        on.round(PAPER if one % 2 else CLAY, (a + b) / 2, 300, 55, 20, 3)
    on.round(THREAD, 572, 600, 190, 36, 14)
    on.round("#cdb27a", 572, 592, 190, 34, 0)
    on.cup(480, 598, 34)
    on.cup(640, 604, 38, PALE)
    on.round(LEAF, 560, 560, 40, 34)
    on.shape(LEAF, [(596, 552), (636, 534), (640, 544), (598, 570)], 4)
    for x in (250, 880):
        on.box(DEEP, x, 560, 120, 18, 6)
        for dx in (8, 98):
            on.box(DEEP, x + dx, 570, 12, 100, 3, 4)
        on.box(DEEP, x + (104 if x > 500 else 4), 450, 12, 120, 3, 4)


def rain(on: Sheet) -> None:
    on.hills("#8fa9ae", 420, 50, 4, 1)
    on.hills("#7b989d", 520, 34, 6, 3)
    for _one in range(70):
        x, y = on.dice.uniform(0, WIDTH), on.dice.uniform(0, 600)
        on.line("#e7eff0", [(x, y), (x - 14, y + 44)], 3)
    on.box(PAPER, 0, 620, WIDTH, 180, 0, 14)
    on.box(SHADE, 0, 620, WIDTH, 26, 0, 0)
    for one in range(8):
        a, b = 620 - 280 + one * 70, 620 - 280 + (one + 1) * 70
        on.shape(
            CLAY if one % 2 else LAMP,
            [(620, 170), (a, 360 + 34 * abs(one - 3.5) / 4), (b, 360 + 34 * abs(one - 2.5) / 4)],
            4,
        )
    on.line(INK, [(620, 160), (620, 590)], 9)
    on.arc(INK, 596, 590, 24, 0, 170, 9)
    for x, r, c in ((170, 60, CLAY), (330, 48, LAMP), (960, 64, CLAY), (1090, 44, THREAD)):
        on.pot(x, 700, r, c)
        for turn in (-150, -120, -90, -60, -30):
            on.leaf(LEAF if turn % 60 else DEEP, x, 700 - r * 1.5, r * 1.9, turn)


def lake(on: Sheet) -> None:
    on.round(GLOW, 900, 190, 90)
    on.hills("#b9cfc9", 330, 60, 4, 0.4)
    on.hills(FRESH, 400, 44, 5, 2.2)
    on.hills(LEAF, 470, 26, 7, 4)
    on.box(WATER, 0, 480, WIDTH, 320, 0, 12)
    for _one in range(16):
        x, y = on.dice.uniform(0, WIDTH), on.dice.uniform(510, 780)
        on.line("#a9c8cc", [(x, y), (x + on.dice.uniform(40, 130), y)], 5)
    on.box(THREAD, 240, 420, 320, 22, 4)
    for x in (270, 350, 440, 520):
        on.box(CLAY, x, 260, 14, 240, 2, 4)
    on.shape(DEEP, [(190, 270), (610, 270), (520, 190), (400, 150), (280, 190)], 10)
    on.round(LAMP, 400, 142, 16)
    on.box(SHADE, 220, 486, 360, 26, 6)
    on.tree(90, 520, 110)
    for x, y in ((760, 640), (880, 690), (700, 740), (1010, 620), (520, 690)):
        on.round(LEAF, x, y, 62, 20, 6)
        on.flower(BLUSH, x - 8, y - 16, 26, GLOW, 7)
    on.shape(PAPER, [(860, 560), (1040, 560), (1006, 596), (894, 596)], 8)
    on.shape(ROSE, [(950, 556), (950, 440), (1022, 548)], 6)


def flowers(on: Sheet) -> None:
    on.string()
    on.box("#d9c79b", 0, 610, WIDTH, 190, 0, 12)
    stems = ((-150, 230), (-122, 300), (-98, 330), (-78, 330), (-54, 300), (-28, 230))
    for turn, long in stems:
        a = math.radians(turn)
        tip = (470 + long * math.cos(a), 440 + long * math.sin(a))
        on.line(DEEP, [(470, 470), tip], 6)
        on.leaf(LEAF, 470 + 0.4 * long * math.cos(a), 450 + 0.4 * long * math.sin(a), 110, turn + 30)
    for (turn, long), colour in zip(stems, (ROSE, PAPER, LAMP, ROSE, BLUSH, LAMP), strict=True):
        a = math.radians(turn)
        on.flower(colour, 470 + long * math.cos(a), 440 + long * math.sin(a), 64, GLOW if colour != LAMP else CLAY)
    on.shape(LEAF, [(410, 440), (530, 440), (560, 560), (530, 680), (410, 680), (380, 560)], 12)
    on.box(DEEP, 400, 430, 140, 22, 8, 4)
    on.round(PAPER, 800, 640, 110, 84, 12)
    on.shape(PAPER, [(890, 620), (980, 560), (990, 576), (900, 680)], 8)
    on.arc(CLAY, 800, 560, 70, 190, 350, 12)
    on.round(SHADE, 800, 566, 46, 12, 4)
    on.round(CLAY, 800, 552, 12)
    on.cup(1040, 710, 42)
    on.cup(660, 730, 38, PALE)


def hills(on: Sheet) -> None:
    on.round(ROSE, 820, 250, 110, shadow=6)
    on.round(GLOW, 820, 250, 82, shadow=0)
    for colour, y, rise, waves, turn in (
        ("#cfd8cf", 330, 70, 4, 0.3),
        ("#a9c2b0", 420, 60, 5, 1.8),
        (FRESH, 500, 48, 6, 3.3),
        (LEAF, 590, 36, 5, 5),
        (DEEP, 690, 30, 7, 0.9),
    ):
        on.hills(colour, y, rise, waves, turn)
    path = [(520 + 130 * math.sin(t / 5) * (1 - t / 60), 800 - t * 7) for t in range(46)]
    on.line("#e7d9b6", path, 18, 4)
    on.tree(180, 700, 90, FRESH)
    on.tree(1050, 690, 110, "#3d8c62")
    for x, y in ((300, 180), (360, 150), (430, 190), (240, 140)):
        on.arc(INK, x - 16, y, 18, 200, 340, 4)
        on.arc(INK, x + 16, y, 18, 200, 340, 4)


def balcony(on: Sheet) -> None:
    on.box("#efe2c6", 0, 0, WIDTH, HEIGHT, 0, 0)
    on.box(SKY, 300, 60, 600, 430, 10, 10)
    on.round(GLOW, 760, 170, 56, shadow=4)
    on.shape(FRESH, [(306, 484), (306, 400), (430, 330), (560, 410), (700, 320), (894, 420), (894, 484)], 6)
    for x in (300, 594, 888):
        on.box(PAPER, x, 56, 16, 440, 3, 5)
    for y in (56, 270, 480):
        on.box(PAPER, 296, y, 612, 16, 3, 5)
    on.box(THREAD, 60, 490, 1080, 22, 4, 10)
    on.box(THREAD, 60, 720, 1080, 22, 4, 10)
    kinds = (ROSE, PAPER, LAMP, BLUSH)
    for row, y in enumerate((490, 720)):
        for one in range(7):
            x, r = 130 + one * 157 + row * 20, 38 + (one * 7 + row * 5) % 12
            on.pot(x, y, r, (CLAY, LAMP, "#4f7186")[(one + row) % 3])
            for turn in (-150, -125, -100, -80, -55, -30):
                on.leaf(LEAF if (turn + one) % 2 else DEEP, x, y - r * 1.5, r * (1.5 + (one % 3) * 0.35), turn)
            if (one + row) % 2 == 0:
                for dx, dy in ((-30, -36), (26, -50), (0, -84)):
                    on.flower(kinds[(one // 2 + row) % 4], x + dx, y - r * 1.5 + dy, 26)


def market(on: Sheet) -> None:
    on.string(50, 70, 9)
    on.hills(FRESH, 420, 30, 5, 1)
    for x, h in ((60, 230), (240, 300), (830, 280), (1010, 220)):
        on.house(x, 480, 150, h, PAPER, 2)
    on.box("#e7d9b6", 0, 470, WIDTH, 330, 0, 10)
    for x, colour, goods in ((90, CLAY, ROSE), (470, LEAF, LAMP), (850, LAMP, FRESH)):
        for dx in (6, 244):
            on.box(DEEP, x + dx, 400, 12, 300, 2, 4)
        on.box(PAPER, x - 10, 590, 280, 120, 6, 12)
        on.box(colour, x - 10, 590, 280, 16, 4, 3)
        for one in range(6):
            a = x - 24 + one * 51.5
            on.shape(colour if one % 2 else PAPER, [(a + 8, 330), (a + 50, 330), (a + 51.5, 430), (a, 430)], 4)
            on.round(colour if one % 2 else PAPER, a + 25.7, 430, 25.7, 20, 3)
        for one in range(7):
            on.round(goods if one % 3 else GLOW, x + 26 + one * 34, 576 - (one % 2) * 10, 24, 22, 5)
    for x, y in ((380, 760), (760, 752)):
        on.pot(x, y, 34)
        for turn in (-140, -110, -90, -70, -40):
            on.leaf(LEAF, x, y - 50, 76, turn)
