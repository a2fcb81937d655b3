"""Landmarks: the places that every reading system can name, also as the guide of EPUB 2."""

from __future__ import annotations

from dataclasses import dataclass

# Chapter roles that are landmarks, with their names in the EPUB 2 guide ("" where it has none).
ROLES = {
    "halftitlepage": "",
    "titlepage": "title-page",
    "copyright-page": "copyright-page",
    "dedication": "dedication",
    "epigraph": "epigraph",
    "foreword": "foreword",
    "preface": "preface",
    "introduction": "",
    "prologue": "",
    "epilogue": "",
    "afterword": "",
    "acknowledgments": "acknowledgements",
    "appendix": "",
    "endnotes": "notes",
    "bibliography": "bibliography",
    "glossary": "glossary",
    "index": "index",
    "colophon": "colophon",
}
_GUIDE = ROLES | {"cover": "cover", "toc": "toc", "bodymatter": "text"}
# Cover, contents and start come first: some reading systems show only a few.
_FIRST = ("cover", "titlepage", "toc", "bodymatter")


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that every reading system can name; `kind` is its epub:type."""

    kind: str
    title: str
    path: str


class Landmarks:
    """Collects the landmarks of one book; only the first of a kind counts."""

    def __init__(self) -> None:
        self._found: dict[str, Landmark] = {}

    def add(self, kind: str, title: str, path: str) -> bool:
        """Add a landmark; return False where there is already one of its kind."""
        if kind in self._found:
            return False
        self._found[kind] = Landmark(kind, title, path)
        return True

    def in_order(self) -> list[Landmark]:
        """Return the most requested landmarks first, then the others in reading order."""
        first = [self._found[kind] for kind in _FIRST if kind in self._found]
        return first + [mark for kind, mark in self._found.items() if kind not in _FIRST]

    def guide(self) -> list[dict[str, str]]:
        """Return the references of the guide as EbookLib takes them."""
        return [
            {"type": _GUIDE[mark.kind], "title": mark.title, "href": mark.path}
            for mark in self.in_order()
            if _GUIDE[mark.kind]
        ]
