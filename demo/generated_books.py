"""The books of a generated catalogue, made as rows: the same seed gives the same books, whatever else is made.

Ten consecutive books, a circle, have one author and one language, and in two cases of five begin with a series. The
only database query here is the author's share of a price, once for each price.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.utils.text import slugify

from common.money import Money
from conversion.models import ConversionJob
from demo.generated_rows import Row, Table, table, whole_table
from demo.generated_words import Words
from publishing import thema
from publishing.models import (
    ContentWarning,
    Contributor,
    ContributorRole,
    Edition,
    EditionState,
    Manuscript,
    Price,
    Series,
    Work,
)
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import PriceParts
from storefront.catalogue.services import listings
from storefront.community.models import Review

BOOKS_PER_AUTHOR = 10  # consecutive books of one author
_DAYS = 3652  # ten years
_PRICES = (0, 99, 199, 299, 299, 399, 499, 499, 499, 599, 699, 799, 999, 1299, 1499)
_SECOND_ROLES = (
    ContributorRole.TRANSLATOR,
    ContributorRole.ILLUSTRATOR,
    ContributorRole.EDITOR,
    ContributorRole.AUTHOR,
)
_MAX_SALES = 250_000
_MAX_RATED = 400  # sales up to which one in ten is reviewed
_STARS, _STAR_WEIGHTS = (5, 4, 3, 2, 1), (46, 30, 14, 6, 4)
# Fiction sells most; the rest is spread over all subjects.
_SUBJECTS = (*(code for code in thema.SUBJECTS if code[0] in "FY"), *thema.SUBJECTS)
_WARNINGS = tuple(ContentWarning.values)
_TEXT_NAMESPACE = uuid.UUID("8f6b2f6e-0c5d-4b53-9a53-0f6b6c1f3c0e")

_SERIES = table(Series, "id", "public_id", "owner_id", "slug", "title")
_WORKS = whole_table(Work, with_key=True)
_MANUSCRIPTS = table(
    Manuscript, "id", "public_id", "work_id", "file", "name", "sha256", "size_bytes", "uploaded_by_id", "uploaded_at"
)
_EDITIONS = whole_table(Edition, with_key=True)
_PRICE_ROWS = table(Price, "work_id", "currency", "list_price_minor", "is_open", "suggested_minor", "changed_at")
_CONTRIBUTORS = table(Contributor, "public_id", "work_id", "user_id", "name", "role", "position")
_REVIEWS = table(Review, "public_id", "work_id", "user_id", "stars", "title", "body", "created_at", "changed_at")
_LISTINGS = whole_table(Listing, "changed_at", with_key=False)


class Person(NamedTuple):
    """An author's account."""

    id: int
    public_id: str
    name: str


class Credit(NamedTuple):
    """A person's part in a work."""

    name: str
    role: str
    user: Person
    is_on_page: bool = True
    biography: str = ""
    orcid: str = ""
    isni: str = ""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A finished job, with its results, that can be shared by any number of books."""

    job: ConversionJob
    file: str
    name: str
    sha256: str
    made: listings.JobSummary


@dataclass(frozen=True, slots=True)
class Stock:
    """What generated books are made from. `readers` are primary keys of people who review them."""

    words: Words
    authors: Sequence[Person]
    readers: Sequence[int]
    specimens: Mapping[str, Sequence[Specimen]]  # by language
    author_gets: Callable[[Money], PriceParts | None]
    seed: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Keys:
    """The primary keys of the book numbered `first`; later books have the following ones. `series` is the key of its
    circle's series.
    """

    first: int
    series: int
    work: int
    manuscript: int
    edition: int

    def of(self, number: int) -> Keys:
        """Return the keys of the book with that number."""
        by = number - self.first
        circles = circle_of(number) - circle_of(self.first)
        return Keys(number, self.series + circles, self.work + by, self.manuscript + by, self.edition + by)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows by table, parents first, with what search and ranking must be told about them."""

    rows: dict[Table, list[Row]] = field(
        default_factory=lambda: {
            one: []
            for one in (_SERIES, _WORKS, _MANUSCRIPTS, _EDITIONS, _PRICE_ROWS, _CONTRIBUTORS, _REVIEWS, _LISTINGS)
        }
    )
    languages: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Circle:
    """What ten books share. The first `length` of them are a series."""

    author: Person
    language: str
    series: Series | None
    length: int


