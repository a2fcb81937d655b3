"""A copy of a zip file in which some entries are new: the others are copied as they are, without unpacking them.

The standard library can only pack entries anew. Copying them costs no time and keeps their bytes, whatever version of
the compressor made them. Entries of 4 GiB and more are not supported.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO

_CHUNK_BYTES = 1 << 16
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_UTF8_NAME = 0x800
_DEFLATE_LEVEL = 5


class RepackedZip:
    """Writes the copy to `out`, which need not be seekable. Call `close` when every entry is written."""

    def __init__(self, source: IO[bytes], out: IO[bytes]) -> None:
        self._source, self._out, self._at = source, out, 0
        self._central: list[bytes] = []

    def keep(self, entry: zipfile.ZipInfo) -> None:
        """Copy an entry as it is packed."""
        self._source.seek(entry.header_offset)
        header = _LOCAL.unpack(self._source.read(_LOCAL.size))
        self._source.seek(entry.header_offset + _LOCAL.size + header[-2] + header[-1])
        self._begin(entry, entry.CRC, entry.compress_size, entry.file_size)
        rest = entry.compress_size
        while rest:
            chunk = self._source.read(min(_CHUNK_BYTES, rest))
            if not chunk:
                raise zipfile.BadZipFile(f"{entry.filename} ends early")
            self._write(chunk)
            rest -= len(chunk)

    def replace(self, entry: zipfile.ZipInfo, data: bytes) -> None:
        """Write other content in the place of an entry, packed in the same way."""
        packed = data
        if entry.compress_type != zipfile.ZIP_STORED:
            compressor = zlib.compressobj(_DEFLATE_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
            packed = compressor.compress(data) + compressor.flush()
        self._begin(entry, zlib.crc32(data), len(packed), len(data))
        self._write(packed)

    def close(self) -> None:
        """Write the directory."""
        begin = self._at
        for line in self._central:
            self._write(line)
        count, size = len(self._central), self._at - begin
        self._write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, begin, 0))

    def _begin(self, entry: zipfile.ZipInfo, crc: int, packed: int, size: int) -> None:
        name = entry.filename.encode("utf-8")
        flags = 0 if name.isascii() else _UTF8_NAME
        year, month, day, hour, minute, second = entry.date_time
        time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
        facts = (flags, entry.compress_type, time, date, crc, packed, size, len(name), 0)
        made_by = entry.create_system << 8 | _VERSION
        central = (b"PK\x01\x02", made_by, _VERSION, *facts, 0, 0, 0, entry.external_attr, self._at)
        self._central.append(_CENTRAL.pack(*central) + name)
        self._write(_LOCAL.pack(b"PK\x03\x04", _VERSION, *facts) + name)

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._at += len(data)
