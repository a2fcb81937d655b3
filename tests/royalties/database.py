"""Calls at the same time, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context

from django.db import connections


def run_together[T](*calls: Callable[[], T]) -> list[T | Exception]:
    """Run the calls at the same time, each on a connection of its own; returns results or exceptions in order.

    Each sees the test's clock.
    """
    contexts = [copy_context() for _ in calls]

    def run(call: Callable[[], T], context: Context) -> T | Exception:
        try:
            return context.run(call)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls, contexts))
