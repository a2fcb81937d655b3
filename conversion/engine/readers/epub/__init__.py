"""The reader for EPUB 2 and 3: spine order, navigation, landmarks, page marks, notes across files.

Each document of the spine becomes a chapter, or several when it holds several of the same rank.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ...book import clean, language
from ...book.inlines import is_blank
from ...book.model import Anchor, Figure, Paragraph, ReaderResult, SceneBreak
from ...findings.model import Severity, SourcePlace
from ...gate import xml
from ...gate.admission import Manuscript
from ...gate.archive import Archive
from ...gate.xml import Element
from ..assembly.draft import Draft
from ..assembly.sink import Sink
from ..assembly.xhtml_names import language_of, local_name, types
from ..html import read_notes
from ..html.css import Sheet
from ..html.pages import Page, Site
from ..html.parse import child, inline_sheets, parse_html, parse_page, style_texts
from ..html.walk import Walker
from . import corrections, spine_pictures
from .chapters import Part, assemble
from .package import Item, NavEntry, Package, read_package

if TYPE_CHECKING:
    from ..author_design import StyleTable

_ENCRYPTION = "META-INF/encryption.xml"


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in an EPUB. Raises AuthorFixable when its package or a document cannot be read."""
    archive = manuscript.container()
    draft = Draft()
    package = read_package(archive, draft)
    if package.cover_part in archive:
        draft.cover = draft.picture(archive.read(package.cover_part), posixpath.basename(package.cover_part))
    fixed = _fixed_items(package)
    if fixed and len(fixed) == len(_read_items(package)):
        from .fixed.reader import read_pages

        return read_pages(archive, draft, package)
    pages = _pages(archive, package, draft)
    names = corrections.Parts(archive, draft)

    def fetch(part: str) -> bytes | None:
        found = names.find(part, part)
        return archive.read(found) if found in archive else None

    style_table = _style_table(manuscript, pages, draft, fetch)
    site = Site(pages, draft, fetch)
    _mark_nav(package.nav, site)
    own = draft.metadata.language or language.detect(_sample(pages))
    if own and not draft.metadata.language:
        draft.tell("repaired.language", Severity.ADVICE, language=own)
    if not package.nav:
        draft.count("repaired.navigation", Severity.INFO)
    walkers = {page.name: Walker(site, page, own) for page in pages}
    parts = [_part(page, walkers[page.name], site, package) for page in pages]
    if fixed:
        from .fixed.inserted_pages import place_pages

        place_pages(archive, draft, package, fixed, parts)
    read_notes(site, walkers)
    draft.kept = style_table.design() if style_table is not None else None
    if draft.vertical is False and package.progression == "rtl" and language.is_rtl(own):
        draft.direction = "rtl"
    return assemble(draft, _without_cover(parts, draft), package, site)


def _read_items(package: Package) -> list[Item]:
    """The documents of the spine without the contents list."""
    return [item for item in package.spine if item.part != package.nav_part and "nav" not in item.properties]


def _fixed_items(package: Package) -> list[Item]:
    layouts = package.layouts.of_part
    return [item for item in _read_items(package) if item.part in layouts and layouts[item.part].is_fixed]


def _pages(archive: Archive, package: Package, draft: Draft) -> list[Page]:
    pages: list[Page] = []
    sheets: dict[str, str] = {}
    for item in package.spine:
        if item.part == package.nav_part or "nav" in item.properties:
            draft.count("source.contents-dropped", Severity.INFO)
            continue
        if item.part not in archive:
            draft.count("source.part-absent", Severity.PROBLEM, item.part)
            continue
        root, repaired = _root(archive, item, draft)
        if repaired:
            draft.count("source.markup-repaired", Severity.INFO, item.part, SourcePlace(item.part))
        corrections.tell_misplaced(root, item.part, draft)
        pages.append(Page(item.part, root, _sheet(root, item.part, archive, sheets)))
    return pages


def _root(archive: Archive, item: Item, draft: Draft) -> tuple[Element, bool]:
    if item.is_picture:
        return spine_pictures.page_of(item, archive), False
    if item.media_type == "image/svg+xml":
        name = posixpath.basename(item.part).replace('"', "")
        return parse_html(f'<html><body><img src="{name}" alt=""/></body></html>'.encode()), False
    return parse_page(corrections.page_bytes(archive.read(item.part), item.part, draft), item.part)


