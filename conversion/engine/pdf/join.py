"""Joining: the parts of one target become one PDF, with everything that crosses chapters.

1  decide the order of parts and on which page each begins
2  set the contents, now that page numbers are known
3  copy the pages, merge the structure trees
4  stamp running heads and folios, lead links to their pages
5  share the faces, write outline, page labels, language and metadata
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from ..book import Division
from ..epub.navigation import TocLink, toc_links
from ..markup.survey import Piece
from ..targets import Target
from ..terms import terms_for
from . import metadata, opening
from .faces import share_faces
from .furniture import Furniture, Slot
from .markup import ELSEWHERE
from .press import VERSO_ROLES, Part, Press
from .structure import StructureTree

# Pages that are shown rather than read: no running head, no folio.
_DISPLAY_ROLES = frozenset({"titlepage", "halftitlepage", "copyright-page", "imprint", "dedication", "epigraph"})
_POINTS_PER_MM = 72 / 25.4


@dataclass(slots=True)
class _Placed:
    """A part with its place: `start` is its first page's index; `slots` say what its pages carry."""

    part: Part
    piece: Piece | None = None
    start: int = 0
    title: str = ""
    is_display: bool = False
    opens: str = ""  # "recto", "verso" or "" for the next page whatever it is


@dataclass(slots=True)
class _Plan:
    """All parts in order; `blanks` are the indices of empty pages; `covers` counts unnumbered pages before 1."""

    parts: list[_Placed]
    blanks: set[int] = field(default_factory=set)
    covers: int = 0
    pages: int = 0


def join_parts(press: Press, target: Target, pieces: Sequence[Part], out: Path) -> int:
    """Join the parts of one target into `out`; return the number of pages."""
    links = toc_links(press.survey, lambda index: press.survey.pieces[index].id, terms_for(press.language))
    links = [_by_id(link) for link in links]
    plan = _plan(press, target, pieces, links)
    with Pdf.new() as pdf:
        pages = _copy(plan, target, pdf)
        places = _places(plan, pages)
        _stamp(press, target, plan, pdf)
        share_faces(pdf)
        _name_encodings(pdf)
        _lead_links(pdf, places, _numbers(plan))
        _outline(pdf, links, places)
        _label(pdf, plan, press)
        metadata.write(pdf, press.book, is_described=press.is_described)
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
    return plan.pages


def _name_encodings(pdf: Pdf) -> None:
    """Where a face lacks a character, WeasyPrint writes an encoding of its own that maps it to nothing. Simple readers
    then cannot tell where codes end, and lose the whole page's text; the plain encoding maps it to nothing too."""
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Subtype") == Name.Type0 and isinstance(thing.Encoding, Stream):
            thing.Encoding = Name("/Identity-H")


def _by_id(link: TocLink) -> TocLink:
    """In a PDF a link leads to an id: the fragment, or the piece's own."""
    path, _, fragment = link.path.partition("#")
    return TocLink(link.title, fragment or path, link.order, [_by_id(child) for child in link.children])


# ---------------------------------------------------------------- 1 and 2: order and numbers


def _plan(press: Press, target: Target, pieces: Sequence[Part], links: list[TocLink]) -> _Plan:
    placed = [_placed_piece(press, index, part) for index, part in enumerate(pieces)]
    before: list[_Placed] = []
    if target.has_cover and press.cover is not None:
        before.append(_Placed(opening.set_cover(press, target), is_display=True))
    covers = len(before)
    if not any(piece.chapter.role == "titlepage" for piece in press.survey.pieces):
        before.append(_Placed(opening.set_title_page(press, target), is_display=True, opens="recto"))
    if not target.has_contents or len(press.survey.pieces) < 2:
        return _number(_Plan([*before, *placed], covers=covers), target)
    first = next((i for i, item in enumerate(placed) if not item.is_display), len(placed))
    contents = _Placed(Part("", 1), title=terms_for(press.language).contents, opens="recto")
    plan = _Plan([*before, *placed[:first], contents, *placed[first:]], covers=covers)
    while True:
        _number(plan, target)
        expected = contents.part.pages
        contents.part = opening.set_contents(press, target, links, _numbers(plan))
        if contents.part.pages == expected:
            return plan


def _placed_piece(press: Press, index: int, part: Part) -> _Placed:
    piece = press.survey.pieces[index]
    role = piece.chapter.role
    opens = "" if not piece.is_first else ("verso" if role in VERSO_ROLES else "recto")
    is_display = role in _DISPLAY_ROLES and piece.chapter.division is not Division.BODY
    return _Placed(part, piece, title=piece.title, is_display=is_display, opens=opens)


