"""From a document that WeasyPrint has set to a batch: its pages, its structure, and which glyphs it uses.

WeasyPrint's objects are taken before they are written to a file. What a part has no use for is left out (page tree,
outline, metadata, embedded faces), and elements that say nothing (a span for every line of a paragraph) dissolve into
the element around them, which makes a book's structure five times smaller.
"""

# WeasyPrint and pydyf have no type hints.
# mypy: disallow-untyped-calls=False

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import pydyf
import weasyprint
from weasyprint.pdf import VARIANTS, generate_pdf
from weasyprint.text.fonts import get_hb_object_data

from .page_batch import (
    SECTION,
    FaceUse,
    Leaf,
    Link,
    ObjectTemplate,
    PageBatch,
    link_reference,
    page_reference,
    template_of,
)
from .spelling import Speller

_LEVEL = 6
_SPELLER = Speller()
_SILENT = ("/Span", "/NonStruct")
_PLAIN_KEYS = frozenset({"Type", "S", "K", "Pg", "P"})
# Elements that may hold marked content themselves.
_HOLDERS = frozenset(
    (
        *("/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Span", "/NonStruct", "/Link", "/LBody", "/Lbl"),
        *("/TD", "/TH", "/Caption", "/BlockQuote", "/Div"),
    )
)


def batch_of(
    rendered: weasyprint.Document, packaged: Mapping[bytes, int], elsewhere: str, *, is_tagged: bool
) -> PageBatch:
    """Return the pages of a document without anchors. `packaged` maps the bytes of packaged faces to their numbers;
    links that begin with `elsewhere` lead to ids of other parts."""
    options: dict[str, Any] = dict(weasyprint.DEFAULT_OPTIONS)
    if is_tagged:
        options["pdf_variant"] = "pdf/ua-1"
        options |= {key: value for key, value in VARIANTS["pdf/ua-1"][1].items() if options.get(key) is None}
    pdf = generate_pdf(rendered, None, 1, **options)
    maker = _BatchMaker(pdf, elsewhere)
    maker.pages()
    maker.structure()
    maker.fonts(rendered.fonts, lambda font: packaged.get(get_hb_object_data(font.hb_face), -1))
    return maker.batch


