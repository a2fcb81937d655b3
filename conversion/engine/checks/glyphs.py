"""Find characters that no available font can show: ask fontconfig, which provides the fonts for our pages, then our own
fonts.

Only characters outside the range that our fonts are known to cover are looked up, so that most books load nothing here.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterable

from ..typography import fonts
from ..typography.designs import DESIGNS

# Latin, Greek, Cyrillic and the punctuation of prose: covered by the fonts that come with the product.
_KNOWN = re.compile(
    "[\u0000-\u024f\u0370-\u03ff\u0400-\u045f\u0490-\u0491\u1e80-\u1ef9\u2010-\u2026\u2032\u2033\u2039\u203a\u2044\u20ac\u2122\u2212]"
)
_SILENT = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs", "Mn"})
_LAST_SIGN = "\u2800"  # none of our fonts has a character beyond
_SYSTEM = 0  # FcSetSystem
_LIBRARIES = ("libfontconfig.so.1", "libfontconfig.1.dylib")

type Has = Callable[[str], bool]


def missing(characters: Iterable[str]) -> list[str]:
    """Return those of the characters, in Unicode order, that neither the system's fonts nor ours can show. Empty where
    the system cannot be asked."""
    wanted = sorted(c for c in characters if not _KNOWN.match(c) and _shows(c))
    if not wanted:
        return []
    held = _of_system()
    if held is None:
        return []
    for has in held:
        wanted = [c for c in wanted if not has(c)]
        if not wanted:
            return []
    own = _of_own_face() if wanted[0] < _LAST_SIGN else set()
    return [c for c in wanted if ord(c) not in own]


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in _SILENT and character not in ("\ufffd", "\ufffc")


def _of_system() -> list[Has] | None:
    """Return for each system font a test whether it has a character; None without fontconfig."""
    library = _library()
    if library is None:
        return None
    library.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    library.FcConfigGetFonts.argtypes = [ctypes.c_void_p, ctypes.c_int]
    library.FcPatternGetCharSet.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    library.FcCharSetHasChar.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    found = library.FcConfigGetFonts(library.FcInitLoadConfigAndFonts(), _SYSTEM)
    return [_has(library, charset) for charset in _charsets(library, found.contents)] if found else []


class _FontSet(ctypes.Structure):
    _fields_ = (("count", ctypes.c_int), ("space", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p)))


def _charsets(library: ctypes.CDLL, found: _FontSet) -> list[ctypes.c_void_p]:
    charsets = []
    for index in range(found.count):
        charset = ctypes.c_void_p()
        if library.FcPatternGetCharSet(found.fonts[index], b"charset", 0, ctypes.byref(charset)) == 0:
            charsets.append(charset)
    return charsets


def _has(library: ctypes.CDLL, charset: ctypes.c_void_p) -> Has:
    return lambda character: bool(library.FcCharSetHasChar(charset, ord(character)))


def _library() -> ctypes.CDLL | None:
    for name in _LIBRARIES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def _of_own_face() -> set[int]:
    """Return the code points of the font that running text uses by default."""
    points: set[int] = set()
    for face in fonts.files_of(DESIGNS["classic"].text, 400, "normal"):
        content = fonts.load(face)
        if content is not None:
            points |= fonts.characters(content)
    return points
