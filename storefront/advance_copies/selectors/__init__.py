"""Queries for advance copies: what is given now, the author's page on the desk, and the pages of readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.templatetags.money import day
from publishing import selectors as publishing_selectors
from publishing.models import Edition, EditionState, Work
from storefront.advance_copies.models import Copy, CopyState, Offer
from storefront.community.models import Review

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy as its author sees it: by the invited address, or by the name of who asked."""

    copy: Copy
    is_over: bool
    review_id: str

    @property
    def name(self) -> str:
        copy = self.copy
        if copy.email:
            return copy.email
        if copy.invitation or copy.reader is None:  # its address was deleted; whose it was is not told
            return _("An invited reader")
        return copy.reader.display_name

    @property
    def is_lasting(self) -> bool:
        return self.copy.state == CopyState.ACCEPTED and not self.is_over

    @property
    def words(self) -> StrOrPromise:
        """Return how things stand, never how far somebody has read."""
        copy = self.copy
        if copy.state == CopyState.ACCEPTED and copy.last_day is not None:
            facts = {"day": day(copy.last_day)}
            return _("Ended after %(day)s") % facts if self.is_over else _("Reads until %(day)s") % facts
        if copy.state == CopyState.INVITED:
            if copy.mailed_at is None:
                return _("The invitation is being sent")
            return _("Opened the link, no answer yet") if copy.opened_at is not None else _("Invited, no answer yet")
        return CopyState(copy.state).label


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What an author sees of the copies of one work."""

    offer: Offer | None
    requests: list[CopyRow]
    rows: list[CopyRow]
    is_taking: bool
    open_count: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """A copy as its reader sees it."""

    copy: Copy
    work: Work
    byline: str
    is_lasting: bool
    is_on_sale: bool  # or to be ordered ahead
    has_come_out: bool
    has_reviewed: bool

    @property
    def may_review(self) -> bool:
        return self.has_reviewed or (self.copy.was_accepted and self.is_on_sale and self.has_come_out)

    @property
    def may_be_reminded(self) -> bool:
        """Return whether a reminder is still to come, or would be if the reader wanted it."""
        is_open = self.is_lasting and self.copy.offer.wants_reviews and not self.has_reviewed
        return is_open and self.copy.reminded_at is None


def taking(at: datetime, prefix: str = "") -> Q:
    """Return the condition for offers of which somebody may still get a copy."""
    names = {
        "last_day__gte": clock.last_day_until(at),
        "is_closed": False,
        "is_hidden": False,
        "work__owner__is_active": True,
        "work__held_by": "",
    }
    return Q(**{f"{prefix}{name}": value for name, value in names.items()})


def is_taking(offer: Offer, at: datetime) -> bool:
    """Return whether somebody may still get a copy."""
    work = offer.work
    is_free = work.owner.is_active and not work.held_by and not (offer.is_closed or offer.is_hidden)
    return is_free and offer.last_day >= clock.last_day_until(at)


def to_tell(rows: QuerySet[Copy]) -> QuerySet[Copy]:
    """Filter by the copies whose reader has yet to be mailed the author's decision."""
    told = [CopyState.ACCEPTED, CopyState.REFUSED, CopyState.WITHDRAWN]
    return rows.filter(state__in=told, decided_at__isnull=False, told_at=None, reader__isnull=False)


def author_of(work: Work) -> str:
    """Return the name under which the work is published, so that no pen name is given away."""
    return publishing_selectors.author_name(work) or work.owner.display_name


def is_on_sale(work: Work) -> bool:
    """Return whether the work has come out and can be bought."""
    return work.editions.filter(state=EditionState.PUBLISHED).exists()


def offer_of(work: Work) -> Offer | None:
    return Offer.objects.select_related("edition", "job").filter(work=work).first()


