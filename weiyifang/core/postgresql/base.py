"""Connections that are alive when they are given, and a server that does not answer is found out in a second.

A pool by itself hands out a connection whose server died while nobody used it, and lets everybody wait until one can be
made. Django's CONN_HEALTH_CHECKS would ask the server before each request; a look at the socket says the same.
"""

from __future__ import annotations

import select
import time
from typing import Any, ClassVar

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import PoolTimeout

from weiyifang.core.postgresql.features import DatabaseFeatures

LONGEST = 30.0  # seconds to wait for a connection while the server answers and all are in use
PAUSE = 0.3  # seconds after a vain attempt in which nobody makes another


class DatabaseWrapper(base.DatabaseWrapper):
    """The pool's `timeout` says after how many seconds of waiting the server is asked whether it is there at all."""

    features_class = DatabaseFeatures
    failed_at: ClassVar[float] = 0.0  # when it was asked in vain; 0: it answers

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises `psycopg.OperationalError` when the server does not answer, with its reason."""
        if self.pool is None:
            return super().get_new_connection(conn_params)
        deadline = time.monotonic() + LONGEST
        if self.failed_at:
            self._ask(conn_params)
        while True:
            try:
                connection = super().get_new_connection(conn_params)
            except PoolTimeout:
                self._ask(conn_params)
                if time.monotonic() > deadline:
                    raise
                continue
            if not _has_ended(connection):
                return connection
            connection.close()
            self.pool.putconn(connection)  # and the pool makes another

    def _ask(self, conn_params: dict[str, Any]) -> None:
        if time.monotonic() < self.failed_at + PAUSE:
            raise psycopg.OperationalError("The database did not answer a moment ago")
        try:
            psycopg.connect(**conn_params).close()
        except psycopg.OperationalError:
            DatabaseWrapper.failed_at = time.monotonic()
            raise
        DatabaseWrapper.failed_at = 0.0


def _has_ended(connection: psycopg.Connection[Any]) -> bool:
    """To a connection nobody uses the server has nothing to say but goodbye."""
    look = select.poll()
    look.register(connection.fileno(), select.POLLIN)
    return bool(look.poll(0))
