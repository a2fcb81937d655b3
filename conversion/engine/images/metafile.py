"""Windows metafiles (EMF, WMF): extract the pictures inside them.

Word processors wrap screenshots, scans and pasted photographs in metafiles: a single bitmap, or a PNG or JPEG in a
comment. These are extracted completely. Metafiles that draw with lines are left to the finding that names them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAX_RECORDS = 200_000
_EMF_MARK = b" EMF"
_PLACEABLE = b"\xd7\xcd\xc6\x9a"
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
# Records with a bitmap -> position of the header's offset; header and pixels are separate.
_EMF_BITMAPS = {76: 84, 77: 84, 114: 84, 80: 48, 81: 48}
_EMF_COMMENT = 70
# Records with a bitmap -> where it begins; the pixels follow the header.
_WMF_BITMAPS = {0x0F43: 28, 0x0B41: 26, 0x0940: 22, 0x0D33: 24}
_BI_BITFIELDS, _BI_JPEG, _BI_PNG = 3, 4, 5


def is_metafile(data: bytes) -> bool:
    """Return True for the first bytes of an EMF or a WMF."""
    is_wmf = data[:4] == _PLACEABLE or data[:4] in (b"\x01\x00\x09\x00", b"\x02\x00\x09\x00")
    return data[40:44] == _EMF_MARK or is_wmf


def picture_in(data: bytes) -> bytes:
    """Return the largest picture inside as a file of its own (PNG, JPEG or BMP); b"" when there is none."""
    pictures = list(_of_emf(data) if data[40:44] == _EMF_MARK else _of_wmf(data))
    return max(pictures, key=len, default=b"")


def bitmap_file(data: bytes) -> bytes:
    """Return a device-independent bitmap, as documents hold it, as a file of its own; b"" when it is none."""
    header_bytes = _header_bytes(data)
    return _bitmap(data[:header_bytes], data[header_bytes:])


def _of_emf(data: bytes) -> Iterator[bytes]:
    comments = b""
    for kind, record in _emf_records(data):
        if kind in _EMF_BITMAPS and len(record) >= _EMF_BITMAPS[kind] + 16:
            header, header_bytes, pixels, pixel_bytes = struct.unpack_from("<IIII", record, _EMF_BITMAPS[kind])
            made = _bitmap(record[header : header + header_bytes], record[pixels : pixels + pixel_bytes])
            if made:
                yield made
        elif kind == _EMF_COMMENT and record[12:16] == b"EMF+":
            comments += record[16:]
    yield from _in_comments(comments)


def _emf_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(MAX_RECORDS):
        if at + 8 > len(data):
            return
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or at + size > len(data):
            return
        yield kind, data[at : at + size]
        at += size


def _in_comments(data: bytes) -> Iterator[bytes]:
    for start_mark, end_mark in ((_PNG, _PNG_END), (_JPEG, _JPEG_END)):
        start = data.find(start_mark)
        end = data.rfind(end_mark) if start >= 0 else -1
        if end > start:
            yield data[start : end + len(end_mark)]


def _of_wmf(data: bytes) -> Iterator[bytes]:
    at = 40 if data[:4] == _PLACEABLE else 18
    for _ in range(MAX_RECORDS):
        if at + 6 > len(data):
            return
        words, kind = struct.unpack_from("<IH", data, at)
        if words < 3 or at + 2 * words > len(data):
            return
        if kind in _WMF_BITMAPS:
            bitmap = data[at + _WMF_BITMAPS[kind] : at + 2 * words]
            header_bytes = _header_bytes(bitmap)
            if made := _bitmap(bitmap[:header_bytes], bitmap[header_bytes:]):
                yield made
        at += 2 * words


def _header_bytes(bitmap: bytes) -> int:
    """Return the length of a bitmap's header with its colour table."""
    if len(bitmap) < 40:
        return 0
    size, _, _, _, bits, compression = struct.unpack_from("<IiiHHI", bitmap)
    colours = struct.unpack_from("<I", bitmap, 32)[0] or (1 << bits if bits <= 8 else 0)
    return int(size + 4 * min(colours, 256) + (12 if compression == _BI_BITFIELDS and size == 40 else 0))


def _bitmap(header: bytes, pixels: bytes) -> bytes:
    """Return a device-independent bitmap as a file; b"" when it is none."""
    if len(header) < 40 or not pixels:
        return b""
    compression = struct.unpack_from("<I", header, 16)[0]
    if compression in (_BI_JPEG, _BI_PNG):
        return pixels
    offset = 14 + len(header)
    return struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset) + header + pixels