def circle_of(number: int) -> int:
    """Return the circle of the book with that number, from 0."""
    return (number - 1) // BOOKS_PER_AUTHOR


def make(stock: Stock, numbers: Iterable[int], keys: Keys) -> Batch:
    """Make the books with these numbers, in order. All books of a circle must be in one batch."""
    batch = Batch()
    for circle, members in groupby(numbers, circle_of):
        shared = _circle(stock, circle)
        for number in members:
            own = keys.of(number)
            if number == circle * BOOKS_PER_AUTHOR + 1 and shared.series is not None:
                row = (own.series, shared.series.public_id, shared.author.id, shared.series.slug, shared.series.title)
                batch.rows[_SERIES].append(_SERIES.row(*row))
            if shared.series is not None:
                shared.series.pk = own.series
            _add(batch, stock, own, shared)
    return batch


def _circle(stock: Stock, circle: int) -> _Circle:
    chance = random.Random(f"{stock.seed} circle {circle}")  # noqa: S311 # plausible, not secret
    author = stock.authors[int(len(stock.authors) * chance.random() ** 1.5)]  # some authors write much more than others
    language = stock.words.language(chance)
    length = chance.randrange(2, 8) if chance.randrange(5) < 2 else 0
    series = None
    if length:
        title = stock.words.series(circle, language)
        series = Series(public_id=_public_id(chance, "ser"), slug=_slug(title, circle), title=title)
    return _Circle(author, language, series, length)


def _add(batch: Batch, stock: Stock, keys: Keys, circle: _Circle) -> None:
    """Add one book with all that belongs to it."""
    chance = random.Random(f"{stock.seed} book {keys.first}")  # noqa: S311 # plausible, not secret
    work = _work(stock, chance, keys, circle)
    specimen = chance.choice(stock.specimens[work.language])
    edition = _edition(chance, keys, work, specimen, stock.seed)
    credits_ = _credits(stock, chance, circle.author)
    prices, suggested = _prices(chance)
    rows = batch.rows
    rows[_WORKS].append(_WORKS.row_of(work))
    file = (specimen.file, specimen.name, specimen.sha256, 0, circle.author.id, work.created_at)
    rows[_MANUSCRIPTS].append(_MANUSCRIPTS.row(keys.manuscript, _public_id(chance, "man"), keys.work, *file))
    rows[_EDITIONS].append(_EDITIONS.row_of(edition))
    rows[_PRICE_ROWS] += [
        _PRICE_ROWS.row(keys.work, currency, minor, bool(suggested), suggested.get(currency), work.created_at)
        for currency, minor in prices.items()
    ]
    rows[_CONTRIBUTORS] += [
        _CONTRIBUTORS.row(_public_id(chance, "con"), keys.work, one.user.id, one.name, one.role, position)
        for position, one in enumerate(credits_)
    ]
    sales = min(int(chance.paretovariate(1)) - 1, _MAX_SALES)  # by rank this is Zipf's law
    stars = _stars(chance, sales)
    rows[_REVIEWS] += _reviews(stock, chance, work, stars)
    offer = listings.ListingSource(
        edition=edition,
        made=specimen.made,
        cover=specimen.made.cover,
        contributors=credits_,
        prices=prices,
        published=[edition],
        suggested=suggested,
    )
    one, two, three, four, five = (stars.count(given) for given in range(1, 6))
    standing = listings.ReaderStats(stars=(one, two, three, four, five), sales_count=sales)
    listing = listings.listing_for(offer, standing, at=stock.at, author_gets=stock.author_gets)
    rows[_LISTINGS].append(_LISTINGS.row_of(listing))
    batch.languages.add(listing.language)


