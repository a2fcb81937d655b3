"""The reader for HTML: one document, its styles inside it. Pictures count only as data addresses."""

from __future__ import annotations

from ...book import clean, language
from ...book.model import Contributor, ReaderResult
from ...findings.model import Severity
from ...gate.admission import Manuscript
from ...gate.xml import Element
from ..assembly import properties
from ..assembly.draft import Draft
from ..assembly.sink import Sink
from ..assembly.structure import assemble
from ..assembly.xhtml_names import classes, language_of, local_name
from .pages import Page, Site
from .parse import child, inline_sheets, parse_html, style_texts
from .walk import Walker

_AUTHOR_META = frozenset({"author", "dc.creator", "dcterms.creator"})
_DESCRIPTION_META = frozenset({"description", "dc.description"})


def read(manuscript: Manuscript) -> ReaderResult:
    """The book in an HTML file."""
    draft = Draft()
    tell_encoding(manuscript, draft)
    return read_markup(manuscript.text, draft, keep_design=manuscript.keep_design)


def tell_encoding(manuscript: Manuscript, draft: Draft) -> None:
    """Remark a guessed encoding and characters that could not be read."""
    if manuscript.codec not in ("utf-8", "utf-8-sig", "utf-16", "ascii"):
        draft.tell("source.encoding-guessed", Severity.INFO, codec=manuscript.codec)
    damaged = manuscript.text.count("\ufffd")
    if damaged:
        draft.count("source.encoding-damaged", Severity.PROBLEM, by=damaged)


def read_markup(text: str, draft: Draft, *, keep_design: bool = False) -> ReaderResult:
    """The book in the markup `text`; metadata that `draft` has already is kept."""
    root = parse_html(text.encode("utf-8", "replace"))
    page = Page("", root, inline_sheets(root))
    style_table = None
    if keep_design:
        from ..author_design import StyleTable  # loads two libraries that few runs want

        style_table = StyleTable(draft, lambda part: None)
        page.style_resolver = style_table.style_resolver(root, [(text, "") for text in style_texts(root)])
    site = Site([page], draft, lambda part: None)
    _read_head(root, draft)
    body = child(root, "body")
    own = language.resolve_language(draft.metadata.language, "", " ".join(str(t) for t in root.itertext())[:20_000])
    walker = Walker(site, page, own)
    sink = Sink()
    if body is not None:
        _take_title_block(body, draft)
        walker.body(body, sink)
    read_notes(site, {"": walker})
    draft.kept = style_table.design() if style_table is not None else None
    return assemble(draft, sink)


def read_notes(site: Site, walkers: dict[str, Walker]) -> None:
    """Notes in the order of their references; notes of notes wait their turn."""
    position = 0
    while position < len(site.waiting):
        note_id, container = site.waiting[position]
        position += 1
        walker = walkers.get(site.note_pages[container])
        if walker is not None:
            site.draft.notes[note_id].blocks = walker.note(container)


def _read_head(root: Element, draft: Draft) -> None:
    metadata = draft.metadata
    metadata.language = metadata.language or clean.language(language_of(root))
    head = child(root, "head")
    for element in head.iterchildren() if head is not None else ():
        name = local_name(element)
        if name == "title":
            title = clean.title("".join(str(t) for t in element.itertext()))
            metadata.title = metadata.title or properties.title(title)
        elif name == "meta":
            key, value = str(element.get("name", "")).lower(), clean.title(str(element.get("content", "")), 2000)
            if key in _AUTHOR_META and value:
                metadata.contributors += properties.people([Contributor(clean.title(value, 120))])
            elif key in _DESCRIPTION_META:
                metadata.description = metadata.description or properties.blurb(value)


def _take_title_block(body: Element, draft: Draft) -> None:
    """The title block that pandoc writes: its words are metadata, not a chapter."""
    block = next((e for e in body.iterchildren() if e.get("id") == "title-block-header"), None)
    if block is None:
        return
    for element in list(block.iterchildren()):
        text = clean.title("".join(str(t) for t in element.itertext()))
        named = classes(element)
        if named == "title":
            draft.metadata.title = text or draft.metadata.title
        elif named == "subtitle":
            draft.metadata.subtitle = text
        elif named == "author":
            if text and text not in [c.name for c in draft.metadata.contributors]:
                draft.metadata.contributors.append(Contributor(text))
        else:
            continue
        block.remove(element)
