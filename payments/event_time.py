"""The time at which something happened at the provider, corrected where the reported time is impossible."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from common import clock

logger = structlog.stdlib.get_logger(__name__)

# Clocks differ by seconds, and the provider counts whole seconds. A larger difference is worth a log entry.
_TOLERANCE = timedelta(minutes=5)


def happened_at(told: datetime | None, *, earliest: datetime, about: str) -> datetime:
    """Return the time that the provider reports, limited to between `earliest` and now; now if it reports none.

    `earliest` is the time of the event that must have come first: a refund is never older than its payment. A time
    outside the limits is replaced by the nearest possible one and logged with `about`, its subject.
    """
    if told is not None and earliest <= told <= clock.now():
        return told
    now = clock.database_now()
    if told is None:
        return now
    if not earliest - _TOLERANCE <= told <= now + _TOLERANCE:
        logger.warning("provider.impossible_time", about=about, told=told.isoformat())
    return max(earliest, min(told, now))
