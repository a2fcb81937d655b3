"""Write listings from editions, prices and ratings. The only writer of Listing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html_join

from accounts import regions
from common import clock, jobs
from common.money import Money
from conversion import selectors as conversion_selectors
from conversion.models import Artifact, ConversionJob, JobResult
from conversion.selectors import LaterFiles, LaterState
from publishing import fixed_prices, thema
from publishing import selectors as publishing_selectors
from publishing.models import ContributorRole, Edition, EditionState, IsbnFormat, RightsStatement, Series, Work
from publishing.price_now import PricePeriod
from publishing.record import blurb
from publishing.record import selectors as record
from storefront.catalogue import facets
from storefront.catalogue.models import Listing
from storefront.catalogue.models.details import (
    ListedAiUse,
    ListedBundle,
    ListedEdition,
    ListedFile,
    ListedPerson,
    ListedRights,
    ListedSeries,
    ListingDetails,
    PriceParts,
    StarCounts,
)
from storefront.catalogue.models.listing import rating_score
from storefront.catalogue.selectors import bundles as bundle_selectors
from storefront.catalogue.selectors import prices as price_selectors
from storefront.catalogue.selectors import web_book_archive
from storefront.catalogue.selectors.cards import list_price_of
from storefront.catalogue.selectors.chapters import sample_markup
from storefront.catalogue.services import price_changes, social_images
from storefront.catalogue.services.price_parts import author_gets, promotion_gets
from storefront.catalogue.services.versions import bump_version

_OPENING_WORDS = 320
_FORMAT_KINDS = ("epub", "kepub", "kindle", "own-pdf", "pdf")
_OPENING_PAGES = 3
_NOTED_AT_ONCE = 500
_SILENT_PAGES = ("page.alt-missing", "page.alt-from-words")
_BYLINE_ROLES = (ContributorRole.AUTHOR, ContributorRole.EDITOR, ContributorRole.TRANSLATOR)


@dataclass(frozen=True, slots=True)
class JobSummary:
    """The result of a conversion job, as far as listings show it. One job may belong to several editions."""

    artifacts: tuple[Artifact, ...]
    words: int
    chapters: int  # of the body
    accessibility: tuple[str, ...]
    opening: str
    sample_chapter: str  # id of the sample's first chapter; "" for fixed layout or without a sample
    pictures: int | None  # in the text; None if the job made no web book to count them in
    pages: tuple[web_book_archive.PagePicture, ...] = ()  # the first pages of a fixed-layout book
    later: LaterFiles = field(default_factory=LaterFiles)

    @property
    def cover(self) -> dict[str, str]:
        """Public file names by thumbnail target."""
        return {artifact.target: artifact.file for artifact in self.artifacts if artifact.kind == "thumbnail"}


class Named(Protocol):
    """A person with an account."""

    @property
    def public_id(self) -> str: ...


class Credit(Protocol):
    """A name on a work, like `publishing.models.Contributor`."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def user(self) -> Named | None: ...
    @property
    def is_on_page(self) -> bool: ...
    @property
    def biography(self) -> str: ...
    @property
    def orcid(self) -> str: ...
    @property
    def isni(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ListingSource:
    """An edition on sale with everything needed to write its listing, already loaded.

    `cover` is public file names by thumbnail target, `prices` minor units by currency. `published` is every edition of
    the work that was ever on sale, newest first.
    """

    edition: Edition
    made: JobSummary
    cover: Mapping[str, str]
    contributors: Sequence[Credit]
    prices: Mapping[str, int]
    published: Sequence[Edition]
    suggested: Mapping[str, int] = field(default_factory=dict)  # suggested prices where readers choose what they pay
    stated: RightsStatement | None = None
    isbns: Mapping[str, str] = field(default_factory=dict)  # thirteen digits by format
    promotions: Mapping[str, Sequence[PricePeriod]] = field(default_factory=dict)  # those that are not over


@dataclass(frozen=True, slots=True)
class ReaderStats:
    """Reader statistics of a book, otherwise counted one by one. `stars` is how many readers gave 1 to 5 stars."""

    stars: StarCounts
    sales_count: int


@transaction.atomic
def refresh_listing(edition: Edition) -> None:
    """Rewrite the listing of the edition's work and put it on sale. Safe to repeat."""
    work = edition.work
    listing = locked(work) or Listing(work=work)
    prices_before = dict(listing.prices) if listing.pk and listing.is_on_sale else {}
    with regions.active(regions.default()):  # stored data is the same whatever the publisher's region
        _fill(listing, _offer(edition), author_gets=author_gets)
    price_changes.record(listing, before=prices_before, at=clock.now())
    listing.details = replace(
        listing.details,
        bundles=_bundles(edition.work_id),
        price_history=price_selectors.stored_histories([work.pk]).get(work.pk, {}),
        past_promotions=price_selectors.past_promotions(work.pk, at=clock.now()),
    )
    is_drawn = social_images.is_drawn(listing)
    if not is_drawn:
        social_images.request_image(listing)
    listing.save()
    if not is_drawn:
        jobs.enqueue("catalogue.draw_social", listing_id=listing.pk)
    bump_version(listing.language)


def listing_for(
    offer: ListingSource,
    standing: ReaderStats,
    *,
    at: datetime,
    author_gets: Callable[[Money], PriceParts | None] = author_gets,
) -> Listing:
    """Return an unsaved listing for a work that has none, as `refresh_listing` would write it.

    The only database queries are those for `author_gets`. Callers raise the shop's version after saving such listings.
    """
    listing = Listing(work=offer.edition.work)
    _fill(listing, offer, author_gets=author_gets)
    _set_stars(listing, standing.stars)
    listing.rating_score = rating_score(listing.rating_sum, listing.rating_count)  # counts all votes as proved
    listing.changed_at, listing.sales_count = at, standing.sales_count
    history = {currency: ((listing.published_at, asked),) for currency, asked in listing.prices.items()}
    listing.details = replace(listing.details, price_history=history)
    return listing


def summarize_job(job: ConversionJob) -> JobSummary:
    """Read the result of a conversion job."""
    artifacts = tuple(job.artifacts.all())
    pages = _pages(artifacts)
    return JobSummary(
        artifacts=artifacts,
        words=job.result.words,
        chapters=_chapters(job.result),
        accessibility=_accessibility(job, artifacts, is_pages=bool(pages)),
        opening=_opening(artifacts),
        sample_chapter="" if pages else _sample_chapter(artifacts),
        pictures=_pictures(artifacts),
        pages=pages,
        later=conversion_selectors.later_files(job),
    )


@transaction.atomic
def withdraw_listing(edition: Edition) -> None:
    """Take the edition's listing off sale. Its page disappears, its reviews stay."""
    listing = Listing.objects.on_sale().select_for_update(no_key=True).filter(edition=edition).first()
    if listing is not None:
        prices = dict(listing.prices)
        listing.is_on_sale, listing.changed_at = False, clock.now()
        listing.save(update_fields=["is_on_sale", "changed_at"])
        price_changes.record(listing, before=prices, at=listing.changed_at)
        bump_version()


@transaction.atomic
def update_bundles(works: Collection[int]) -> None:
    """Update the pages of these works (primary keys) after bundles that include them went on or off sale."""
    rows = Listing.objects.select_for_update(no_key=True).filter(work__in=works).order_by("pk")
    for listing in rows:
        listing.details = replace(listing.details, bundles=_bundles(listing.work_id))
        listing.save(update_fields=["details"])
    bump_version()


@transaction.atomic
def update_series_discount(series: Series) -> None:
    """Update the pages of a series' books after the discount for completing it changed."""
    rows = Listing.objects.select_for_update(no_key=True).filter(series=series).order_by("pk").only("details")
    stale = []
    for listing in rows:
        shown = listing.details.series
        if shown is not None and shown.completing != series.completing_bps:
            listing.details = replace(listing.details, series=replace(shown, completing=series.completing_bps))
            stale.append(listing)
    if Listing.objects.bulk_update(stale, ["details"], batch_size=_NOTED_AT_ONCE):
        bump_version()


def bump_reviews_version(*work_ids: int) -> None:
    """Record a change to these works' reviews that leaves ratings alone: only their own pages get a new version."""
    Listing.objects.filter(work__in=work_ids).update(reviews_version=F("reviews_version") + 1)


def locked(work: Work) -> Listing | None:
    """Return the work's listing, locked until the end of the transaction.

    As everywhere for listings, the lock leaves out the key (FOR NO KEY UPDATE), so rows that refer to the listing can
    still be written.
    """
    return Listing.objects.select_for_update(no_key=True).filter(work=work).first()


def rate(listing: Listing, stars: StarCounts) -> None:
    """Store how many readers gave 1, 2, 3, 4 and 5 stars in a locked listing."""
    _set_stars(listing, stars)
    listing.save(update_fields=["rating_sum", "rating_count", "details"])
    bump_version()


def _set_stars(listing: Listing, stars: StarCounts) -> None:
    listing.rating_count, listing.rating_sum = sum(stars), sum(n * count for n, count in enumerate(stars, 1))
    listing.details = replace(listing.details, stars=stars)


def _offer(edition: Edition) -> ListingSource:
    work, made = edition.work, summarize_job(edition.job)
    prices = list(work.prices.all())
    return ListingSource(
        edition=edition,
        made=made,
        cover=made.cover,
        contributors=list(work.contributors.select_related("user")),
        prices={price.currency: price.list_price_minor for price in prices},
        published=list(work.editions.exclude(published_at=None).select_related("job").newest_first()),
        suggested={price.currency: price.usual_minor for price in prices if price.is_open},
        stated=publishing_selectors.statement_of(edition),
        isbns=record.isbns_of(work),
        promotions=price_selectors.promotions_of(work.pk, ending_after=clock.now()),
    )


def _fill(listing: Listing, offer: ListingSource, *, author_gets: Callable[[Money], PriceParts | None]) -> None:
    """Fill in everything except the reader statistics."""
    edition, made, currency = offer.edition, offer.made, settings.DEFAULT_CURRENCY
    work = edition.work
    listing.edition = edition
    listing.slug = work.slug
    listing.title, listing.subtitle = work.title, work.subtitle
    listing.byline = _byline(offer.contributors)
    listing.language = work.language
    listing.subject = thema.nearest(work.subject)
    listing.section = thema.section(work.subject)
    listing.series, listing.series_number = work.series, work.series_number
    listing.description = blurb.plain(work.description)
    listing.prices = dict(offer.prices)
    listing.price_minor = offer.prices.get(currency)
    listing.promotions = {code: tuple(told) for code, told in offer.promotions.items() if code not in offer.suggested}
    listing.fixed_in = " ".join(
        fixed_prices.fixed_in(language=work.language, choices=work.fixed_prices, on=clock.now().date())
    )
    listing.open_in = open_in(offer.suggested)
    listing.cover = dict(offer.cover)
    listing.words = made.words
    asked = {**offer.prices, **offer.suggested}
    gets = {code: author_gets(Money(amount, code)) for code, amount in asked.items()}
    listing.details = replace(
        _details(
            offer,
            gets={code: found for code, found in gets.items() if found is not None},
            stars=listing.details.stars,  # the readers' stars stay
        ),
        promotion_gets=promotion_gets(listing, author_gets),
    )
    listing.sample_html = _opening_pages(made.pages, work.slug) if made.pages else made.opening
    # The date when the work first went on sale: a new edition does not make an old book new.
    dates = [one.published_at for one in offer.published if one.published_at]
    listing.published_at = min(dates, default=edition.created_at)
    is_announced = edition.state == EditionState.DRAFT and work.release_date is not None
    listing.is_on_sale = (edition.state == EditionState.PUBLISHED or is_announced) and not work.held_by
    listing.release_date = work.release_date if is_announced else None
    fill_facets(listing)
    listing.changed_at = clock.now()


def open_in(suggested: Mapping[str, int]) -> str:
    """Return the currencies in which readers choose what they pay, in the form a card reads."""
    return " ".join(sorted(suggested))


def fill_facets(listing: Listing) -> None:
    """Fill in the facets from the listing and its work."""
    work, details = listing.work, listing.details
    listing.price_band = facets.price_band(_comparable(listing))
    listing.length_band = facets.length_band(listing.words)
    coming = details.awaited if details.later == LaterState.MAKING else ()  # within minutes
    files = [(one.kind, one.target) for one in (*details.formats, *coming)]
    listing.formats = facets.bits(facets.formats_of(files, details.accessibility), facets.FORMATS)
    listing.features = facets.bits(details.accessibility, facets.FEATURES)
    listing.warnings, listing.is_adult = facets.bits(work.warnings, facets.WARNINGS), work.is_adult
    listing.facet_words = facets.words_of_book(
        subject=listing.subject,
        language=listing.language,
        price=listing.price_band,
        length=listing.length_band,
        formats=listing.formats,
        features=listing.features,
    )


def _comparable(listing: Listing) -> int | None:
    """Return the price used for price bands: the one in the shop's default currency.

    Converting another currency would need an exchange rate of some day, so such a price has no band. But what the
    default region shows as free counts as free.
    """
    if listing.price_minor is not None:
        return listing.price_minor
    shown = list_price_of(listing, regions.default())
    return 0 if shown is not None and not shown else None


def _byline(contributors: Sequence[Credit]) -> str:
    authors = [person.name for person in contributors if person.role == ContributorRole.AUTHOR]
    return ", ".join(authors or [person.name for person in contributors if person.role in _BYLINE_ROLES])[:400]


def _details(offer: ListingSource, *, gets: Mapping[str, PriceParts], stars: StarCounts) -> ListingDetails:
    edition, series = offer.edition, offer.edition.work.series
    return ListingDetails(
        edition=edition.public_id,
        number=edition.number,
        revision=edition.revision,
        identifier=record.identifier_of(edition, offer.isbns),
        print_isbn=offer.isbns.get(IsbnFormat.PRINT, ""),
        subjects=tuple(record.subjects_of(edition.work)),
        keywords=tuple(edition.work.keywords),
        blurb=edition.work.description if blurb.has_markup(edition.work.description) else "",
        rights=_rights(edition.work),
        imprint=edition.work.imprint,
        reading_age=edition.work.reading_age,
        authors=tuple(_person(one) for one in offer.contributors),
        formats=tuple(
            ListedFile(one.kind, one.target, one.size_bytes, one.pages)
            for one in sorted(offer.made.artifacts, key=lambda one: (one.kind, one.pages))
            if one.kind in _FORMAT_KINDS
        ),
        later=offer.made.later.state,
        awaited=tuple(
            ListedFile(kind, target, 0, 0) for kind, target in offer.made.later.missing if kind in _FORMAT_KINDS
        ),
        editions=tuple(_edition(one, one.published_at) for one in offer.published if one.published_at),
        chapters=offer.made.chapters,
        accessibility=offer.made.accessibility,
        ai=_ai_use(offer.stated),
        sample_chapter=offer.made.sample_chapter,
        pictures=offer.made.pictures,
        author_gets=gets,
        suggested=dict(offer.suggested),
        territory=edition.work.territory,
        is_watermarked=edition.work.is_watermarked,
        series=ListedSeries(series.title, series.slug, series.completing_bps) if series else None,
        stars=stars,
    )


def _rights(work: Work) -> ListedRights:
    return ListedRights(
        licence=work.licence,
        line=work.rights_line,
        source=work.public_domain_source,
        is_mining_reserved=work.is_mining_reserved,
    )


def _person(credit: Credit) -> ListedPerson:
    page = credit.user.public_id if credit.user and credit.is_on_page else ""
    return ListedPerson(credit.name, credit.role, page, credit.biography, credit.orcid, credit.isni)


def _ai_use(stated: RightsStatement | None) -> ListedAiUse | None:
    if stated is None:  # generated books have no statement
        return None
    return ListedAiUse(
        text=stated.ai_text, images=stated.ai_images, translation=stated.ai_translation, cover=stated.ai_cover
    )


def _edition(edition: Edition, published_at: datetime) -> ListedEdition:
    made = edition.job.result
    return ListedEdition(
        number=edition.number,
        date=published_at.date(),
        notes=edition.notes,
        words=made.words,
        chapters=_chapters(made),
        revision=edition.revision,
    )


def _chapters(result: JobResult) -> int:
    """Return how many chapters of the body a job made."""
    return sum(1 for one in result.chapters if one.division == "bodymatter")


def _bundles(work_id: int) -> tuple[ListedBundle, ...]:
    return tuple(ListedBundle(one.slug, one.title) for one in bundle_selectors.bundles_with(work_id))


def _accessibility(job: ConversionJob, artifacts: Sequence[Artifact], *, is_pages: bool) -> tuple[str, ...]:
    """Return the accessibility codes: what our files always offer, whether every picture is described, and hazards."""
    silent_codes = _SILENT_PAGES if is_pages else ("image.alt-missing",)
    described = "some-undescribed" if job.findings.filter(code__in=silent_codes).exists() else "described"
    # The converter keeps only still pictures. An original file is delivered unchanged, so its hazards are unknown.
    hazards = "hazards-unknown" if any(one.kind == "own-pdf" for one in artifacts) else "no-hazards"
    layout = ("fixed", "contents") if is_pages else ("reflow", "contents", "structure")
    return (*layout, described, hazards, "no-locks")


def _opening(artifacts: Sequence[Artifact]) -> str:
    """Return the first words of the sample as markup, or "" if there is no sample."""
    file = next((one.file for one in artifacts if one.kind == "sample-web"), "")
    if not file:
        return ""
    book = web_book_archive.web_book(file)
    if not book.chapters:
        return ""
    return sample_markup(web_book_archive.chapter_file(book, book.chapters[0].id), words=_OPENING_WORDS)


def _sample_chapter(artifacts: Sequence[Artifact]) -> str:
    file = next((one.file for one in artifacts if one.kind == "sample-web"), "")
    chapters = web_book_archive.web_book(file).chapters if file else ()
    return chapters[0].id if chapters else ""


def _pages(artifacts: Sequence[Artifact]) -> tuple[web_book_archive.PagePicture, ...]:
    """Return the first pages of a fixed-layout book's sample; none for a reflowable book."""
    file = next((one.file for one in artifacts if one.kind == "sample-web"), "")
    return web_book_archive.page_pictures(web_book_archive.web_book(file), _OPENING_PAGES) if file else ()


def _pictures(artifacts: Sequence[Artifact]) -> int | None:
    file = next((one.file for one in artifacts if one.kind == "web"), "")
    return web_book_archive.count_pictures(file) if file else None


def _opening_pages(pages: Sequence[web_book_archive.PagePicture], slug: str) -> str:
    """Return the pages as images at public URLs, which is allowed because they belong to the sample."""
    rows = (
        (reverse("reading:sample-picture", args=[slug, page.name]), page.width, page.height, page.alt) for page in pages
    )
    markup = '<p class="sample-page"><img src="{}" width="{}" height="{}" alt="{}" loading="lazy"></p>'
    return format_html_join("", markup, rows)
