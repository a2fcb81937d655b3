"""What `/metrics` answers: counters, state, and how each dependency is."""

from __future__ import annotations

from prometheus_client.core import GaugeMetricFamily

from operations.health.probes import Answer
from operations.health.single_flight import NoAnswer, SingleFlight
from operations.health.state import Health
from operations.metrics import exposition

_TIMEOUT_S = 5.0


class Figures:
    """Prometheus gets an answer whatever hangs: what cannot be read in time is left out, and that is a figure too."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._state = SingleFlight("state", exposition.state, timeout_s=_TIMEOUT_S)

    def text(self) -> bytes:
        """Return all figures."""
        try:
            state, is_read = self._state.get(), True
        except NoAnswer:
            state, is_read = b"", False
        return exposition.counters() + state + _of_dependencies(self._health.all(), is_read=is_read)


def _of_dependencies(answers: dict[str, Answer], *, is_read: bool) -> bytes:
    up = GaugeMetricFamily("octavo_dependency_up", "Whether it answers as it should.", labels=["dependency"])
    took = GaugeMetricFamily("octavo_dependency_seconds", "How long its answer took.", labels=["dependency"])
    for name, answer in answers.items():
        up.add_metric([name], answer.ok)
        took.add_metric([name], answer.seconds)
    read = GaugeMetricFamily("octavo_state_read", "Whether database and broker were read in time.", value=is_read)
    return exposition.text_of((up, took, read))
