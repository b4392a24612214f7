"""Draw the papers of the demo's year: `python tools/draw_papers.py`. Writes into `weiyifang/files/sheets_of_demo`.

Invented from end to end: no official form, receipt or seal is imitated, nobody's likeness is in them, and each says on
its face that it is a sample. Needs a font with Chinese letters (Debian: fonts-noto-cjk); the demo itself does not.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

INTO = Path(__file__).parent.parent / "weiyifang" / "files" / "sheets_of_demo"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
WIDTH, HEIGHT, MARGIN = 900, 1240, 80  # a sheet as a telephone shows it
INK, FAINT, SHEET, DESK = (40, 44, 52), (190, 190, 186), (251, 250, 246), (150, 132, 112)
SAMPLE = "样张 · 演示"

PAPERS: dict[str, tuple[str, list[str]]] = {
    "invoice-1": (
        "销货清单",
        ["花园路粮油店", "", "大米 20 袋", "面粉 10 袋", "食用油 15 桶", "", "送到社区食堂，已点清。"],
    ),
    "invoice-2": ("费用清单", ["南湖印务社", "", "活动海报 40 张", "报名表 200 张", "", "自取，样稿已核对。"]),
    "invoice-3": ("工时单", ["小区电工班", "", "活动室换灯 6 盏", "检查插座 12 处", "", "活已做完，试过灯。"]),
    "letter": ("一封信", ["社区的各位：", "", "这点心意请用在老人送餐上。", "不用写我们的名字。", "", "一位邻居"]),
    "slip": ("转账截屏", ["转给：社区公益基金", "用途：邻里互助", "", "金额见收款记录", "时间见收款记录"]),
    "statement": ("余额抄录", ["月末余额：见对账一栏", "", "抄自网上银行页面，", "与账面核对一致。"]),
    "minutes": ("会议记录", ["到会 11 人", "", "一、下月排练改到周四。", "二、谱架再添四个。", "三、欢迎新来的邻居。"]),
    "proof": (
        "关系说明",
        ["本人说明：两人是一家人，", "平日由家人代为报名、领取。", "", "（此页为演示而写，不是证明文件）"],
    ),
}
STATUTES = [
    ("章程", ["一、我们是邻居，喜欢同一件事。", "二、谁愿意来都可以来，", "　　想走也不用说理由。"]),
    ("章程（续）", ["三、每年推一位负责人，", "　　一位管账，账给大家看。", "四、散的时候，东西交给社区。"]),
]


def letters(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, index=2)  # Simplified Chinese


def sheet(title: str, lines: list[str]) -> Image.Image:
    """A plain sheet: a title, some lines, and twice that it is a sample."""
    page = Image.new("RGB", (WIDTH, HEIGHT), SHEET)
    pen = ImageDraw.Draw(page)
    pen.text((MARGIN, 90), title, font=letters(64), fill=INK)
    pen.line((MARGIN, 190, WIDTH - MARGIN, 190), fill=INK, width=3)
    for number, line in enumerate(lines):
        pen.text((MARGIN, 240 + number * 78), line, font=letters(42), fill=INK)
    pen.text((MARGIN, HEIGHT - 110), f"{SAMPLE} · 并非真实单据", font=letters(34), fill=INK)
    across = Image.new("L", (WIDTH, 200), 0)
    ImageDraw.Draw(across).text((WIDTH // 2, 100), SAMPLE, font=letters(110), fill=90, anchor="mm")
    page.paste(FAINT, (0, 820), across.rotate(0))
    return page


def photographed(page: Image.Image, turned: float) -> Image.Image:
    """As it lies on a desk, a little askew."""
    desk = Image.new("RGB", (WIDTH + 120, HEIGHT + 120), DESK)
    turning = Image.new("L", page.size, 255).rotate(turned, expand=True, resample=Image.Resampling.BICUBIC)
    lying = page.rotate(turned, expand=True, resample=Image.Resampling.BICUBIC)
    desk.paste(lying, ((desk.width - lying.width) // 2, (desk.height - lying.height) // 2), turning)
    return desk


def main() -> None:
    INTO.mkdir(exist_ok=True)
    for number, (name, (title, lines)) in enumerate(PAPERS.items()):
        photo = photographed(sheet(title, lines), (-1.5, 0.8, 2.0)[number % 3])
        photo.save(INTO / f"{name}.jpg", quality=62, optimize=True)
    first, *rest = (sheet(title, lines).convert("L") for title, lines in STATUTES)
    first.save(INTO / "statutes.pdf", save_all=True, append_images=rest, resolution=110, quality=60)
    print(*(f"{file.name}: {file.stat().st_size // 1024} KiB" for file in sorted(INTO.iterdir())), sep="\n")


if __name__ == "__main__":
    main()
