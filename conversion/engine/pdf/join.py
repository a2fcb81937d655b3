"""Joining: the parts of one target become one PDF, with everything that crosses chapters.

1  decide the order of parts and on which page each begins
2  set the contents, now that page numbers are known
3  bind the batches
4  stamp running heads and folios, lead links to their pages
5  write outline, page labels, language and metadata

A file can do without cover, title page, contents, heads and folios, outline, labels and metadata: where one of them
fails, it is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..book.model import Division
from ..findings.omissions import Omissions
from ..markup.contents import TocLink, toc_links
from ..markup.survey import Piece
from ..markup.terms import terms_for
from ..markup.title import has_title_page
from ..targets import Target
from . import metadata, opening
from .binding import Binder, Place
from .faces import Faces
from .file import PdfFile
from .headers_footers import HeadersFooters, Slot
from .heads import PageHead, heads_of
from .page_batch import PageBatch, dictionary, text_string
from .renderer import VERSO_ROLES, Part, Renderer

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


@dataclass(frozen=True, slots=True)
class Joined:
    """A finished file: its number of pages, what those of a printed book begin with, and what it was made without, each
    part with why."""

    pages: int
    heads: list[PageHead]
    without: tuple[tuple[str, str], ...]


def join_parts(renderer: Renderer, target: Target, pieces: Sequence[Part], out: Path) -> Joined:
    """Join the parts of one target into `out`."""
    left_out = Omissions()
    links = toc_links(renderer.survey, lambda index: renderer.survey.pieces[index].id, terms_for(renderer.language))
    links = [_by_id(link) for link in links]
    plan = _plan(renderer, target, pieces, links, left_out)
    file = PdfFile()
    binder = Binder(file, Faces(file, renderer.face))
    _bind(target, plan, binder)
    with left_out.allow("headers and page numbers"):
        _stamp(renderer, target, plan, binder)
    places, numbers = _places(plan, binder), _numbers(plan)
    catalog = {"Type": b"/Catalog"}
    catalog |= binder.write(lambda name: (places[name], str(numbers[name])) if name in places else None)
    with left_out.allow("bookmarks"):
        catalog |= _outline(file, links, places)
        catalog |= {"PageLabels": _labels(plan, renderer)}
    info: dict[str, bytes] = {}
    with left_out.allow("document details"):
        about, info = metadata.written(
            file, renderer.book, is_described=renderer.is_described, is_facing=target.is_facing
        )
        catalog |= about
    file.save(out, root=file.add(dictionary(catalog)), info=file.add(dictionary(info)))
    return Joined(plan.pages, _heads(plan, binder) if target.is_facing else [], tuple(left_out.causes.items()))


def _heads(plan: _Plan, binder: Binder) -> list[PageHead]:
    """What the pages of the book's own text begin with."""
    found: list[PageHead] = []
    for placed, batch in zip(plan.parts, binder.batches(), strict=True):
        if placed.piece is not None:
            first = placed.start + 1 - plan.covers
            found += heads_of(batch, [str(first + page) for page in range(placed.part.pages)])
    return found


def _by_id(link: TocLink) -> TocLink:
    """In a PDF a link leads to an id: the fragment, or the piece's own."""
    path, _, fragment = link.path.partition("#")
    return TocLink(link.title, fragment or path, link.order, [_by_id(child) for child in link.children])


# ---------------------------------------------------------------- 1 and 2: order and numbers


def _plan(
    renderer: Renderer, target: Target, pieces: Sequence[Part], links: list[TocLink], left_out: Omissions
) -> _Plan:
    placed = [_placed_piece(renderer, index, part) for index, part in enumerate(pieces)]
    before: list[_Placed] = []
    if target.has_cover and renderer.cover is not None:
        with left_out.allow("cover"):
            before.append(_Placed(opening.set_cover(renderer, target), is_display=True))
    covers = len(before)
    if has_title_page(renderer.book):
        with left_out.allow("title page"):
            before.append(_Placed(opening.set_title_page(renderer, target), is_display=True, opens="recto"))
    if not target.has_contents or len(renderer.survey.pieces) < 2:
        return _number(_Plan([*before, *placed], covers=covers), target)
    first = next((i for i, item in enumerate(placed) if not item.is_display), len(placed))
    contents = _Placed(Part("", 1), title=terms_for(renderer.language).contents, opens="recto")
    plan = _Plan([*before, *placed[:first], contents, *placed[first:]], covers=covers)
    with left_out.allow("table of contents"):
        return _with_contents(renderer, target, plan, contents, links)
    return _number(_Plan([*before, *placed], covers=covers), target)


