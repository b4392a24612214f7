"""The process that answers pages: `python -m weiyifang.core.server.webserver --port 8000`. Started by `up`."""

from __future__ import annotations

import argparse
import os
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server, mp
from granian.wsgi import _callback_wrapper

from weiyifang.core.server.processes import OWNER_URL, end_with_parent

CONNECTIONS = 500  # open at the same time, in one worker; each may wait in a thread for its body (see `bodies`)
IDLE = 10  # seconds for the head of a request, and between two of them
UNREAD = 30  # seconds after which the system ends a connection on which nothing of the answer is taken


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
        "config.wsgi",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=CONNECTIONS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,  # what a proxy speaks; the other one would bring hundreds of requests a connection
        http1_settings=HTTP1Settings(header_read_timeout=IDLE * 1000, max_buffer_size=64 * 1024),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,  # seconds; also how long a stop within the first second takes
        log_level=LogLevels.error,  # its one warning would be that the threads are many
    ).serve(target_loader=load)


def load(module: str) -> Any:
    """In a worker: the application, with each request carrying the `Line` it came on."""
    mp._wsgi_call_wrap = with_line  # type: ignore[assignment, attr-defined]  # not granian's to promise: test_floods watches
    return import_module(module).application


def with_line(application: Any, *options: Any) -> Callable[[Any, dict[str, Any]], int]:
    """As granian calls a WSGI application, which does not learn on which connection it was called."""
    from weiyifang.core.web.bodies import LINE  # Django is set up by now

    call = _callback_wrapper(application, *options)
    threading.Thread(target=end_what_nobody_reads, daemon=True, name="unread").start()

    def called(line: Any, scope: dict[str, Any]) -> int:
        scope[LINE] = line
        status: int = call(line, scope)
        return status

    return called


def end_what_nobody_reads() -> None:
    """Tell the socket this process listens at, for all connections that come in there (Linux; see tcp(7))."""
    while sys.platform == "linux" and not sum(_end_unread(int(file.name)) for file in Path("/proc/self/fd").iterdir()):
        time.sleep(0.1)  # granian opens it after the application is loaded


def _end_unread(number: int) -> bool:
    """Whether it is a socket that listens."""
    try:
        if not stat.S_ISSOCK(os.fstat(number).st_mode):
            return False
        with socket.socket(fileno=os.dup(number)) as one:
            if one.family == socket.AF_UNIX or not one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                return False
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD * 1000)
    except OSError:  # closed meanwhile, such as the one the folder is read with
        return False
    return True


if __name__ == "__main__":
    main()
