"""Runs the checks one after the other, each in a thread of its own, so that one that hangs delays nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from queue import Empty, Queue
from threading import Thread
from time import monotonic

from django.db import connections


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: what was found and, unless it is in order, what to do."""

    name: str
    level: Level
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One dependency. `run` yields findings; `advice` is for the case that it raises or does not answer."""

    name: str
    run: Callable[[], Iterator[Finding]]
    timeout_s: float
    advice: str
    needs_running_shop: bool = False


def ok(name: str, detail: str) -> Finding:
    return Finding(name, Level.OK, detail)


def warning(name: str, detail: str, advice: str) -> Finding:
    return Finding(name, Level.WARNING, detail, advice)


def wrong(name: str, detail: str, advice: str) -> Finding:
    return Finding(name, Level.WRONG, detail, advice)


def examine(checks: Sequence[Check]) -> Iterator[Finding]:
    """Yield the findings of each check, in order, as soon as they are known."""
    for check in checks:
        yield from _within_time(check)


def _within_time(check: Check) -> Iterator[Finding]:
    """Yield the check's findings. Without an answer in time, its thread is left behind: it ends with the process."""
    answers: Queue[Finding | None] = Queue()
    Thread(target=_collect, args=(check, answers), daemon=True, name=f"doctor-{check.name}").start()
    deadline = monotonic() + check.timeout_s
    while True:
        try:
            finding = answers.get(timeout=max(0, deadline - monotonic()))
        except Empty:
            yield wrong(check.name, f"No answer within {check.timeout_s:g} s.", check.advice)
            return
        if finding is None:
            return
        yield finding


def _collect(check: Check, answers: Queue[Finding | None]) -> None:
    try:
        for finding in check.run():
            answers.put(finding)
    except Exception as error:  # whatever the dependency raises is the finding
        answers.put(wrong(check.name, _said(error), check.advice))
    finally:
        answers.put(None)
        connections.close_all()


def _said(error: Exception) -> str:
    """Return the error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
