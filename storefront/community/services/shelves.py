"""Creates, changes and deletes shelves and the books on them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from accounts import restrictions
from accounts import services as account_services
from accounts.models import User
from accounts.restrictions import Activity
from common.errors import NotAllowed, NotFound
from common.search_text import index_words
from publishing.models import Work
from storefront.catalogue.models import Listing
from storefront.catalogue.services.versions import bump_version
from storefront.community import permissions
from storefront.community.errors import ShelfFull, TooManyShelves
from storefront.community.models import CaseState, ReviewCase, Shelf, ShelfBook, Visibility

MAX_SHELVES = 50
MAX_BOOKS = 300
_KEPT_FOR_UNDO = timedelta(days=1)
_SLUG_LENGTH = 80


@transaction.atomic
def make_shelf(*, actor: User, title: str, description: str, visibility: Visibility, at: datetime) -> Shelf:
    """Create an empty shelf. Raises TooManyShelves, PostingSuspended."""
    restrictions.require(actor, Activity.POSTING, at)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # so that two tabs cannot exceed the limit
    if Shelf.objects.filter(owner=actor).count() >= MAX_SHELVES:
        raise TooManyShelves(most=MAX_SHELVES)
    shelf = Shelf(
        owner=actor,
        title=title.strip(),
        description=description.strip(),
        visibility=visibility,
        search_words=search_words(title, actor),
        created_at=at,
        changed_at=at,
    )
    if visibility == Visibility.UNLISTED:
        shelf.slug = shelf.unlisted_slug = _secret_slug(title)
        shelf.save()
    else:
        _save_at_free_slug(shelf)
    return shelf


@transaction.atomic
def change_shelf(*, actor: User, shelf: Shelf, title: str, description: str, visibility: Visibility) -> Shelf:
    """Change title, description or visibility; `changed_at` stays the same.

    The URL stays too, unless a public shelf is unlisted: then it moves to one that cannot be guessed, and back when the
    shelf is public again. Raises NotFound for somebody else's shelf,
    PostingSuspended.
    """
    shelf = _locked(actor, shelf)
    restrictions.require(actor, Activity.POSTING)
    was_chosen = _is_chosen(shelf)
    if visibility == Visibility.UNLISTED and shelf.unlisted_slug is None:
        shelf.unlisted_slug = _secret_slug(title)
    shelf.title, shelf.description, shelf.visibility = title.strip(), description.strip(), visibility
    shelf.search_words = search_words(title, actor)
    shelf.save()
    if was_chosen or _is_chosen(shelf):
        bump_version()
    return shelf


@transaction.atomic
def add_book(*, actor: User, shelf: Shelf, work: Work, reason: str, at: datetime) -> ShelfBook:
    """Add a book on sale to the end of the shelf, or change the reason of a book that is already on it.

    A book that was removed within the last day comes back at the end. Raises NotFound, ShelfFull, PostingSuspended.
    """
    shelf = _locked(actor, shelf)
    restrictions.require(actor, Activity.POSTING, at)
    if not Listing.objects.on_sale().filter(work=work).exists():
        raise NotFound
    row = shelf.books.filter(work=work).first() or ShelfBook(shelf=shelf, work=work)
    is_new = row.pk is None
    if row.pk is None or row.removed_at is not None:
        if shelf.books_count >= MAX_BOOKS:
            raise ShelfFull(most=MAX_BOOKS)
        last = shelf.books.filter(removed_at=None).aggregate(last=Max("position"))["last"]
        row.position, row.added_at, row.removed_at = 0 if last is None else last + 1, at, None
    row.reason = reason.strip()
    row.save()
    _changed(shelf, new_at=at if is_new else None)
    return row


@transaction.atomic
def set_reason(*, actor: User, shelf: Shelf, work: Work, reason: str) -> None:
    """Change the reason of a book on the shelf. Raises NotFound, PostingSuspended."""
    shelf = _locked(actor, shelf)
    restrictions.require(actor, Activity.POSTING)
    if shelf.books.filter(work=work, removed_at=None).update(reason=reason.strip()):
        _changed(shelf)


@transaction.atomic
def remove_book(*, actor: User, shelf: Shelf, work: Work, at: datetime) -> None:
    """Remove a book; for a day it can be restored to its place, with its reason. Raises NotFound."""
    shelf = _locked(actor, shelf)
    if shelf.books.filter(work=work, removed_at=None).update(removed_at=at):
        _changed(shelf)


@transaction.atomic
def put_back(*, actor: User, shelf: Shelf, work: Work) -> None:
    """Restore a removed book to its place. Raises NotFound, ShelfFull."""
    shelf = _locked(actor, shelf)
    if shelf.books_count >= MAX_BOOKS:
        raise ShelfFull(most=MAX_BOOKS)
    row = shelf.books.filter(work=work).exclude(removed_at=None).first()
    if row is None:
        return
    rows = list(shelf.books.filter(removed_at=None).order_by("position", "pk"))
    place = row.position
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    rows.insert(place, row)
    _number(rows)
    _changed(shelf)


@transaction.atomic
def move_book(*, actor: User, shelf: Shelf, work: Work, place: int) -> None:
    """Move the book to this place, counted from 0; values beyond the ends mean the ends. Raises NotFound."""
    shelf = _locked(actor, shelf)
    rows = list(shelf.books.filter(removed_at=None).order_by("position", "pk"))
    moved = next((row for row in rows if row.work_id == work.pk), None)
    if moved is None:
        raise NotFound
    rows.remove(moved)
    rows.insert(max(place, 0), moved)
    _number(rows)
    _changed(shelf)


@transaction.atomic
def delete_shelf(*, actor: User, shelf: Shelf) -> None:
    """Delete the shelf with its reasons. Raises NotFound."""
    shelf = _locked(actor, shelf)
    was_chosen = _is_chosen(shelf)
    ReviewCase.objects.filter(shelf=shelf, state=CaseState.OPEN).update(state=CaseState.CLOSED)
    books = shelf.books.filter(removed_at=None).count()
    account_services.record_audit(actor=actor, verb="shelf.deleted", subject=shelf, facts={"books": books})
    shelf.delete()
    if was_chosen:
        bump_version()


@transaction.atomic
def mark_editors(*, actor: User, shelf: Shelf, is_editors: bool) -> Shelf:
    """Add the shelf to the editors' shelves, or remove it. Raises NotAllowed."""
    if not permissions.may_mark_editors_shelf(actor):
        raise NotAllowed
    shelf = Shelf.objects.select_for_update().get(pk=shelf.pk)
    shelf.is_editors = is_editors
    shelf.save(update_fields=["is_editors"])
    account_services.record_audit(actor=actor, verb="shelf.marked" if is_editors else "shelf.unmarked", subject=shelf)
    bump_version()
    return shelf


