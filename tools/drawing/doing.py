"""What people do together, without the people."""

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
    PAPER,
    ROSE,
    THREAD,
    WIDTH,
    Sheet,
)


def clay(on: Sheet) -> None:
    on.box("#d9c79b", 0, 560, WIDTH, 240, 0, 12)
    on.string(60, 40)

    def beast(x: float, r: float, colour: str, horns: int, eyes: int) -> None:
        y = 640 - r
        for one in range(horns):
            dx = (one - (horns - 1) / 2) * r * 0.6
            on.shape(LAMP, [(x + dx - 22, y - r * 0.8), (x + dx + 22, y - r * 0.8), (x + dx * 1.25, y - r * 1.5)], 6)
        on.round(colour, x, y, r, r * 1.05, 14)
        for dx in (-0.55, 0.55):
            on.round(colour, x + dx * r, y + r * 0.98, r * 0.3, r * 0.2, 5)
        for one in range(eyes):
            dx = (one - (eyes - 1) / 2) * r * 0.62
            on.round(PAPER, x + dx, y - r * 0.2, r * 0.26, shadow=4)
            on.round(INK, x + dx + 4, y - r * 0.16, r * 0.12, shadow=0)
        on.arc(INK, x, y + r * 0.12, r * 0.42, 20, 160, 7)
        for dx in (-0.16, 0.12):
            on.shape(
                PAPER,
                [(x + dx * r, y + r * 0.5), (x + (dx + 0.16) * r, y + r * 0.5), (x + (dx + 0.08) * r, y + r * 0.66)],
                0,
            )

    beast(240, 130, LEAF, 2, 2)
    beast(540, 170, CLAY, 3, 1)
    beast(830, 120, DUSK, 1, 3)
    beast(1040, 100, ROSE, 2, 2)
    on.line(THREAD, [(130, 740), (400, 712)], 12, 6)
    on.line(CLAY, [(700, 740), (900, 760)], 10, 6)


def leaves(on: Sheet) -> None:
    on.box(PAPER, 90, 70, 1020, 660, 10, 18)
    spots = (
        (250, 640, 430, -80, LEAF),
        (480, 650, 500, -95, LAMP),
        (700, 650, 470, -82, DEEP),
        (930, 650, 420, -100, CLAY),
    )
    for x, y, long, turn, colour in spots:
        on.leaf(colour, x, y, long, turn, 0.26)
        a = math.radians(turn)
        for one in range(2, 8):
            bx, by = x + long * one / 10 * math.cos(a), y + long * one / 10 * math.sin(a)
            for side in (-50, 50):
                b = math.radians(turn + side)
                on.line(PAPER, [(bx, by), (bx + long * 0.13 * math.cos(b), by + long * 0.13 * math.sin(b))], 2)
        on.line(colour, [(x, y), (x - 30 * math.cos(a), y - 40 * math.sin(a))], 7)
    for x, y in ((130, 110), (1070, 110), (130, 690), (1070, 690)):
        on.round(THREAD, x, y, 10, shadow=3)


def patch(on: Sheet) -> None:
    on.box("#d9c79b", 0, 640, WIDTH, 160, 0, 12)
    on.arc(DEEP, 480, 300, 130, 180, 360, 22)
    on.shape("#4f7186", [(250, 290), (710, 290), (770, 700), (190, 700)], 16)
    colours = (LAMP, PAPER, ROSE, FRESH, BLUSH, LEAF, GLOW, DUSK, CLAY)
    for row in range(3):
        for one in range(3):
            x, y = 320 + one * 112, 340 + row * 112
            on.box(colours[row * 3 + one], x, y, 104, 104, 4, 4)
            for step in range(5):
                on.line(INK, [(x + 12 + step * 18, y + 8), (x + 20 + step * 18, y + 8)], 2)
    on.flower(PAPER, 484, 508, 34)
    on.round(LAMP, 930, 600, 92, 92, 12)
    for one in range(7):
        on.arc(THREAD, 930 - 60 + one * 20, 600, 90, 100, 170, 4)
    on.round(PAPER, 930, 600, 26, shadow=3)
    on.line(ROSE, [(1010, 560), (1060, 480), (1100, 470), (1110, 540), (1050, 640), (1010, 720)], 5)
    on.line(DUSK, [(870, 240), (1050, 420)], 10, 6)
    on.round("#d9e2e3", 880, 250, 7, shadow=0)
    for x, y, colour in ((820, 730, CLAY), (880, 760, LEAF), (760, 752, GLOW)):
        on.round(colour, x, y, 24)
        for dx, dy in ((-7, -7), (7, -7), (-7, 7), (7, 7)):
            on.round(INK, x + dx, y + dy, 3, shadow=0)


