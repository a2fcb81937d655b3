"""Check links: to example addresses, with meaningless text, or typed but never made into links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ..book import clean
from ..book.inlines import WRAPPERS
from ..book.model import Chapter, Heading, Inline, InlineImage, Link, Math, NoteRef, Paragraph, Text
from ..book.walk import Node, plain, walk
from ..findings.model import Finding
from .analysis import BookAnalysis
from .making import finding_at_elements
from .wording_lists import VAGUE_LINKS

LONG_ADDRESS = 40
TYPED = re.compile(r"\bhttps?://[!#-;=?-Z_a-z~%&\[\]]+[#/0-9A-Za-z_~=&%+-]")
_EXAMPLES = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net)|localhost|yoursite\.\w+|yourwebsite\.\w+|yourname\.\w+|website\.com|domain\.com)$|^127\.|^192\.168\."
)

type Places = list[tuple[Chapter, Node, str]]


def targets(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report where links out of the book lead and what they say. Dead links inside it are reported by the readers."""
    nodes = (*analysis.nodes, *analysis.note_nodes)
    links = [(chapter, node) for chapter, node in nodes if type(node) is Link]
    found: dict[str, list[tuple[Chapter, Link, str]]] = {}
    for chapter, link in links:
        if link.href.startswith("#"):
            continue
        text = plain([link])
        for code in _faults(link, text):
            found.setdefault(code, []).append((chapter, link, text))
    for code, where in found.items():
        address = where[0][1].href.removeprefix("mailto:")
        yield from finding_at_elements(code, where, address=address[:80])


def _faults(link: Link, text: str) -> Iterator[str]:
    """Yield the finding codes of a link that leads out of the book."""
    if is_empty(link):
        yield "link.empty"
    if link.href.lower().startswith("mailto:"):
        domain = link.href.partition("?")[0].rpartition("@")[2]
        if "." not in domain.strip("."):
            yield "link.mail-wrong"
        return
    try:
        host = urlsplit(link.href).hostname or ""
    except ValueError:
        host = ""
    if not host or _EXAMPLES.search(host):
        yield "link.placeholder"
    elif link.href.startswith("http:"):
        yield "link.insecure"
    if clean.fold(text) in VAGUE_LINKS:
        yield "link.text-vague"
    elif len(text) > LONG_ADDRESS and "://" in text:
        yield "link.text-address"


def is_empty(link: Link) -> bool:
    """Return whether the link shows nothing."""
    return not plain([link]) and not any(type(node) in (InlineImage, Math, NoteRef) for node in walk(link.children))


def typed(analysis: BookAnalysis) -> Iterator[Finding]:
    """Report web addresses that are only text."""
    if "://" not in analysis.whole_text:
        return
    found: Places = []
    for passage in analysis.prose:
        if "://" in passage.typed and isinstance(passage.block, Paragraph | Heading):
            found += [
                (passage.chapter, passage.block, match.group())
                for text in texts_outside_links(passage.block.inlines)
                for match in TYPED.finditer(text.text)
            ]
    yield from finding_at_elements("link.typed", found, address=found[0][2][:80] if found else "")


def texts_outside_links(inlines: list[Inline]) -> Iterator[Text]:
    """Yield the pieces of text that are not inside a link."""
    for node in inlines:
        if type(node) is Text:
            yield node
        elif isinstance(node, WRAPPERS) and type(node) is not Link:
            yield from texts_outside_links(node.children)


CHECKS = (targets, typed)
