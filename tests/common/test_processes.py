"""Which processes do a load of work together."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any, cast

import pytest

from common import processes


class Pool:
    """Does what it is given when somebody asks for it."""

    def __init__(self) -> None:
        self.given: list[Any] = []

    def submit(self, work: Any, *part: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*part))
        self.given += part
        return future


class TestShared:
    def test_does_every_part_once_some_of_them_here(self) -> None:
        pool = Pool()
        found = processes.shared(cast(Any, pool), lambda part: part * 10, ((part,) for part in range(7)), most=2)
        assert sorted(found) == [0, 10, 20, 30, 40, 50, 60]
        assert 0 < len(pool.given) < 7

    def test_tells_what_went_wrong_there(self) -> None:
        class Broken(Pool):
            def submit(self, work: Any, *part: Any) -> Future[Any]:
                future: Future[Any] = Future()
                future.set_exception(ZeroDivisionError())
                return future

        with pytest.raises(ZeroDivisionError):
            list(processes.shared(cast(Any, Broken()), lambda part: part, [(1,), (2,)], most=2))


def test_a_process_with_threads_is_not_copied() -> None:
    has_looked = threading.Event()
    thread = threading.Thread(target=has_looked.wait)
    thread.start()
    try:
        assert not processes._has_one_thread()
    finally:
        has_looked.set()
        thread.join()
