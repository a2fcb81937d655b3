"""The books a visitor may read in the browser, and where they stopped."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from accounts.permissions import Visitor
from conversion.models import Artifact
from publishing.models import Edition, EditionState, Work
from storefront.catalogue.models import Listing
from storefront.catalogue.selectors.editions import advance_editions, edition_to_read
from storefront.catalogue.selectors.web_book_archive import WebBook, web_book
from storefront.checkout import permissions
from storefront.reading.models import LastPlace
from storefront.reading.selectors import anchors, chapter_places
from storefront.reading.selectors.chapter_places import Place
from storefront.reading.selectors.positions import newest_places


@dataclass(frozen=True, slots=True)
class Reading:
    """A web book with its work and edition. `is_sample`: it is only the free sample."""

    work: Work
    edition: Edition
    book: WebBook
    is_sample: bool

    @property
    def is_draft(self) -> bool:
        """Return whether it is an advance copy of a text that is not on sale yet: the same edition may have another
        text later, so nothing of it is cached."""
        return self.edition.state == EditionState.DRAFT


def full_book(slug: str, visitor: Visitor, edition_id: str = "") -> Reading | None:
    """Return the whole of the newest edition the visitor may read; None if there is no such work, or no right to it.

    `edition_id` names an edition, perhaps an earlier one: readers can finish the one they have open when a new one
    comes out.
    """
    work = Work.with_personal.filter(slug=slug).first()
    if work is None or not permissions.may_read(visitor, work):
        return None
    return whole_book(work, edition_id)


def whole_book(work: Work, edition_id: str = "") -> Reading | None:
    """Return the whole book like `full_book`, for a caller who has checked the right to it."""
    edition = _edition_named(work, edition_id) if edition_id else edition_to_read(work)
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
    """Return an edition of the work that is or was on sale, or that of a personal work."""
    released = Edition.with_personal.filter(work=work).exclude(state=EditionState.DRAFT)
    return released.filter(public_id=edition_id).first()


def _edition_named(work: Work, edition_id: str) -> Edition | None:
    """Return an edition that is or was on sale, or the draft that is given in advance."""
    edition = published_edition(work, edition_id)
    if edition is None:
        given = advance_editions([work.pk]).get(work.pk)
        edition = given if given is not None and given.public_id == edition_id else None
    return edition


def position_of(visitor: Visitor, work: Work) -> LastPlace | None:
    """Return where the person was last in the work, on whichever device."""
    return newest_places(visitor, [work]).get(work.pk) if isinstance(visitor, User) else None


def place_of(position: LastPlace, reading: Reading) -> Place:
    """Return where the person stopped, as a place in a chapter of the edition they read now."""
    there = anchors.place_in(position, reading.edition)
    words = position.words if position.edition_id == reading.edition.pk else ""
    place = chapter_places.in_chapter(reading.book, there.block, there.offset, words=words)
    return place or Place(reading.book.chapters[reading.book.opening].id, 0, "")


def _reading(work: Work, edition: Edition, kind: str) -> Reading | None:
    file = Artifact.objects.filter(job_id=edition.job_id, kind=kind).values_list("file", flat=True).first()
    return Reading(work, edition, web_book(file), is_sample=kind == "sample-web") if file else None
