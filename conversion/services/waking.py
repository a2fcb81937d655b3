"""Wakes workers. Small and large books have workers of their own: nobody with a short story waits behind a long one."""

from __future__ import annotations

from django.conf import settings

from common import jobs

# How many messages are sent at most. Each job that ends wakes a worker for the next, so a long queue needs no more.
_MAX_WAKES = 10


def is_large(source_bytes: int) -> bool:
    """Return whether a source of this size is converted by the workers of large ones."""
    return source_bytes > settings.CONVERSION_LARGE_BYTES


def wake(*source_bytes: int) -> None:
    """Wake workers for jobs with sources of these sizes after commit."""
    large = sum(is_large(size) for size in source_bytes)
    for name, count in (("conversion.run", len(source_bytes) - large), ("conversion.run_large", large)):
        for _job in range(min(count, _MAX_WAKES)):
            jobs.enqueue(name)
