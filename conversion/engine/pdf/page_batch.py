"""Page batches: pages that were set and are not bound yet, in a form made for joining.

A batch holds PDF objects whose numbers are open. Each is a template with `%d` where a reference's number goes, and the
references themselves: an object of the batch, one of its pages (`page_reference`) or links (`link_reference`). Joining
fills the holes with one format operation an object and copies streams as they are. Faces are not embedded: a batch says
which glyphs it uses, and the joined file holds each face once. Batches are what the cache of parts keeps; the file form
is JSON and bytes, which unlike a pickle is data only; its first line is what planning needs to know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..findings.model import PageArea

_REFERENCE = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]*>|(\d+) 0 R\b")
SECTION = 0  # the number of the element that holds all others of the batch; the joiner writes it


_LINKS_FROM = 1 << 24


def page_reference(page: int) -> int:
    """How a template refers to a page of its batch, counted from 0."""
    return -1 - page


def link_reference(link: int) -> int:
    """How a template refers to a link of its batch, counted from 0 through all pages."""
    return -1 - _LINKS_FROM - link


def numbering(objects: int, pages: int, links: int) -> Callable[[int], int]:
    """The numbers of references, where a batch's objects, pages and links are numbered from these on."""

    def number_of(reference: int) -> int:
        if reference >= 0:
            return objects + reference
        if reference >= -_LINKS_FROM:
            return pages - 1 - reference
        return links - 1 - _LINKS_FROM - reference

    return number_of


@dataclass(slots=True)
class ObjectTemplate:
    """One object with open references. `stream` is its data, already filtered, without `/Length` in the template."""

    template: bytes
    references: tuple[int, ...] = ()
    stream: bytes | None = None

    def filled(self, number_of: Callable[[int], int]) -> bytes:
        """The object with its references' numbers."""
        if not self.references:
            return self.template.replace(b"%%", b"%")
        return self.template % tuple(map(number_of, self.references))


