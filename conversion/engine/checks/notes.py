"""Check notes: without text, marked twice, out of order, typed by hand; and marks without a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ..book.inlines import plain_text
from ..book.model import Chapter, Link, NoteRef, Paragraph, Superscript, Text
from ..book.walk import Node, plain, walk
from ..findings.model import Finding
from .analysis import END, BookAnalysis
from .making import finding_at_elements, make_finding, one_finding

MIN_TYPED = 3
_BRACKETED = re.compile(rf"(?<=[\w.,;:!?”’\"»)])\[(\d{{1,3}})\](?![(\w{END}:])")
_UNRESOLVED = re.compile(r"\[\^([\w-]{1,30})\]")

type Places = list[tuple[Chapter, Node, str]]


def marks(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report marks that appear twice or out of order, and empty notes. The readers ensure that every mark has its
    note."""
    called: set[str] = set()
    doubled: Places = []
    turned: Places = []
    inside, last = "", 0
    paragraph: Node = None
    for chapter, node in analysis.nodes:
        if type(node) is Paragraph:
            paragraph = node
        if type(node) is not NoteRef:
            continue
        if node.note_id in called:
            doubled.append((chapter, paragraph, _words_of(paragraph)))
        called.add(node.note_id)
        number = int(node.label) if node.label.isascii() and node.label.isdigit() else 0
        if chapter.id == inside and 1 < number < last:
            turned.append((chapter, paragraph, _words_of(paragraph)))
        inside, last = chapter.id, number
    yield from finding_at_elements("note.doubled", doubled)
    yield from finding_at_elements("note.order", turned)
    for key, note in analysis.book.notes.items():
        if not plain(note.blocks) and not any(type(node) not in (Paragraph, Text) for node in walk(note.blocks)):
            chapter_of, around = _calling(analysis, key)
            yield make_finding("note.empty", chapter_of, around, quote=_words_of(around))


def _words_of(paragraph: Node) -> str:
    return plain([paragraph]) if paragraph is not None else ""


def _calling(analysis: BookAnalysis, key: str) -> tuple[Chapter | None, Node]:
    """Return the chapter and the paragraph of a note's first mark."""
    paragraph: Node = None
    for chapter, node in analysis.nodes:
        if type(node) is Paragraph:
            paragraph = node
        elif type(node) is NoteRef and node.note_id == key:
            return chapter, paragraph
    return None, None


def unresolved(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report Markdown note marks without a note: they stay in the text as they were typed."""
    if "[^" in analysis.token_text:
        for match in _UNRESOLVED.finditer(analysis.whole_text):
            spot = analysis.spot(match.start())
            passage = spot.passage
            quote = passage.text
            yield make_finding(
                "note.missing", passage.chapter, passage.block, quote=quote, start=spot.start, label=match[1]
            )


def typed(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report note numbers typed as superscript figures or in brackets: they link to nothing."""
    raised = [(place, int(number)) for place, number in _raised(analysis)]
    if _counts([number for _, number in raised]):
        yield from finding_at_elements("note.typed", [place for place, _ in raised])
    elif "[1]" in analysis.whole_text:
        found = list(_BRACKETED.finditer(analysis.whole_text))
        if _counts([int(match[1]) for match in found]):
            yield from one_finding("note.typed", [analysis.spot(match.start()) for match in found])


def _counts(numbers: list[int]) -> bool:
    """Return whether the numbers go up from 1, as notes do and powers and ordinals do not."""
    rising = sum(after == before + 1 for before, after in pairwise(numbers))
    return len(numbers) >= MIN_TYPED and numbers[0] == 1 and rising * 2 >= len(numbers)


def _raised(analysis: BookAnalysis) -> Iterator[tuple[tuple[Chapter, Node, str], str]]:
    """Yield superscript figures after a word or a punctuation mark, outside of links."""
    if not any(type(node) is Superscript for _, node in analysis.nodes):
        return
    for chapter, node in analysis.nodes:
        if type(node) is not Paragraph:
            continue
        for left, here in pairwise(node.inlines):
            if type(here) is Superscript and type(left) is Text and not any(type(one) is Link for one in here.children):
                figure = plain_text(here.children).strip()
                after_word = left.text[-1:] in '.,;:!?”’")»' or left.text[-3:].isalpha()
                if figure.isascii() and figure.isdigit() and len(figure) < 4 and after_word:
                    yield (chapter, node, plain([node])), figure


CHECKS = (marks, unresolved, typed)
