"""When something happened at the provider, as far as what it tells of it can be true."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from common import clock

logger = logging.getLogger(__name__)

# Clocks differ by seconds, and the provider counts whole ones. What is further out is worth a look.
_TOLERANCE = timedelta(minutes=5)


def happened_at(told: datetime | None, *, earliest: datetime, about: str) -> datetime:
    """The time that the provider tells, held between `earliest` and now; now where it tells none.

    `earliest` is when that came about without which this could not be: a refund is never older than its payment. A
    time outside is replaced by the nearest possible one and logged with what it is `about`.
    """
    if told is not None and earliest <= told <= clock.now():
        return told
    now = clock.database_now()
    if told is None:
        return now
    if not earliest - _TOLERANCE <= told <= now + _TOLERANCE:
        logger.warning("provider.impossible_time about=%s told=%s", about, told.isoformat())
    return max(earliest, min(told, now))