def template_of(data: bytes, number_of: Callable[[int], int]) -> ObjectTemplate:
    """A finished object as a template. `number_of` maps the numbers in it to those of the batch."""
    references: list[int] = []

    def open_up(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        references.append(number_of(int(match[1])))
        return b"%d 0 R"

    return ObjectTemplate(_REFERENCE.sub(open_up, data.replace(b"%", b"%%")), tuple(references))


@dataclass(slots=True)
class FaceUse:
    """What a batch uses of one face, glyphs numbered as in the whole face.

    `face` is the place in `fonts.FACES` of a packaged face; -1 for others, whose glyphs are in `subset`, a TrueType or
    OpenType file. `name` is the face's own, "Literata-Italic". Lengths are in thousandths of an em. `aliases` are codes
    past the last glyph that are drawn as another glyph: a hyphen at the end of a line, which is not one of the text's.
    """

    name: str
    face: int
    widths: dict[int, int | float]
    unicode: dict[int, str]
    flags: int
    ascent: int
    descent: int
    subset: bytes = b""
    aliases: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Link:
    """A link annotation: its entries but for where it leads; `goal` is the id inside the book, "" for an address, which
    is in the entries. `element` is its structure element, -1 for none."""

    entries: bytes
    goal: str = ""
    element: int = -1


@dataclass(slots=True)
class Leaf:
    """A page, in points. `content` is deflated; `marks` are the structure elements of its marked contents, in order."""

    width: float
    height: float
    content: bytes
    marks: tuple[int, ...] = ()
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Defect:
    """What the engine itself found wanting on a page: "overfull", "loose", "ladder" or "widow". The page of `area`
    counts from 1 in the part."""

    kind: str
    area: PageArea
    quote: str = ""


@dataclass(slots=True)
class PageBatch:
    """Pages in order. `anchors` maps ids to (page, x, y) from the bottom left. `objects` begin with a place kept for
    SECTION; `elements` are those right below it. `resources` are the entries of the resource dictionary but for faces
    and XObjects; those go by their names in `faces` and `pictures`. `fonts` are font objects that cannot be shared.
    `undrawn` are the sources of formulas that are printed as they are written."""

    leaves: list[Leaf] = field(default_factory=list)
    anchors: dict[str, tuple[int, float, float]] = field(default_factory=dict)
    objects: list[ObjectTemplate] = field(default_factory=lambda: [ObjectTemplate(b"")])
    elements: tuple[int, ...] = ()
    resources: ObjectTemplate = field(default_factory=lambda: ObjectTemplate(b""))
    pictures: dict[str, int] = field(default_factory=dict)
    faces: dict[str, FaceUse] = field(default_factory=dict)
    fonts: dict[str, int] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()
    undrawn: tuple[str, ...] = ()

    def add(self, pdf_object: ObjectTemplate) -> int:
        """Take an object in and return its number."""
        self.objects.append(pdf_object)
        return len(self.objects) - 1

    def write(self, path: Path) -> None:
        """Write the batch to a file."""
        blobs: list[bytes] = []

        def kept(blob: bytes) -> int:
            blobs.append(blob)
            return len(blob)

        first = [len(self.leaves), self.anchors, [asdict(defect) for defect in self.defects], self.undrawn]
        about = {
            "leaves": [
                [leaf.width, leaf.height, kept(leaf.content), leaf.marks, [_link_as_json(link) for link in leaf.links]]
                for leaf in self.leaves
            ],
            "objects": [_object_as_json(pdf_object, kept) for pdf_object in self.objects],
            "elements": self.elements,
            "resources": _object_as_json(self.resources, kept),
            "pictures": self.pictures,
            "fonts": self.fonts,
            "faces": {name: _face_as_json(use, kept) for name, use in self.faces.items()},
        }
        with path.open("wb") as file:
            file.writelines(json.dumps(part, separators=(",", ":")).encode() + b"\n" for part in (first, about))
            file.writelines(blobs)

    @classmethod
    def read(cls, path: Path) -> PageBatch:
        """Read a batch back. Raises ValueError, KeyError, IndexError or TypeError when the file is not one."""
        first, head, rest = path.read_bytes().split(b"\n", 2)
        _, anchors, defects, undrawn = about_of(first)
        about = json.loads(head)
        position = 0

        def taken(length: int) -> bytes:
            nonlocal position
            position += length
            return rest[position - length : position]

        return cls(
            leaves=[
                Leaf(width, height, taken(content), tuple(marks), [_link_of(link) for link in links])
                for width, height, content, marks, links in about["leaves"]
            ],
            anchors=anchors,
            defects=defects,
            undrawn=undrawn,
            objects=[_object_of(told, taken) for told in about["objects"]],
            elements=tuple(about["elements"]),
            resources=_object_of(about["resources"], taken),
            pictures=about["pictures"],
            fonts=about["fonts"],
            faces={name: _face_of(told, taken) for name, told in about["faces"].items()},
        )


type _About = tuple[int, dict[str, tuple[int, float, float]], tuple[Defect, ...], tuple[str, ...]]


def about_of(line: bytes) -> _About:
    """Pages, anchors, defects and undrawn formulas, from the first line of a batch's file. Raises as `read` does."""
    pages, anchors, defects, undrawn = json.loads(line)
    return (
        int(pages),
        {name: (page, x, y) for name, (page, x, y) in anchors.items()},
        tuple(Defect(each["kind"], PageArea(**each["area"]), each["quote"]) for each in defects),
        tuple(undrawn),
    )


def _link_as_json(link: Link) -> list[Any]:
    return [link.entries.decode("latin-1"), link.goal, link.element]


def _link_of(told: list[Any]) -> Link:
    return Link(told[0].encode("latin-1"), told[1], told[2])


def _object_as_json(pdf_object: ObjectTemplate, kept: Callable[[bytes], int]) -> list[Any]:
    stream = -1 if pdf_object.stream is None else kept(pdf_object.stream)
    return [pdf_object.template.decode("latin-1"), pdf_object.references, stream]


def _object_of(told: list[Any], taken: Callable[[int], bytes]) -> ObjectTemplate:
    template, references, stream = told
    return ObjectTemplate(template.encode("latin-1"), tuple(references), None if stream < 0 else taken(stream))


def _face_as_json(use: FaceUse, kept: Callable[[bytes], int]) -> list[Any]:
    return [
        *(use.name, use.face, list(use.widths.items()), list(use.unicode.items())),
        *(use.flags, use.ascent, use.descent, kept(use.subset), list(use.aliases.items())),
    ]


def _face_of(told: list[Any], taken: Callable[[int], bytes]) -> FaceUse:
    name, face, widths, unicode, flags, ascent, descent, subset, aliases = told
    return FaceUse(name, face, dict(widths), dict(unicode), flags, ascent, descent, taken(subset), dict(aliases))


def text_string(text: str) -> bytes:
    """Text as a PDF string."""
    if text.isascii():
        return b"(" + re.sub(rb"([\\()])", rb"\\\1", text.encode()).replace(b"\r", b"\\r") + b")"
    return b"<" + ("\ufeff" + text).encode("utf-16-be", "replace").hex().encode() + b">"


def dictionary(entries: Mapping[str, bytes]) -> bytes:
    """A PDF dictionary. Keys come without their slash and need no escaping."""
    return b"<<" + b"".join(b"/" + key.encode() + b" " + value for key, value in entries.items()) + b">>"
