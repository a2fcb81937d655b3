"""The books a person owns and may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Visitor
from common import clock
from common.errors import NotFound
from common.templatetags.money import day
from conversion import selectors as conversion_selectors
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact
from conversion.selectors import LaterFiles
from publishing.models import Edition, Work
from publishing.permissions import is_maker
from publishing.selectors import author_names
from storefront.catalogue.files import File
from storefront.catalogue.selectors.cards import cover_name
from storefront.catalogue.selectors.editions import edition_to_read, editions_to_read
from storefront.checkout import given_copies, permissions
from storefront.checkout.given_copies import GivenCopy
from storefront.checkout.models import Entitlement, Order, OrderLine, OrderState, RefundState
from storefront.reading.selectors.positions import newest_places

_FILES = (ArtifactKind.EPUB, ArtifactKind.KEPUB, ArtifactKind.KINDLE, ArtifactKind.OWN_PDF, ArtifactKind.PDF)


@dataclass(frozen=True, slots=True)
class OwnedFile:
    """One file of a book in the library. `purpose` is the device it is made for, "" if it suits any."""

    public_id: str
    kind: str  # of ArtifactKind
    target: str
    media_type: str
    name: str
    purpose: str | Promise
    size_bytes: int


@dataclass(frozen=True, slots=True)
class AwaitedFile:
    """A file of the newest edition that nobody can download: it is still being made, or it could not be made."""

    name: str
    purpose: str | Promise


@dataclass(frozen=True, slots=True)
class OwnedBook:
    """A work in the library. `fraction_bps` is the reading progress, None before the first page."""

    work_id: str
    slug: str
    title: str
    byline: str
    cover: str
    granted_at: datetime
    edition_label: str
    is_updated: bool
    is_new_edition: bool  # rather than a correction of the edition that was sold
    fraction_bps: int | None
    files: tuple[OwnedFile, ...]
    awaited: tuple[AwaitedFile, ...] = ()
    later: str = ""  # "making" or "missing", for what is awaited
    last_day: date | None = None  # of an advance copy
    has_page: bool = True  # before a work is announced there is none
    is_watermarked: bool = False  # its EPUBs carry marks of this copy
    shown_name: str = ""  # in the line at their end

    @property
    def percent_read(self) -> int:
        return (self.fraction_bps or 0) // 100


@dataclass(frozen=True, slots=True)
class AwaitedBook:
    """A work that the person pre-ordered. `release_date` is None if its author has cancelled the release."""

    order_id: str
    slug: str
    title: str
    cover: str
    release_date: date | None

    @property
    def is_delayed(self) -> bool:
        """Return whether the release date has passed without the work coming out."""
        return clock.has_begun(self.release_date)

    @property
    def release_note(self) -> str:
        """Return when it comes out."""
        if self.is_delayed:
            return _("delayed")
        if self.release_date is None:
            return _("release cancelled")
        return _("out on %(day)s") % {"day": day(self.release_date)}


def awaited_by(user: User) -> list[AwaitedBook]:
    """Return the person's pre-ordered works, next release first; one query."""
    rows = OrderLine.objects.filter(
        order__buyer=user,
        order__state=OrderState.PAID,
        preorder__isnull=False,
        preorder__released_at=None,
        preorder__canceled_at=None,
    ).exclude(refunds__state__in=[RefundState.PENDING, RefundState.SUCCEEDED])
    rows = rows.select_related("order", "edition__work__listing").order_by("edition__work__release_date", "pk")
    return [
        AwaitedBook(
            order_id=row.order.public_id,
            slug=row.edition.work.slug,
            title=row.title,
            cover=cover_name(row.edition.work),
            release_date=row.edition.work.release_date,
        )
        for row in rows
    ]


def library_of(user: User, *, order: Order | None = None, work_id: str = "") -> list[OwnedBook]:
    """Return the works the person bought and may read, the newest first: all, those of one order, or one work; a fixed
    number of queries."""
    rows = (
        Entitlement.objects.readable()
        .filter(user=user)
        .select_related("work__listing", "edition", "line", "watermarked_copy")
    )
    if order is not None:
        rows = rows.filter(line__order=order)
    if work_id:
        rows = rows.filter(work__public_id=work_id)
    owned = list(rows.order_by("-granted_at", "-pk"))
    works = [row.work_id for row in owned]
    editions = editions_to_read(works)
    files = _files_of(editions.values())
    read = {work_id: place.share_bps for work_id, place in newest_places(user, works).items()}
    later = conversion_selectors.later_files_of(edition.job for edition in editions.values())
    books = []
    for row in owned:
        edition = editions.get(row.work_id, row.edition)
        books.append(_book(row, edition, files, later.get(edition.job_id, LaterFiles()), read.get(row.work_id)))
    return books