class _BatchMaker:
    """Takes objects over as they are asked for. `_numbers` maps WeasyPrint's numbers to the batch's."""

    def __init__(self, pdf: pydyf.PDF, elsewhere: str) -> None:
        self.batch = PageBatch()
        self._objects = pdf.objects
        self._catalog = pdf.catalog
        self._elsewhere = elsewhere
        self._pages = [self._object(reference) for reference in pdf.page_references]
        self._numbers: dict[int, int] = {page.number: page_reference(i) for i, page in enumerate(self._pages)}
        self._links = 0
        self._link_of_parent: dict[int, Link] = {}  # by the number that leads from a link into the structure
        self._dissolved: dict[int, Any] = {}  # the element that took in a dissolved one's contents

    def _object(self, reference: bytes | str) -> Any:
        return self._objects[_number_in(reference)]

    def _number(self, number: int) -> int:
        """The batch's number of an object, which is taken over when it is asked for first."""
        if number not in self._numbers:
            self._numbers[number] = self.batch.add(ObjectTemplate(b""))
            self.batch.objects[self._numbers[number]] = self._taken(self._objects[number])
        return self._numbers[number]

    def _taken(self, found: Any) -> ObjectTemplate:
        if not isinstance(found, pydyf.Stream):
            return template_of(found.data, self._number)
        entries, data = pydyf.Dictionary(found.extra), _raw(found)
        if found.compress:
            entries["Filter"], data = "/FlateDecode", zlib.compress(data, _LEVEL)
        entries.pop("Length", None)
        pdf_object = template_of(entries.data[2:-2], self._number)
        pdf_object.stream = data
        return pdf_object

    # ------------------------------------------------------------ pages

    def pages(self) -> None:
        for page in self._pages:
            left, top, right, bottom = page["MediaBox"]
            content = zlib.compress(_raw(self._object(page["Contents"])), _LEVEL)
            links = [self._link(self._object(reference)) for reference in page.get("Annots", ())]
            self.batch.leaves.append(Leaf(right - left, bottom - top, content, links=links))
        resources = self._object(self._pages[0]["Resources"])
        self.batch.pictures = {
            name: self._number(_number_in(reference)) for name, reference in resources["XObject"].items()
        }
        others = {key: value for key, value in resources.items() if key not in ("Font", "XObject") and value != {}}
        self.batch.resources = template_of(pydyf.Dictionary(others).data[2:-2], self._number)

    def _link(self, annotation: Any) -> Link:
        goal = str(annotation["Dest"].string) if "Dest" in annotation else ""
        if not goal and (address := str(annotation["A"]["URI"].string)).startswith(self._elsewhere):
            goal = address.removeprefix(self._elsewhere)
        left_out = ("A", "Dest", "Contents", "StructParent") if goal else ("StructParent",)
        entries = pydyf.Dictionary({key: value for key, value in annotation.items() if key not in left_out})
        link = Link(entries.data[2:-2], goal)
        self._numbers[annotation.number] = link_reference(self._links)
        self._links += 1
        if "StructParent" in annotation:
            self._link_of_parent[annotation["StructParent"]] = link
        return link

    # ------------------------------------------------------------ structure

    def structure(self) -> None:
        """The elements, and which of them each page's marked contents and each link belong to."""
        if "StructTreeRoot" not in self._catalog:
            return
        root = self._object(self._catalog["StructTreeRoot"])
        top = self._object(root["K"][0])
        self._numbers[top.number] = SECTION
        self._dissolve(top)
        nums = self._object(root["ParentTree"])["Nums"]
        for page, leaf in enumerate(self.batch.leaves):
            leaf.marks = tuple(self._owner(reference) for reference in nums[2 * page + 1])
        for position in range(2 * len(self._pages), len(nums), 2):
            link = self._link_of_parent[nums[position]]
            link.element = self._owner(nums[position + 1])
        self.batch.elements = tuple(self._number(_number_in(reference)) for reference in top["K"])

    def _dissolve(self, element: Any) -> None:
        """Take in the contents of children that say nothing themselves."""
        kids: list[Any] = []
        for kid in element["K"]:
            child = None if isinstance(kid, int) else self._object(kid)
            if child is None or child.get("Type") != "/StructElem":
                kids.append(kid)
                continue
            self._dissolve(child)
            if element["S"] in _HOLDERS and child["S"] in _SILENT and _PLAIN_KEYS.issuperset(child):
                self._dissolved[child.number] = element
                for grandchild in child["K"]:
                    if not isinstance(grandchild, int) and "P" in (lifted := self._object(grandchild)):
                        lifted["P"] = element.reference
                kids += child["K"]
            else:
                kids.append(kid)
        element["K"] = pydyf.Array(kids)

    def _owner(self, reference: bytes) -> int:
        """The number of the element that took in another's contents, or of that other itself."""
        number = _number_in(reference)
        while number in self._dissolved:
            number = self._dissolved[number].number
        return self._number(number)

    # ------------------------------------------------------------ faces

    def fonts(self, used: Mapping[Any, Any], face_of: Callable[[Any], int]) -> None:
        """What is used of each face. Faces made of pictures stay objects."""
        fonts = self._object(self._object(self._pages[0]["Resources"])["Font"])
        for font in used.values():
            if font.hash in self.batch.faces or font.hash in self.batch.fonts:
                continue
            if font.bitmap:
                self.batch.fonts[font.hash] = self._number(_number_in(fonts[font.hash]))
                continue
            same = [other for other in used.values() if other.hash == font.hash]
            told = {glyph: text for other in same for glyph, text in other.to_unicode.items()}
            face = face_of(font)
            self.batch.faces[font.hash] = FaceUse(
                name=font.name.decode().partition("+")[2],
                face=face,
                widths={glyph: width for other in same for glyph, width in other.widths.items()},
                unicode=_SPELLER.spelt(told, font.hash, get_hb_object_data(font.hb_face)),
                flags=font.flags,
                ascent=font.ascent,
                descent=font.descent,
                subset=b"" if face >= 0 else font.file_content,
            )


def _number_in(reference: bytes | str) -> int:
    return int(reference.split()[0])


def _raw(stream: pydyf.Stream) -> bytes:
    """The stream's own lines, neither deflated nor described."""
    return b"\n".join(line if isinstance(line, bytes) else pydyf._to_bytes(line) for line in stream.stream)