def _number(plan: _Plan, target: Target) -> _Plan:
    """Give every part its first page. On facing pages a recto is an odd page: its index is even."""
    plan.blanks = set()
    index = 0
    for placed in plan.parts:
        if target.is_facing and (
            (placed.opens == "recto" and index % 2) or (placed.opens == "verso" and not index % 2)
        ):
            plan.blanks.add(index)
            index += 1
        placed.start = index
        index += placed.part.pages
    plan.pages = index
    return plan


def _numbers(plan: _Plan) -> dict[str, int]:
    """Return the printed page number of every id."""
    return {
        name: placed.start + page + 1 - plan.covers
        for placed in plan.parts
        for name, (page, _, _) in placed.part.anchors.items()
    }


# ---------------------------------------------------------------- 3: one document


def _copy(plan: _Plan, target: Target, pdf: Pdf) -> list[pikepdf.Page]:
    """Copy all pages, blank ones between them, and merge the structure trees."""
    tree = StructureTree(pdf)
    size = (target.width_mm * _POINTS_PER_MM, target.height_mm * _POINTS_PER_MM)
    for placed in plan.parts:
        if len(pdf.pages) in plan.blanks:
            pdf.add_blank_page(page_size=size)
        with Pdf.open(placed.part.path) as source:
            first = len(pdf.pages)
            pdf.add_pages_from(source, outlines="ignore")
            tree.add(source, list(pdf.pages[first:]))
    tree.finish()
    return list(pdf.pages)


def _places(plan: _Plan, pages: list[pikepdf.Page]) -> dict[str, Array]:
    """Return the destination of every id."""
    return {
        name: Array([pages[placed.start + page].obj, Name.XYZ, round(x, 2), round(y, 2), 0])
        for placed in plan.parts
        for name, (page, x, y) in placed.part.anchors.items()
    }


# ---------------------------------------------------------------- 4: furniture and links


def _stamp(press: Press, target: Target, plan: _Plan, pdf: Pdf) -> None:
    book_title = press.book.metadata.title
    heads = [book_title, *(placed.title for placed in plan.parts)] if target.has_heads else []
    furniture = Furniture(press, target, [head for head in heads if head], pdf)
    indices, slots = [], []
    for placed in plan.parts:
        for page in range(placed.part.pages):
            if placed.is_display:
                continue
            index = placed.start + page
            is_opening = page == 0 and (placed.piece is None or placed.piece.is_first)
            head = placed.title
            if target.is_facing and index % 2 and book_title:
                head = book_title
            has_head = target.has_heads and not is_opening
            indices.append(index)
            slots.append(Slot(index + 1 - plan.covers, head if has_head else ""))
    furniture.stamp([pdf.pages[index] for index in indices], slots, is_verso=[index % 2 == 1 for index in indices])


def _lead_links(pdf: Pdf, places: dict[str, Array], numbers: dict[str, int]) -> None:
    """Lead links inside the book to their pages, and describe them by number for screen readers."""
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            name = _inner_target(annotation)
            if name is None:
                continue
            if Name.A in annotation:
                del annotation.A
            if name in places:
                annotation.Dest = places[name]
                annotation.Contents = String(str(numbers[name]))


def _inner_target(annotation: pikepdf.Object) -> str | None:
    if Name.Dest in annotation:
        return str(annotation.Dest)
    if Name.A in annotation and Name.URI in annotation.A:
        address = str(annotation.A.URI)
        if address.startswith(ELSEWHERE):
            return address.removeprefix(ELSEWHERE)
    return None


# ---------------------------------------------------------------- 5: what readers see beside the pages


def _outline(pdf: Pdf, links: list[TocLink], places: dict[str, Array]) -> None:
    with pdf.open_outline() as outline:
        outline.root.extend(_outline_items(links, places))
    if links:
        pdf.Root.PageMode = Name.UseOutlines


def _outline_items(links: list[TocLink], places: dict[str, Array]) -> list[pikepdf.OutlineItem]:
    items: list[pikepdf.OutlineItem] = []
    for link in links:
        children = _outline_items(link.children, places)
        if link.path not in places:
            items.extend(children)
            continue
        item = pikepdf.OutlineItem(link.title, destination=places[link.path])
        item.children.extend(children)
        item.is_closed = True
        items.append(item)
    return items


def _label(pdf: Pdf, plan: _Plan, press: Press) -> None:
    """The reader's page field shows the printed numbers; the cover is called what it is."""
    numbered = Dictionary(S=Name.D, St=1)
    if plan.covers:
        cover = Dictionary(P=String(terms_for(press.language).cover))
        entries = Array([0, cover, plan.covers, numbered])
    else:
        entries = Array([0, numbered])
    pdf.Root.PageLabels = Dictionary(Nums=entries)
