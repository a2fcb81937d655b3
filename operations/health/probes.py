"""Asks dependencies without ever waiting long: each has a thread of its own, and one question at a time.

An answer is good for a second, so any number of probes asks a dependency once. Where a dependency hangs, its thread
hangs, and nobody else: probes wait for the time limit and then report it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog
from django.db import connection

from operations.dependencies import Unavailable

logger = structlog.stdlib.get_logger(__name__)

_FRESH_S = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dependency said, and how long it took."""

    ok: bool
    detail: str
    seconds: float


class Probe:
    """One dependency, asked in one thread that starts with the first question."""

    def __init__(self, name: str, ask: Callable[[], str], *, timeout_s: float) -> None:
        self.name = name
        self._ask = ask
        self._timeout_s = timeout_s
        self._changed = threading.Condition()
        self._asked_at: float | None = None  # while a question is open
        self._answer: Answer | None = None
        self._answered_at = float("-inf")
        self._thread: threading.Thread | None = None

    def answer(self) -> Answer:
        """Return the answer of the last second, or a new one, or that there was none within the time limit."""
        with self._changed:
            if self._answer is None or monotonic() - self._answered_at > _FRESH_S:
                self._open_question()
                waited_from = monotonic()
                self._changed.wait_for(lambda: self._asked_at is None, timeout=self._left())
                if self._asked_at is not None:
                    waited = monotonic() - waited_from
                    return Answer(ok=False, detail=f"no answer within {self._timeout_s:g} s", seconds=round(waited, 3))
            assert self._answer is not None  # noqa: S101 # no question is open
            return self._answer

    def _left(self) -> float:
        """Return how long to wait: not again where somebody waited in vain already."""
        assert self._asked_at is not None  # noqa: S101 # a question was just opened
        return max(self._asked_at + self._timeout_s - monotonic(), 0)

    def _open_question(self) -> None:
        if self._asked_at is None:
            self._asked_at = monotonic()
            self._changed.notify_all()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._keep_asking, daemon=True, name=f"probe-{self.name}")
            self._thread.start()

    def _keep_asking(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked_at is not None)
            began = monotonic()
            ok, detail = self._try()
            with self._changed:
                if self._answer is None or self._answer.ok != ok:
                    logger.info("health.changed", dependency=self.name, ok=ok, detail=detail)
                self._answer = Answer(ok=ok, detail=detail, seconds=round(monotonic() - began, 3))
                self._answered_at = monotonic()
                self._asked_at = None
                self._changed.notify_all()

    def _try(self) -> tuple[bool, str]:
        try:
            return True, self._ask()
        except Unavailable as error:
            return False, str(error)
        except Exception as error:  # whatever a library raises: the answer is that it does not work
            return False, type(error).__name__  # its text may have addresses and users
        finally:
            connection.close()
