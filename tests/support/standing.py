"""Rows that are made once for all tests of a module, each of which takes back only what it did itself.

    @pytest.fixture(scope="module", autouse=True)
    def standing_shop(standing: Standing) -> dict[str, Edition]:
        return standing(make_shop)

    @pytest.fixture
    def shop(db: None, standing_shop: dict[str, Edition]) -> dict[str, Edition]:
        return deepcopy(standing_shop)  # a test may change what it was given

They are there for every test of the module, in whatever order: one that needs an empty shop, or that really commits,
has its place in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from django.db import connection
from django.test import TestCase

from common import clock


class Standing(Protocol):
    """Makes the rows by the given function, at noon or another moment, and returns what it returns."""

    def __call__[T](self, make: Callable[[], T], *, at: datetime = ...) -> T: ...


@contextmanager
def rows_that_stay(blocker: Any, noon: datetime) -> Iterator[Standing]:
    """Rows made with what is yielded are gone at the end."""

    def standing[T](make: Callable[[], T], *, at: datetime = noon) -> T:
        with blocker.unblock(), clock.frozen(at):
            made = make()
            connection.check_constraints()  # those that a transaction leaves for its end
            return made

    with blocker.unblock():
        around = TestCase._enter_atomics()
    yield standing
    with blocker.unblock():
        TestCase._rollback_atomics(around)
