"""What was made lately, kept in the process up to a size: the one that was used longest ago goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Recent[K, V]:
    """`size` tells what a value takes of `most`: bytes, or one."""

    def __init__(self, *, most: int, size: Callable[[V], int]) -> None:
        self._most = most
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._taken = 0
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value, which now counts as used last; None when it is gone."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: K, value: V) -> None:
        """Keep a value in the place of the one before."""
        with self._lock:
            before = self._values.pop(key, None)
            self._taken += self._size(value) - (self._size(before) if before is not None else 0)
            self._values[key] = value
            while self._taken > self._most:
                self._taken -= self._size(self._values.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._taken = 0
