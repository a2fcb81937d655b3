"""Tests that really commit, on tables that refuse to be emptied.

After such a test Django flushes; the ledger's triggers refuse that. `flushing_around_triggers` drops them around that
flush, and only there, then puts them back with the rows that migrations made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context, copy_context

from django.apps import apps
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from royalties import first_plans, first_terms, first_treaties, triggers


@contextmanager
def flushing_around_triggers() -> Iterator[None]:
    """Every transactional test of the run, of whatever app, can be torn down while this lasts.

    Several folders ask for it for their tests; the first one does it for all.
    """
    flush = TransactionTestCase._fixture_teardown
    if flush.__module__ == __name__:
        yield
        return

    def teardown(case: TransactionTestCase) -> None:
        with transaction.atomic():
            triggers.drop(connection)
        flush(case)
        with transaction.atomic():
            triggers.install(connection)
            first_terms.install(apps)
            first_terms.install_protection(apps)
            first_plans.install(apps)
            first_treaties.install(apps)

    teardown.keeps_ledger = True
    TransactionTestCase._fixture_teardown = teardown
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush


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
