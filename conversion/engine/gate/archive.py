"""Safe reading of zip containers: the whole structure is checked before anything is unpacked.

Two readers of one zip must never see two books. So the local headers have to repeat the central
directory, entries lie side by side without gaps or overlaps from the first byte to the last, no name
comes twice, and every entry unpacks to exactly the size and checksum it declares. Nothing is ever
extracted to the file system: entries are bytes by name.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Self

from ..errors import AuthorFixable

MAX_ENTRIES = 10_000
MAX_TOTAL_BYTES = 300 << 20
MAX_ENTRY_BYTES = 120 << 20
MAX_RATIO = 150  # of unpacked to packed size, for entries above RATIO_FROM_BYTES
RATIO_FROM_BYTES = 16 << 20
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_DESCRIPTOR_BYTES = 24
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DESCRIPTOR_FLAG = 0x8
_KEEP_BYTES = 8 << 20


class Archive:
    """The entries of one checked zip file, read by name."""

    def __init__(self, container: zipfile.ZipFile) -> None:
        self._container = container
        self._entries = {info.filename: info for info in container.infolist() if not info.is_dir()}
        self._kept: dict[str, bytes] = {}

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def size_bytes(self, name: str) -> int:
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """The unpacked bytes of `name`.

        Raises AuthorFixable `source.part-missing`, or `source.zip-damaged` when size or checksum differ.
        """
        if name in self._kept:
            return self._kept[name]
        info = self._entries.get(name)
        if info is None:
            raise AuthorFixable("source.part-missing", part=name[:120])
        try:
            return self._unpack(info)
        except (zlib.error, EOFError, OSError, struct.error) as error:
            raise AuthorFixable("source.zip-damaged", part=name[:120]) from error

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        """Never inflates past the declared size, whatever the stream would yield."""
        stream = self._container.fp
        if stream is None:
            raise EOFError
        stream.seek(info.header_offset)
        fields = _LOCAL.unpack(stream.read(_LOCAL.size))
        stream.seek(fields[9] + fields[10], 1)
        packed = stream.read(info.compress_size)
        if info.compress_type == zipfile.ZIP_DEFLATED:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            data = inflater.decompress(packed, info.file_size + 1)
        else:
            data = packed
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise EOFError
        return data

    def head(self, name: str, size_bytes: int) -> bytes:
        """The first bytes of an entry, of which no more is unpacked. Raises as `read`."""
        if name in self._kept:
            return self._kept[name][:size_bytes]
        info, stream = self._entries.get(name), self._container.fp
        if info is None or stream is None:
            raise AuthorFixable("source.part-missing", part=name[:120])
        try:
            with self._container.open(info) as entry:
                return entry.read(size_bytes)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, NotImplementedError) as error:
            raise AuthorFixable("source.zip-damaged", part=name[:120]) from error

    def verify(self) -> None:
        """Unpack every entry once, so that damage anywhere refuses the whole; small entries are kept for `read`."""
        for name, info in self._entries.items():
            data = self.read(name)
            if info.file_size <= _KEEP_BYTES:
                self._kept[name] = data

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._kept.clear()
        self._container.close()


def open_archive(source: Path, *, verify: bool = True) -> Archive:
    """The checked archive at `source`; close it after use. Without `verify` no entry is unpacked yet.

    Raises AuthorFixable with a `source.zip-…` code, `source.encrypted` or `source.too-large`.
    """
    try:
        container = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise AuthorFixable("source.zip-damaged", part="") from error
    try:
        _check(container, source)
        archive = Archive(container)
        if verify:
            archive.verify()
    except BaseException:
        container.close()
        raise
    return archive


def _check(container: zipfile.ZipFile, source: Path) -> None:
    entries = container.infolist()
    if len(entries) > MAX_ENTRIES:
        raise AuthorFixable("source.zip-many-entries", entries=len(entries), limit=MAX_ENTRIES)
    _check_sizes(entries)
    _check_names(entries)
    for info in entries:
        _check_entry(info)
    _check_layout(container, sorted(entries, key=lambda info: info.header_offset), source.stat().st_size)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total_bytes = sum(info.file_size for info in entries)
    if total_bytes > MAX_TOTAL_BYTES:
        raise AuthorFixable("source.zip-bomb", size_mb=total_bytes >> 20, limit_mb=MAX_TOTAL_BYTES >> 20)
    for info in entries:
        bomb = info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        if bomb or info.file_size > MAX_ENTRY_BYTES:
            raise AuthorFixable("source.zip-bomb", size_mb=info.file_size >> 20, limit_mb=MAX_ENTRY_BYTES >> 20)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in entries:
        name = info.orig_filename
        if name in seen:
            raise AuthorFixable("source.zip-duplicate", part=name[:120])
        seen.add(name)
        if name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/") or name[1:2] == ":":
            raise AuthorFixable("source.zip-traversal", part=name[:120])


def _check_entry(info: zipfile.ZipInfo) -> None:
    part = info.filename[:120]
    if info.flag_bits & _ENCRYPTED:
        raise AuthorFixable("source.encrypted", part=part)
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise AuthorFixable("source.zip-link", part=part)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise AuthorFixable("source.zip-method", part=part)


def _check_layout(container: zipfile.ZipFile, entries: list[zipfile.ZipInfo], size_bytes: int) -> None:
    """Every byte belongs to an entry, to the central directory or to its end record."""
    stream = container.fp
    if stream is None or not entries:
        raise AuthorFixable("source.zip-damaged", part="")
    position = 0
    for info in entries:
        slack = info.header_offset - position
        if slack < 0 or slack > (_DESCRIPTOR_BYTES if position else 0):
            raise AuthorFixable("source.zip-overlap", part=info.filename[:120])
        stream.seek(info.header_offset)
        header = stream.read(_LOCAL.size)
        if len(header) < _LOCAL.size:
            raise AuthorFixable("source.zip-damaged", part=info.filename[:120])
        fields = _LOCAL.unpack(header)
        _compare_headers(info, fields, stream.read(fields[9]))
        position = info.header_offset + _LOCAL.size + fields[9] + fields[10] + info.compress_size
    slack = container.start_dir - position
    end = size_bytes - container.start_dir
    if slack < 0 or slack > _DESCRIPTOR_BYTES or end > _directory_bytes(entries, len(container.comment)):
        raise AuthorFixable("source.zip-overlap", part="")


def _directory_bytes(entries: list[zipfile.ZipInfo], comment_bytes: int) -> int:
    """The most the central directory and its end records may take."""
    names = sum(len(info.orig_filename.encode("utf-8", "replace")) for info in entries)
    extras = sum(len(info.extra) + len(info.comment) for info in entries)
    return 46 * len(entries) + names + extras + comment_bytes + 22 + 20 + 56


def _compare_headers(info: zipfile.ZipInfo, fields: tuple[bytes | int, ...], raw_name: bytes) -> None:
    signature, _, _, method, _, _, checksum, packed, unpacked, _, _ = fields
    flags = int(fields[2])
    codec = "utf-8" if flags & 0x800 else "cp437"
    try:
        name = raw_name.decode(codec)
    except UnicodeDecodeError:
        name = ""
    same = signature == b"PK\x03\x04" and method == info.compress_type and name == info.orig_filename
    if flags & _ENCRYPTED:
        raise AuthorFixable("source.encrypted", part=info.filename[:120])
    declared = (info.CRC, info.compress_size, info.file_size)
    local = (checksum, packed, unpacked)
    sized = local == declared or (bool(flags & _DESCRIPTOR_FLAG) and local in ((0, 0, 0), (0, 0xFFFFFFFF, 0xFFFFFFFF)))
    zip64 = packed == 0xFFFFFFFF and unpacked == 0xFFFFFFFF and checksum == info.CRC
    if not same or not (sized or zip64):
        raise AuthorFixable("source.zip-header-mismatch", part=info.filename[:120])
