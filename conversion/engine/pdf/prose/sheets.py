"""Leaves to a PDF: all pieces of a target in one file, each face in it once, one structure tree over all.

The file is written by hand, since there is little in it and much of that little: a page, its content, an element for
each paragraph. The joiner opens it and adds what is beside the pages.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import uharfbuzz as hb

from ... import fonts
from ...markup.text import language_tag
from .faces import Cut, Faces, number
from .leaves import Element, Leaf, Leaves

_WEIGHTS = {400: "", 500: "-Medium", 600: "-Semi-Bold", 700: "-Bold"}
_DROPPED = ("BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "hdmx", "VDMX", "gasp", "name", "post")
_LEVEL = 6


def write_sheets(pieces: Sequence[Leaves], faces: Faces, language: str) -> bytes:
    """Return pieces as one PDF, in their order; the sections of its tree are in the same order."""
    return _Sheets(faces, language).write(pieces)


class _Sheets:
    """One file under way: objects by number, 1 being the catalog."""

    def __init__(self, faces: Faces, language: str) -> None:
        self._faces = faces
        self._language = language
        self._objects: list[bytes] = []
        self.parents: list[str] = []  # the arrays of the parent tree, then those of links

    def reserve(self, count: int = 1) -> int:
        first = len(self._objects) + 1
        self._objects += [b""] * count
        return first

    def put(self, place: int, content: str) -> None:
        self._objects[place - 1] = content.encode("latin-1")

    def add(self, content: str) -> int:
        place = self.reserve()
        self.put(place, content)
        return place

    def stream(self, content: bytes, *, extra: str = "", is_packed: bool = False) -> int:
        packed = content if is_packed else zlib.compress(content, _LEVEL)
        head = f"<</Filter/FlateDecode/Length {len(packed)}{extra}>>stream\n".encode()
        place = self.reserve()
        self._objects[place - 1] = head + packed + b"\nendstream"
        return place

    def write(self, pieces: Sequence[Leaves]) -> bytes:
        """Return the whole file."""
        catalog, tree, root, document = (self.reserve() for _ in range(4))
        resources = self._resources(pieces)
        first_page = self.reserve(sum(len(piece.leaves) for piece in pieces))
        sections: list[int] = []
        links: list[str] = []
        page = first_page
        count = sum(len(piece.leaves) for piece in pieces)
        for piece in pieces:
            writer = _Piece(self, piece, page, first_page, resources, tree, document, count + len(links))
            sections.append(writer.write())
            links += writer.links
            page += len(piece.leaves)
        kids = " ".join(f"{first_page + at} 0 R" for at in range(count))
        self.put(tree, f"<</Type/Pages/Count {count}/Kids[{kids}]>>")
        parts = " ".join(f"{place} 0 R" for place in sections)
        self.put(document, f"<</Type/StructElem/S/Document/P {root} 0 R/K[{parts}]>>")
        numbers = " ".join(f"{at} {parent}" for at, parent in enumerate([*self.parents, *links]))
        parents = self.add(f"<</Nums[{numbers}]>>")
        self.put(root, f"<</Type/StructTreeRoot/K[{document} 0 R]/ParentTree {parents} 0 R>>")
        self.put(
            catalog,
            f"<</Type/Catalog/Pages {tree} 0 R/StructTreeRoot {root} 0 R/MarkInfo<</Marked true>>"
            f"/Lang({self._language})>>",
        )
        return self._joined()

    def _joined(self) -> bytes:
        parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        places: list[int] = []
        at = len(parts[0])
        for place, content in enumerate(self._objects, start=1):
            places.append(at)
            whole = b"%d 0 obj\n%s\nendobj\n" % (place, content)
            parts.append(whole)
            at += len(whole)
        count = len(places) + 1
        table = "".join(f"{place:010d} 00000 n \n" for place in places)
        parts.append(
            f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R>>\n"
            f"startxref\n{at}\n%%EOF\n".encode()
        )
        return b"".join(parts)

    # ------------------------------------------------------------ faces

    def _resources(self, pieces: Sequence[Leaves]) -> int:
        glyphs: dict[int, set[int]] = defaultdict(set)
        texts: dict[int, dict[int, str]] = defaultdict(dict)
        for piece in pieces:
            for cut, used in piece.glyphs.items():
                glyphs[cut].update(used)
            for cut, known in piece.texts.items():
                texts[cut].update(known)
        entries = "".join(f"/F{cut} {self._font(cut, sorted(glyphs[cut]), texts[cut])} 0 R" for cut in sorted(glyphs))
        return self.add(f"<</Font<<{entries}>>>>")

    def _font(self, place: int, codes: list[int], texts: dict[int, str]) -> int:
        cut = self._faces.cut(place)
        assert cut is not None  # noqa: S101  # something was set in it
        glyphs = {code if code < cut.count else cut.hyphen_glyph for code in codes}
        program = subset(cut, glyphs)
        file = self.stream(program, extra=f"/Length1 {len(program)}")
        face = fonts.FACES[place]
        is_italic = face.style == "italic"
        name = face.family.replace(" ", "-") + _WEIGHTS.get(face.weight, "") + ("-Italic" if is_italic else "")
        name = f"OCTAV{chr(65 + place % 26)}+{name}"
        up, down = round(cut.ascent * 1000), round(-cut.descent * 1000)
        widths = {code: cut.advance(code if code < cut.count else cut.hyphen_glyph) for code in codes}
        descriptor = self.add(
            f"<</Type/FontDescriptor/FontName/{name}/FontFamily({face.family})/Flags {68 if is_italic else 4}"
            f"/FontBBox[0 {down} {max(map(round, widths.values()))} {up}]/ItalicAngle {-12 if is_italic else 0}"
            f"/Ascent {up}/Descent {down}/CapHeight {round(cut.capital * 1000)}/StemV 80/StemH 80/FontFile2 {file} 0 R>>"
        )
        to_glyph = "/Identity"
        if codes[-1] >= cut.count:
            table = b"".join(code.to_bytes(2, "big") for code in (*range(cut.count), cut.hyphen_glyph))
            to_glyph = f" {self.stream(table)} 0 R"
        descendant = self.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/CIDToGIDMap{to_glyph}/FontDescriptor {descriptor} 0 R/W[{_widths(widths)}]>>"
        )
        unicode = self.stream(_to_unicode(codes, cut, texts))
        return self.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{descendant} 0 R]"
            f"/ToUnicode {unicode} 0 R>>"
        )


def subset(cut: Cut, glyphs: Iterable[int]) -> bytes:
    """Return a face with these glyphs alone; they keep their numbers."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = (
        hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE
        | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    )  # fmt: skip
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
    face = hb.subset(hb.Face(cut.content), wanted)
    return bytes(face.blob.data)


