"""The books a visitor may read in the browser, and where they stopped."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.permissions import Visitor
from conversion.models import Artifact
from publishing.models import Edition, EditionState, Work
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.editions import edition_to_read
from storefront.catalogue.selectors.web_book_archive import WebBook, web_book
from storefront.checkout import permissions
from storefront.reading.models import Locator, ReadingPosition
from storefront.reading.selectors.relocate import Place, page_in, place_in


@dataclass(frozen=True, slots=True)
class Reading:
    """A web book with its work and edition. `is_sample`: it is only the free sample."""

    work: Work
    edition: Edition
    book: WebBook
    is_sample: bool


def full_book(slug: str, visitor: Visitor, edition_id: str = "") -> Reading | None:
    """Return the whole of the newest edition the visitor may read; None if there is no such work, or no right to it.

    `edition_id` names an edition, perhaps an earlier one: readers can finish the one they have open when a new one
    comes out.
    """
    work = Work.objects.filter(slug=slug).first()
    if work is None or not permissions.may_read(visitor, work):
        return None
    return whole_book(work, edition_id)


def whole_book(work: Work, edition_id: str = "") -> Reading | None:
    """Return the whole book like `full_book`, for a caller who has checked the right to it."""
    edition = published_edition(work, edition_id) if edition_id else edition_to_read(work)
    return _reading(work, edition, "web") if edition else None


def sample_book(slug: str, edition_id: str = "") -> Reading | None:
    """Return the sample of a book on sale, or None; that of an earlier edition if `edition_id` names it."""
    listing = (
        Listing.objects.on_sale().filter(slug=slug).select_related("work", "edition").only("work", "edition").first()
    )
    if listing is None:
        return None
    edition = published_edition(listing.work, edition_id) if edition_id else listing.edition
    return _reading(listing.work, edition, "sample-web") if edition else None


def published_edition(work: Work, edition_id: str) -> Edition | None:
    """Return an edition of the work that is or was on sale."""
    return work.editions.exclude(state=EditionState.DRAFT).filter(public_id=edition_id).first()


def position_of(visitor: Visitor, work: Work) -> ReadingPosition | None:
    """Return where the person stopped reading the work."""
    if not visitor.is_authenticated:
        return None
    return ReadingPosition.objects.filter(user_id=visitor.pk, work=work).first()


def place_of(position: ReadingPosition, reading: Reading) -> Place:
    """Return where the person stopped, as a place in the edition they read now."""
    locator = position.locator
    place = Place(position.chapter_id, locator.within_bps, locator.words)
    if locator.edition == reading.edition.public_id:
        return place
    before = _book_before(reading.work, locator)
    return place_in(reading.book, before=before, place=place, fraction_bps=position.fraction_bps)


def page_of(position: ReadingPosition, reading: Reading) -> str:
    """Return the page at which the person stopped, in the edition they read now; "" for reflowable books."""
    page_id, locator = position.locator.cfi, position.locator
    if not reading.book.is_pages or locator.edition == reading.edition.public_id:
        return page_id
    return page_in(reading.book, before=_book_before(reading.work, locator), page_id=page_id)


def _book_before(work: Work, locator: Locator) -> WebBook | None:
    """Return the web book of the edition in which a place was saved."""
    edition = published_edition(work, locator.edition)
    found = _reading(work, edition, "web") if edition else None
    return found.book if found else None


def _reading(work: Work, edition: Edition, kind: str) -> Reading | None:
    file = Artifact.objects.filter(job_id=edition.job_id, kind=kind).values_list("file", flat=True).first()
    return Reading(work, edition, web_book(file), is_sample=kind == "sample-web") if file else None
