"""Which tests a change touches: `make quick` runs them before `make test` runs all.

Changed is what differs from the branch it is meant for (`main` on the server it came from, else here) and what is not
committed. Each package that was touched is tested whole: its own tests, who may open its pages, and in the browser its
pages and moments, of which those alone are drawn that have changed since they passed. With it the guards. What is
everybody's (`core`, components, style sheets) concerns every package: for that, `make test`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALWAYS = ["tests/test_guards.py", "tests/test_docs.py"]
OF_ITS_PAGES = [  # of these only the lines and moments of the packages that were touched; see conftest.py
    "tests/test_access.py",
    "tests/browser/test_residents_pages.py",
    "tests/browser/test_workbench_pages.py",
    "tests/browser/test_moments.py",
]
SHARED = re.compile(r"weiyifang/core/|templates/|static/|config/|conftest\.py|tests/browser/|pyproject\.toml|uv\.lock")


def changed() -> list[str]:
    """The files this change is about."""
    base = next(filter(None, (_said("merge-base", "HEAD", name) for name in ("origin/main", "main"))), ["HEAD"])
    names = _said("diff", "--name-only", base[0]) + _said("ls-files", "--others", "--exclude-standard")
    return sorted({*names})


def _said(*words: str) -> list[str]:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()


def chosen(files: list[str]) -> tuple[list[str], list[str]]:
    """The packages these files touch, and the tests to run."""
    packages = sorted({found[1] for file in files if (found := re.match(r"weiyifang/(\w+)/", file))})
    packages = [name for name in packages if (ROOT / "weiyifang" / name).is_dir()]
    own = [f"weiyifang/{name}" for name in packages]
    named = [file for file in files if re.fullmatch(r"tests/(browser/)?test_\w+\.py", file) and (ROOT / file).exists()]
    pages = OF_ITS_PAGES if packages else []
    return packages, [*dict.fromkeys([*ALWAYS, *pages, *(one for one in named if one not in pages), *own])]


def main() -> None:
    """Says what it runs, and becomes pytest."""
    files = changed()
    packages, tests = chosen(files)
    print(f"Changed: {len(files)} files; packages: {', '.join(packages) or 'none'}")
    if shared := [file for file in files if SHARED.match(file)]:
        print(f"Of everybody, so `make test` says more: {', '.join(shared[:5])}{' …' if len(shared) > 5 else ''}")
    sys.stdout.flush()
    environment = {**os.environ, "WEIYIFANG_PAGES_OF": " ".join(packages)}
    command = [sys.executable, "-m", "pytest", *sys.argv[1:], *tests]
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    main()
