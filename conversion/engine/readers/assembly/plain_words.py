"""What remains of a part of a source that a reader fails at: its words, as plain paragraphs, with a finding."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator

from ...book import clean
from ...book.model import Paragraph, Text
from ...errors import ConversionError
from ...findings.model import Severity, SourcePlace
from ...gate.xml import Element
from .draft import Draft
from .sink import Sink

_CODE = "source.part-plain"


def keep_words(
    error: Exception, texts: Iterable[str], draft: Draft, sink: Sink, *, before: int, place: SourcePlace
) -> None:
    """Take what is in the sink beyond its first `before` blocks away, and put the words of the part there. Raises the
    error again where it protects us from the source."""
    if isinstance(error, ConversionError | MemoryError | RecursionError):
        raise error
    traceback.print_exception(error)
    del sink.blocks[before:]
    words = [text for each in texts if (text := " ".join(clean.text(each).split()))]
    for text in words:
        sink.add(Paragraph([Text(text)], place=place))
    draft.count(_CODE, Severity.PROBLEM, words[0] if words else "", place)


def texts_of(element: Element, paragraphs: frozenset[str], silent: frozenset[str]) -> Iterator[str]:
    """Yield the words inside an element, divided at `paragraphs`, without elements that are `silent`. Names are
    local."""
    words: list[str] = []
    stack: list[Element | str | None] = [element]  # None where a paragraph ends
    while stack:
        node = stack.pop()
        if node is None:
            yield "".join(words)
            words = []
            continue
        if isinstance(node, str):
            words.append(node)
            continue
        name = str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""
        if not name or name in silent:
            continue
        if name in paragraphs:
            yield "".join(words)
            words = []
            stack.append(None)
        for child in reversed(node):
            stack += [str(child.tail or ""), child]
        words.append(str(node.text or "") or (" " if len(node) == 0 else ""))
    yield "".join(words)
