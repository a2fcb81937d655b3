"""What changed in an edition of a book, for its readers and for those who think of buying it."""

from __future__ import annotations

from dataclasses import dataclass

from common.errors import NotFound
from publishing import selectors as publishing_selectors
from publishing.changed_chapters import ShownChanges, shown_changes
from publishing.models import Edition, Work
from storefront.catalogue.selectors.editions import published_editions


@dataclass(frozen=True, slots=True)
class BookChanges:
    """An edition beside the one before it. `changes` is None where nobody has compared the two; its passages are for
    those who may read the book."""

    edition: Edition
    before: Edition
    changes: ShownChanges | None
    is_being_compared: bool
    others: list[Edition]


def book_changes(work: Work, *, label: str, only: str, may_read: bool) -> BookChanges:
    """Return what changed in the edition with this label, or in the newest. Raises NotFound."""
    editions = published_editions(work)
    later = editions[:-1]  # the first has none before it
    edition = next((one for one in later if label in {one.label, ""}), None)
    if edition is None:
        raise NotFound
    before = editions[editions.index(edition) + 1]
    found = publishing_selectors.changes_between(before.job, edition.job)
    return BookChanges(
        edition,
        before,
        shown_changes(found, only=only, with_passages=may_read) if found is not None else None,
        found is None and publishing_selectors.is_being_compared(before.job, edition.job),
        [one for one in later if one != edition],
    )
