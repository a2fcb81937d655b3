"""What a feed says, in either version of OPDS. Addresses are absolute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.money import Money

V1, V2 = "v1.2", "v2"  # as they stand in addresses
JPEG = "image/jpeg"


class Rel(StrEnum):
    """Relations of links (OPDS 1.2, section 8; RFC 5988)."""

    ACQUISITION = "http://opds-spec.org/acquisition"
    BUY = "http://opds-spec.org/acquisition/buy"
    FACET = "http://opds-spec.org/facet"
    IMAGE = "http://opds-spec.org/image"
    NEWEST = "http://opds-spec.org/sort/new"
    POPULAR = "http://opds-spec.org/sort/popular"
    SAMPLE = "http://opds-spec.org/acquisition/sample"
    SHELF = "http://opds-spec.org/shelf"
    SUBSECTION = "subsection"
    THUMBNAIL = "http://opds-spec.org/image/thumbnail"


class Kind(StrEnum):
    """What a feed holds: other feeds, or books."""

    NAVIGATION = "navigation"
    ACQUISITION = "acquisition"


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a book, to a part of it, or to its page in the shop. `size_bytes` is 0 if it is not known."""

    rel: Rel
    href: str
    type: str
    title: str = ""
    price: Money | None = None
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """A Thema code with its heading."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One book. `identifier` is a URN of the edition, "" if it has none."""

    id: str
    title: str
    authors: tuple[str, ...]
    language: str
    updated: datetime
    links: tuple[Link, ...]
    images: tuple[Link, ...] = ()
    published: datetime | None = None
    description: str = ""
    subjects: tuple[Subject, ...] = ()
    publisher: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A link to another feed, in a feed of feeds. `count` is None where nobody counted its books."""

    id: str
    title: str
    href: str
    kind: Kind
    rel: Rel = Rel.SUBSECTION
    note: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A link to the list with one more filter, or, if it is active, without it."""

    title: str
    href: str
    is_active: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FacetGroup:
    title: str
    facets: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses that every feed of one version tells: where it starts, the person's shelf, and how to search.

    `search` is the URI template of version 2; version 1 has `description` instead, an OpenSearch description.
    """

    start: str
    shelf: str
    search: str
    description: str
    authentication: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. `next_href` is "" at the end, `total` None where nobody counted."""

    id: str
    title: str
    href: str
    updated: datetime
    kind: Kind
    ways: Ways
    doors: tuple[Door, ...] = ()
    publications: tuple[Publication, ...] = ()
    facets: tuple[FacetGroup, ...] = ()
    next_href: str = ""
    total: int | None = None
    page_size: int = 0
