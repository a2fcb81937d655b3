"""What a book's page shows beside the columns of its listing (`Listing.details`), as the listing was last written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from publishing.territories import WORLD, Territory

type MinorByCurrency = Mapping[str, int]
type StarCounts = tuple[int, int, int, int, int]  # how many reviews gave 1, 2, 3, 4 and 5
# Since when it cost that, in minor units, the oldest first; None while it was not on sale.
type PriceSteps = tuple[tuple[datetime.datetime, int | None], ...]


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody who made the book."""

    name: str
    role: str  # of ContributorRole
    author: str = ""  # public id of one who has a page


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that readers get."""

    kind: str
    target: str
    bytes: int
    pages: int


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """One that is or was on sale."""

    number: int
    date: datetime.date
    notes: str
    words: int = 0  # as chapters: 0 where it was not measured
    chapters: int = 0


@dataclass(frozen=True, slots=True)
class ListedAiUse:
    """What its author states of AI in each part: AiUse."""

    text: str
    images: str
    translation: str


@dataclass(frozen=True, slots=True)
class ListedSeries:
    title: str
    slug: str
    completing: int = 0  # the discount for those who buy the rest of it, in basis points


@dataclass(frozen=True, slots=True)
class ListedBundle:
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class PriceParts:
    """What becomes of a price by the terms in force when the listing was written, before tax, in minor units."""

    price: int
    processor_fee: int
    platform_fee: int
    royalty: int


@dataclass(frozen=True, slots=True)
class ListingDetails:
    edition: str = ""  # public id of the one on sale
    number: int = 1  # of that edition
    identifier: str = ""  # a URN
    imprint: str = ""
    authors: tuple[ListedPerson, ...] = ()
    formats: tuple[ListedFile, ...] = ()
    editions: tuple[ListedEdition, ...] = ()  # the newest first
    chapters: int = 0  # of the body
    accessibility: tuple[str, ...] = ()  # codes of `storefront.catalogue.accessibility`
    ai: ListedAiUse | None = None  # None where nobody stated anything
    sample_chapter: str = ""  # id of the first of the sample; "" without one
    pictures: int | None = None  # in the text; None where nobody has counted them
    author_gets: Mapping[str, PriceParts] = field(default_factory=dict)  # by currency, without those where it is free
    suggested: MinorByCurrency = field(default_factory=dict)  # what an open price's field shows first
    bundles: tuple[ListedBundle, ...] = ()  # on sale, with this book in them
    territory: Territory = WORLD
    series: ListedSeries | None = None
    stars: StarCounts = (0, 0, 0, 0, 0)
    price_history: Mapping[str, PriceSteps] = field(default_factory=dict)  # by currency, since it went on sale
