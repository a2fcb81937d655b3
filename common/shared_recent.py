"""What was made lately, kept once for a process and all that it forks: of two web workers, neither makes a page that
the other has made.

The values stand in a ring of shared memory, the newest over the oldest; a table beside it tells where. A position
counts all bytes that were ever written, so it tells as well whether what stood there is overwritten. The lock is one of
the operating system's, which ends with the process that holds it, and nothing is found before all of it is written: a
worker that is killed leaves nothing half.
"""

from __future__ import annotations

import fcntl
import mmap
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from threading import Lock

KEY_BYTES = 20  # of a digest
_END = struct.Struct("<Q")  # position of what is written next
_PLACE = struct.Struct(f"<{KEY_BYTES}sQ")  # key and position, in the table
_ENTRY = struct.Struct(f"<{KEY_BYTES}sI")  # key and length, in front of each value
_PLACES = 4  # where one key may stand
_BYTES_OF_A_VALUE = 1024  # for the size of the table: nearly all are larger

_bytes = count()  # each has a lock of its own
# The file's locks are the whole process's. One for all of them: the system looks for circles of processes that wait for
# each other, and would take two whose threads hold one and wait for another for such a circle.
_threads = Lock()


class SharedRecent:
    """Up to `most` bytes by keys that are digests. To be made before the process forks."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._rows = max(most // (_BYTES_OF_A_VALUE * _PLACES), 1)
        self._ring = _END.size + self._rows * _PLACES * _PLACE.size
        self._memory = mmap.mmap(-1, self._ring + most)
        _file()  # for those that are forked
        self._byte = next(_bytes)

    @property
    def is_on(self) -> bool:
        """Whether anything can be kept."""
        return self._most > 0

    def get(self, key: bytes) -> bytes | None:
        """The value; None when it is gone."""
        if not self.is_on:
            return None
        with self._alone():
            for place in self._places(key):
                value = self._value(place, key)
                if value is not None:
                    self._stay(place, key, value)
                    return value
        return None

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value in the place of the one before."""
        if _ENTRY.size + len(value) <= self._most:
            with self._alone():
                self._write(key, value)

    def clear(self) -> None:
        """Forget everything."""
        with self._alone():
            self._memory[: self._ring] = bytes(self._ring)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with _threads:
            fcntl.lockf(_file(), fcntl.LOCK_EX, 1, self._byte)
            try:
                yield
            finally:
                fcntl.lockf(_file(), fcntl.LOCK_UN, 1, self._byte)

    def _places(self, key: bytes) -> range:
        """Where the table may tell of the key."""
        first = _END.size + int.from_bytes(key[:8]) % self._rows * _PLACES * _PLACE.size
        return range(first, first + _PLACES * _PLACE.size, _PLACE.size)

    def _value(self, place: int, key: bytes) -> bytes | None:
        """What stands where this place of the table tells, when it is the key's and not overwritten."""
        told, position = _PLACE.unpack_from(self._memory, place)
        if told != key or position + self._most < self._end():
            return None
        start = self._ring + position % self._most
        written, length = _ENTRY.unpack_from(self._memory, start)
        start += _ENTRY.size
        return self._memory[start : start + length] if written == key else None

    def _stay(self, place: int, key: bytes, value: bytes) -> None:
        """Write what is still asked for once more before its turn to be overwritten comes."""
        if _PLACE.unpack_from(self._memory, place)[1] + self._most // 2 < self._end():
            self._write(key, value)

    def _write(self, key: bytes, value: bytes) -> None:
        size, end = _ENTRY.size + len(value), self._end()
        left = self._most - end % self._most
        position = end if size <= left else end + left  # no value goes over the ring's end
        _END.pack_into(self._memory, 0, position + size)  # what is overwritten now is found no more
        start = self._ring + position % self._most
        self._memory[start : start + size] = _ENTRY.pack(key, len(value)) + value
        _PLACE.pack_into(self._memory, self._place_for(key), key, position)

    def _place_for(self, key: bytes) -> int:
        """The key's own place, or the one that tells of the oldest."""

        def rank(place: int) -> tuple[bool, int]:
            told, position = _PLACE.unpack_from(self._memory, place)
            return told != key, position

        return min(self._places(key), key=rank)

    def _end(self) -> int:
        (end,) = _END.unpack_from(self._memory)
        return int(end)


@cache
def _file() -> int:
    """An empty file without a name, for its locks."""
    descriptor, path = tempfile.mkstemp()
    Path(path).unlink()
    return descriptor
