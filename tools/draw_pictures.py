"""Draw the pictures of the demo: paper cuts of things and places, of nobody, and like no official form.

    .venv/bin/python tools/draw_pictures.py [FOLDER]

They lie in `weiyifang/files/pictures_of_demo`, so that the demo need not wait. The same dice, the same pictures.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

FOLDER = Path(__file__).parent.parent / "weiyifang/files/pictures_of_demo"
WIDTH, HEIGHT, FINE = 1200, 800, 2  # pixels; drawn twice as large, so that edges are smooth

MIST, PAPER, SHADE, INK = "#f1efea", "#fbf6ea", "#e3dccb", "#24302a"
LEAF, DEEP, FRESH, PALE = "#2f7d53", "#124f33", "#7fb08a", "#cfe3d3"
LAMP, GLOW, THREAD, CLAY = "#bd6a10", "#f2c77a", "#b99a5b", "#a5482f"
ROSE, BLUSH, SKY, DUSK, NIGHT, WATER = "#d5766a", "#f0c4b4", "#d6e4e6", "#9db7bd", "#23404a", "#86aeb4"

Point = tuple[float, float]


class Sheet:
    """Layers of coloured paper, each with its shadow on the one below; coordinates on 1200 × 800."""

    def __init__(self, ground: str, seed: int) -> None:
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), ground)
        self.dice = random.Random(seed)

    def _cut(self, colour: str, draw: Callable[[ImageDraw.ImageDraw], None], shadow: float) -> None:
        mask = Image.new("L", self.image.size, 0)
        draw(ImageDraw.Draw(mask))
        if shadow:
            soft = mask.resize((WIDTH // 2, HEIGHT // 2)).filter(ImageFilter.GaussianBlur(shadow / 2))
            soft = soft.resize(self.image.size).point(lambda value: value * 0.28)
            moved = Image.new("L", self.image.size, 0)
            moved.paste(soft, (round(shadow * FINE * 0.4), round(shadow * FINE * 0.8)))
            self.image.paste(Image.new("RGB", self.image.size, INK), (0, 0), moved)
        self.image.paste(Image.new("RGB", self.image.size, colour), (0, 0), mask)

    def shape(self, colour: str, points: Sequence[Point], shadow: float = 8) -> None:
        self._cut(colour, lambda pen: pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=255), shadow)

    def round(self, colour: str, x: float, y: float, r: float, ry: float = 0, shadow: float = 8) -> None:
        box = [(x - r) * FINE, (y - (ry or r)) * FINE, (x + r) * FINE, (y + (ry or r)) * FINE]
        self._cut(colour, lambda pen: pen.ellipse(box, fill=255), shadow)

    def box(self, colour: str, x: float, y: float, w: float, h: float, r: float = 0, shadow: float = 8) -> None:
        box = [x * FINE, y * FINE, (x + w) * FINE, (y + h) * FINE]
        self._cut(colour, lambda pen: pen.rounded_rectangle(box, r * FINE, fill=255), shadow)

    def line(self, colour: str, points: Sequence[Point], wide: float = 4, shadow: float = 0) -> None:
        at = [(x * FINE, y * FINE) for x, y in points]

        def draw(pen: ImageDraw.ImageDraw) -> None:
            pen.line(at, fill=255, width=round(wide * FINE), joint="curve")
            for x, y in (at[0], at[-1]):
                r = wide * FINE / 2
                pen.ellipse([x - r, y - r, x + r, y + r], fill=255)

        self._cut(colour, draw, shadow)

    def arc(self, colour: str, x: float, y: float, r: float, a: float, b: float, wide: float = 4) -> None:
        """A line around (x, y), from angle a to b in degrees, clockwise from the right."""
        steps = [math.radians(a + (b - a) * one / 40) for one in range(41)]
        self.line(colour, [(x + r * math.cos(one), y + r * math.sin(one)) for one in steps], wide)

    def hills(self, colour: str, y: float, rise: float, waves: float, turn: float) -> None:
        top = [
            (x, y - rise * (math.sin(x / WIDTH * waves + turn) + 0.4 * math.sin(x / WIDTH * waves * 2.3 + turn * 2)))
            for x in range(-20, WIDTH + 40, 12)
        ]
        self.shape(colour, [*top, (WIDTH + 30, HEIGHT + 20), (-30, HEIGHT + 20)], 14)

    def leaf(self, colour: str, x: float, y: float, long: float, turn: float, wide: float = 0.34) -> None:
        """From its stalk at (x, y), `turn` in degrees, 0 to the right."""
        a = math.radians(turn)
        side = [(t / 20, wide * math.sin(math.pi * (t / 20) ** 0.85)) for t in range(21)]
        both = side + [(along, -off) for along, off in reversed(side)]
        at = [
            (long * (p * math.cos(a) - q * math.sin(a)) + x, long * (p * math.sin(a) + q * math.cos(a)) + y)
            for p, q in both
        ]
        self.shape(colour, at, 6)
        tip = (x + 0.8 * long * math.cos(a), y + 0.8 * long * math.sin(a))
        self.line(PAPER if colour in {DEEP, LEAF, LAMP, CLAY} else DEEP, [(x, y), tip], 2)

    def flower(self, colour: str, x: float, y: float, r: float, middle: str = GLOW, petals: int = 6) -> None:
        for one in range(petals):
            a = 2 * math.pi * one / petals + 0.3
            self.round(colour, x + 0.62 * r * math.cos(a), y + 0.62 * r * math.sin(a), 0.46 * r, shadow=4)
        self.round(middle, x, y, 0.34 * r, shadow=3)

    def tree(self, x: float, y: float, r: float, colour: str = LEAF) -> None:
        self.shape(
            CLAY, [(x - r * 0.1, y), (x + r * 0.1, y), (x + r * 0.06, y - r * 1.3), (x - r * 0.06, y - r * 1.3)], 4
        )
        for dx, dy, s in ((-0.55, -1.25, 0.55), (0.5, -1.2, 0.6), (0, -1.75, 0.72)):
            self.round(colour, x + dx * r, y + dy * r, s * r, shadow=6)

    def house(self, x: float, y: float, w: float, h: float, wall: str, lit: float, floor: float = 56) -> None:
        """A block of flats with windows, `lit` of them of ten with a light."""
        self.box(wall, x, y - h, w, h, 4, 10)
        self.box(SHADE if wall != SHADE else PAPER, x - 8, y - h - 12, w + 16, 16, 3, 4)
        across = int((w - 20) // 44)
        for row in range(int((h - 30) // floor)):
            for one in range(across):
                is_lit = self.dice.random() * 10 < lit
                colour = GLOW if is_lit else (DUSK if lit < 8 else SKY)
                left = x + (w - across * 44) / 2 + one * 44 + 9
                self.box(colour, left, y - h + 22 + row * floor, 26, 32, 3, 0)

    def lantern(self, x: float, y: float, r: float) -> None:
        self.line(THREAD, [(x, y - r * 2.2), (x, y + r * 1.7)], 3)
        self.round(CLAY, x, y, r * 1.15, r)
        self.round(ROSE, x, y, r * 0.62, r * 0.98, shadow=0)
        self.round(CLAY, x, y, r * 0.3, r * 0.96, shadow=0)
        for dy in (-1, 0.86):
            self.box(GLOW, x - r * 0.5, y + dy * r, r, r * 0.16, 3, 2)
        for dx in (-4, 4):
            self.line(LAMP, [(x + dx, y + r), (x + dx * 1.6, y + r * 1.8)], 3)

    def string(self, y: float = 70, sag: float = 60, every: int = 7) -> None:
        """The thread of the look, with its pearls."""

        def at(x: float) -> Point:
            return x, y + sag * math.sin(math.pi * x / WIDTH)

        self.line(THREAD, [at(x) for x in range(-10, WIDTH + 20, 15)], 4)
        for one in range(1, every + 1):
            x, down = at(one * WIDTH / (every + 1))
            self.round(LEAF if one % 2 else PAPER, x, down, 13, shadow=4)

    def cup(self, x: float, y: float, r: float, colour: str = PAPER) -> None:
        """Standing with its foot at (x, y)."""
        self.shape(colour, [(x - r, y - r * 1.2), (x + r, y - r * 1.2), (x + r * 0.62, y), (x - r * 0.62, y)], 8)
        self.round(SHADE, x, y - r * 1.2, r, r * 0.2, 3)
        self.round(LAMP, x, y - r * 1.19, r * 0.8, r * 0.13, 0)
        for dx in (-0.3, 0.3):
            rises = [(x + dx * r + 6 * math.sin(t / 3), y - r * 1.5 - t * r * 0.07) for t in range(12)]
            self.line(MIST, rises, 4)

    def pot(self, x: float, y: float, r: float, colour: str = CLAY) -> None:
        self.shape(colour, [(x - r, y - r * 1.3), (x + r, y - r * 1.3), (x + r * 0.72, y), (x - r * 0.72, y)], 8)
        self.box(ROSE if colour == CLAY else THREAD, x - r * 1.1, y - r * 1.55, r * 2.2, r * 0.34, 4, 4)

    def bowl(self, x: float, y: float, r: float, inside: str, rim: str = PAPER) -> None:
        """Seen from above."""
        self.round(rim, x, y, r, shadow=12)
        self.round(inside, x, y, r * 0.8, shadow=3)

    def kept(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


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


SCENES: dict[str, tuple[str, Callable[[Sheet], None]]] = {
    "lamp": (NIGHT, lamp),
    "water": (SKY, water),
    "shade": ("#dcebe3", shade),
    "rain": ("#b3c6ca", rain),
    "lake": ("#e8efe6", lake),
    "flowers": ("#efe6d6", flowers),
    "clay": ("#e9e2d2", clay),
    "leaves": ("#d9c79b", leaves),
    "patch": ("#efe6d6", patch),
    "stage": (CLAY, stage),
    "market": ("#dcebe9", market),
    "balcony": (PAPER, balcony),
    "radio": ("#dfe3d6", radio),
    "telephone": ("#f0e6d4", telephone),
    "camera": ("#d8d2c4", camera),
    "meal": (THREAD, meal),
    "desk": (NIGHT, desk),
    "brush": (THREAD, brush),
    "hills": ("#f3e3cf", hills),
    "chess": (THREAD, chess),
    "stamps": ("#d9c79b", stamps),
    "heart": ("#f2e7de", heart),
    "table": (PALE, table),
    "erhu": ("#f3ead9", erhu),
    "books": (PAPER, books),
    "yarn": ("#efe6d6", yarn),
}


def draw(folder: Path, names: Sequence[str] = ()) -> None:
    """Draw all (or those named) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, (ground, scene)) in enumerate(SCENES.items()):
        if not names or name in names:
            sheet = Sheet(ground, seed)
            scene(sheet)
            sheet.kept().save(folder / f"{name}.webp", "WEBP", quality=74, method=6)


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, sys.argv[2:])