def _style_table(
    manuscript: Manuscript, pages: list[Page], draft: Draft, fetch: Callable[[str], bytes | None]
) -> StyleTable | None:
    """What keeps the author's design, where that is asked for; every page gets its style_resolver."""
    if not manuscript.keep_design:
        return None
    from ..author_design import StyleTable  # loads two libraries that few runs want

    archive = manuscript.container()
    style_table = StyleTable(draft, fetch, _obfuscated(archive))
    for page in pages:
        linked = [name for name in _linked_sheets(page.root, page.name) if name in archive]
        sheets = [(archive.read(name).decode("utf-8", "replace"), name) for name in linked]
        sheets += [(text, page.name) for text in style_texts(page.root)]
        page.style_resolver = style_table.style_resolver(page.root, sheets)
    return style_table


def _obfuscated(archive: Archive) -> frozenset[str]:
    """The faces that are mixed up, so that they are of use in this book alone."""
    if _ENCRYPTION not in archive:
        return frozenset()
    root = xml.parse(archive.read(_ENCRYPTION), _ENCRYPTION)
    return frozenset(unquote(str(e.get("URI", ""))) for e in root.iter() if str(e.tag).endswith("}CipherReference"))


def _linked_sheets(root: Element, part: str) -> Iterator[str]:
    """The parts of the style sheets a document links to, in order."""
    head = child(root, "head")
    for element in head.iterchildren() if head is not None else ():
        relations = str(element.get("rel", "")).split()
        if local_name(element) == "link" and "stylesheet" in relations and "alternate" not in relations:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(part), str(element.get("href", ""))))


def _sheet(root: Element, part: str, archive: Archive, sheets: dict[str, str]) -> Sheet:
    """The style sheets a document links to, in order, then its own."""
    sheet = Sheet()
    for name in _linked_sheets(root, part):
        if name not in sheets:
            sheets[name] = archive.read(name).decode("utf-8", "replace") if name in archive else ""
        sheet.add(sheets[name])
    own = inline_sheets(root)
    return sheet.extended(own)


def _mark_nav(entries: list[NavEntry], site: Site) -> None:
    for entry in entries:
        if entry.part and entry.fragment:
            site.mark((entry.part, entry.fragment))
        _mark_nav(entry.children, site)


def _sample(pages: list[Page]) -> str:
    texts: list[str] = []
    for page in pages[len(pages) // 3 :]:
        texts.append(" ".join(str(t) for t in page.root.itertext()))
        if sum(map(len, texts)) > language.SAMPLE_CHARS:
            break
    return " ".join(texts)


def _part(page: Page, walker: Walker, site: Site, package: Package) -> Part:
    sink = Sink()
    body = child(page.root, "body")
    if body is not None:
        if (page.name, "") in site.linked:
            sink.add(Paragraph([Anchor(site.anchor(page.name, ""))]))
        walker.body(body, sink)
    head = child(page.root, "head")
    title = next((e for e in head.iterchildren() if local_name(e) == "title"), None) if head is not None else None
    semantics: set[str] = set(types(body)) if body is not None else set()
    top = [e for e in body.iterchildren() if local_name(e) in ("section", "article", "div")] if body is not None else []
    if len(top) == 1:
        semantics |= types(top[0])
    landmark = package.landmarks.get((page.name, ""))
    return Part(
        name=page.name,
        blocks=sink.finish(),
        semantics=semantics | ({landmark} if landmark else set()),
        title=clean.title("".join(str(t) for t in title.itertext())) if title is not None else "",
        lang=clean.language(language_of(page.root) or (language_of(body) if body is not None else "")),
        holds_notes=any(site.note_pages[note] == page.name for note in site.note_pages),
    )


def _without_cover(parts: list[Part], draft: Draft) -> list[Part]:
    """The page that only shows the cover: the cover is kept as such."""
    kept = []
    for number, part in enumerate(parts):
        shown = [
            b
            for b in part.blocks
            if not isinstance(b, SceneBreak) and not (isinstance(b, Paragraph) and is_blank(b.inlines))
        ]
        only_picture = len(shown) == 1 and isinstance(shown[0], Figure)
        is_cover = "cover" in part.semantics or (number == 0 and only_picture and _asset(shown[0]) == draft.cover)
        if is_cover and (only_picture or not shown) and len(parts) > 1:
            if not draft.cover and only_picture:
                draft.cover = _asset(shown[0])
            continue
        kept.append(part)
    return kept


def _asset(block: object) -> str:
    return block.asset if isinstance(block, Figure) else ""
