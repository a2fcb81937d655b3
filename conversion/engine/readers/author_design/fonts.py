"""The author's own faces: taken apart, written again with the tables that setting needs, refused where their licence
does not allow them to be embedded."""

from __future__ import annotations

import io
from enum import StrEnum

from fontTools.ttLib import TTFont

from ..assembly.source_fonts import MAX_FACE_BYTES, rewritten

MAX_FACES = 16
MAX_FACES_BYTES = 12 << 20  # all together
_RESTRICTED, _BITMAPS_ONLY, _LEVELS = 0x0002, 0x0200, 0x000F


class Refusal(StrEnum):
    """Why a face is not kept; each is a code of a finding."""

    BROKEN = "design.face-broken"
    LICENCE = "design.face-licence"
    OBFUSCATED = "design.face-obfuscated"
    TOO_MUCH = "design.faces-too-many"


def embeddable(data: bytes, *, is_obfuscated: bool) -> bytes | Refusal:
    """The face as TrueType or OpenType, or why it cannot be kept."""
    if is_obfuscated:
        return Refusal.OBFUSCATED
    made = rewritten(data) if 0 < len(data) <= MAX_FACE_BYTES else None
    if made is None:
        return Refusal.BROKEN
    font = TTFont(io.BytesIO(made), lazy=True)
    if "OS/2" not in font:
        return Refusal.BROKEN
    rights: int = getattr(font["OS/2"], "fsType", 0)
    return Refusal.LICENCE if rights & _LEVELS == _RESTRICTED or rights & _BITMAPS_ONLY else made
