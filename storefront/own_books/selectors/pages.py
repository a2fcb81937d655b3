"""What the pages of own books show, and what the shelf asks about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from accounts.models import User
from conversion import selectors as conversion_selectors
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact, ConversionJob
from storefront.own_books.errors import FileProtected, FileRefused
from storefront.own_books.models import OwnBook
from storefront.reading.models import Note

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class OwnBooksPage:
    """A person's books, newest first, and what they take up."""

    books: list[OwnBook]
    used_bytes: int
    limit_bytes: int
    file_limit_mb: int

    @property
    def percent_used(self) -> int:
        """Return the share of the space in use; 1 for anything at all."""
        return min(100, max(self.used_bytes * 100 // self.limit_bytes, bool(self.used_bytes)))


def page_of(user: User) -> OwnBooksPage:
    """Return the page; two queries."""
    books = OwnBook.objects.filter(owner=user).select_related("edition__work", "edition__job")
    return OwnBooksPage(
        books=list(books.order_by("-uploaded_at", "-pk")),
        used_bytes=used_bytes(user),
        limit_bytes=settings.MAX_OWN_BOOKS_BYTES,
        file_limit_mb=settings.MAX_MANUSCRIPT_BYTES // _MB,
    )


def used_bytes(user: User) -> int:
    """Return what the person's files take up; those of removed books are gone."""
    rows = OwnBook.objects.filter(owner=user, removed_at=None)
    return rows.aggregate(total=Sum("size_bytes"))["total"] or 0


def note_count(book: OwnBook) -> int:
    """Return how many notes and bookmarks its owner has in it."""
    return Note.objects.live().filter(work=book.edition.work_id, user=book.owner_id).count()


def failure_text(job: ConversionJob) -> str:
    """Return why the file could not be made ready, and what to do; "" if nothing failed."""
    if job.failure_code == "source.encrypted":
        return FileProtected().text
    message = conversion_selectors.failure_of(job)
    if message is None:
        return ""
    is_of_file = job.failure_code.startswith("source.")
    return FileRefused(reason=message.title).text if is_of_file else f"{message.title} {message.advice}"


def cover_of(book: OwnBook) -> Artifact | None:
    """Return the small picture of the cover that the file has."""
    if not book.is_ready:
        return None
    return conversion_selectors.artifact_of(book.edition.job, ArtifactKind.OWN_COVER)


def works_with_cover(user: User) -> set[str]:
    """Return which works (public ids) are own books of the person with a cover; one query."""
    rows = OwnBook.objects.filter(owner=user, has_cover=True)
    return set(rows.values_list("edition__work__public_id", flat=True))


def with_covers(user: User, works: Collection[int]) -> set[int]:
    """Return which of these works (primary keys) are own books of the person with a cover; one query."""
    rows = (
        OwnBook.objects.filter(owner=user, has_cover=True, edition__work__in=works) if works else OwnBook.objects.none()
    )
    return set(rows.values_list("edition__work", flat=True))