def search_words(title: str, keeper: User) -> str:
    """Return the normalized words by which a shelf is found."""
    return index_words(f"{title} {keeper.display_name}")


def forget_removed(*, at: datetime) -> None:
    """Delete books that were removed more than a day ago and can no longer be restored."""
    ShelfBook.objects.filter(removed_at__lte=at - _KEPT_FOR_UNDO).delete()


def _locked(actor: User, shelf: Shelf) -> Shelf:
    """Lock the shelf's row and return it, so that two tabs cannot renumber its books at once. Raises NotFound."""
    shelf = Shelf.objects.select_for_update().get(pk=shelf.pk)
    if not permissions.may_edit_shelf(actor, shelf):
        raise NotFound
    return shelf


def _changed(shelf: Shelf, *, new_at: datetime | None = None) -> None:
    """Renumber the books and update the shelf. Only a new book updates `changed_at`: lists and the front page show the
    newest shelves first, and saving the same text again, or removing and restoring a book, must not move a shelf up.
    """
    rows = list(shelf.books.filter(removed_at=None).order_by("position", "pk"))
    _number(rows)
    shelf.books_count, shelf.changed_at = len(rows), new_at or shelf.changed_at
    shelf.save(update_fields=["books_count", "changed_at"])
    if _is_chosen(shelf):
        bump_version()


def _number(rows: Sequence[ShelfBook]) -> None:
    """Number the books without gaps: lists and the front page only look at the first places."""
    wrong = [(place, row) for place, row in enumerate(rows) if row.position != place]
    for place, row in wrong:
        row.position = place
    ShelfBook.objects.bulk_update([row for _place, row in wrong], ["position"])


def _is_chosen(shelf: Shelf) -> bool:
    """Return whether the front page and books' pages may show the shelf."""
    return Shelf.objects.chosen().filter(pk=shelf.pk).exists()


def _base(title: str) -> str:
    return slugify(title)[:_SLUG_LENGTH].strip("-") or "shelf"


def _secret_slug(title: str) -> str:
    return f"{_base(title)}-{secrets.token_hex(8)}"


def _save_at_free_slug(shelf: Shelf) -> None:
    """Save a new shelf with a slug from its title, with random letters added if that is taken."""
    base = shelf.slug = _base(shelf.title)
    while True:
        try:
            with transaction.atomic():
                shelf.save()
        except IntegrityError:  # taken, perhaps by another transaction just now
            if not Shelf.objects.filter(slug=shelf.slug).exists():
                raise
            shelf.slug = f"{base}-{secrets.token_hex(2)}"
        else:
            return
