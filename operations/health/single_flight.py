"""Asks something that may hang without ever waiting long: one question at a time, in a thread of its own.

An answer is good for a second, so any number of callers asks once. Where what is asked hangs, its thread hangs, and
nobody else: callers wait for the time limit and are then told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from django.db import connection

_FRESH_S = 1.0


class NoAnswer(Exception):
    """There was no answer within the time limit."""


class SingleFlight[T]:
    """One question, asked in one thread that starts with the first caller. `ask` must not raise."""

    def __init__(self, name: str, ask: Callable[[], T], *, timeout_s: float) -> None:
        self.name = name
        self.timeout_s = timeout_s
        self._ask = ask
        self._changed = threading.Condition()
        self._asked_at: float | None = None  # while a question is open
        self._answers: list[T] = []  # the last one, once there is one
        self._answered_at = float("-inf")
        self._thread: threading.Thread | None = None

    def get(self) -> T:
        """Return the answer of the last second, or a new one. Raises NoAnswer."""
        with self._changed:
            if monotonic() - self._answered_at > _FRESH_S:
                self._changed.wait_for(self._is_answered, timeout=self._open_question())
                if not self._is_answered():
                    raise NoAnswer(f"no answer within {self.timeout_s:g} s")
            return self._answers[0]

    def glance(self) -> tuple[T | None, float]:
        """Return the last answer at once, and for how long a newer one is awaited; None before the first answer."""
        with self._changed:
            if monotonic() - self._answered_at > _FRESH_S:
                self._open_question()
            waited = monotonic() - self._asked_at if self._asked_at is not None else 0.0
            return (self._answers[0] if self._answers else None), waited

    def _is_answered(self) -> bool:
        return self._asked_at is None

    def _open_question(self) -> float:
        """Return how long to wait for the answer: nobody waits again where others waited in vain."""
        if self._asked_at is None:
            self._asked_at = monotonic()
            self._changed.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_asking, daemon=True, name=f"ask-{self.name}")
            self._thread.start()
        return max(self._asked_at + self.timeout_s - monotonic(), 0)

    def _keep_asking(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: not self._is_answered())
            answer = self._ask()
            connection.close()
            with self._changed:
                self._answers = [answer]
                self._answered_at = monotonic()
                self._asked_at = None
                self._changed.notify_all()
