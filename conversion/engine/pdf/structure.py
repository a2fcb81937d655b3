"""Joining structure trees: what a screen reader follows through a PDF.

Each part comes with a tree of its own, numbered from 0. The joined document has one tree: a part's document element
becomes a section of it, and the numbers by which pages and links point into the tree are moved up.
"""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf


class StructureTree:
    """The tree of the joined document. Add the parts in reading order, then call `finish`."""

    def __init__(self, out: Pdf) -> None:
        self._out = out
        self._root = out.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = out.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root, K=Array()))
        self._numbers = Array()
        self._next = 0

    def add(self, source: Pdf, pages: list[pikepdf.Page]) -> None:
        """Take over the tree of a part whose pages were just copied into the joined document as `pages`."""
        tree = source.Root.get("/StructTreeRoot")
        if tree is None:
            return
        copied = self._out.copy_foreign(tree)
        base = self._next
        entries = copied.ParentTree.Nums
        for position in range(0, len(entries), 2):
            number = base + int(entries[position])
            self._numbers.append(number)
            self._numbers.append(entries[position + 1])
            self._next = max(self._next, number + 1)
        self._move(pages, base)
        for element in copied.K:
            element.S = Name.Sect
            element.P = self._document
            self._document.K.append(element)

    @staticmethod
    def _move(pages: list[pikepdf.Page], base: int) -> None:
        for page in pages:
            if "/StructParents" in page.obj:
                page.obj.StructParents = base + int(page.obj.StructParents)
            for annotation in page.obj.get("/Annots", []):
                if "/StructParent" in annotation:
                    annotation.StructParent = base + int(annotation.StructParent)

    def finish(self) -> None:
        """Hang the tree into the document."""
        self._root.K = Array([self._document])
        self._root.ParentTree = self._out.make_indirect(Dictionary(Nums=self._numbers))
        self._root.ParentTreeNextKey = self._next
        self._out.Root.StructTreeRoot = self._root
        self._out.Root.MarkInfo = Dictionary(Marked=True)
