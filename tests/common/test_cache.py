"""The cache on Redis while its server is away."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from redis.exceptions import ConnectionError as NoConnection

from common import cache


class _Server:
    """In place of Django's client of Redis: answers while it is there."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0
        self._held: dict[str, Any] = {}

    def get(self, key: str, default: Any) -> Any:
        self._answer()
        return self._held.get(key, default)

    def set(self, key: str, value: Any, _timeout: Any) -> None:
        self._answer()
        self._held[key] = value

    def _answer(self) -> None:
        self.asked += 1
        if self.is_away:
            raise NoConnection("refused")


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found = [1000.0]
    monkeypatch.setattr(cache.time, "monotonic", lambda: found[0])
    return found


@pytest.fixture
def server() -> _Server:
    return _Server()


@pytest.fixture
def tries(server: _Server) -> cache.PatientRedisCache:
    made = cache.PatientRedisCache("redis://cache.example", {})
    made.__dict__["_cache"] = server
    made._here.clear()
    return made


def test_each_process_goes_by_itself_while_the_server_is_away(
    tries: cache.PatientRedisCache, server: _Server, now: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    tries.set("a", 1)
    server.is_away = True
    with caplog.at_level(logging.WARNING):
        assert (tries.get("a"), tries.add("b", 2), tries.incr("b"), tries.get("b")) == (None, True, 3, 3)
    assert (len(caplog.records), server.asked) == (1, 2)  # and not asked again at once
    server.is_away = False
    now[0] += 6
    assert (tries.get("a"), tries.get("b")) == (1, None)


def test_other_failures_are_failures(tries: cache.PatientRedisCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_args: Any) -> Any:
        raise ValueError("no number")

    monkeypatch.setattr(_Server, "get", wrong)
    with pytest.raises(ValueError, match="no number"):
        tries.get("a")
