"""Pictures and text boxes of a DOCX, in DrawingML (2007 on) and VML (before)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from ...book import clean
from ...book.model import Align, AnyBlock, InlineImage, Paragraph, Text
from ...findings.model import Severity
from ...gate.xml import Element
from ..assembly.draft import Draft
from .diagrams import CHART, DIAGRAM, read_drawn, relationship_of
from .names import ADEC, MC, WP, A, O, R, V, W
from .package import Package

_BOX = W + "txbxContent"
_WORD_ART = V + "textpath"
_FOUND = {A + "blip", V + "imagedata", V + "rect", _BOX, _WORD_ART}
_TOLD = {DIAGRAM, CHART}  # shown as words


@dataclass(slots=True)
class Rule:
    """A drawn horizontal line."""


type Found = InlineImage | Rule | Element | AnyBlock


class Drawings:
    """Finds what a drawing shows. Pictures that are linked instead of enclosed are never fetched."""

    def __init__(self, package: Package, draft: Draft) -> None:
        self._package = package
        self._draft = draft

    def read(self, element: Element, part: str) -> Iterator[Found]:
        """Pictures, rules, the contents of text boxes and the words of WordArt inside `element`, in order."""
        alt, is_decorative = _alternative_text(element), _is_decorative(element)
        for found in _walk(element):
            tag = str(found.tag)
            if tag == _BOX:
                yield found
            elif tag == V + "rect":
                if found.get(O + "hr") in ("t", "true", "1"):
                    yield Rule()
            elif tag == _WORD_ART:
                words = clean.text(str(found.get("string", "")))
                if words.strip():
                    yield Paragraph([Text(words)], align=Align.CENTER)
            elif tag in _TOLD:
                block = self._told(found, part)
                code = "source.drawing-dropped" if block is None else "source.drawing-told"
                self._draft.count(code, Severity.PROBLEM, alt)
                if block is not None:
                    yield block
            else:
                picture = self._picture(found, part, alt or str(found.get(O + "title", "")))
                if picture is not None:
                    picture.decorative = is_decorative and not picture.alt
                    yield picture

    def _told(self, element: Element, part: str) -> AnyBlock | None:
        relationship = self._package.relationships(part).get(relationship_of(element))
        root = None if relationship is None or relationship.external else self._package.xml(relationship.target)
        return None if root is None else read_drawn(root)

    def _picture(self, element: Element, part: str, alt: str) -> InlineImage | None:
        key = element.get(R + "embed") or element.get(R + "id") or ""
        relationship = self._package.relationships(part).get(str(key))
        linked = element.get(R + "link") or element.get("src")
        if relationship is None or relationship.external:
            if relationship is not None or linked:
                self._draft.count("source.image-remote", Severity.PROBLEM, alt)
            return None
        name = posixpath.basename(relationship.target)
        if relationship.target not in self._package.archive:
            self._draft.tell("source.image-missing", Severity.PROBLEM, alt, name=clean.title(name, 80))
            return None
        asset = self._draft.picture(self._package.archive.read(relationship.target), name)
        return InlineImage(asset, clean.title(alt, 1000)) if asset else None


def _walk(element: Element) -> Iterator[Element]:
    """Depth first; one branch of alternatives only; text boxes are not entered."""
    for child in element.iterchildren():
        tag = child.tag
        if tag == MC + "AlternateContent":
            branch = choose(child)
            if branch is not None:
                yield from _walk(branch)
            continue
        if tag in _FOUND or tag in _TOLD:
            yield child
        if tag != _BOX:
            yield from _walk(child)


def choose(alternate: Element) -> Element | None:
    """The branch to read: the first choice that holds something we know, else the fallback."""
    for choice in alternate.iterchildren(MC + "Choice"):
        if any(True for _ in choice.iter(A + "blip", _BOX, _WORD_ART, W + "t", V + "imagedata", *_TOLD)):
            return choice
    fallback = alternate.find(MC + "Fallback")
    return fallback if fallback is not None else alternate.find(MC + "Choice")


def _alternative_text(element: Element) -> str:
    for properties in element.iter(WP + "docPr"):
        return str(properties.get("descr") or properties.get("title") or "")
    for shape in element.iter(V + "shape"):
        return str(shape.get("alt") or shape.get("title") or "")
    return ""


def _is_decorative(element: Element) -> bool:
    """Whether Word's box "Mark as decorative" is ticked."""
    return any(mark.get("val") in ("1", "true") for mark in element.iter(ADEC + "decorative"))
