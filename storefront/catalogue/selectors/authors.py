"""An author's page: who they are and their books, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from storefront.catalogue.selectors import cursors
from storefront.catalogue.selectors.cards import Card, cards_from
from storefront.catalogue.selectors.shop_state import listings_by_author

PAGE_SIZE = 48


@dataclass(frozen=True, slots=True)
class AuthorPage:
    """`hidden` is how many books for adults are not shown because the reader did not ask for them."""

    author: User
    cards: list[Card]
    next_cursor: str  # "" at the end
    hidden: int = 0


def author_with_books(public_id: str) -> User | None:
    """Return the person if they have an author page, which requires books on sale."""
    author = _person(public_id)
    return author if author is not None and listings_by_author(public_id).exists() else None


def author_page(
    public_id: str, *, with_adult: bool = False, after: str = "", shows_more: bool = False
) -> AuthorPage | None:
    """Return the page of a person with books on sale, newest first, or None. Accounts of readers have no page.

    With `shows_more` the page has something else to show, so it needs no books. An invalid cursor shows the first page.
    """
    author = _person(public_id)
    if author is None:
        return None
    every = listings_by_author(public_id)
    shown = every if with_adult else every.filter(is_adult=False)
    if (cursor := cursors.parsed(after)) is not None:
        shown = cursors.rows_after(shown, "published_at", cursors.moment(cursor[0]), cursor[1])
    rows = list(shown[: PAGE_SIZE + 1])
    hidden = 0 if with_adult else every.filter(is_adult=True).count()
    if not rows and not hidden and not shows_more and not (cursor and every.exists()):
        return None
    page, last = rows[:PAGE_SIZE], rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    next_cursor = cursors.text(cursors.microseconds(last.published_at), last.pk) if last else ""
    return AuthorPage(author, cards_from(page), next_cursor, hidden)


def _person(public_id: str) -> User | None:
    people = User.objects.filter(public_id=public_id, is_active=True)
    return people.only("public_id", "display_name", "bio").first()