def _with_contents(renderer: Renderer, target: Target, plan: _Plan, contents: _Placed, links: list[TocLink]) -> _Plan:
    """Set the contents, again where they turn out longer or shorter than the numbers in them say."""
    while True:
        _number(plan, target)
        expected = contents.part.pages
        contents.part = opening.set_contents(renderer, target, links, _numbers(plan))
        if contents.part.pages == expected:
            return plan


def _placed_piece(renderer: Renderer, index: int, part: Part) -> _Placed:
    piece = renderer.survey.pieces[index]
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


# ---------------------------------------------------------------- 3 and 4: one document, with heads and folios


def _bind(target: Target, plan: _Plan, binder: Binder) -> None:
    """Bind all pages, blank ones between them."""
    for placed in plan.parts:
        if len(binder.pages) in plan.blanks:
            binder.empty_page(target.width_mm * _POINTS_PER_MM, target.height_mm * _POINTS_PER_MM)
        binder.add(PageBatch.read(Path(placed.part.path)))


def _stamp(renderer: Renderer, target: Target, plan: _Plan, binder: Binder) -> None:
    """Print heads and folios."""
    book_title = renderer.book.metadata.title
    heads = [book_title, *(placed.title for placed in plan.parts)] if target.has_heads else []
    stamps = HeadersFooters(renderer, target, [head for head in heads if head])
    stamps.provide(binder)
    for placed in plan.parts:
        if placed.is_display:
            continue
        for page in range(placed.part.pages):
            index = placed.start + page
            is_opening = page == 0 and (placed.piece is None or placed.piece.is_first)
            head = placed.title
            if target.is_facing and index % 2 and book_title:
                head = book_title
            has_head = target.has_heads and not is_opening
            slot = Slot(index + 1 - plan.covers, head if has_head else "")
            binder.pages[index].stamps = stamps.commands(slot, is_verso=index % 2 == 1)


def _places(plan: _Plan, binder: Binder) -> dict[str, Place]:
    """Return the place of every id."""
    return {
        name: Place(binder.pages[placed.start + page].number, x, y)
        for placed in plan.parts
        for name, (page, x, y) in placed.part.anchors.items()
    }


# ---------------------------------------------------------------- 5: what readers see beside the pages


def _outline(file: PdfFile, links: list[TocLink], places: dict[str, Place]) -> dict[str, bytes]:
    items = _outline_items(links, places)
    if not items:
        return {}
    root = file.reserve()
    first, last = _write_items(file, items, root)
    file.put(root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(items)))
    return {"Outlines": b"%d 0 R" % root, "PageMode": b"/UseOutlines"}


@dataclass(slots=True)
class _Item:
    title: str
    place: Place
    children: list[_Item]

    def size(self) -> int:
        return len(self.children) + sum(child.size() for child in self.children)


def _outline_items(links: list[TocLink], places: dict[str, Place]) -> list[_Item]:
    items: list[_Item] = []
    for link in links:
        children = _outline_items(link.children, places)
        if link.path in places:
            items.append(_Item(link.title, places[link.path], children))
        else:
            items.extend(children)
    return items


def _write_items(file: PdfFile, items: list[_Item], parent: int) -> tuple[int, int]:
    """Write items that are side by side, closed; return the numbers of the first and the last."""
    first = file.reserve(len(items))
    for number, item in enumerate(items, start=first):
        entries = {"Title": text_string(item.title), "Parent": b"%d 0 R" % parent, "Dest": item.place.destination}
        if number > first:
            entries["Prev"] = b"%d 0 R" % (number - 1)
        if number < first + len(items) - 1:
            entries["Next"] = b"%d 0 R" % (number + 1)
        if item.children:
            child, last = _write_items(file, item.children, number)
            entries |= {"First": b"%d 0 R" % child, "Last": b"%d 0 R" % last, "Count": b"%d" % -item.size()}
        file.put(number, dictionary(entries))
    return first, first + len(items) - 1


def _labels(plan: _Plan, renderer: Renderer) -> bytes:
    """The reader's page field shows the printed numbers; the cover is called what it is."""
    numbered = b"<</S/D/St 1>>"
    if plan.covers:
        cover = text_string(terms_for(renderer.language).cover)
        return b"<</Nums[0<</P%b>>%d%b]>>" % (cover, plan.covers, numbered)
    return b"<</Nums[0%b]>>" % numbered
