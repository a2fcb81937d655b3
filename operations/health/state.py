"""What the health process says: alive, ready, and how each dependency is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import methodcaller
from urllib.parse import urlsplit

from django.conf import settings

from operations import dependencies
from operations.health.probes import Answer, Probe

_WEB = "web"
# Without these a visitor gets errors. Without the others the shop sells, and what waits is done later.
REQUIRED = frozenset({_WEB, "database", "migrations"})
_TIMEOUT_S = 2.0
# A web process that is only busy is not to be restarted.
_DEAD_AFTER_S = 30.0


class Health:
    """Probes of all dependencies, asked side by side."""

    def __init__(self) -> None:
        urls = {f"{_WEB}@{urlsplit(url).netloc}": url for url in settings.WEB_URLS}
        self._alive = {name: _web_probe(name, url, _DEAD_AFTER_S) for name, url in urls.items()}
        self._probes = {name: Probe(name, ask, timeout_s=_TIMEOUT_S) for name, ask in dependencies.ALL.items()}
        self._probes |= {name: _web_probe(name, url, _TIMEOUT_S) for name, url in urls.items()}
        self.web_processes()  # so that there is an answer when the first probe comes

    def names(self) -> frozenset[str]:
        """Return the names of all dependencies."""
        return frozenset(self._probes) | ({_WEB} if self._webs() else set())

    def web_processes(self) -> dict[str, Answer]:
        """Return which web processes live, as far as is known: at once, however busy they are."""
        return {name: probe.glance() for name, probe in self._alive.items()}

    def one(self, name: str) -> Answer:
        """Return how one dependency is. Raises KeyError."""
        webs = self._webs()
        return _ask(webs)[_WEB] if name == _WEB and webs else self._probes[name].answer()

    def all(self) -> dict[str, Answer]:
        """Return how all dependencies are, after one time limit at most."""
        return _ask(self._probes)

    def _webs(self) -> dict[str, Probe]:
        return {name: probe for name, probe in self._probes.items() if _is_web(name)}


def _is_web(name: str) -> bool:
    return name.startswith(f"{_WEB}@")


def _web_probe(name: str, url: str, timeout_s: float) -> Probe:
    return Probe(name, partial(dependencies.web, url, timeout_s=timeout_s), timeout_s=timeout_s)


def _ask(probes: dict[str, Probe]) -> dict[str, Answer]:
    with ThreadPoolExecutor(len(probes)) as pool:
        return _with_web(dict(zip(probes, pool.map(methodcaller("answer"), probes.values()), strict=True)))


def _with_web(answers: dict[str, Answer]) -> dict[str, Answer]:
    """Add the answer for all web processes together: the proxy needs one of them."""
    webs = [answer for name, answer in answers.items() if _is_web(name)]
    return answers | ({_WEB: max(webs, key=lambda answer: answer.ok)} if webs else {})


def is_ready(answers: dict[str, Answer]) -> bool:
    """Return whether visitors can be sent here."""
    return all(answer.ok for name, answer in answers.items() if name in REQUIRED)
