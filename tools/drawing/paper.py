"""Paper and pen: layers of coloured paper, and the colours there are."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFilter

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
