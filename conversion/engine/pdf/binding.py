"""Binding: the sheaves of one target become the objects of one file.

One structure tree holds those of all sheaves, each as a section; the numbers by which pages and links point into the
tree run through the book. What crosses sheaves (links, outline, labels, furniture) is `join.py`'s to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .faces import Faces
from .file import PdfFile
from .sheaf import SECTION, Leaf, Link, Sheaf, dictionary, numbering


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
    sheaf: _Sewn | None = None
    leaf: Leaf | None = None
    links: int = 0
    stamps: bytes = b""


@dataclass(slots=True)
class _Sewn:
    """A sheaf whose objects have numbers."""

    sheaf: Sheaf
    number_of: Callable[[int], int]
    resources: int


@dataclass(slots=True)
class Binder:
    """Collects pages in reading order, then writes them. `goal` says where an id is and what to call it, or None."""

    file: PdfFile
    faces: Faces
    stamps: dict[str, int] = field(default_factory=dict)  # XObjects that any page may draw
    pages: list[Bound] = field(default_factory=list)
    _sewn: list[_Sewn] = field(default_factory=list)

    def empty_page(self, width: float, height: float) -> None:
        """Add a page without content."""
        self.pages.append(Bound(self.file.reserve(), width, height))

    def sew(self, sheaf: Sheaf) -> None:
        """Add the pages of a sheaf."""
        file = self.file
        objects, pages = file.reserve(len(sheaf.objects)), file.reserve(len(sheaf.leaves))
        links = file.reserve(sum(len(leaf.links) for leaf in sheaf.leaves))
        sewn = _Sewn(sheaf, numbering(objects, pages, links), file.reserve())
        self._sewn.append(sewn)
        for index, leaf in enumerate(sheaf.leaves):
            self.pages.append(Bound(pages + index, leaf.width, leaf.height, sewn, leaf, links))
            links += len(leaf.links)
        self._put(sheaf, objects, sewn.number_of)

    def form(self, sheaf: Sheaf, page: int, resources: int) -> int:
        """Return a page of a sheaf as an object that pages can draw. `resources` comes from `resources_of`."""
        leaf = sheaf.leaves[page]
        entries = b"/Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]/Resources %d 0 R/Filter/FlateDecode"
        return self.file.add_stream(entries % (leaf.width, leaf.height, resources), leaf.content)

    def resources_of(self, sheaf: Sheaf) -> int:
        """Write the objects and resources of a sheaf that is only drawn from, and return the latter's number."""
        first = self.file.reserve(len(sheaf.objects))
        number_of = numbering(first, 0, 0)
        self._put(sheaf, first, number_of)
        return self.file.add(self._resources(sheaf, number_of, {}))

    def _put(self, sheaf: Sheaf, first: int, number_of: Callable[[int], int]) -> None:
        """Write the objects of a sheaf."""
        for number, loose in enumerate(sheaf.objects, start=first):
            if number == first + SECTION:
                continue
            body = loose.filled(number_of)
            if loose.stream is None:
                self.file.put(number, body)
            else:
                self.file.put_stream(number, body, loose.stream)

    def _resources(self, sheaf: Sheaf, number_of: Callable[[int], int], stamps: dict[str, int]) -> bytes:
        fonts = {name: self.faces.font(use) for name, use in sheaf.faces.items()}
        fonts |= {name: number_of(number) for name, number in sheaf.fonts.items()}
        drawn = {name: number_of(number) for name, number in sheaf.pictures.items()} | stamps
        entries = sheaf.resources.filled(number_of)
        return b"<<%b/Font%b/XObject%b>>" % (entries, _numbered(fonts), _numbered(drawn))

    def sheaves(self) -> list[Sheaf]:
        """All that were sewn, in order."""
        return [sewn.sheaf for sewn in self._sewn]

    # ------------------------------------------------------------ writing

    def write(self, goal: Callable[[str], tuple[Place, str] | None]) -> dict[str, bytes]:
        """Write pages, links and structure; return what the catalog must say of them."""
        parents: list[bytes] = []
        for sewn in self._sewn:
            self.file.put(sewn.resources, self._resources(sewn.sheaf, sewn.number_of, self.stamps))
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
        if page.leaf is None or page.sheaf is None:
            return b"<<%b/Resources<<>>/Contents %d 0 R>>" % (entries, self.file.add_stream(b"", b""))
        content = self.file.add_stream(b"/Filter/FlateDecode", page.leaf.content)
        contents = b"%d 0 R" % content
        if page.stamps:
            contents = b"[%d 0 R %b]" % (self.file.add_stream(b"", page.stamps), contents)
        entries += b"/Resources %d 0 R/Contents %b" % (page.sheaf.resources, contents)
        if page.leaf.marks:
            entries += b"/Tabs/S/StructParents %d" % len(parents)
            marks = tuple(map(page.sheaf.number_of, page.leaf.marks))
            parents.append(b"[" + b"%d 0 R " * len(marks) % marks + b"]")
        if page.leaf.links:
            entries += b"/Annots[%b]" % _references(range(page.links, page.links + len(page.leaf.links)))
        return b"<<%b>>" % entries

    def _links(self, goal: Callable[[str], tuple[Place, str] | None], parents: list[bytes]) -> None:
        for page in self.pages:
            if page.leaf is not None and page.sheaf is not None:
                for number, link in enumerate(page.leaf.links, start=page.links):
                    self.file.put(number, self._link(link, page.sheaf, goal, parents))

    def _link(
        self, link: Link, sewn: _Sewn, goal: Callable[[str], tuple[Place, str] | None], parents: list[bytes]
    ) -> bytes:
        entries = link.entries
        if link.goal and (found := goal(link.goal)) is not None:
            entries += b"/Dest%b/Contents(%b)" % (found[0].destination, found[1].encode())
        if link.element >= 0:
            entries += b"/StructParent %d" % len(parents)
            parents.append(b"%d 0 R" % sewn.number_of(link.element))
        return b"<<%b>>" % entries

    def _structure(self, parents: list[bytes]) -> dict[str, bytes]:
        """The tree, from the document's element down to the sheaves'."""
        tagged = [sewn for sewn in self._sewn if sewn.sheaf.elements]
        if not tagged:
            return {}
        file = self.file
        root, document = file.reserve(), file.reserve()
        for sewn in tagged:
            kids = _references(tuple(map(sewn.number_of, sewn.sheaf.elements)))
            section = b"<</Type/StructElem/S/Sect/P %d 0 R/K[%b]>>" % (document, kids)
            file.put(sewn.number_of(SECTION), section)
        sections = _references(tuple(sewn.number_of(SECTION) for sewn in tagged))
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
