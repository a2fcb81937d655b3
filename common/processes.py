"""Several processes for a load of work that one alone would take too long over: each with the shop set up, on a
connection of its own.

Nothing here imports Django while the module loads: a process that cannot be a copy of this one starts with this module
and sets Django up itself.
"""

from __future__ import annotations

import gc
import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from multiprocessing import get_context
from pathlib import Path
from typing import Any


def started(
    processes: int, *, then: Callable[..., None] | None = None, given: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """So many processes on this one's database, each of which does `then` first. To be used in a `with`.

    This process lets go of its connection: not inside of a transaction.
    """
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    connection.close()
    method = "fork" if _has_one_thread() else "spawn"
    return ProcessPoolExecutor(processes, get_context(method), initializer=_begin, initargs=(name, then, given))


def _has_one_thread() -> bool:
    """So that a copy of this process is whole, and begins with the shop set up. Where threads cannot be told, no."""
    tasks = Path("/proc/self/task")
    return tasks.is_dir() and len(list(tasks.iterdir())) == 1


def in_flight[R](
    pool: ProcessPoolExecutor, work: Callable[..., R], parts: Iterable[tuple[Any, ...]], *, most: int
) -> Iterator[R]:
    """What comes back of the parts, in whatever order, with so many at most under way: results take memory."""
    waiting = iter(parts)
    under_way: set[Future[R]] = set()
    while True:
        for part in waiting:
            under_way.add(pool.submit(work, *part))
            if len(under_way) >= most:
                break
        if not under_way:
            return
        done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


def shared[R](
    pool: ProcessPoolExecutor, work: Callable[..., R], parts: Iterable[tuple[Any, ...]], *, most: int
) -> Iterator[R]:
    """The same where this process does its share of the parts, while so many are with the pool: one process less has
    to start."""
    under_way: set[Future[R]] = set()
    before = gc.get_threshold()
    _seldom_collect()
    try:
        for part in parts:
            if len(under_way) < most:
                under_way.add(pool.submit(work, *part))
                continue
            yield work(*part)
            done = {future for future in under_way if future.done()}
            under_way -= done
            for future in done:
                yield future.result()
        for future in as_completed(under_way):
            yield future.result()
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _begin(database: str, then: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if then is not None:
        then(*given)
    _seldom_collect()


def _seldom_collect() -> None:
    """What is loaded stays and rows come by the thousand: looking for garbage after each few would cost a fifth of the
    time."""
    gc.freeze()
    gc.set_threshold(50_000)


def _end_with_parent() -> None:
    """Work that was killed leaves nobody behind."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
