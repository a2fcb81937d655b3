"""From pages that were painted to a batch, the form in which the joiner takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ...typography import fonts
from ..markup import ELSEWHERE
from ..page_batch import (
    SECTION,
    FaceUse,
    Leaf,
    Link,
    ObjectTemplate,
    PageBatch,
    link_reference,
    page_reference,
    text_string,
)
from .faces import Cut, Faces, number

_WEIGHTS = {400: "", 500: "-Medium", 600: "-Semi-Bold", 700: "-Bold"}
_SYMBOLIC, _ITALIC = 4, 64

type Kid = tuple[Literal["element", "marked", "link"], int, int]  # its page and number; elements have no page


@dataclass(slots=True)
class Element:
    """A node of the structure tree; `parent` is the number of another, -1 for the outermost."""

    tag: str
    parent: int
    lang: str = ""
    id: str = ""
    alt: str = ""
    kids: list[Kid] = field(default_factory=list)


@dataclass(slots=True)
class Area:
    """A part of a page that leads somewhere: left, bottom, right, top in points."""

    box: tuple[float, float, float, float]
    address: str
    element: int


@dataclass(slots=True)
class Sheet:
    """One page. `marked` are the elements that its marked contents belong to, in order."""

    content: bytes = b""
    marked: list[int] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    size: tuple[float, float] | None = None  # of its own


@dataclass(slots=True)
class Draft:
    """A piece that is painted: its pages and the tree over them. The first element is a section that holds all; a piece
    without elements is decoration."""

    width: float
    height: float
    sheets: list[Sheet] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)

    def new_element(self, tag: str, parent: int, lang: str = "", name: str = "") -> int:
        """Add an element as the last child of another; return its number."""
        self.elements.append(Element(tag, parent, lang, name))
        made = len(self.elements) - 1
        if parent >= 0:
            self.elements[parent].kids.append(("element", -1, made))
        return made

    def batch(self, faces: Faces, glyphs: dict[int, set[int]]) -> PageBatch:
        """Return the pages in the joiner's form; `glyphs` are the codes used of each file of `fonts.FACES`."""
        batch = PageBatch(
            objects=[ObjectTemplate(b"")] * (len(self.elements) + 1), elements=(1,) if self.elements else ()
        )
        marks = [[element + 1 for element in sheet.marked] for sheet in self.sheets]
        firsts, links = [], 0
        for sheet in self.sheets:
            firsts.append(links)
            links += len(sheet.areas)
        for at, element in enumerate(self.elements):
            batch.objects[at + 1] = self._template(batch, at, element, marks, firsts)
        for sheet, owners in zip(self.sheets, marks, strict=True):
            areas = [_link(area) for area in sheet.areas]
            width, height = sheet.size or (self.width, self.height)
            batch.leaves.append(Leaf(width, height, sheet.content, tuple(owners), areas))
        for place, codes in sorted(glyphs.items()):
            cut = faces.cut(place)
            assert cut is not None  # noqa: S101  # something was set in it
            batch.faces[f"F{place}"] = _use(cut, codes)
        return batch

    def _template(
        self, batch: PageBatch, at: int, element: Element, marks: list[list[int]], firsts: list[int]
    ) -> ObjectTemplate:
        """An element as an object. What of it goes on on another page is a span of its own there."""
        home = next((page for kind, page, _ in element.kids if kind == "marked"), -1)
        references = [element.parent + 1 if element.parent >= 0 else SECTION]
        about = f"/Lang({element.lang})" if element.lang else ""
        if element.id:
            about += f"/ID{text_string(element.id).decode('latin-1').replace('%', '%%')}"
        if element.alt:
            about += f"/Alt{text_string(element.alt).decode('latin-1').replace('%', '%%')}"
        if home >= 0:
            about += "/Pg %d 0 R"
            references.append(page_reference(home))
        kids: list[str] = []
        for kind, page, index in element.kids:
            if kind == "element":
                references.append(index + 1)
            elif kind == "link":
                references += (link_reference(firsts[page] + index), page_reference(page))
            elif page == home:
                kids.append(str(index))
                continue
            else:
                span = ObjectTemplate(b"<</Type/StructElem/S/Span/P %%d 0 R/Pg %%d 0 R/K[%d]>>" % index)
                span.references = (at + 1, page_reference(page))
                marks[page][index] = batch.add(span)
                references.append(marks[page][index])
            kids.append("<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" if kind == "link" else "%d 0 R")
        template = f"<</Type/StructElem/S/{element.tag}/P %d 0 R{about}/K[{' '.join(kids)}]>>"
        return ObjectTemplate(template.encode("latin-1"), tuple(references))


def _link(area: Area) -> Link:
    box = " ".join(map(number, area.box))
    entries = f"/Type/Annot/Subtype/Link/Rect[{box}]/BS<</W 0>>/F 4".encode()
    if area.address.startswith("#"):
        return Link(entries, area.address[1:], area.element + 1)
    if area.address.startswith(ELSEWHERE):
        return Link(entries, area.address.removeprefix(ELSEWHERE), area.element + 1)
    address = text_string(area.address)
    action = b"/A<</Type/Action/S/URI/URI%b>>/Contents%b" % (address, address)
    return Link(entries + action, "", area.element + 1)


def _use(cut: Cut, codes: Iterable[int]) -> FaceUse:
    face = fonts.FACES[cut.number]
    is_italic = face.style == "italic"
    letters = cut.letters()
    used = sorted(codes)
    aliases = {cut.hyphen_code: cut.hyphen_glyph} if cut.hyphen_code in used else {}
    drawn = sorted({*used, *aliases.values()})
    return FaceUse(
        name=face.family.replace(" ", "-") + _WEIGHTS.get(face.weight, "") + ("-Italic" if is_italic else ""),
        face=cut.number,
        widths={code: cut.advance(aliases.get(code, code)) for code in drawn},
        unicode={code: text for code in used if (text := cut.texts.get(code) or letters.get(code, ""))},
        flags=_SYMBOLIC | (_ITALIC if is_italic else 0),
        ascent=round(cut.ascent * 1000),
        descent=round(-cut.descent * 1000),
        aliases=aliases,
    )
