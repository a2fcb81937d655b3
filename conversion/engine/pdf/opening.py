"""The pages the writer makes itself: the cover, a title page, the contents with page numbers."""

from __future__ import annotations

from ..markup.contents import TocLink
from ..markup.terms import terms_for
from ..markup.text import attribute, escape, language_tag
from ..markup.title import title_lines, title_of
from ..targets import Target
from .cover_page import cover_batch
from .figures import written
from .markup import ASSET, ELSEWHERE, document
from .prose import Entry
from .renderer import Part, Renderer

_MAX_ENTRIES = 160  # contents longer than this list the first level only
_MAX_DEPTH = 2


def set_cover(renderer: Renderer, target: Target) -> Part:
    """Set the cover as a whole page."""
    terms, name = terms_for(renderer.language), f"{target.name}-cover"
    cover = renderer.cover
    about = f"{terms.cover}: {title_of(renderer.book, terms)}"
    if cover is not None and (batch := cover_batch(cover, target, about)) is not None:
        return renderer.keep(batch, name)
    source = f"{ASSET}{cover.sha256}" if cover is not None else ""
    alt = attribute(about)
    page = _document(renderer, f'<div class="cover"><img src="{source}" alt="{alt}"/></div>', terms.cover)
    css = (
        "@page { margin: 0; } "
        f".cover {{ height: {target.height_mm}mm; line-height: 0; }} "
        f".cover img {{ width: {target.width_mm}mm; height: {target.height_mm}mm; max-height: none; }}"
    )
    return renderer.set_document(page, target, name, extra_css=css)


def set_title_page(renderer: Renderer, target: Target) -> Part:
    """Set a title page from the metadata."""
    title, name = title_of(renderer.book, terms_for(renderer.language)), f"{target.name}-title"
    below = title_lines(renderer.book)
    if part := renderer.set_display(lambda display: display.title_page(target, title, below), name):
        return part
    lines = [f"<h1>{escape(title)}</h1>", *(f'<p class="{kind}">{escape(text)}</p>' for kind, text in below)]
    inside = '<section class="own-title">\n' + "\n".join(lines) + "\n</section>"
    return renderer.set_document(_document(renderer, inside, title), target, name)


def set_contents(renderer: Renderer, target: Target, links: list[TocLink], numbers: dict[str, int]) -> Part:
    """Set the contents. `numbers` maps the ids that links lead to, to page numbers."""
    terms = terms_for(renderer.language)
    entries = _entries(links, 1)
    if len(entries) > _MAX_ENTRIES:
        entries = [(depth, link) for depth, link in entries if depth == 1]
    is_spaced, name = len(entries) < _MAX_ENTRIES / 8, f"{target.name}-contents"
    listed = [Entry(depth, link.title, link.path, numbers.get(link.path, 0)) for depth, link in entries]
    if part := renderer.set_display(
        lambda display: display.contents(target, terms.contents, listed, is_spaced=is_spaced), name
    ):
        return part
    lines = [_entry(renderer, depth, link, numbers.get(link.path, 0)) for depth, link in entries]
    inside = (
        f'<section class="contents{" spaced" if is_spaced else ""}">\n<h1>{escape(terms.contents)}</h1>\n'
        + "\n".join(lines)
        + "\n</section>"
    )
    return renderer.set_document(_document(renderer, inside, terms.contents), target, name)


def _entries(links: list[TocLink], depth: int) -> list[tuple[int, TocLink]]:
    found: list[tuple[int, TocLink]] = []
    for link in links:
        found.append((depth, link))
        if depth < _MAX_DEPTH:
            found += _entries(link.children, depth + 1)
    return found


def _entry(renderer: Renderer, depth: int, link: TocLink, number: int) -> str:
    title = f'<a href="{ELSEWHERE}{attribute(link.path)}">{escape(link.title)}</a>'
    return (
        f'<p class="depth{depth}"><span class="title">{title}</span><span class="leader"></span>'
        f'<span class="number">{written(number, renderer.figures) if number else ""}</span></p>'
    )


def _document(renderer: Renderer, inside: str, title: str) -> str:
    language = language_tag(renderer.language) or "und"
    return document(inside, title=title, language=language, direction=renderer.book.direction)
