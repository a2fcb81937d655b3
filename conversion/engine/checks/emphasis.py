"""Check emphasis: underlined, typed with characters, over whole paragraphs, over part of a word, struck through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..book.inlines import is_blank, plain_text
from ..book.model import Chapter, Emphasis, Inline, Paragraph, Strike, Strong, Text, Underline
from ..book.walk import Node, plain
from ..findings.model import Finding
from .analysis import END, BookAnalysis
from .making import finding_at_elements, one_finding
from .rules import in_address

WHOLE_CHARACTERS = 400
MIN_WHOLE = 3
# _word_ and *word*, as emphasis is typed by hand and in Markdown.
TYPED = re.compile(
    rf"(?<![\w_*\\])(?:_(?=[^\s_])([^_*\n{END}]{{1,200}})(?<=[^\s_(\[])_|\*(?=[^\s*])([^*_\n{END}]{{1,120}})(?<=[^\s*(\[])\*)(?![\w_*])"
)

type Places = list[tuple[Chapter, Node, str]]


def marks(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report underlining, struck-through text, and whole paragraphs in italics or bold."""
    underlined: Places = []
    struck: Places = []
    whole: Places = []
    inside: Places = []
    paragraph: Node = None
    for chapter, node in (*analysis.nodes, *analysis.note_nodes):
        kind = type(node)
        if kind is Paragraph:
            paragraph = node
            if len(node.inlines) > 2:
                inside += _inside_words(chapter, node)
            elif _is_whole(node):
                whole.append((chapter, node, plain([node])))
        elif kind is Underline and not is_blank(node.children):
            underlined.append((chapter, paragraph, plain_text(node.children)))
        elif kind is Strike and not is_blank(node.children):
            struck.append((chapter, paragraph, plain_text(node.children)))
    yield from finding_at_elements("emphasis.underline", underlined)
    yield from finding_at_elements("emphasis.struck", struck)
    yield from finding_at_elements("emphasis.whole-paragraphs", whole, least=MIN_WHOLE)
    yield from finding_at_elements("emphasis.inside-word", inside)


def _is_whole(paragraph: Paragraph) -> bool:
    shown = [node for node in paragraph.inlines if not is_blank([node])]
    return len(shown) == 1 and isinstance(shown[0], Emphasis | Strong) and len(plain_text(shown)) >= WHOLE_CHARACTERS


def _inside_words(chapter: Chapter, paragraph: Paragraph) -> Places:
    """Return places where one or two letters of a word are in italics or bold: a slip of the mouse, not emphasis."""
    nodes = paragraph.inlines
    found: Places = []
    for at in range(1, len(nodes) - 1):
        if isinstance(nodes[at], Emphasis | Strong) and _is_slip(nodes[at - 1], nodes[at], nodes[at + 1]):
            found.append((chapter, paragraph, plain_text(nodes[at - 1 : at + 2])[-100:]))
    return found


def _is_slip(left: Inline, node: Inline, right: Inline) -> bool:
    if not isinstance(left, Text) or not isinstance(right, Text):
        return False
    text = plain_text([node])
    return (
        len(text) <= 2
        and text.isalpha()
        and text < "\u3000"
        and left.text[-2:].isalpha()
        and len(left.text) > 1
        and right.text[:1].isalpha()
    )


def typed(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report emphasis typed as _word_ or *word*, which readers would see literally."""
    if analysis.characters & {"_", "*"}:
        text = analysis.whole_text
        spots = [analysis.spot(m.start()) for m in _typed(text) if is_emphasis(m) and not in_address(text, m.start())]
        yield from one_finding("emphasis.typed", spots)


def _typed(text: str) -> Iterator[re.Match[str]]:
    """Yield all matches of the pattern, like `finditer`, but only search where a match can begin."""
    end = 0
    for at in sorted(at for sign in "_*" for at in _places(text, sign)):
        if at >= end and (match := TYPED.match(text, at)) is not None:
            end = match.end()
            yield match


def _places(text: str, sign: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def is_emphasis(match: re.Match[str]) -> bool:
    """Return whether the match holds words, not a single sign or the name of a program's variable."""
    inner = match[1] or match[2]
    return any(map(str.isalpha, inner)) and not (len(inner) == 1 and not inner.isalpha())


CHECKS = (marks, typed)
