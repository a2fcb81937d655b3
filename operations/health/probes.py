"""Asks a dependency how it is, without waiting longer than its time limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import structlog

from operations.dependencies import Unavailable
from operations.health.single_flight import NoAnswer, SingleFlight

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dependency said, and how long it took."""

    ok: bool
    detail: str
    seconds: float


class Probe:
    """One dependency."""

    def __init__(self, name: str, ask: Callable[[], str], *, timeout_s: float) -> None:
        self.name = name
        self._ask = ask
        self._was_ok: bool | None = None
        self._flight = SingleFlight(name, self._time, timeout_s=timeout_s)

    def answer(self) -> Answer:
        """Return the answer of the last second, or a new one, or that there was none within the time limit."""
        began = monotonic()
        try:
            answer = self._flight.get()
        except NoAnswer as error:
            answer = Answer(ok=False, detail=str(error), seconds=_since(began))
        return self._noted(answer)

    def glance(self) -> Answer:
        """Return the last answer at once; a newer one may take as long as the time limit before it counts as none."""
        last, waited = self._flight.glance()
        if waited > self._flight.timeout_s:
            last = Answer(ok=False, detail=f"no answer within {self._flight.timeout_s:g} s", seconds=round(waited, 3))
        return self._noted(last) if last else Answer(ok=True, detail="asked for the first time", seconds=0)

    def _noted(self, answer: Answer) -> Answer:
        if self._was_ok is not answer.ok:
            self._was_ok = answer.ok
            logger.info("health.changed", dependency=self.name, ok=answer.ok, detail=answer.detail)
        return answer

    def _time(self) -> Answer:
        began = monotonic()
        ok, detail = self._try()
        return Answer(ok=ok, detail=detail, seconds=_since(began))

    def _try(self) -> tuple[bool, str]:
        try:
            return True, self._ask()
        except Unavailable as error:
            return False, str(error)
        except Exception as error:  # whatever a library raises: the answer is that it does not work
            return False, type(error).__name__  # its text may have addresses and users


def _since(began: float) -> float:
    return round(monotonic() - began, 3)
