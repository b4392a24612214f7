"""`make bench`: every module here with a `run()`, one table each. Ratios count, not seconds: machines are noisy."""

from __future__ import annotations

import argparse
import os
import pkgutil
import platform
import statistics
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import bench
from bench.table import print_table


def main() -> None:
    """Run all, or those named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("WEIYIFANG_VAR", str(Path(__file__).parent.parent / "var" / "bench"))  # a database of its own
    os.environ.setdefault("WEIYIFANG_STAFF_TOTP", "0")  # nobody here has a phone to show
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_")]
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("which", nargs="*", help=f"some of: {', '.join(names)}")
    wanted = parser.parse_args().which

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Waiting for the disk takes {_waits_for_the_disk(Path(os.environ['WEIYIFANG_VAR'])):.2f} ms")
    for name in names:
        module = import_module(f"bench.{name}")
        if hasattr(module, "run") and (not wanted or name in wanted):
            print_table((module.__doc__ or name).strip().splitlines()[0], module.run())
            sys.stdout.flush()


def _waits_for_the_disk(folder: Path) -> float:
    """Milliseconds of an fdatasync (median), as `pg_test_fsync` measures it: alone, no transaction can be shorter."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _time in range(50):
            os.pwrite(file.fileno(), bytes(8192), 0)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
