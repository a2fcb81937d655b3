"""The page of one book in the library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from common.errors import NotFound
from publishing import selectors as publishing_selectors
from publishing.changed_chapters import ShownChanges, shown_changes
from publishing.models import Edition, Work
from storefront.catalogue.selectors.editions import published_editions
from storefront.checkout.models import AccessKind, AccessRecord, Entitlement
from storefront.library.selectors import library as library_selectors
from storefront.library.selectors.library import OwnedBook
from storefront.reading.selectors import note_lists
from storefront.reading.selectors.note_lists import NotedBook
from storefront.shelf.selectors.books import ShelvedBook, shelved_book
from storefront.shelf.selectors.collections import CollectionRow, collections_of

_CHAPTERS = 4


@dataclass(frozen=True, slots=True)
class EditionChange:
    """The newest edition beside the one before it. `changes` is None until the two have been compared."""

    edition: Edition
    changes: ShownChanges | None

    @property
    def chapters(self) -> list[str]:
        """Return the first changed chapters, each with what became of it."""
        rows = self.changes.chapters[:_CHAPTERS] if self.changes else ()
        return [f"{row.title} ({', '.join(row.fates)})" if row.fates else row.title for row in rows]

    @property
    def others(self) -> int:
        """Return how many changed chapters are not named."""
        return max(self.changes.total - _CHAPTERS, 0) if self.changes else 0


@dataclass(frozen=True, slots=True)
class BookPage:
    """`order_id` is "" for a book that came without an order, such as an advance copy."""

    book: ShelvedBook
    owned: OwnedBook
    days_read: int
    first_day: date | None
    notes: NotedBook | None
    change: EditionChange | None
    order_id: str
    collections: list[CollectionRow]


def book_page(user: User, work_id: str) -> BookPage:
    """Return the page of a book that the person may read. Raises NotFound."""
    book = shelved_book(user, work_id)
    found = library_selectors.library_of(user, work_id=work_id)
    found = found or [one for one in library_selectors.advance_copies_of(user) if one.work_id == work_id]
    if not found:
        raise NotFound
    bought = Entitlement.objects.filter(user=user, work=book.pk, ended_at=None)
    opened = AccessRecord.objects.filter(entitlement__in=bought, kind=AccessKind.READ)
    days = sorted(set(opened.values_list("day", flat=True)))
    return BookPage(
        book=book,
        owned=found[0],
        days_read=len(days),
        first_day=days[0] if days else None,
        notes=next((one for one in note_lists.noted_books([user]) if one.work_id == work_id), None),
        change=_newest_change(Work(pk=book.pk)) if not book.last_day else None,
        order_id=bought.values_list("line__order__public_id", flat=True).first() or "",
        collections=collections_of(user, book=book.pk),
    )


def _newest_change(work: Work) -> EditionChange | None:
    editions = published_editions(work)
    if len(editions) < 2:
        return None
    newest, before = editions[:2]
    found = publishing_selectors.changes_between(before.job, newest.job)
    return EditionChange(newest, shown_changes(found, with_passages=False) if found is not None else None)
