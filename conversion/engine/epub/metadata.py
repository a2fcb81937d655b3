"""The EPUB's metadata: Dublin Core, contributors with roles, and accessibility computed from the content."""

from __future__ import annotations

import hashlib
import re
import uuid

from ..book.model import Book, Contributor
from ..book.walk import plain
from ..markup.survey import Survey
from ..markup.terms import terms_for
from ..markup.text import clean, one_line
from ..markup.title import title_of
from . import fixed_metadata
from .package import Package
from .sort_names import sort_name
from .summary import summary

CONFORMANCE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"

_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_ROLE = re.compile(r"[a-z]{3}")


def identifier_of(book: Book, *, is_sample: bool) -> str:
    """Return the book's identifier, or a UUID made from its text when it has no well-formed one.

    A sample is a different publication, so it gets a different identifier.
    """
    given = one_line(book.metadata.identifier)
    if given.lower().startswith("urn:uuid:"):
        given = given.lower() if _UUID.fullmatch(given.lower()) else ""
    if not given:
        digest = hashlib.sha256(book.metadata.title.encode("utf-8", "replace"))
        for chapter in book.chapters:
            digest.update(plain(chapter.blocks).encode("utf-8", "replace"))
        given = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest.hexdigest())}"
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{given}#sample')}" if is_sample else given


def describe(package: Package, survey: Survey, *, has_math: bool, is_sample: bool) -> None:
    """Write all metadata into the package."""
    book = survey.book
    package.book.set_identifier(package.identifier)
    if package.identifier.startswith("urn:isbn:"):
        # ONIX code list 5: 15 is a 13-digit ISBN, 02 a 10-digit one.
        code = "15" if len(package.identifier.removeprefix("urn:isbn:")) == 13 else "02"
        _property(package, "identifier-type", code, refines=f"#{package.book.IDENTIFIER_ID}", scheme="onix:codelist5")
    _titles(package, book)
    for number, person in enumerate(book.metadata.contributors, 1):
        _contributor(package, person, number)
    _publication(package, book, is_sample=is_sample)
    if book.is_fixed:
        fixed_metadata.describe(package, book)
    else:
        _accessibility(package, survey, has_math=has_math)
    if "cover-image" in {item.id for item in package.book.items}:
        _meta(package, "", {"name": "cover", "content": "cover-image"})


def _meta(package: Package, value: str, attributes: dict[str, str]) -> None:
    package.book.add_metadata(None, "meta", value, attributes)


def _property(package: Package, name: str, value: str, **attributes: str) -> None:
    _meta(package, value, {"property": name, **attributes})


def _titles(package: Package, book: Book) -> None:
    title = title_of(book, terms_for(book.metadata.language))
    package.book.title = title
    package.book.add_metadata("DC", "title", title, {"id": "title"})
    _property(package, "title-type", "main", refines="#title")
    if subtitle := one_line(book.metadata.subtitle):
        package.book.add_metadata("DC", "title", subtitle, {"id": "subtitle"})
        _property(package, "title-type", "subtitle", refines="#subtitle")


def _contributor(package: Package, person: Contributor, number: int) -> None:
    name = one_line(person.name)
    if not name:
        return
    role = person.role if _ROLE.fullmatch(person.role) else "oth"
    own = f"person-{number}"
    package.book.add_metadata("DC", "creator" if role == "aut" else "contributor", name, {"id": own})
    _property(package, "role", role, refines=f"#{own}", scheme="marc:relators")
    _property(package, "file-as", sort_name(name, package.language), refines=f"#{own}")


def _publication(package: Package, book: Book, *, is_sample: bool) -> None:
    metadata = book.metadata
    values = [
        ("publisher", one_line(metadata.publisher)),
        ("description", clean(metadata.description).strip()),
        ("rights", one_line(metadata.rights)),
        ("date", metadata.published if _DATE.fullmatch(metadata.published) else ""),
        ("type", "preview" if is_sample else ""),
        ("source", identifier_of(book, is_sample=False) if is_sample else one_line(metadata.source)),
    ]
    for name, value in values:
        if value:
            package.book.add_metadata("DC", name, value)
    _subjects(package, book)
    _licence(package, book)


def _subjects(package: Package, book: Book) -> None:
    """Write the subjects, those of Thema with their codes."""
    codes = dict(book.trade.subject_codes)
    for number, subject in enumerate(filter(None, map(one_line, book.metadata.subjects)), 1):
        own = f"subject-{number}"
        package.book.add_metadata("DC", "subject", subject, {"id": own} if subject in codes else {})
        if subject in codes:
            _property(package, "authority", "Thema", refines=f"#{own}")
            _property(package, "term", codes[subject], refines=f"#{own}")


def _licence(package: Package, book: Book) -> None:
    """Write the licence for machines, and that text and data mining is reserved, as the TDM Reservation Protocol of the
    W3C has it in EPUB."""
    if book.trade.licence:
        _property(package, "dcterms:license", book.trade.licence)
    if book.trade.is_mining_reserved:
        package.book.add_prefix("tdm", "http://www.w3.org/ns/tdmrep#")
        _property(package, "tdm:reservation", "1")


def _accessibility(package: Package, survey: Survey, *, has_math: bool) -> None:
    features = survey.features
    described = features.images_without_alt == 0 and features.math_without_alt == 0
    modes = ["textual", *(["visual"] if features.images else [])]
    for mode in modes:
        _property(package, "schema:accessMode", mode)
    if features.images:
        _property(package, "schema:accessModeSufficient", "textual,visual")
    if described:
        _property(package, "schema:accessModeSufficient", "textual")
    for feature in _features(survey, has_math=has_math, has_alt=bool(features.images) and described):
        _property(package, "schema:accessibilityFeature", feature)
    _property(package, "schema:accessibilityHazard", "none")
    sentences, language = summary(survey, has_math=has_math)
    _property(package, "schema:accessibilitySummary", sentences, **{_LANG: language})
    if survey.marks:
        _property(package, "pageBreakSource", one_line(survey.book.metadata.page_source) or "unknown")
    if described and package.language != "und":
        _property(package, "dcterms:conformsTo", CONFORMANCE)


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _features(survey: Survey, *, has_math: bool, has_alt: bool) -> list[str]:
    names = ["ARIA", "displayTransformability", "readingOrder", "structuralNavigation", "tableOfContents"]
    names += ["alternativeText"] * has_alt + ["MathML"] * has_math
    names += ["describedMath"] * (has_math and not survey.features.math_without_alt)
    names += ["pageBreakMarkers", "pageNavigation"] * bool(survey.marks)
    names += ["rubyAnnotations"] * bool(survey.features.rubies)
    return names
