"""The process that answers pages: `python -m weiyifang.core.webserver --port 8000`. Started by `up`."""

from __future__ import annotations

import argparse
import os

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from weiyifang.core.processes import OWNER_URL, end_with_parent

THREADS = 16  # pages answered at the same time by one worker; who waits for a shared commit holds no connection


def main() -> None:
    """Serve until SIGTERM, or until the process that started us is gone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="with one, a crash leaves two seconds without answers")
    options = parser.parse_args()
    end_with_parent()
    os.environ.pop(OWNER_URL, None)  # started by hand it may be there; those who answer pages begin without it
    Server(
        "config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=THREADS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,  # seconds; also how long a stop within the first second takes
        log_level=LogLevels.error,  # its one warning would be that the threads are many
    ).serve()


if __name__ == "__main__":
    main()
