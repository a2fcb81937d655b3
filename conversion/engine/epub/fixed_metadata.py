"""The metadata of a fixed-layout EPUB about its layout and accessibility: no claims beyond what is true."""

from __future__ import annotations

from ..book.model import Book
from ..book.page import is_described, words_of
from .package import Package

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"


def describe(package: Package, book: Book) -> None:
    """Write the metadata of layout and accessibility."""
    pages = book.pages
    described = sum(is_described(page) for page in pages)
    worded = sum(bool(words_of(page).strip()) for page in pages)
    _layout(package, book)
    for mode in ("visual", *(["textual"] if described or worded else [])):
        _property(package, "schema:accessMode", mode)
    _property(package, "schema:accessModeSufficient", "visual" if not worded else "textual,visual")
    if described == len(pages):
        _property(package, "schema:accessModeSufficient", "textual")
    features = ["tableOfContents", "pageNavigation", "pageBreakMarkers"]
    features += ["readingOrder"] if worded else []
    features += ["alternativeText"] if described == len(pages) else []
    for feature in sorted(features):
        _property(package, "schema:accessibilityFeature", feature)
    _property(package, "schema:accessibilityHazard", "none")
    _property(package, "schema:accessibilitySummary", _summary(len(pages), described, worded), **{_LANG: "en"})
    _property(package, "pageBreakSource", "none")
    if described == len(pages) and package.language != "und":
        _property(package, "dcterms:conformsTo", _CONFORMANCE)


def _layout(package: Package, book: Book) -> None:
    first = book.pages[0]
    _property(package, "rendition:layout", "pre-paginated")
    _property(package, "rendition:spread", book.spread if book.spread in ("none", "both") else "auto")
    _property(package, "rendition:orientation", "auto")
    # Two entries that Kindle's converter relies on.
    for name, content in (("fixed-layout", "true"), ("original-resolution", f"{first.width}x{first.height}")):
        package.book.add_metadata(None, "meta", "", {"name": name, "content": content})


def _summary(count: int, described: int, worded: int) -> str:
    """Return plain sentences about this very book, for readers who depend on its accessibility."""
    parts = [
        f"The book is {count} pages of fixed layout; each is a picture, and the text cannot be enlarged by itself."
    ]
    if worded:
        parts.append(f"The words of {worded} pages are real text in reading order.")
    if described == count:
        parts.append("All pages have a description, or show nothing but their words.")
    elif described:
        parts.append(f"{described} of {count} pages have a description.")
    else:
        parts.append("The pictures have no descriptions.")
    parts.append("There is a table of contents and a list of pages.")
    return " ".join(parts)


def _property(package: Package, name: str, value: str, **attributes: str) -> None:
    package.book.add_metadata(None, "meta", value, {"property": name, **attributes})
