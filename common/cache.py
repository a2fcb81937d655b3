"""The shared cache on Redis, and what becomes of it while that server is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

logger = logging.getLogger(__name__)

_AWAY_S = 5.0  # until it is asked again
_ASKED = (
    *("add", "get", "set", "touch", "delete", "has_key", "incr"),
    *("get_many", "set_many", "delete_many", "clear"),
)


class PatientRedisCache(RedisCache):
    """Redis; while it does not answer, this process alone.

    Tries at logging in are counted there. Better each web process counts its own for a while than nobody logs in.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._here = LocMemCache(f"instead of {server}", params)
        self._away_until = 0.0

    def asked(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """What the cache's method of that name says, or the process's own."""
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(), name)(*args, **kwargs)
            except (NoConnection, NoAnswer) as error:
                self._away_until = time.monotonic() + _AWAY_S
                logger.warning("The cache does not answer; each process goes by itself for now: %s", error)
        return getattr(self._here, name)(*args, **kwargs)


def _asking(name: str) -> Callable[..., Any]:
    return lambda self, *args, **kwargs: self.asked(name, *args, **kwargs)


for _name in _ASKED:
    setattr(PatientRedisCache, _name, _asking(_name))
