"""Poems typed a paragraph to a line, with an empty paragraph between stanzas, are verse."""

from __future__ import annotations

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import Verse
from conversion.engine.book.words import blocks_text
from tests.conversion.readers.build import docx, nodes, p, read

_PROSE = "The keeper counted the ships that did not come, and wrote the number into the book that nobody would read."
_POEM = (
    ("Two roads met below the hill,", "And one of them was grey and still,", "The other ran down to the sea"),
    ("I took the one beside the wall", "And heard the sea birds rise and call,", "And no one came to follow me."),
)


def _docx(folder, groups, before=(_PROSE,), after=(_PROSE,)):
    body = "<w:p/>".join("".join(p(line) for line in group) for group in (before, *groups, after) if group)
    return docx(folder / "a.docx", body)


def _rtf(folder, groups, before=(_PROSE,), after=(_PROSE,)):
    paragraphs = "\\pard\\par\n".join("".join(f"\\pard {line}\\par\n" for line in g) for g in (before, *groups, after))
    path = folder / "a.rtf"
    path.write_text(f"{{\\rtf1\\ansi {paragraphs}}}")
    return path


def _html(folder, groups, before=(_PROSE,), after=(_PROSE,)):
    path = folder / "a.html"
    parts = "<p>&nbsp;</p>".join("".join(f"<p>{line}</p>" for line in group) for group in (before, *groups, after))
    path.write_text(f"<html><body>{parts}</body></html>")
    return path


def _stanzas(path):
    book = read(path).book
    return [[tuple(plain_text(line.inlines) for line in s) for s in verse.stanzas] for verse in nodes(book, Verse)]


@pytest.mark.parametrize("write", [_docx, _rtf, _html])
def test_are_verse_between_prose(tmp_path, write):
    path = write(tmp_path, _POEM)
    assert _stanzas(path) == [list(_POEM)]
    words = " ".join(blocks_text(chapter.blocks) for chapter in read(path).book.chapters).split()
    assert words == " ".join((_PROSE, *_POEM[0], *_POEM[1], _PROSE)).split()


def test_are_verse_alone(tmp_path):
    assert _stanzas(_docx(tmp_path, _POEM, (), ())) == [list(_POEM)]


_DIALOGUE = (
    ("“Where is he now?” she said.", "“Not here.”", "“Where then?”"),
    ("“I do not know.”", "“Nor do I, alas.”", "“So?”"),
)
_CAST = (("Mary Weaver", "Ann Lee", "Jo", "The Keeper"), ("A Bird", "A Ship", "The Sea"))
_ADDRESS = (("Ann Lee", "12 High Street of the Town", "London", "SW1A 1AA"), ("Jo Weaver", "14 High Street", "Leeds"))
_WRAPPED = (
    (
        "It was a dark and stormy night and the rain fell in to",
        "torrents, except at occasional intervals, when it was",
        "checked by a violent gust of wind which swept up it.",
    ),
    (
        "Through one of the obscurest quarters of London, and",
        "among haunts little loved by the gentlemen of police,",
        "a man evidently of the lowest orders was wending on.",
    ),
)
_SENTENCES = (
    ("He came in late.", "She was there.", "It rained again."),
    ("Nobody spoke now.", "The sea rose up.", "It ended."),
)
_LEGAL = (("Copyright © 2026 by Ann Lee,", "All rights reserved in this,", "Printed in the old town,"), _POEM[1])


@pytest.mark.parametrize("groups", [_DIALOGUE, _CAST, _ADDRESS, _WRAPPED, _SENTENCES, _LEGAL, _POEM[:1]])
def test_others_are_not(tmp_path, groups):
    assert _stanzas(_docx(tmp_path, groups)) == []


def test_lines_without_gaps_are_paragraphs(tmp_path):
    assert _stanzas(_docx(tmp_path, ((*_POEM[0], *_POEM[1]),))) == []


def test_lines_that_prose_continues_are_paragraphs(tmp_path):
    assert _stanzas(_docx(tmp_path, (_POEM[0], (*_POEM[1], _PROSE)))) == []