def advance_copies_of(user: User) -> list[OwnedBook]:
    """Return the works of which the person has an advance copy and that they did not buy, the first to end first."""
    copies = given_copies.lasting(user)
    if not copies:
        return []
    bought = Entitlement.objects.readable().filter(user=user, work__in=copies).values("work")
    works = Work.with_personal.filter(pk__in=copies).exclude(pk__in=bought).select_related("listing")
    found = {work.pk: work for work in works}
    editions = editions_to_read(list(found))
    files = _files_of(editions.values())
    read = newest_places(user, list(found))
    names = author_names(list(found))
    books = [
        _given(
            found[pk],
            copies[pk],
            edition,
            files=files[edition.job_id],
            read=read[pk].share_bps if pk in read else None,
            name=names.get(pk, ""),
        )
        for pk, edition in editions.items()
    ]
    return sorted(books, key=lambda book: (book.last_day or date.max, book.title))


def file_for(*, user: Visitor, work_id: str, artifact_id: str) -> Artifact:
    """Return a file the person may download: of the edition that buyers read; for the work's contributors, of any
    edition.

    Raises NotFound for everything else, so that nothing is revealed to strangers.
    """
    work = Work.with_personal.filter(public_id=work_id).first()
    if work is None or not permissions.may_download(user, work):
        raise NotFound
    if not is_maker(user, work):
        return file_of(work, artifact_id)
    files = Artifact.objects.filter(public_id=artifact_id, kind__in=_FILES)
    file = files.filter(job__in=work.editions.values("job")).first()
    if file is None:
        raise NotFound
    return file


def file_of(work: Work, artifact_id: str) -> Artifact:
    """Return a file of the edition that buyers read. Raises NotFound."""
    edition = edition_to_read(work)
    files = Artifact.objects.filter(public_id=artifact_id, kind__in=_FILES)
    file = files.filter(job=edition.job_id).first() if edition is not None else None
    if file is None:
        raise NotFound
    return file


def _files_of(editions: Iterable[Edition]) -> dict[int, list[OwnedFile]]:
    files: dict[int, list[OwnedFile]] = defaultdict(list)
    jobs = [edition.job_id for edition in editions]
    for artifact in Artifact.objects.filter(job__in=jobs, kind__in=_FILES).order_by("kind", "pk"):
        file = File(artifact.kind, artifact.target, artifact.size_bytes, 0)
        purpose = "" if artifact.kind == ArtifactKind.EPUB else file.made_for
        files[artifact.job_id].append(
            OwnedFile(
                artifact.public_id,
                artifact.kind,
                artifact.target,
                artifact.media_type,
                file.name,
                purpose,
                artifact.size_bytes,
            )
        )
    return files


def _book(
    row: Entitlement, edition: Edition, files: dict[int, list[OwnedFile]], later: LaterFiles, read: int | None
) -> OwnedBook:
    listing = getattr(row.work, "listing", None)
    return OwnedBook(
        work_id=row.work.public_id,
        slug=row.work.slug,
        title=row.work.title,
        byline=listing.byline if listing is not None else "",
        cover=cover_name(row.work),
        granted_at=row.granted_at,
        edition_label=edition.label,
        is_updated=edition.pk != row.edition_id,
        is_new_edition=edition.number != row.edition.number,
        fraction_bps=read,
        files=tuple(files[edition.job_id]),
        awaited=_awaited(later),
        later=later.state,
        is_watermarked=row.line is not None and row.line.is_watermarked,
        shown_name=row.watermarked_copy.shown_name if hasattr(row, "watermarked_copy") else "",
    )


def _given(
    work: Work, copy: GivenCopy, edition: Edition, *, files: Sequence[OwnedFile], read: int | None, name: str
) -> OwnedBook:
    listing = getattr(work, "listing", None)
    return OwnedBook(
        work_id=work.public_id,
        slug=work.slug,
        title=work.title,
        byline=listing.byline if listing is not None else name,
        cover=cover_name(work),
        granted_at=copy.given_at,
        edition_label=edition.label,
        is_updated=False,
        is_new_edition=False,
        fraction_bps=read,
        files=tuple(files) if copy.may_download else (),
        last_day=copy.last_day,
        has_page=listing is not None and listing.is_on_sale,
        is_watermarked=copy.is_watermarked and copy.may_download,
    )


def _awaited(later: LaterFiles) -> tuple[AwaitedFile, ...]:
    files = [File(kind, target, 0, 0) for kind, target in later.missing if kind in _FILES]
    return tuple(AwaitedFile(file.name, file.made_for) for file in files)
