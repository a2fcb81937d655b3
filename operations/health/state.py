"""What the health process says: alive, ready, and how each dependency is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import methodcaller

from django.conf import settings

from operations import dependencies
from operations.health.probes import Answer, Probe

# Without these a visitor gets errors. Without the others the shop sells, and what waits is done later.
REQUIRED = frozenset({"web", "database", "migrations"})
_TIMEOUT_S = 2.0
# A web process that is only busy is not to be restarted.
_DEAD_AFTER_S = 30.0


class Health:
    """Probes of all dependencies, asked side by side."""

    def __init__(self) -> None:
        asked = dict(dependencies.ALL)
        if settings.WEB_URL != "none":
            asked["web"] = dependencies.web
        self._web = Probe("web process", partial(dependencies.web, timeout_s=_DEAD_AFTER_S), timeout_s=_DEAD_AFTER_S)
        self._probes = {name: Probe(name, ask, timeout_s=_TIMEOUT_S) for name, ask in asked.items()}

    def names(self) -> frozenset[str]:
        """Return the names of all dependencies."""
        return frozenset(self._probes)

    def web_process(self) -> Answer:
        """Return whether the web process lives, as far as is known: at once, however busy it is."""
        return self._web.glance()

    def one(self, name: str) -> Answer:
        """Return how one dependency is. Raises KeyError."""
        return self._probes[name].answer()

    def all(self) -> dict[str, Answer]:
        """Return how all dependencies are, after one time limit at most."""
        with ThreadPoolExecutor(len(self._probes)) as pool:
            return dict(zip(self._probes, pool.map(methodcaller("answer"), self._probes.values()), strict=True))


def is_ready(answers: dict[str, Answer]) -> bool:
    """Return whether visitors can be sent here."""
    return all(answer.ok for name, answer in answers.items() if name in REQUIRED)
