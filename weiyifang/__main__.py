"""`weiyifang <command>`: everything that is done from a terminal."""

from __future__ import annotations

import ast
import os
import signal
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run one command; without one, or with one nobody knows, say which there are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if sys.argv[1:] in ([], ["help"], ["-h"], ["--help"]):
        print(overview())
        return

    if name == "up" and "--demo" in sys.argv:
        os.environ["WEIYIFANG_DEMO"] = "1"  # the settings ask for it, here and in the processes started from here

    try:
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:  # like Ctrl-C: first leave the server that comes along
                signal.signal(number, signal.default_int_handler)
        run(name)
    except KeyboardInterrupt:
        sys.exit(130)


def run(name: str) -> None:
    """Run a command of ours or of Django's; what stops its start is said in a sentence."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line, get_commands

    from weiyifang.core.server.embedded_postgres import CannotStart

    try:
        django.setup()
        if name not in {*get_commands(), "help", "--version"}:
            sys.exit(f"There is no command {name!r}.\n\n{overview()}")
        execute_from_command_line(sys.argv)
    except (CannotStart, ImproperlyConfigured) as error:
        sys.exit(str(error))
    except OSError as error:
        from weiyifang.core.web import outage

        if (found := outage.of(error)) is None:
            raise
        sys.exit(f"{found.logged}: {error}")


def overview() -> str:
    """Our commands, one line each. Read from the files, so that asking starts nothing."""
    files = sorted(HERE.glob("*/management/commands/[a-z]*.py"), key=lambda file: file.stem)
    width = max(len(file.stem) for file in files)
    lines = [f"  {file.stem:<{width}}  {_summary(file)}" for file in files]
    more = "Each explains itself with --help. Django's own commands work too: weiyifang help --commands"
    return "\n".join(["Usage: weiyifang <command>", "", *lines, "", more])


def _summary(file: Path) -> str:
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]


if __name__ == "__main__":
    main()