def stage(on: Sheet) -> None:
    on.box("#7d2b26", 0, 0, WIDTH, HEIGHT, 0, 0)
    on.round("#a5482f", 600, 360, 430, 340, 0)
    on.round("#c46a3f", 600, 380, 300, 260, 0)
    on.box(CLAY, 0, 620, WIDTH, 180, 0, 14)
    for x in range(0, WIDTH, 120):
        on.line("#8d3a26", [(x, 625), (x + (x - 600) * 0.25, 800)], 3)
    for side in (0, 1):
        for one in range(5):
            x = one * 52 if not side else WIDTH - one * 52 - 60
            sway = 1 if not side else -1
            on.shape(
                ROSE if one % 2 else CLAY,
                [(x, -10), (x + 60, -10), (x + 60 - sway * one * 8, 640), (x - sway * one * 8, 640)],
                8,
            )
    for one in range(9):
        on.round(CLAY if one % 2 else ROSE, 60 + one * 136, 10, 84, 70, 8)
    for x, y, r in ((390, 200, 44), (600, 240, 54), (810, 200, 44)):
        on.lantern(x, y, r)
    for x, tall in ((420, 250), (600, 210), (780, 250)):
        on.line(INK, [(x, 690), (x, 690 - tall)], 7, 5)
        on.round(INK, x, 690 - tall, 20, 26, 5)
        on.round(INK, x, 694, 48, 10, 3)
    for x, y in ((480, 400), (690, 430), (900, 360), (330, 380)):
        on.round(GLOW, x, y, 20, 15, 4)
        on.line(GLOW, [(x + 17, y), (x + 17, y - 70), (x + 52, y - 52)], 6)


def erhu(on: Sheet) -> None:
    on.round("#efd9b0", 600, 400, 340, shadow=0)
    on.string(60, 60)
    on.line(CLAY, [(430, 130), (500, 660)], 18, 8)
    on.shape(CLAY, [(414, 132), (440, 90), (462, 110), (446, 150)], 6)
    for y in (190, 240):
        on.line(DEEP, [(370, y + 14), (470, y - 4)], 14, 5)
    on.shape("#7d3423", [(440, 600), (560, 590), (580, 700), (460, 712)], 14)
    on.round(THREAD, 572, 645, 26, 56, 5)
    for dx in (0, 8):
        on.line(PAPER, [(442 + dx, 200), (520 + dx, 610)], 2)
    on.line(THREAD, [(360, 470), (760, 560)], 8, 6)
    on.line(PAPER, [(364, 486), (756, 574)], 4)
    on.round(LEAF, 820, 330, 130, 130, 14)
    on.round(PAPER, 820, 330, 104, shadow=4)
    on.flower(ROSE, 820, 330, 52)
    for one in range(4):
        on.line(DEEP, [(760 + one * 40, 210), (760 + one * 40, 450)], 2)
    on.line(DEEP, [(820, 460), (820, 690)], 22, 8)
    for x, y in ((960, 200), (1040, 300), (980, 520), (220, 300), (180, 520)):
        on.round(LAMP, x, y, 22, 16, 5)
        on.line(LAMP, [(x + 19, y), (x + 19, y - 76)], 6)
        on.line(LAMP, [(x + 19, y - 76), (x + 52, y - 54)], 8)


def yarn(on: Sheet) -> None:
    on.box("#d9c79b", 0, 580, WIDTH, 220, 0, 12)
    on.string()

    def ball(x: float, y: float, r: float, colour: str, line: str) -> None:
        on.round(colour, x, y, r, shadow=14)
        for one in range(5):
            on.arc(line, x - r * 0.5 + one * r * 0.2, y - r * 0.3, r * 0.78, 20, 120, 4)
            on.arc(line, x + r * 0.4 - one * r * 0.2, y + r * 0.4, r * 0.7, 200, 300, 4)

    on.shape(CLAY, [(190, 520), (730, 520), (660, 730), (260, 730)], 16)
    ball(320, 460, 110, ROSE, "#b85a50")
    ball(480, 410, 130, LEAF, "#226543")
    ball(620, 470, 100, GLOW, "#d6a752")
    on.shape("#8d3a26", [(190, 520), (730, 520), (716, 560), (204, 560)], 4)
    for row in range(3):
        for one in range(9):
            on.line("#8d3a26", [(224 + one * 54, 590 + row * 44), (254 + one * 50, 590 + row * 44)], 6)
    on.line(THREAD, [(420, 150), (520, 420)], 10, 6)
    on.line(THREAD, [(600, 140), (500, 420)], 10, 6)
    on.round(CLAY, 420, 150, 14)
    on.round(CLAY, 600, 140, 14)
    on.box("#4f7186", 800, 540, 300, 190, 14, 12)
    for one in range(10):
        on.box(PAPER if one % 2 else LAMP, 800 + one * 30, 600, 30, 34, 0, 0)
    for one in range(10):
        on.line("#4f7186", [(812 + one * 31, 730), (812 + one * 31, 762)], 6)
