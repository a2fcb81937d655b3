"""The database behind `ENGINE = "common.postgresql"`.

With CONN_HEALTH_CHECKS Django asks `SELECT 1` before the first query of each request, which costs a page of three
queries a fourth one. A server that ended a connection has closed its socket, and so much the kernel tells for nothing.
"""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection stands. Asked in full after an error, or when there is news of it."""
        if self.connection is None or self.connection.closed:
            return False
        if self.errors_occurred or _has_news(self.connection.fileno()):
            return bool(super().is_usable())
        return True


def _has_news(descriptor: int) -> bool:
    """Whether there is something to read, or an end: of a connection at rest, either is out of the ordinary."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
