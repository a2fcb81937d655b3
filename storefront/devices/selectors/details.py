"""What an entry of a feed says of a book, from its listing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts import regions
from common.money import Money
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact
from publishing import thema
from publishing.models import ContributorRole, Edition
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.cards import is_open, listed_price, price_of
from storefront.devices.opds.feed import Subject

_FIELDS = (
    *("slug", "title", "byline", "language", "description", "cover", "details", "published_at", "changed_at"),
    *("prices", "open_in", "promotions", "fixed_in", "release_date", "is_on_sale", "edition_id", "work__public_id"),
)


@dataclass(frozen=True, slots=True)
class Details:
    """A book as a feed describes it. Pictures are public files, "" for none."""

    work_id: str
    slug: str
    title: str
    authors: tuple[str, ...]
    language: str
    description: str
    subjects: tuple[Subject, ...]
    publisher: str
    identifier: str
    published_at: datetime
    changed_at: datetime
    cover: str
    thumbnail: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A book on sale. `price` is None if the shop does not sell it in the page's region."""

    details: Details
    price: Money | None
    price_text: str
    is_open: bool  # the reader chooses what to pay
    is_preorder: bool
    has_sample: bool


def offers(slugs: Collection[str]) -> list[Offer]:
    """Return the books of a list in its order; two queries."""
    rows = Listing.objects.on_sale().filter(slug__in=slugs).select_related("work").only(*_FIELDS)
    found = {listing.slug: listing for listing in rows}
    with_sample = _with_sample([listing.edition_id for listing in found.values()])
    return [_offer(found[slug], has_sample=found[slug].edition_id in with_sample) for slug in slugs if slug in found]


def offer(slug: str) -> Offer | None:
    """Return one book on sale."""
    return next(iter(offers([slug])), None)


def sample_file(slug: str) -> Artifact | None:
    """Return the EPUB with the sample of a book on sale."""
    edition = Listing.objects.on_sale().filter(slug=slug).values("edition__job")
    return Artifact.objects.filter(job__in=edition, kind=ArtifactKind.SAMPLE_EPUB).first()


def details_of_works(work_ids: Collection[str]) -> dict[str, Details]:
    """Return what is known of works (public ids), whether or not they are still on sale; one query."""
    rows = Listing.objects.filter(work__public_id__in=work_ids).select_related("work").only(*_FIELDS)
    return {listing.work.public_id: _details(listing) for listing in rows}


def _with_sample(editions: Collection[int]) -> set[int]:
    rows = Edition.objects.filter(pk__in=editions, job__artifacts__kind=ArtifactKind.SAMPLE_EPUB)
    return set(rows.values_list("pk", flat=True))


def _offer(listing: Listing, *, has_sample: bool) -> Offer:
    country = regions.current().country
    is_sold = not country or listing.details.territory.is_sold_in(country)
    price = price_of(listing) if is_sold else None
    return Offer(
        details=_details(listing),
        price=price,
        price_text=listed_price(listing) if price is not None else "",
        is_open=is_open(price, listing.open_in),
        is_preorder=listing.release_date is not None,
        has_sample=has_sample,
    )


def _details(listing: Listing) -> Details:
    people = listing.details.authors
    authors = tuple(one.name for one in people if one.role == ContributorRole.AUTHOR)
    return Details(
        work_id=listing.work.public_id,
        slug=listing.slug,
        title=listing.title,
        authors=authors or ((listing.byline,) if listing.byline else ()),
        language=listing.language,
        description=listing.description,
        subjects=tuple(Subject(code, str(thema.label(code))) for code in listing.details.subjects),
        publisher=listing.details.imprint,
        identifier=listing.details.identifier,
        published_at=listing.published_at,
        changed_at=listing.changed_at,
        cover=listing.jpeg_cover,
        thumbnail=str(listing.cover.get("320-jpeg", "")) or listing.jpeg_cover,
    )