def _widths(widths: dict[int, float]) -> str:
    """Runs of codes, each with the widths from its first on."""
    parts: list[str] = []
    before = -2
    for code in sorted(widths):
        if code != before + 1:
            parts.append(("]" if parts else "") + f"{code}[")
        parts.append(f"{number(widths[code])} ")
        before = code
    return "".join(parts) + ("]" if parts else "")


def _to_unicode(codes: Sequence[int], cut: Cut, texts: dict[int, str]) -> bytes:
    letters = cut.letters()
    pairs = []
    for code in codes:
        text = texts.get(code) or letters.get(code, "")
        if text:
            pairs.append(f"<{code:04x}><{text.encode('utf-16-be').hex()}>")
    blocks = []
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        blocks.append(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n"
        f"{''.join(blocks)}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


class _Piece:
    """One piece: its pages, contents, links and elements. `links` are the parents of its links, numbered from
    `first_link` on in the parent tree."""

    def __init__(
        self, file: _Sheets, piece: Leaves, page: int, first_page: int, resources: int, tree: int, document: int,
        first_link: int,
    ) -> None:  # fmt: skip
        self._file = file
        self._piece = piece
        self._page = page
        self._number = page - first_page  # of its first page in the file
        self._resources = resources
        self._tree = tree
        self._document = document
        self._first_link = first_link
        self.links: list[str] = []

    def write(self) -> int:
        """Write the piece; return the number of its section's object."""
        elements, leaves = self._piece.elements, self._piece.leaves
        self._first_element = self._file.reserve(len(elements))
        self._marked = [[""] * len(leaf.marked) for leaf in leaves]  # the element of each marked content
        self._annotations = [self._add_links(leaf) for leaf in leaves]
        for at, element in enumerate(elements):
            self._write_element(at, element)
        for at, leaf in enumerate(leaves):
            self._write_leaf(at, leaf)
        self._file.parents += [f"[{' '.join(owners)}]" for owners in self._marked]
        return self._first_element

    def _add_links(self, leaf: Leaf) -> list[int]:
        places = []
        for link in leaf.links:
            area = " ".join(map(number, link.area))
            parent = self._first_link + len(self.links)
            address = _string(link.address.removeprefix("#"))
            leads = f"/Dest{address}" if link.address.startswith("#") else f"/A<</S/URI/URI{address}>>"
            places.append(
                self._file.add(
                    f"<</Type/Annot/Subtype/Link/Rect[{area}]/BS<</W 0>>/F 4/StructParent {parent}"
                    f"/Contents{address}{leads}>>"
                )
            )
            self.links.append(f"{self._first_element + link.node} 0 R")
        return places

    def _write_leaf(self, at: int, leaf: Leaf) -> None:
        content = self._file.stream(leaf.content, is_packed=True)
        links = self._annotations[at]
        annotations = f"/Annots[{' '.join(f'{place} 0 R' for place in links)}]" if links else ""
        size = f"{number(self._piece.width)} {number(self._piece.height)}"
        self._file.put(
            self._page + at,
            f"<</Type/Page/Parent {self._tree} 0 R/MediaBox[0 0 {size}]/Resources {self._resources} 0 R"
            f"/Contents {content} 0 R/StructParents {self._number + at}/Tabs/S{annotations}>>",
        )

    def _write_element(self, at: int, element: Element) -> None:
        place = self._first_element + at
        parent = self._first_element + element.parent if element.parent >= 0 else self._document
        pages = [kid[1] for kid in element.kids if kid[0] == "m"]
        home = pages[0] if pages else -1
        kids: list[str] = []
        for kid in element.kids:
            if kid[0] == "n":
                kids.append(f"{self._first_element + kid[1]} 0 R")
            elif kid[0] == "l":
                link = self._annotations[kid[1]][kid[2]]
                kids.append(f"<</Type/OBJR/Obj {link} 0 R/Pg {self._page + kid[1]} 0 R>>")
            elif kid[1] == home:
                kids.append(str(kid[2]))
                self._marked[home][kid[2]] = f"{place} 0 R"
            else:
                kids.append(self._span(place, kid[1], kid[2]))
        about = f"/Pg {self._page + home} 0 R" if home >= 0 else ""
        if element.lang:
            about += f"/Lang({language_tag(element.lang)})"
        if element.id:
            about += f"/ID{_string(element.id)}"
        self._file.put(place, f"<</Type/StructElem/S/{element.tag}/P {parent} 0 R{about}/K[{' '.join(kids)}]>>")

    def _span(self, parent: int, page: int, mark: int) -> str:
        """What goes on on another page is a span of its own there."""
        home = self._page + page
        place = self._file.add(f"<</Type/StructElem/S/Span/P {parent} 0 R/Pg {home} 0 R/K[{mark}]>>")
        self._marked[page][mark] = f"{place} 0 R"
        return f"{place} 0 R"


def _string(text: str) -> str:
    if text.isascii():
        return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"
    return f"<{(b'\xfe\xff' + text.encode('utf-16-be')).hex()}>"
