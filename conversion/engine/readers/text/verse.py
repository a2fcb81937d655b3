"""Which groups of lines in a text file are stanzas: by how the lines lie, and by what stands beside them."""

from __future__ import annotations

from ..assembly.stanzas import are_lines_of_verse, is_single_line
from .notes import Group

_MAX_LINE_CHARS = 66
_MAX_COUPLET_LINE_CHARS = 60
_ROOM_CHARS = 8  # that a wrapped line would have filled


def stanzas(groups: list[Group], margin: int) -> set[int]:
    """The indices of the groups that are stanzas. Couplets are so beside others; single lines between two, where most
    of the text is verse."""
    bare = [[line.strip() for line in lines] for _, lines in groups]
    width = _width(groups) - margin
    found = {index for index, lines in enumerate(bare) if _is_stanza(lines)}
    couplets = {index for index, lines in enumerate(bare) if _may_be_couplet(lines, width)}
    beside = found | couplets
    found |= {index for index in couplets if index - 1 in beside or index + 1 in beside}
    if len(found) * 2 >= len(groups):
        found |= {
            index
            for index, lines in enumerate(bare)
            if len(lines) == 1 and index - 1 in found and index + 1 in found and is_single_line(lines[0])
        }
    return found


def _width(groups: list[Group]) -> int:
    """How wide the lines of prose are wrapped."""
    lengths = sorted(len(line) for _, lines in groups for line in lines[:-1])
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _is_stanza(lines: list[str]) -> bool:
    """Short lines that end before a wrapped line would: verse, unless they are one wrapped paragraph."""
    if len(lines) < 3:
        return False
    lengths = [len(line) for line in lines]
    if max(lengths) > _MAX_LINE_CHARS:
        return False
    uneven = max(lengths[:-1]) - min(lengths[:-1])
    return _begin_as_lines(lines) and (uneven >= 6 or sum(lengths) / len(lengths) < 48)


def _may_be_couplet(lines: list[str], width: int) -> bool:
    """Two lines, the first of which ends although the next word would have fitted."""
    if len(lines) != 2 or max(map(len, lines)) > _MAX_COUPLET_LINE_CHARS:
        return False
    has_room = len(lines[0]) + len(lines[1].split(" ", 1)[0]) + _ROOM_CHARS <= max(width, _MAX_COUPLET_LINE_CHARS)
    return has_room and _begin_as_lines(lines) and are_lines_of_verse(lines)


def _begin_as_lines(lines: list[str]) -> bool:
    capitals = sum(line[:1].isupper() or not line[:1].isalpha() for line in lines)
    return capitals * 10 >= 8 * len(lines)
