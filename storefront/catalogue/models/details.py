"""What a book's page shows in addition to the columns of its listing (`Listing.details`), as last written.

What lists filter or sort by, and what cards show, is a column of the listing; the rest is here.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from publishing.models import ContributorRole, IsbnFormat
from publishing.price_now import PricePeriod
from publishing.record import isbn
from publishing.territories import WORLD, Territory

_ISBN = "urn:isbn:"

type MinorByCurrency = Mapping[str, int]
type StarCounts = tuple[int, int, int, int, int]  # how many reviews gave 1, 2, 3, 4 and 5
# When each price began, in minor units, oldest first; None while it was not on sale.
type PriceSteps = tuple[tuple[datetime.datetime, int | None], ...]


_ROLES = {
    ContributorRole.TRANSLATOR.value: _("translator"),
    ContributorRole.EDITOR.value: _("editor"),
    ContributorRole.ILLUSTRATOR.value: _("illustrations"),
    ContributorRole.FOREWORD.value: _("foreword"),
    ContributorRole.COVER_DESIGNER.value: _("cover"),
    ContributorRole.TOLD_WITH.value: pgettext_lazy("role in a byline", "with"),
    ContributorRole.PHOTOGRAPHER.value: _("photographs"),
    ContributorRole.PREFACE.value: _("preface"),
    ContributorRole.INTRODUCTION.value: _("introduction"),
    ContributorRole.AFTERWORD.value: _("afterword"),
    ContributorRole.NARRATOR.value: _("narrator"),
    ContributorRole.PROOFREADER.value: _("proofreading"),
}


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A contributor."""

    name: str
    role: str  # of ContributorRole
    author: str = ""  # public id if they have a page
    biography: str = ""
    orcid: str = ""
    isni: str = ""

    @property
    def role_label(self) -> str | Promise:
        """Return what they did, as a byline says it; "" for roles that it does not name."""
        return _ROLES.get(self.role, "")


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that buyers get."""

    kind: str
    target: str
    bytes: int
    pages: int


def edition_label(number: int, revision: int) -> str:
    """Return how readers tell an edition from others: "2", or "2.3" for a correction."""
    return f"{number}.{revision}" if revision else str(number)


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """An edition that is or was on sale."""

    number: int
    date: datetime.date
    notes: str
    words: int = 0  # like `chapters`, 0 if it was not measured
    chapters: int = 0
    revision: int = 0  # from 1 for a correction of the edition

    @property
    def label(self) -> str:
        return edition_label(self.number, self.revision)


@dataclass(frozen=True, slots=True)
class ListedAiUse:
    """The author's statement about AI (AiUse) for each part."""

    text: str
    images: str
    translation: str
    cover: str = ""  # of statements from before it was asked, that of the images

    @property
    def parts(self) -> dict[str, str]:
        """Return each part with what was stated on it."""
        return {
            "text": self.text,
            "images": self.images,
            "cover": self.cover or self.images,
            "translation": self.translation,
        }


@dataclass(frozen=True, slots=True)
class ListedRights:
    """The licence (`publishing.record.licences`), what stands beside it, and whether mining is reserved."""

    licence: str = "reserved"
    line: str = ""  # the owner's own
    source: str = ""  # of a text in the public domain
    is_mining_reserved: bool = False


@dataclass(frozen=True, slots=True)
class ListedSeries:
    title: str
    slug: str
    completing: int = 0  # the discount for buying the rest of it, in basis points


@dataclass(frozen=True, slots=True)
class ListedBundle:
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class PriceParts:
    """How a price divides under the terms in force when the listing was written, before tax, in minor units."""

    price: int
    processor_fee: int
    platform_fee: int
    royalty: int


@dataclass(frozen=True, slots=True)
class ListingDetails:
    edition: str = ""  # public id of the one on sale
    number: int = 1  # of that edition
    revision: int = 0
    identifier: str = ""  # a URN, of the EPUB
    print_isbn: str = ""  # in thirteen digits
    subjects: tuple[str, ...] = ()  # Thema codes, the main one first
    keywords: tuple[str, ...] = ()
    blurb: str = ""  # with its signs (`publishing.record.blurb`); "" if the description is all of it
    rights: ListedRights = ListedRights()
    imprint: str = ""
    reading_age: int | None = None  # the lowest, in years; None where nobody named one
    authors: tuple[ListedPerson, ...] = ()
    formats: tuple[ListedFile, ...] = ()
    later: str = ""  # "making" or "missing", for the files of this edition in `awaited`
    awaited: tuple[ListedFile, ...] = ()  # of no size yet
    editions: tuple[ListedEdition, ...] = ()  # the newest first
    chapters: int = 0  # of the body
    accessibility: tuple[str, ...] = ()  # codes of `storefront.catalogue.accessibility`
    ai: ListedAiUse | None = None  # None where nobody stated anything
    sample_chapter: str = ""  # id of the first of the sample; "" without one
    pictures: int | None = None  # in the text; None if nobody counted them
    author_gets: Mapping[str, PriceParts] = field(default_factory=dict)  # by currency, without free ones
    suggested: MinorByCurrency = field(default_factory=dict)  # the suggested price if readers choose what they pay
    bundles: tuple[ListedBundle, ...] = ()  # bundles on sale that include this book
    territory: Territory = WORLD
    is_watermarked: bool = False  # copies sold now carry marks of their buyers
    series: ListedSeries | None = None
    stars: StarCounts = (0, 0, 0, 0, 0)
    price_history: Mapping[str, PriceSteps] = field(default_factory=dict)  # list prices by currency, since on sale
    promotion_gets: Mapping[str, PriceParts] = field(default_factory=dict)  # by promotion’s id, without free days
    past_promotions: Mapping[str, tuple[PricePeriod, ...]] = field(default_factory=dict)  # by currency; for histories

    @property
    def label(self) -> str:
        return edition_label(self.number, self.revision)

    @property
    def isbn(self) -> str:
        """Return the EPUB's ISBN with its hyphens; "" without one."""
        is_isbn = self.identifier.startswith(_ISBN)
        return isbn.shown(self.identifier.removeprefix(_ISBN)) if is_isbn else ""

    @property
    def isbns(self) -> list[tuple[str, str]]:
        """Return the ISBNs with hyphens, each with the label of its format; "" where there is no other format."""
        if not self.print_isbn:
            return [("", self.isbn)] if self.isbn else []
        screen = [(str(IsbnFormat.EPUB.label), self.isbn)] if self.isbn else []
        return [*screen, (str(IsbnFormat.PRINT.label), isbn.shown(self.print_isbn))]
