"""The units in deploy/systemd say what systemd understands and start commands that are there."""

from __future__ import annotations

import configparser
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

UNITS = sorted((Path(__file__).resolve().parent.parent / "deploy" / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PROGRAMS = "/opt/weiyifang/.venv/bin/"


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # as the manual of configparser says
    parser.read(unit)
    return parser


def names(units: list[Path]) -> list[str]:
    return [unit.name for unit in units]


@pytest.mark.parametrize("unit", SERVICES, ids=names(SERVICES))
def test_a_service_starts_a_command_of_ours_with_options_it_has(unit: Path) -> None:
    program, *arguments = shlex.split(read(unit)["Service"]["ExecStart"])
    assert program.startswith(PROGRAMS)
    if arguments[0] == "-m":
        module = import_module(arguments[1])
        said = subprocess.check_output([sys.executable, "-m", module.__name__, "--help"], text=True)
        assert all(option in said for option in arguments if option.startswith("--"))
    else:
        assert program == f"{PROGRAMS}weiyifang"
        name = arguments[0]
        load_command_class(get_commands()[name], name).create_parser("weiyifang", name).parse_args(arguments[1:])


@pytest.mark.parametrize("unit", SERVICES, ids=names(SERVICES))
def test_a_service_may_do_little_and_take_little(unit: Path) -> None:
    service = read(unit)["Service"]
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["CapabilityBoundingSet"]) == (
        "yes",
        "strict",
        "",
    )
    assert service["User"] == "weiyifang"
    assert service["MemoryMax"]
    runs_on = service.get("Type") != "oneshot"
    assert service.get("Restart") == ("always" if runs_on else None)
    assert "OWNER" not in unit.read_text()  # what answers people does not know the owner's address
    if not runs_on:
        assert unit.with_suffix(".timer") in UNITS


def test_systemd_itself_finds_nothing_to_say(tmp_path: Path) -> None:
    """Where there is a systemd; the tests above hold everywhere."""
    for unit in UNITS:
        words = unit.read_text().replace(PROGRAMS, f"{Path(sys.executable).parent}/")
        (tmp_path / unit.name).write_text(words)
    analyze = shutil.which("systemd-analyze")
    if analyze is not None:
        done = subprocess.run(
            [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, "")
