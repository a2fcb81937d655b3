"""Fixes that change inline nodes: emphasis and links."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..book import clean
from ..book.inlines import WRAPPERS, plain_text
from ..book.model import Emphasis, Inline, Link, Text, Underline
from ..checks.analysis import BookAnalysis, Passage
from ..checks.emphasis import TYPED as TYPED_EMPHASIS
from ..checks.emphasis import is_emphasis
from ..checks.links import TYPED as TYPED_LINK
from ..checks.links import is_empty
from ..checks.rules import in_address
from ..contract import Change

type Found = list[tuple[str, str]]


def italicise(analysis: BookAnalysis) -> list[Change]:
    """Make underlined words italic; inside a link or inside italics make them plain."""
    return _everywhere(
        analysis, "emphasis.underline", lambda inlines, found: _without_underline(inlines, found, plain=False)
    )


def _without_underline(inlines: list[Inline], found: Found, *, plain: bool) -> list[Inline]:
    out: list[Inline] = []
    for node in inlines:
        if not isinstance(node, WRAPPERS):
            out.append(node)
            continue
        inside = plain or isinstance(node, Link | Emphasis | Underline)
        node.children = _without_underline(node.children, found, plain=inside)
        if not isinstance(node, Underline):
            out.append(node)
            continue
        text = plain_text(node.children)
        if text.strip():
            found.append((text, text if plain else f"_{text}_"))
        out += node.children if plain or not text.strip() else [Emphasis(node.children)]
    return out


def emphasise(analysis: BookAnalysis) -> list[Change]:
    """Make words between typed signs italic, and remove the signs."""
    if not analysis.characters & {"_", "*"}:
        return []
    return _everywhere(analysis, "emphasis.typed", _with_emphasis)


def _with_emphasis(inlines: list[Inline], found: Found) -> list[Inline]:
    def made(match: re.Match[str]) -> Inline | None:
        if not is_emphasis(match) or in_address(match.string, match.start()):
            return None
        inner = match[1] or match[2]
        found.append((match.group(), inner))
        return Emphasis([Text(inner)])

    return _split(inlines, TYPED_EMPHASIS, made, into_links=True)


def link(analysis: BookAnalysis) -> list[Change]:
    """Turn typed web addresses into links."""
    if "://" not in analysis.whole_text:
        return []
    return _everywhere(analysis, "link.typed", _with_links)


def _with_links(inlines: list[Inline], found: Found) -> list[Inline]:
    def made(match: re.Match[str]) -> Inline | None:
        address = clean.href(match.group())
        if not address:
            return None
        found.append((match.group(), f"[{match.group()}]"))
        return Link([Text(match.group())], address)

    return _split(inlines, TYPED_LINK, made, into_links=False)


def unlink(analysis: BookAnalysis) -> list[Change]:
    """Remove links that show nothing."""
    return _everywhere(analysis, "link.empty", _without_empty_links)


def _without_empty_links(inlines: list[Inline], found: Found) -> list[Inline]:
    out: list[Inline] = []
    for node in inlines:
        if isinstance(node, Link) and is_empty(node) and not node.href.startswith("#"):
            found.append((node.href, ""))
            out += node.children
            continue
        if isinstance(node, WRAPPERS):
            node.children = _without_empty_links(node.children, found)
        out.append(node)
    return out


def _split(
    inlines: list[Inline],
    pattern: re.Pattern[str],
    made: Callable[[re.Match[str]], Inline | None],
    *,
    into_links: bool,
) -> list[Inline]:
    """Return the nodes with a new one in place of each match inside a piece of text."""
    out: list[Inline] = []
    for node in inlines:
        if isinstance(node, Text):
            out += _split_text(node, pattern, made)
            continue
        if isinstance(node, WRAPPERS) and (into_links or not isinstance(node, Link)):
            node.children = _split(node.children, pattern, made, into_links=into_links)
        out.append(node)
    return out


def _split_text(node: Text, pattern: re.Pattern[str], made: Callable[[re.Match[str]], Inline | None]) -> list[Inline]:
    out: list[Inline] = []
    at = 0
    for match in pattern.finditer(node.text):
        new = made(match)
        if new is not None:
            out += [Text(node.text[at : match.start()]), new]
            at = match.end()
    if not at:
        return [node]
    out.append(Text(node.text[at:]))
    return [piece for piece in out if not isinstance(piece, Text) or piece.text]


def _everywhere(analysis: BookAnalysis, code: str, fix: Callable[[list[Inline], Found], list[Inline]]) -> list[Change]:
    """Apply `fix` to the nodes of every passage; it reports the words before and after."""
    changes = []
    for passage in analysis.prose:
        inlines = _inlines(passage)
        found: Found = []
        fixed = fix(inlines, found)
        if found:
            inlines[:] = fixed
            place = passage.block.place
            changes += [Change(code, passage.chapter.title, before, after, place) for before, after in found]
    return changes


def _inlines(passage: Passage) -> list[Inline]:
    return passage.block.inlines  # type: ignore[union-attr]  # prose only: no code
