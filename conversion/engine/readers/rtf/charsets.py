"""Bytes of an RTF as characters: code pages, character sets of fonts, and characters that have names."""

from __future__ import annotations

import codecs
from locale import windows_locale

from ...book import clean
from .tokens import Binary, Group, Word

DEFAULT = "cp1252"
_PAGES = {
    708: "iso8859-6",
    709: "iso8859-6",
    819: "iso8859-1",
    10000: "mac_roman",
    10001: "shift_jis",
    10006: "mac_greek",
    10007: "mac_cyrillic",
    10029: "mac_latin2",
    10081: "mac_turkish",
    20127: DEFAULT,
    20866: "koi8_r",
    21866: "koi8_u",
    28591: DEFAULT,
    54936: "gb18030",
    65000: "utf_7",
    65001: "utf_8",
}
_CHARSETS = {
    0: 1252,
    77: 10000,
    78: 10001,
    128: 932,
    129: 949,
    130: 1361,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    163: 1258,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    222: 874,
    238: 1250,
    254: 437,
    255: 850,
}
SYMBOLS = 2
_SEVERAL_BYTES = frozenset({"cp932", "cp936", "gbk", "cp949", "cp950", "johab", "shift_jis", "gb18030", "utf-8"})
NAMED: dict[bytes, str] = {
    b"tab": "\t",
    b"emdash": "\u2014",
    b"endash": "\u2013",
    b"emspace": "\u2003",
    b"enspace": "\u2002",
    b"qmspace": "\u2005",
    b"bullet": "\u2022",
    b"lquote": "\u2018",
    b"rquote": "\u2019",
    b"ldblquote": "\u201c",
    b"rdblquote": "\u201d",
    b"zwj": "\u200d",
    b"zwnj": "\u200c",
    b"zwbo": "\u200b",
    b"ltrmark": "\u200e",
    b"rtlmark": "\u200f",
}
SIGNS: dict[bytes, str] = {
    b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"-": "\u00ad", b"_": "\u2011", b"\t": "\t",
}  # fmt: skip


def codec_of_page(page: int | None) -> str:
    """The codec of a Windows code page, or "" for an unknown one."""
    name = _PAGES.get(page or 0, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def codec_of_charset(charset: int) -> str:
    """The codec of a font's character set, or "" for one that follows the document."""
    return codec_of_page(_CHARSETS[charset]) if charset in _CHARSETS else ""


def has_several_bytes(codec: str) -> bool:
    """Whether a character may be written as more than one byte."""
    return codec in _SEVERAL_BYTES


def decoded(data: bytes, codec: str, *, raw: bool) -> str:
    """The characters of some bytes. Some programs put UTF-8 into an RTF as it is (`raw`), against the rules."""
    if data.isascii():
        return data.decode("ascii")
    if raw:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return data.decode(codec, "replace")


def character(number: int | None) -> str:
    """The character of `\\u`, which counts in 16 bits with a sign; one half of a pair stays a surrogate."""
    code = (number or 0) if (number or 0) >= 0 else (number or 0) + 0x10000
    return chr(code) if 0 < code < 0x110000 else ""


def joined(text: str) -> str:
    """The text with pairs of surrogates as one character; halves alone are lost."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def language(number: int | None) -> str:
    """The language tag of a Windows language number, or ""."""
    return clean.language(windows_locale.get(number or 0, ""))


def text_of(group: Group, codec: str) -> str:
    """The plain text of a tree: names of fonts and styles, properties, codes of fields (their results, if nested)."""
    out: list[str] = []
    _gather(group, codec, out, 1)
    return joined("".join(out))


def _gather(group: Group, codec: str, out: list[str], fallback: int) -> None:
    pending = b""
    skip = 0
    for item in [*group.items, Word(b"")]:
        if isinstance(item, bytes | int):
            chunk = item if isinstance(item, bytes) else bytes((item,))
            pending += chunk[skip:]
            skip = max(0, skip - len(chunk))
            continue
        if pending:
            out.append(decoded(pending, codec, raw=True))
            pending = b""
        if isinstance(item, Group):
            if not _is_code_of_another(item):
                _gather(item, codec, out, fallback)
            skip = 0
        elif isinstance(item, Binary):
            skip = max(0, skip - 1)
        elif item.name == b"uc":
            fallback = max(0, min(item.number or 0, 100))
        elif item.name == b"u":
            out.append(character(item.number))
            skip = fallback
        elif skip:
            skip -= 1
        else:
            out.append(NAMED.get(item.name) or SIGNS.get(item.name, ""))


def _is_code_of_another(group: Group) -> bool:
    return any(inner == Word(b"*") for inner in group.items[:1]) or group.name == b"fldinst"
