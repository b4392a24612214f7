"""Read by pytest before Django's settings (`-p tests.early` in pyproject.toml): where the tests may write.

They get a folder of their own, and, unless DATABASE_URL names a server, an embedded PostgreSQL of their own that does
not wait for the disk. As in the running program one address is the program's and another the owner's.
"""

from __future__ import annotations

import os
from pathlib import Path

from weiyifang.core.look import words
from weiyifang.core.server import embedded_postgres
from weiyifang.core.server.processes import OWNER_URL

if "PYTEST_XDIST_WORKER" not in os.environ:  # the workers inherit what is set here
    var = Path(os.environ.get("WEIYIFANG_VAR") or Path(__file__).parent.parent / "var")
    os.environ["WEIYIFANG_VAR"] = str(var / "test")
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded_postgres.ensure_running(var / "test" / "postgres", fast=True).url
        os.environ[OWNER_URL] = embedded_postgres.owner_url(var / "test" / "postgres")
    words.compile_stale()
