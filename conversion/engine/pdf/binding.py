"""Binding: the batches of one target become the objects of one file.

One structure tree holds those of all batches, each as a section; the numbers by which pages and links point into the
tree run through the book. What crosses batches (links, outline, labels, heads and folios) is `join.py`'s to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .faces import Faces
from .file import PdfFile
from .page_batch import SECTION, Leaf, Link, PageBatch, dictionary, numbering


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a page's object and a point on it, from the bottom left."""

    page: int
    x: float
    y: float

    @property
    def destination(self) -> bytes:
        return b"[%d 0 R/XYZ %.2f %.2f 0]" % (self.page, self.x, self.y)


@dataclass(slots=True)
class Bound:
    """A page of the file: its object and its leaf (None for an empty page). `links` is the object of its first link;
    `stamps` are commands drawn before its content."""

    number: int
    width: float
    height: float
    batch: _AddedBatch | None = None
    leaf: Leaf | None = None
    links: int = 0
    stamps: bytes = b""


@dataclass(slots=True)
class _AddedBatch:
    """A batch whose objects have numbers."""

    batch: PageBatch
    number_of: Callable[[int], int]
    resources: int


@dataclass(slots=True)
class Binder:
    """Collects pages in reading order, then writes them. `goal` says where an id is and what to call it, or None."""

    file: PdfFile
    faces: Faces
    stamps: dict[str, int] = field(default_factory=dict)  # XObjects that any page may draw
    pages: list[Bound] = field(default_factory=list)
    _added: list[_AddedBatch] = field(default_factory=list)

    def empty_page(self, width: float, height: float) -> None:
        """Add a page without content."""
        self.pages.append(Bound(self.file.reserve(), width, height))

    def add(self, batch: PageBatch) -> None:
        """Add the pages of a batch."""
        file = self.file
        objects, pages = file.reserve(len(batch.objects)), file.reserve(len(batch.leaves))
        links = file.reserve(sum(len(leaf.links) for leaf in batch.leaves))
        added = _AddedBatch(batch, numbering(objects, pages, links), file.reserve())
        self._added.append(added)
        for index, leaf in enumerate(batch.leaves):
            self.pages.append(Bound(pages + index, leaf.width, leaf.height, added, leaf, links))
            links += len(leaf.links)
        self._put(batch, objects, added.number_of)

    def form(self, batch: PageBatch, page: int, resources: int) -> int:
        """Return a page of a batch as an object that pages can draw. `resources` comes from `resources_of`."""
        leaf = batch.leaves[page]
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]/Resources %d 0 R/Filter/FlateDecode"
        return self.file.add_stream(entries % (leaf.width, leaf.height, resources), leaf.content)

    def resources_of(self, batch: PageBatch) -> int:
        """Write the objects and resources of a batch that is only drawn from, and return the latter's number."""
        first = self.file.reserve(len(batch.objects))
        number_of = numbering(first, 0, 0)
        self._put(batch, first, number_of)
        return self.file.add(self._resources(batch, number_of, {}))

    def _put(self, batch: PageBatch, first: int, number_of: Callable[[int], int]) -> None:
        """Write the objects of a batch."""
        for number, pdf_object in enumerate(batch.objects, start=first):
            if number == first + SECTION:
                continue
            body = pdf_object.filled(number_of)
            if pdf_object.stream is None:
                self.file.put(number, body)
            else:
                self.file.put_stream(number, body, pdf_object.stream)

    def _resources(self, batch: PageBatch, number_of: Callable[[int], int], stamps: dict[str, int]) -> bytes:
        fonts = {name: self.faces.font(use) for name, use in batch.faces.items()}
        fonts |= {name: number_of(number) for name, number in batch.fonts.items()}
        drawn = {name: number_of(number) for name, number in batch.pictures.items()} | stamps
        entries = batch.resources.filled(number_of)
        return b"<<%b/Font%b/XObject%b>>" % (entries, _numbered(fonts), _numbered(drawn))

    def batches(self) -> list[PageBatch]:
        """All that were added, in order."""
        return [added.batch for added in self._added]

    # ------------------------------------------------------------ writing

    def write(self, goal: Callable[[str], tuple[Place, str] | None]) -> dict[str, bytes]:
        """Write pages, links and structure; return what the catalog must say of them."""
        parents: list[bytes] = []
        for added in self._added:
            self.file.put(added.resources, self._resources(added.batch, added.number_of, self.stamps))
        tree = self.file.reserve()
        for page in self.pages:
            self.file.put(page.number, self._page(page, tree, parents))
        kids = b" ".join(b"%d 0 R" % page.number for page in self.pages)
        self.file.put(tree, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self.pages), kids))
        self._links(goal, parents)
        self.faces.write()
        return {"Pages": b"%d 0 R" % tree} | self._structure(parents)

    def _page(self, page: Bound, tree: int, parents: list[bytes]) -> bytes:
        entries = b"/Type/Page/Parent %d 0 R/MediaBox[0 0 %b %b]" % (tree, points(page.width), points(page.height))
        if page.leaf is None or page.batch is None:
            return b"<<%b/Resources<<>>/Contents %d 0 R>>" % (entries, self.file.add_stream(b"", b""))
        content = self.file.add_stream(b"/Filter/FlateDecode", page.leaf.content)
        contents = b"%d 0 R" % content
        if page.stamps:
            contents = b"[%d 0 R %b]" % (self.file.add_stream(b"", page.stamps), contents)
        entries += b"/Resources %d 0 R/Contents %b" % (page.batch.resources, contents)
        if page.leaf.marks:
            entries += b"/Tabs/S/StructParents %d" % len(parents)
            marks = tuple(map(page.batch.number_of, page.leaf.marks))
            parents.append(b"[" + b"%d 0 R " * len(marks) % marks + b"]")
        if page.leaf.links:
            entries += b"/Annots[%b]" % _references(range(page.links, page.links + len(page.leaf.links)))
        return b"<<%b>>" % entries

    def _links(self, goal: Callable[[str], tuple[Place, str] | None], parents: list[bytes]) -> None:
        for page in self.pages:
            if page.leaf is not None and page.batch is not None:
                for number, link in enumerate(page.leaf.links, start=page.links):
                    self.file.put(number, self._link(link, page.batch, goal, parents))

    def _link(
        self, link: Link, added: _AddedBatch, goal: Callable[[str], tuple[Place, str] | None], parents: list[bytes]
    ) -> bytes:
        entries = link.entries
        if link.goal and (found := goal(link.goal)) is not None:
            entries += b"/Dest%b/Contents(%b)" % (found[0].destination, found[1].encode())
        if link.element >= 0:
            entries += b"/StructParent %d" % len(parents)
            parents.append(b"%d 0 R" % added.number_of(link.element))
        return b"<<%b>>" % entries

    def _structure(self, parents: list[bytes]) -> dict[str, bytes]:
        """The tree, from the document's element down to the batches'."""
        tagged = [added for added in self._added if added.batch.elements]
        if not tagged:
            return {}
        file = self.file
        root, document = file.reserve(), file.reserve()
        for added in tagged:
            kids = _references(tuple(map(added.number_of, added.batch.elements)))
            section = b"<</Type/StructElem/S/Sect/P %d 0 R/K[%b]>>" % (document, kids)
            file.put(added.number_of(SECTION), section)
        sections = _references(tuple(added.number_of(SECTION) for added in tagged))
        file.put(document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (root, sections))
        nums = b" ".join(b"%d %b" % (index, parent) for index, parent in enumerate(parents))
        tree = file.add(b"<</Nums[%b]>>" % nums)
        entries = (document, tree, len(parents))
        file.put(root, b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R/ParentTreeNextKey %d>>" % entries)
        return {"StructTreeRoot": b"%d 0 R" % root, "MarkInfo": b"<</Marked true>>"}


def points(length: float) -> bytes:
    """A length as short as it can be written."""
    return f"{length:.4f}".rstrip("0").rstrip(".").encode()


def _numbered(named: dict[str, int]) -> bytes:
    return dictionary({name: b"%d 0 R" % number for name, number in named.items()})


def _references(numbers: Sequence[int]) -> bytes:
    return b"%d 0 R " * len(numbers) % tuple(numbers)
