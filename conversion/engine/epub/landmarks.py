"""Landmarks: the places every reading system can name, and the same as the guide of EPUB 2."""

from __future__ import annotations

from dataclasses import dataclass

# Roles of chapters that are landmarks, with their names in the guide of EPUB 2 ("" for those it does not know).
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
# Cover, contents and start come first: some readers show only a few.
_FIRST = ("cover", "titlepage", "toc", "bodymatter")


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place every reading system can name; `kind` is its epub:type."""

    kind: str
    title: str
    path: str


class Landmarks:
    """Gathers the landmarks of one book; the first of a kind counts."""

    def __init__(self) -> None:
        self._found: dict[str, Landmark] = {}

    def add(self, kind: str, title: str, path: str) -> bool:
        """Add a landmark; False where there is one of its kind."""
        if kind in self._found:
            return False
        self._found[kind] = Landmark(kind, title, path)
        return True

    def in_order(self) -> list[Landmark]:
        """Return those readers ask for most, then the others in reading order."""
        first = [self._found[kind] for kind in _FIRST if kind in self._found]
        return first + [mark for kind, mark in self._found.items() if kind not in _FIRST]

    def guide(self) -> list[dict[str, str]]:
        """Return the references of the guide as EbookLib takes them."""
        return [
            {"type": _GUIDE[mark.kind], "title": mark.title, "href": mark.path}
            for mark in self.in_order()
            if _GUIDE[mark.kind]
        ]
