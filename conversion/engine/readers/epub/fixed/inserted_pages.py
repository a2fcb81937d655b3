"""Pages of fixed layout among flowing chapters: plates in a novel, a map, a comic strip in a memoir."""

from __future__ import annotations

from ....book.model import Anchor, Inline, Paragraph
from ....book.page_text import running_text
from ....gate.archive import Archive
from ...assembly.anchors import anchor_ids
from ...assembly.draft import Draft
from ...assembly.fixed_pages import refuse_too_many
from ..chapters import Part
from ..package import Item, Package
from .reader import draw_pages


def place_pages(archive: Archive, draft: Draft, package: Package, items: list[Item], parts: list[Part]) -> None:
    """Make chapters of pages of the parts that are fixed; what links led to in them leads to the page."""
    refuse_too_many(len(items))
    drawn = draw_pages(archive, draft, package, items)
    for number, part in enumerate(parts, 1):
        page = drawn.get(part.name)
        if page is None:
            continue
        page.id = f"fixed-{number}"
        anchors: list[Inline] = [Anchor(name) for block in part.blocks for name in anchor_ids(block)]
        part.pages = [page]
        part.blocks = [*([Paragraph(anchors)] if anchors else []), *running_text([page])]