def _work(stock: Stock, chance: random.Random, keys: Keys, circle: _Circle) -> Work:
    words, language = stock.words, circle.language
    title = words.title(chance, language)
    place = keys.first - circle_of(keys.first) * BOOKS_PER_AUTHOR
    series = circle.series if place <= circle.length else None
    return Work(
        id=keys.work,
        public_id=_public_id(chance, "wrk"),
        owner_id=circle.author.id,
        slug=_slug(title, keys.first),
        title=title,
        subtitle=words.subtitle(chance, language),
        language=language,
        description=words.description(chance, language),
        subject=chance.choice(_SUBJECTS),
        warnings=sorted(chance.sample(_WARNINGS, chance.randrange(1, 4))) if chance.randrange(8) == 0 else [],
        is_adult=chance.randrange(50) == 0,
        series=series,
        series_number=place if series else None,
        imprint=chance.choice(("", "", *words.imprints)),
        details_read_at=stock.at,
        created_at=stock.at - timedelta(days=1) - timedelta(days=_DAYS) * chance.random(),
    )


def _edition(chance: random.Random, keys: Keys, work: Work, specimen: Specimen, seed: int) -> Edition:
    return Edition(
        id=keys.edition,
        public_id=_public_id(chance, "edn"),
        work=work,
        number=1,
        manuscript_id=keys.manuscript,
        job=specimen.job,
        state=EditionState.PUBLISHED,
        identifier=uuid.uuid5(_TEXT_NAMESPACE, f"{seed} {keys.first}").urn,
        created_at=work.created_at,
        published_at=work.created_at,
    )


def _credits(stock: Stock, chance: random.Random, author: Person) -> tuple[Credit, ...]:
    """Return the author, and for every tenth book also someone else."""
    first = Credit(author.name, ContributorRole.AUTHOR.value, author)
    if chance.randrange(10):
        return (first,)
    second = chance.choice([one for one in chance.sample(stock.authors, 2) if one is not author])
    return (first, Credit(second.name, chance.choice(_SECOND_ROLES).value, second))


def _prices(chance: random.Random) -> tuple[dict[str, int], dict[str, int]]:
    """Return list prices and, if readers choose, suggested prices: minor units by currency, worth about the same."""
    price = chance.choice(_PRICES)
    prices = {currency: _in(currency, price) for currency in settings.CURRENCIES}
    if chance.randrange(30):
        return prices, {}
    return prices, {currency: minor + _in(currency, 200) for currency, minor in prices.items()}


def _in(currency: str, price: int) -> int:
    """Convert cents to about the same in the currency: yen in steps of fifty, pounds a fifth less."""
    if currency == "JPY":
        return -(-price * 150 // 100 // 50) * 50
    return price - price // 500 * 100 if currency == "GBP" else price


def _stars(chance: random.Random, sales: int) -> list[int]:
    """Return the ratings: about one buyer in ten gives one."""
    count = sum(chance.random() < 0.1 for _ in range(min(sales, _MAX_RATED)))
    return chance.choices(_STARS, _STAR_WEIGHTS, k=count)


def _reviews(stock: Stock, chance: random.Random, work: Work, stars: Sequence[int]) -> list[Row]:
    rows = []
    for reader, given in zip(chance.sample(stock.readers, len(stars)), stars, strict=True):
        when = work.created_at + (stock.at - work.created_at) * chance.random()
        body = stock.words.remark(chance, work.language, given) if chance.randrange(3) else ""
        rows.append(_REVIEWS.row(_public_id(chance, "rev"), work.pk, reader, given, "", body, when, when))
    return rows


def _slug(title: str, number: int) -> str:
    """Return the slug; slugs of generated works and series end in a number."""
    return f"{slugify(title)[:80].strip('-') or 'book'}-{number}"


def _public_id(chance: random.Random, prefix: str) -> str:
    """Return an identifier like those of `common.ids`, but from the seed: these books need no secrecy."""
    return f"{prefix}_{chance.getrandbits(64):016x}"
