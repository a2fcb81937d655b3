"""Writing a PDF file: numbered objects, packed into object streams, with a cross-reference stream at the end.

Written by hand because it is little, and because libraries that copy objects between files know each of them, which
for a book of five hundred pages costs more than setting a chapter.
"""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

_IN_ONE_STREAM = 250
_LEVEL = 6
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class PdfFile:
    """Collects objects in memory. Numbers are given out first, so that objects can refer to each other."""

    def __init__(self) -> None:
        self._next = 1
        self._packed: list[tuple[int, bytes]] = []
        self._chunks: list[bytes] = [_HEADER]
        self._length = len(_HEADER)
        self._places: dict[int, tuple[int, int, int]] = {}  # type, then offset or stream, then 0 or index

    def reserve(self, count: int = 1) -> int:
        """Give out numbers; return the first."""
        first = self._next
        self._next += count
        return first

    def put(self, number: int, body: bytes) -> None:
        """Take an object that is no stream."""
        self._packed.append((number, body))

    def add(self, body: bytes) -> int:
        """Take an object that is no stream under the next number, and return that."""
        number = self.reserve()
        self.put(number, body)
        return number

    def put_stream(self, number: int, entries: bytes, data: bytes) -> None:
        """Take a stream: the entries of its dictionary but for the length, and its data, filtered already."""
        self._write(number, b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data))

    def add_stream(self, entries: bytes, data: bytes) -> int:
        """Take a stream under the next number, and return that."""
        number = self.reserve()
        self.put_stream(number, entries, data)
        return number

    def _write(self, number: int, body: bytes) -> None:
        self._places[number] = (1, self._length, 0)
        self._chunk(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _chunk(self, data: bytes) -> None:
        self._chunks.append(data)
        self._length += len(data)

    def save(self, path: Path, *, root: int, info: int) -> None:
        """Write the file. `root` and `info` are the numbers of the catalog and the information dictionary."""
        for start in range(0, len(self._packed), _IN_ONE_STREAM):
            self._pack(self._packed[start : start + _IN_ONE_STREAM])
        self._index(root, info)
        with path.open("wb") as file:
            file.writelines(self._chunks)

    def _pack(self, objects: list[tuple[int, bytes]]) -> None:
        stream = self.reserve()
        heads, position = [], 0
        for index, (number, body) in enumerate(objects):
            heads.append(b"%d %d" % (number, position))
            position += len(body) + 1
            self._places[number] = (2, stream, index)
        head = b" ".join(heads) + b"\n"
        data = zlib.compress(head + b"".join(body + b"\n" for _, body in objects), _LEVEL)
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(objects), len(head))
        self.put_stream(stream, entries, data)

    def _index(self, root: int, info: int) -> None:
        """The cross-reference stream, which is the trailer too. The identifier is made of the content."""
        number, start = self.reserve(), self._length
        self._places[number] = (1, start, 0)
        rows = [b"\0\0\0\0\0\xff\xff"]
        for each in range(1, number + 1):
            kind, place, index = self._places.get(each, (0, 0, 0))
            rows.append(kind.to_bytes(1) + place.to_bytes(4) + index.to_bytes(2))
        digest = hashlib.sha256()
        for chunk in self._chunks:
            digest.update(chunk)
        identifier = digest.hexdigest()[:32].encode()
        entries = b"/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/Filter/FlateDecode" % (
            *(number + 1, root, info),
            *(identifier, identifier),
        )
        self.put_stream(number, entries, zlib.compress(b"".join(rows), _LEVEL))
        self._chunk(b"startxref\n%d\n%%%%EOF\n" % start)
