"""The books on a person's shelf: what they bought, advance copies that last, and books of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from common.errors import NotFound
from common.search_text import normalize
from publishing.models import Edition, Work
from publishing.selectors import author_names
from storefront.catalogue.selectors.cards import cover_name
from storefront.catalogue.selectors.editions import editions_to_read
from storefront.checkout import given_copies
from storefront.checkout.models import Entitlement
from storefront.own_books.selectors.pages import with_covers
from storefront.shelf.models import BookChoice, ReadingStatus
from storefront.shelf.selectors.progress import Progress, progress_of

# Of a listing, what a shelf shows; the long texts are not loaded.
_LISTED = ("title", "subtitle", "byline", "cover", "is_on_sale", "series")


@dataclass(frozen=True, slots=True)
class ShelvedBook:
    """A book in the library. `set_status` is what the person chose, "" if the status follows from their reading."""

    pk: int  # of the work
    work_id: str
    slug: str
    title: str
    subtitle: str
    byline: str
    series: str
    language: str
    cover: str  # of 320 pixels, public file; "" without one
    granted_at: datetime
    edition_label: str
    is_updated: bool  # since it was bought
    is_new_edition: bool  # rather than a correction of the edition that was sold
    progress: Progress
    set_status: str = ""
    set_at: datetime | None = None
    set_finished_on: date | None = None
    is_hidden: bool = False
    last_day: date | None = None  # of an advance copy
    has_page: bool = True  # in the shop
    is_own: bool = False  # the person brought the file
    has_own_cover: bool = False  # of such a file, which is at an address of its own

    @property
    def own_cover(self) -> str:
        """Return the address of the cover of a book of their own; "" for none, and for all other books."""
        return reverse("own_books:own-book-cover", args=[self.work_id]) if self.has_own_cover else ""

    @property
    def status(self) -> ReadingStatus:
        return ReadingStatus(self.set_status) if self.set_status else self.progress.status

    @property
    def status_word(self) -> str | Promise:
        return self.status.label

    @property
    def is_reading(self) -> bool:
        return self.status == ReadingStatus.READING

    @property
    def is_finished(self) -> bool:
        return self.status == ReadingStatus.FINISHED

    @property
    def percent_read(self) -> int:
        return (self.progress.share_bps or 0) // 100

    @property
    def finished_on(self) -> date | None:
        """Return the day on which it was finished, if that is known: as the person says, else as they read."""
        if not self.is_finished:
            return None
        return self.set_finished_on or self.progress.finished_on

    @property
    def touched_at(self) -> datetime:
        """Return when it was last read or, if it came later, bought."""
        return max(self.granted_at, self.progress.last_read_at or self.granted_at)

    @property
    def proposal(self) -> ReadingStatus | None:
        """Return the status that their reading has come to since they set another one; None if there is nothing to
        propose."""
        further = {
            ReadingStatus.WANT: {ReadingStatus.READING, ReadingStatus.FINISHED},
            ReadingStatus.READING: {ReadingStatus.FINISHED},
            ReadingStatus.GIVEN_UP: {ReadingStatus.READING, ReadingStatus.FINISHED},
        }
        read_at = self.progress.last_read_at
        if not self.set_status or self.set_at is None or read_at is None or read_at <= self.set_at:
            return None
        found = self.progress.status
        return found if found in further.get(self.status, set()) else None

    @property
    def words(self) -> str:
        """Return what a search looks through."""
        return normalize(" ".join((self.title, self.subtitle, self.byline, self.series)))


def shelf_of(user: User) -> list[ShelvedBook]:
    """Return all books that the person may read, hidden ones too, in no order; a fixed number of queries."""
    return _shelved(user, None)


def shelved_book(user: User, work_id: str) -> ShelvedBook:
    """Return one of the books that the person may read. Raises NotFound."""
    work = Work.with_personal.filter(public_id=work_id).values_list("pk", flat=True).first()
    found = _shelved(user, [work]) if work is not None else []
    if not found:
        raise NotFound
    return found[0]


def hidden_works(user: User) -> set[str]:
    """Return the books (public ids) that the person took off the shelf; one query."""
    hidden = BookChoice.objects.filter(user=user, hidden_at__isnull=False)
    return set(hidden.values_list("work__public_id", flat=True))


def _shelved(user: User, only: list[int] | None) -> list[ShelvedBook]:
    rows = Entitlement.objects.readable().filter(user=user)
    rows = rows if only is None else rows.filter(work__in=only)
    bought = {
        row.work_id: row
        for row in rows.select_related("edition").only("work", "granted_at", "edition", "edition__number")
    }
    copies = {pk: one for pk, one in given_copies.lasting(user, only).items() if pk not in bought}
    works = _works([*bought, *copies])
    editions, progress = editions_to_read(list(works)), progress_of(user, works)
    names = author_names(list(copies)) if copies else {}
    covers = with_covers(user, [pk for pk, work in works.items() if work.is_personal])
    choices = {one.work_id: one for one in BookChoice.objects.filter(user=user, work__in=list(works))}
    books = []
    for pk, work in works.items():
        row, copy, edition = bought.get(pk), copies.get(pk), editions.get(pk)
        choice = choices.get(pk) or BookChoice(work=work)
        listing = getattr(work, "listing", None)
        books.append(
            ShelvedBook(
                pk=pk,
                work_id=work.public_id,
                slug=work.slug,
                title=work.title,
                subtitle=listing.subtitle if listing else work.subtitle,
                byline=listing.byline if listing else names.get(pk, ""),
                series=listing.series.title if listing and listing.series else "",
                language=work.language,
                cover=_cover(work),
                granted_at=row.granted_at if row else copies[pk].given_at,
                edition_label=edition.label if edition else "",
                is_updated=_is_updated(row, edition),
                is_new_edition=bool(row and edition and edition.number != row.edition.number),
                progress=progress[pk],
                set_status=choice.status,
                set_at=choice.status_at,
                set_finished_on=choice.finished_on,
                is_hidden=choice.hidden_at is not None,
                last_day=copy.last_day if copy else None,
                has_page=bool(listing and (row or listing.is_on_sale)),
                is_own=work.is_personal,
                has_own_cover=pk in covers,
            )
        )
    return books


def _works(pks: Iterable[int]) -> dict[int, Work]:
    fields = [f"listing__{name}" for name in _LISTED]
    rows = Work.with_personal.filter(pk__in=list(pks)).select_related("listing__series")
    rows = rows.only(
        "public_id", "slug", "title", "subtitle", "language", "is_personal", *fields, "listing__series__title"
    )
    return {work.pk: work for work in rows}


def _cover(work: Work) -> str:
    listing = getattr(work, "listing", None)
    return str(listing.cover.get("320-webp", "")) or cover_name(work) if listing is not None else ""


def _is_updated(row: Entitlement | None, edition: Edition | None) -> bool:
    return row is not None and edition is not None and edition.pk != row.edition_id
