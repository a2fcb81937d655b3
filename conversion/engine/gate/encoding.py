"""From the bytes of a text file to text: byte-order marks first, then declarations, then UTF-8, then a guess."""

from __future__ import annotations

import codecs
import re

from ..errors import AuthorFixable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,100}encoding=[\"']([\w.:-]{2,40})|<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE_BYTES = 200_000
_GUESS_BYTES = 60_000
# More control characters than these are no accident of typing: a tenth of random bytes are.
_FEW_CONTROLS, _CONTROLS_ONE_IN = 2, 20
_SHORT_BYTES = 100


def decode(data: bytes, *, is_markup: bool = False) -> tuple[str, str]:
    """The text and the codec it was written in. `is_markup` trusts a declaration inside the markup.

    Raises AuthorFixable `source.binary` when the bytes are not text.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strict(data, codec) or (data.decode(codec, "replace"), codec)
    wide = _wide_without_mark(data)
    if wide:
        return data.decode(wide, "replace"), wide
    sample = data[:_SAMPLE_BYTES]
    if len(_CONTROLS.findall(sample)) > max(_FEW_CONTROLS, len(sample) // _CONTROLS_ONE_IN):
        raise AuthorFixable("source.binary")
    if is_markup:
        declared = _declared(data)
        if declared and (found := _strict(data, declared)):
            return found
    return _strict(data, "utf-8") or _guess(data)


def _strict(data: bytes, codec: str) -> tuple[str, str] | None:
    try:
        return data.decode(codec), codec
    except (UnicodeDecodeError, LookupError):
        return None


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data[:4096])
    if match is None:
        return ""
    label = (match.group(1) or match.group(2)).decode("ascii").lower()
    try:
        codec = codecs.lookup(label).name
    except LookupError:
        return ""
    # Browsers read "latin-1" as Windows-1252; codecs that are not encodings of text (zip, rot13 ...) are none.
    if codec in ("iso8859-1", "ascii"):
        return "cp1252"
    return codec if codec.startswith(("utf", "iso", "cp", "koi8", "mac", "gb", "big5", "euc", "shift", "ks")) else ""


def _wide_without_mark(data: bytes) -> str:
    """UTF-16 gives itself away by zeros in every other byte."""
    sample = data[:2000]
    if len(sample) < 8 or len(sample) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else ""


def _guess(data: bytes) -> tuple[str, str]:
    """UTF-8 with some damage; else Windows-1252 for mostly Latin letters; else the best guess."""
    sample = data[:_GUESS_BYTES]
    high = sum(byte >= 0x80 for byte in sample)
    if sample.decode("utf-8", "replace").count("\ufffd") * 20 < high:
        return data.decode("utf-8", "replace"), "utf-8"
    if len(sample) < _SHORT_BYTES or high <= len(sample) * 0.15:
        found = _strict(data, "cp1252")
        if found:
            return found
    import charset_normalizer  # slow to load, and most text is UTF-8

    best = charset_normalizer.from_bytes(sample, cp_exclusion=["utf_16", "utf_32", "utf_7"]).best()
    codec = best.encoding if best else "cp1252"
    return data.decode(codec, "replace"), codec
