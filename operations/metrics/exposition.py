"""The text that Prometheus reads."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from common import shared_metrics
from operations.metrics.state import read_all

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def counters() -> bytes:
    """Return what the processes of this machine counted. It needs nothing but their files."""
    folder = shared_metrics.folder()
    if folder is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def state() -> bytes:
    """Return what database, broker and disk say. It may hang with them."""
    return text_of(read_all())


def text_of(families: Iterable[Metric]) -> bytes:
    """Return these figures as text."""
    registry = CollectorRegistry()
    registry.register(_Once(families))
    return generate_latest(registry)


class _Once(Collector):
    """Figures that are there already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self._families
