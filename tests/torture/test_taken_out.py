"""Each guard is there for a test that fails without it. Here they are taken out one by one, in a copy of the project.

`taken_out.toml` is the table: the promise, where its guard stands, what is taken out (and what stands there instead),
and the test that must fail. `make torture ARGS="-k taken_out"` tries all of them, about five seconds each. Whoever
rewrites a guard moves its entry along; whoever mends a fault adds one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
TABLE = tomllib.loads(Path(__file__).with_name("taken_out.toml").read_text("utf-8"))["guard"]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache")
PATIENCE = 600  # seconds for one test, on a machine that does much else


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project once more, without what it makes for itself."""
    return shutil.copytree(PROJECT, tmp_path_factory.mktemp("taken out") / "project", ignore=LEFT_OUT)


def test_no_two_entries_say_the_same() -> None:
    promises = [guard["promise"] for guard in TABLE]
    assert sorted({*promises}) == sorted(promises)


@pytest.mark.parametrize("guard", TABLE, ids=[guard["promise"] for guard in TABLE])
def test_a_test_fails_without_its_guard(guard: dict[str, str], copy: Path) -> None:
    where, fails = guard["file"], guard["fails"]
    text = (PROJECT / where).read_text("utf-8")
    assert text.count(guard["takes"]) == 1, (
        f"{where} holds this {text.count(guard['takes'])} times; let the entry in taken_out.toml name the guard as it "
        f"is now:\n{guard['takes']}"
    )
    with _holding(copy / where, text.replace(guard["takes"], guard.get("puts", "")), then=text):
        done = _run(copy, *fails.split("::", 1))
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, (
        f"{fails} passes although this is taken out of {where}:\n{guard['takes']}"
        if done.returncode == pytest.ExitCode.OK
        else f"{fails} could not be tried (pytest: {done.returncode}):\n{done.stdout[-3_000:]}{done.stderr[-1_000:]}"
    )
    assert "\nFAILED " in done.stdout, done.stdout[-3_000:]  # and not only what is looked at afterwards


@contextmanager
def _holding(path: Path, text: str, *, then: str) -> Iterator[None]:
    """The file holds the text meanwhile. What was compiled of it goes: whole seconds tell no two apart."""
    compiled = Path(cache_from_source(str(path)))
    try:
        path.write_text(text, "utf-8")
        compiled.unlink(missing_ok=True)
        yield
    finally:
        path.write_text(then, "utf-8")
        compiled.unlink(missing_ok=True)


def _run(copy: Path, file: str, name: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=short", file, "-k", name]
    return subprocess.run(
        command,
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
