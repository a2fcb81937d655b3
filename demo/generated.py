"""A catalogue of any size for performance work: plausible works, editions and listings, written in batches.

The books are honest about what they are only behind the scenes: their owners' addresses end in `@generated.invalid`,
and the files of all books of a language are those of one specimen. Ratings and sales are numbers on the listing, with
no reviews and no orders behind them.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from conversion.models import ConversionJob
from demo.generated_stock import DOMAIN, authors, covers, specimens
from demo.generated_words import Words, load
from publishing import thema
from publishing.models import Contributor, ContributorRole, Edition, EditionState, Manuscript, Price, Work
from publishing.services import editions as edition_services
from storefront.models import Entitlement, OrderLine
from storefront.services import listings

BATCH = 1000
_BOOKS_PER_AUTHOR = 8
_DAYS = 3652  # ten years
_PRICES = (0, 99, 199, 299, 299, 399, 499, 499, 499, 599, 699, 799, 999, 1299, 1499)
_SECOND_ROLES = (
    ContributorRole.TRANSLATOR,
    ContributorRole.ILLUSTRATOR,
    ContributorRole.EDITOR,
    ContributorRole.AUTHOR,
)
_MOST_SALES = 40_000
# Fiction sells most; the rest is spread over the trade's subjects.
_SUBJECTS = (*(code for code in thema.SUBJECTS if code[0] in "FY"), *thema.SUBJECTS)
_TEXT_NAMESPACE = uuid.UUID("8f6b2f6e-0c5d-4b53-9a53-0f6b6c1f3c0e")


@dataclass(frozen=True, slots=True)
class Stock:
    """What generated books are made from."""

    words: Words
    authors: Sequence[User]
    jobs: Mapping[str, ConversionJob]
    made: Mapping[str, listings.Made]
    covers: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Sketch:
    """One book before it is written."""

    work: Work
    people: tuple[tuple[User, ContributorRole], ...]
    price_minor: int
    identifier: str
    cover: Mapping[str, str]
    standing: listings.Standing


def prepare(*, books: int, cover_count: int, seed: int, at: datetime) -> Stock:
    """Convert the specimens, draw the covers and make the authors for so many more books. Raises
    SpecimenNotConverted."""
    words = load()
    found = specimens(words.tongues.values(), at)
    wanted = (_first_free_number() + books) // _BOOKS_PER_AUTHOR + 2
    return Stock(
        words=words,
        authors=authors(words, wanted, seed),
        jobs=found,
        made={code: listings.made_of(job) for code, job in found.items()},
        covers=covers(cover_count),
    )


def generate(stock: Stock, *, books: int, seed: int, at: datetime) -> Iterator[int]:
    """Write so many more books; yields how many were written so far, after each batch, which is one transaction."""
    first, written = _first_free_number(), 0
    for numbers in batched(range(first, first + books), BATCH):
        _write([_sketch(stock, number, seed, at) for number in numbers], stock)
        written += len(numbers)
        yield written


def remove(at: datetime) -> tuple[int, int]:
    """Remove all generated books; how many went, and how many stay, off sale, because somebody ordered them."""
    works = Work.objects.filter(owner__email__endswith=DOMAIN)
    sold = set(OrderLine.objects.filter(edition__work__in=works).values_list("edition__work", flat=True))
    sold |= set(Entitlement.objects.filter(work__in=works).values_list("work", flat=True))
    unsold = [key for key in works.order_by("pk").values_list("pk", flat=True) if key not in sold]
    for keys in batched(unsold, BATCH):
        _remove(keys)
    for edition in Edition.objects.on_sale().filter(work__in=sold).select_related("work__owner"):
        edition_services.withdraw_edition(actor=edition.work.owner, edition=edition, at=at)
    return len(unsold), len(sold)


def _first_free_number() -> int:
    """Slugs of generated works end in a number of their own."""
    newest = Work.objects.filter(owner__email__endswith=DOMAIN).order_by("-pk").values_list("slug", flat=True).first()
    return int(newest.rpartition("-")[2]) + 1 if newest else 1


def _sketch(stock: Stock, number: int, seed: int, at: datetime) -> Sketch:
    """The book of that number: the same for the same seed, whatever is generated beside it."""
    chance = random.Random(f"{seed} book {number}")  # noqa: S311 # plausible, not secret
    words = stock.words
    language = words.language(chance)
    title = words.title(chance, language)
    people = _people(stock, chance)
    work = Work(
        owner=people[0][0],
        slug=f"{slugify(title)[:80].strip('-') or 'book'}-{number}",
        title=title,
        subtitle=words.subtitle(chance, language),
        language=language,
        description=words.description(chance, language),
        subject=chance.choice(_SUBJECTS),
        imprint=chance.choice(("", "", *words.imprints)),
        details_read_at=at,
        created_at=at - timedelta(days=1) - timedelta(days=_DAYS) * chance.random(),
    )
    return Sketch(
        work=work,
        people=people,
        price_minor=chance.choice(_PRICES),
        identifier=uuid.uuid5(_TEXT_NAMESPACE, f"{seed} {number}").urn,
        cover=chance.choice(stock.covers) if stock.covers else {},
        standing=_standing(chance),
    )


def _people(stock: Stock, chance: random.Random) -> tuple[tuple[User, ContributorRole], ...]:
    """The author, and with every tenth book somebody else. Some authors write much more than others."""
    pool = stock.authors
    author = pool[int(len(pool) * chance.random() ** 2)]
    if chance.randrange(10):
        return ((author, ContributorRole.AUTHOR),)
    second = chance.choice([person for person in chance.sample(pool, 2) if person != author])
    return ((author, ContributorRole.AUTHOR), (second, chance.choice(_SECOND_ROLES)))


def _standing(chance: random.Random) -> listings.Standing:
    """Few books sell much, and one buyer in ten or so says how many stars."""
    sales = min(int(chance.paretovariate(0.9)) - 1, _MOST_SALES)
    ratings = sum(chance.randrange(10) == 0 for _ in range(min(sales, 200))) * max(1, sales // 200)
    stars = chance.triangular(2.5, 5, 4.3)
    return listings.Standing(rating_sum=round(stars * ratings), rating_count=ratings, sales_count=sales)


@transaction.atomic
def _write(sketches: Sequence[Sketch], stock: Stock) -> None:
    works = Work.objects.bulk_create([sketch.work for sketch in sketches])
    credits_ = [
        [
            Contributor(work=sketch.work, user=user, name=user.display_name, role=role, position=position)
            for position, (user, role) in enumerate(sketch.people)
        ]
        for sketch in sketches
    ]
    Contributor.objects.bulk_create(one for credit in credits_ for one in credit)
    Price.objects.bulk_create(
        Price(
            work=sketch.work,
            currency=currency,
            list_price_minor=sketch.price_minor,
            changed_at=sketch.work.created_at,
        )
        for sketch in sketches
        for currency in settings.CURRENCIES
    )
    manuscripts = Manuscript.objects.bulk_create(_manuscript(work, stock.jobs[work.language]) for work in works)
    editions = Edition.objects.bulk_create(
        _edition(sketch, manuscript, stock.jobs[sketch.work.language])
        for sketch, manuscript in zip(sketches, manuscripts, strict=True)
    )
    listings.add_listings(
        [
            (_offer(sketch, edition, credit, stock), sketch.standing)
            for sketch, edition, credit in zip(sketches, editions, credits_, strict=True)
        ]
    )


def _manuscript(work: Work, job: ConversionJob) -> Manuscript:
    return Manuscript(
        work=work,
        file=job.source_file,
        name=job.source_name,
        sha256=job.source_sha256,
        size_bytes=0,
        uploaded_by=work.owner,
        uploaded_at=work.created_at,
    )


def _edition(sketch: Sketch, manuscript: Manuscript, job: ConversionJob) -> Edition:
    return Edition(
        work=sketch.work,
        number=1,
        manuscript=manuscript,
        job=job,
        state=EditionState.PUBLISHED,
        identifier=sketch.identifier,
        created_at=sketch.work.created_at,
        published_at=sketch.work.created_at,
    )


def _offer(sketch: Sketch, edition: Edition, credit: Sequence[Contributor], stock: Stock) -> listings.Offer:
    return listings.Offer(
        edition=edition,
        made=stock.made[sketch.work.language],
        cover=sketch.cover,
        contributors=credit,
        prices=dict.fromkeys(settings.CURRENCIES, sketch.price_minor),
        published=[edition],
    )


@transaction.atomic
def _remove(works: Sequence[int]) -> None:
    """Delete works that nobody ordered, with all that belongs to them, children first."""
    listings.remove_listings(works)
    for model in (Edition, Manuscript, Price, Contributor):
        model._default_manager.filter(work__in=works).delete()
    Work.objects.filter(pk__in=works).delete()