def requestable(offer_id: str, *, at: datetime) -> Offer | None:
    """Return the offer that anybody may ask for; None unless its author takes requests."""
    rows = Offer.objects.filter(taking(at), public_id=offer_id, takes_requests=True)
    return rows.select_related("work__owner", "work__listing", "edition").first()


def desk_page(work: Work, *, at: datetime) -> DeskPage:
    """Return the author's page; three queries."""
    offer = offer_of(work)
    if offer is None:
        return DeskPage(None, [], [], is_taking=False, open_count=0, counts={})
    offer.work = work
    today = clock.last_day_until(at)
    copies = list(Copy.objects.filter(offer=offer).select_related("reader"))
    shown = Review.objects.shown().filter(work=work, user__advance_copies__offer=offer)
    reviews = dict(shown.values_list("user", "public_id"))
    rows = [_row(copy, reviews, today) for copy in copies]
    others = [row for row in rows if row.copy.state != CopyState.REQUESTED]
    return DeskPage(
        offer=offer,
        requests=[row for row in rows if row.copy.state == CopyState.REQUESTED],
        rows=others,
        is_taking=is_taking(offer, at),
        open_count=Copy.objects.filter(offer=offer).open(today).count(),
        counts={
            "invited": sum(row.copy.invitation > 0 for row in others),
            "opened": sum(row.copy.opened_at is not None for row in others),
            "accepted": sum(row.copy.was_accepted for row in others),
            "ended": sum(row.is_over for row in others),
            "reviewed": sum(bool(row.review_id) for row in others),
        },
    )


def copy_by_public_id(work: Work, copy_id: str) -> Copy | None:
    return Copy.objects.select_related("offer__work", "reader").filter(offer__work=work, public_id=copy_id).first()


def copies_of(reader: User, *, at: datetime) -> list[OwnCopy]:
    """Return the copies that the person has, had or asked for, the newest first; a fixed number of queries."""
    reviewed = Review.objects.filter(work=OuterRef("offer__work"), user=OuterRef("reader"))
    rows = Copy.objects.filter(reader=reader).exclude(state=CopyState.INVITED)
    rows = rows.select_related("offer__work__listing", "offer__work__owner").annotate(has_reviewed=Exists(reviewed))
    published = Edition.objects.filter(work=OuterRef("offer__work"), published_at__isnull=False)
    rows = rows.annotate(has_come_out=Exists(published))
    names = publishing_selectors.author_names([copy.offer.work_id for copy in rows])
    lasting = set(Copy.objects.readable(clock.last_day_until(at)).filter(reader=reader).values_list("pk", flat=True))
    return [
        OwnCopy(
            copy=copy,
            work=copy.offer.work,
            byline=_byline(copy.offer.work, names),
            is_lasting=copy.pk in lasting,
            is_on_sale=_is_listed(copy.offer.work),
            has_come_out=copy.has_come_out,  # type: ignore[attr-defined]  # annotated
            has_reviewed=copy.has_reviewed,  # type: ignore[attr-defined]  # annotated
        )
        for copy in rows
    ]


def own_copy(reader: User, slug: str, *, at: datetime) -> OwnCopy | None:
    """Return the person's copy of the work with this slug, if they ever accepted one."""
    found = copies_of(reader, at=at)
    return next((one for one in found if one.work.slug == slug and one.copy.was_accepted), None)


def _row(copy: Copy, reviews: dict[int, str], today: date) -> CopyRow:
    is_over = copy.state == CopyState.ACCEPTED and copy.last_day is not None and copy.last_day < today
    review = reviews.get(copy.reader_id, "") if copy.reader_id is not None and copy.was_accepted else ""
    return CopyRow(copy, is_over, review)


def _is_listed(work: Work) -> bool:
    listing = getattr(work, "listing", None)
    return listing is not None and listing.is_on_sale


def _byline(work: Work, names: dict[int, str]) -> str:
    listing = getattr(work, "listing", None)
    return (listing.byline if listing is not None else "") or names.get(work.pk) or work.owner.display_name
