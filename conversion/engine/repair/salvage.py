"""Reading a damaged zip: entry after entry from its own header, whatever the directory at the end says.

The limits of `gate/archive.py` hold here too. An entry whose checksum is wrong is left out; of one that is cut off,
text is kept as far as it goes. Entries follow each other in the file, so none can overlap another.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import AuthorFixable
from ..findings.model import Finding
from ..gate.archive import MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_RATIO, MAX_TOTAL_BYTES, RATIO_FROM_BYTES
from ..gate.damaged import SIGNATURE, Header, decoded, header_at
from .changes import Ledger

_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_DIRECTORY, _DESCRIPTOR = b"PK\x01\x02", b"PK\x07\x08"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_CHUNK_BYTES = 1 << 16
_TEXTS = (".xhtml", ".html", ".htm", ".xml", ".rels", ".opf", ".ncx", ".css")


@dataclass(slots=True)
class Salvage:
    """What could be read: contents by name, in the order of the file."""

    entries: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Record:
    """What the directory says of an entry."""

    checksum: int
    packed_bytes: int
    mode: int


def salvage(source: Path) -> Salvage:
    """Read every entry that can be read. Raises AuthorFixable for encryption, bombs and too many entries."""
    return _Salvager(source.read_bytes()).run()


class _Salvager:
    """Walks over the file once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.records = _directory(data)
        self.result = Salvage()
        self.ledger = Ledger()
        self.total_bytes = 0
        self.seen = 0

    def run(self) -> Salvage:
        position = self.data.find(SIGNATURE)
        while position >= 0:
            header = header_at(self.data, position)
            if header is None:
                position = self.data.find(SIGNATURE, position + 4)
                continue
            self.seen += 1
            if self.seen > MAX_ENTRIES:
                raise AuthorFixable("source.zip-many-entries", entries=self.seen, limit=MAX_ENTRIES)
            position = self.data.find(SIGNATURE, self._take(header))
        self.ledger.note("repaired.archive")
        self.result.findings = self.ledger.findings()
        return self.result

    def _take(self, header: Header) -> int:
        """Keep an entry, or tell why not; return where to look for the next."""
        if header.flags & _ENCRYPTED:
            raise AuthorFixable("source.encrypted", part=header.name[:120])
        record = self.records.get(header.name)
        content, end, is_whole = self._content(header, record)
        if header.name.endswith(("/", "\\")):
            return end
        name = self._safe_name(header.name, record)
        if name:
            self._keep(name, header, record, content, end, is_whole=is_whole)
        return end

    def _safe_name(self, name: str, record: _Record | None) -> str:
        """The name inside the archive; "" for what is a link or leads outside."""
        if record is not None and stat.S_IFMT(record.mode) == stat.S_IFLNK:
            self.ledger.note("repaired.entry-link", name)
            return ""
        safe = name.replace("\\", "/")
        if "\0" in safe or safe.startswith("/") or safe[1:2] == ":" or ".." in safe.split("/"):
            self.ledger.note("repaired.entry-outside", name)
            return ""
        if safe != name:
            self.ledger.note("repaired.entry-name", name)
        return safe

    def _keep(
        self, name: str, header: Header, record: _Record | None, content: bytes | None, end: int, *, is_whole: bool
    ) -> None:
        if content is None:
            self.ledger.note("repaired.entry-dropped", name)
            return
        checksums = self._checksums(header, record, end)
        if not is_whole:
            if not (content and name.lower().endswith(_TEXTS)):
                self.ledger.note("repaired.entry-dropped", name)
                return
            self.ledger.note("repaired.entry-cut", name)
        elif checksums and zlib.crc32(content) not in checksums:
            self.ledger.note("repaired.entry-checksum", name)
            return
        self.total_bytes += len(content)
        if self.total_bytes > MAX_TOTAL_BYTES:
            raise _bomb(self.total_bytes, MAX_TOTAL_BYTES)
        if name in self.result.entries:
            self.ledger.note("repaired.entry-twice", name)
            del self.result.entries[name]
        self.result.entries[name] = content

    def _checksums(self, header: Header, record: _Record | None, end: int) -> set[int]:
        """The checksums an entry may have: its header's, its descriptor's, the directory's. Any one will do, since
        headers are damaged as easily as data."""
        found = set() if header.has_descriptor and not header.checksum else {header.checksum}
        if record is not None:
            found.add(record.checksum)
        after = self.data[end : end + 8]
        if header.has_descriptor and len(after) == 8:
            bare = after[4:] if after.startswith(_DESCRIPTOR) else after[:4]
            found.add(int.from_bytes(bare, "little"))
        return found

    # ------------------------------------------------------------ data

    def _content(self, header: Header, record: _Record | None) -> tuple[bytes | None, int, bool]:
        """The unpacked data (None for a method nobody uses), where it ends, and whether it is all there."""
        if header.method == zipfile.ZIP_DEFLATED:
            return self._inflated(header.start)
        if header.method != zipfile.ZIP_STORED:
            return None, header.start + header.packed_bytes, False
        packed = header.packed_bytes or (record.packed_bytes if record is not None else 0)
        end = header.start + packed
        if header.has_descriptor and not packed:
            end = self._next_signature(header.start)
        if end > len(self.data):
            return self._bounded(self.data[header.start :]), len(self.data), False
        return self._bounded(self.data[header.start : end]), end, True

    def _bounded(self, content: bytes) -> bytes:
        if len(content) > MAX_ENTRY_BYTES:
            raise _bomb(len(content), MAX_ENTRY_BYTES)
        return content

    def _next_signature(self, start: int) -> int:
        found = [self.data.find(mark, start) for mark in (SIGNATURE, _DESCRIPTOR, _DIRECTORY)]
        return min((place for place in found if place >= 0), default=len(self.data))

    def _inflated(self, start: int) -> tuple[bytes, int, bool]:
        """Unpack until the stream says it is over: its own end is surer than a damaged header's size."""
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        out = bytearray()
        position = start
        while not inflater.eof and position < len(self.data):
            chunk = self.data[position : position + _CHUNK_BYTES]
            try:
                out += inflater.decompress(chunk, MAX_ENTRY_BYTES + 1 - len(out))
            except zlib.error:
                return bytes(out), position, False
            position += len(chunk) - len(inflater.unconsumed_tail) - len(inflater.unused_data)
            packed = max(position - start, 1)
            if len(out) > MAX_ENTRY_BYTES or (len(out) > RATIO_FROM_BYTES and len(out) > MAX_RATIO * packed):
                raise _bomb(len(out), MAX_ENTRY_BYTES)
        return bytes(out), position, inflater.eof


def _bomb(size_bytes: int, limit_bytes: int) -> AuthorFixable:
    return AuthorFixable("source.zip-bomb", size_mb=size_bytes >> 20, limit_mb=limit_bytes >> 20)


def _directory(data: bytes) -> dict[str, _Record]:
    """What the directory says of each name, as far as it is there; of several the last, as other programs have it."""
    found: dict[str, _Record] = {}
    position = data.find(_DIRECTORY)
    while position >= 0 and len(found) <= MAX_ENTRIES:
        raw = data[position : position + _CENTRAL.size]
        if len(raw) < _CENTRAL.size:
            break
        fields = _CENTRAL.unpack(raw)
        begin = position + _CENTRAL.size
        name = decoded(data[begin : begin + fields[10]], fields[3])
        found[name] = _Record(fields[7], fields[8], fields[15] >> 16)
        position = data.find(_DIRECTORY, position + 4)
    return found
