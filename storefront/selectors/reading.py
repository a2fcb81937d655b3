"""What somebody may read in the browser, and where they stopped."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.permissions import Visitor
from conversion.models import Artifact
from publishing.models import Edition, Work
from storefront import permissions
from storefront.models import Listing, ReadingPosition
from storefront.selectors.library import edition_to_read
from storefront.selectors.webbook import WebBook, web_book


@dataclass(frozen=True, slots=True)
class Reading:
    """A web book with what it belongs to. `is_sample` when it is the free part only."""

    work: Work
    edition: Edition
    book: WebBook
    is_sample: bool


def full_book(slug: str, visitor: Visitor) -> Reading | None:
    """The whole of the newest edition the visitor may read, or None: no such work, or no right to it."""
    work = Work.objects.filter(slug=slug).first()
    if work is None or not permissions.may_read(visitor, work):
        return None
    edition = edition_to_read(work)
    return _reading(work, edition, "web") if edition else None


def sample_book(slug: str) -> Reading | None:
    """The free part of a book on sale, or None."""
    listing = (
        Listing.objects.on_sale().filter(slug=slug).select_related("work", "edition").only("work", "edition").first()
    )
    return _reading(listing.work, listing.edition, "sample-web") if listing else None


def position_of(visitor: Visitor, work: Work) -> ReadingPosition | None:
    """Where the person stopped reading the work."""
    if not visitor.is_authenticated:
        return None
    return ReadingPosition.objects.filter(user_id=visitor.pk, work=work).first()


def _reading(work: Work, edition: Edition, kind: str) -> Reading | None:
    file = Artifact.objects.filter(job_id=edition.job_id, kind=kind).values_list("file", flat=True).first()
    return Reading(work, edition, web_book(file), is_sample=kind == "sample-web") if file else None
