"""What workers count of conversions. `operations.metrics` exposes it."""

from __future__ import annotations

from time import monotonic

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600)

ATTEMPTS = Counter(
    "octavo_conversion_attempts", "Attempts at conversions that ended: done, refused, faulty, stopped.", ["outcome"]
)
MISSING_PROTECTIONS = Gauge(
    "octavo_sandbox_missing_protections",
    "Protections of the converter's sandbox that the last worker that started did not have.",
    multiprocess_mode="mostrecent",
)
_STAGES = Histogram("octavo_conversion_stage_seconds", "How long each stage took.", ["stage"], buckets=_SECONDS)


class StageTimer:
    """Measures the stages of one run by the moments at which they are reported."""

    def __init__(self) -> None:
        self._stage = ""
        self._since = monotonic()

    def enter(self, stage: str) -> None:
        """Note that a stage begins, or goes on."""
        if stage != self._stage:
            self.end()
            self._stage, self._since = stage, monotonic()

    def end(self) -> None:
        """Note that the last stage is over."""
        if self._stage:
            _STAGES.labels(self._stage).observe(monotonic() - self._since)
        self._stage = ""
