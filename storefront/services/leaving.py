"""What becomes of a reader's orders, books and words when they delete their account.

Orders stay, for the law, with a pseudonym for a buyer. A payment that could still be made stands in the way for as long
as its page is open, so that nobody pays for books of an account that is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.hooks import Obstacle
from accounts.models import Deletion, User
from common import clock
from publishing.models import Edition, Work
from storefront.models import (
    AccessRecord,
    Bundle,
    BundleState,
    Cart,
    CaseState,
    Coupon,
    Dispute,
    Entitlement,
    EvidencePack,
    EvidenceState,
    Follow,
    FollowNotice,
    Gift,
    HelpfulVote,
    LinkRequest,
    Listing,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    Preorder,
    ReaderMail,
    ReadingPosition,
    Refund,
    RefundOrigin,
    RefundState,
    Report,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    Shelf,
    ShelfBook,
    Standing,
    Wish,
    Withdrawal,
)
from storefront.selectors import guests as guest_selectors
from storefront.selectors import standings as standing_selectors
from storefront.services import bundles, checkout, flags, listings, ordering, reviews, shelves, standings
from storefront.services.versions import raise_version

_AT_ORDERS = partial(Obstacle, page="orders", action=gettext_lazy("To your orders"))
_ON_ITS_WAY = (RefundState.PROPOSED, RefundState.PENDING, RefundState.RETURNED)


def obstacles(user: User, at: datetime) -> Iterable[Obstacle]:
    """Money that is under way between the reader, us and a bank, and books that are still to come."""
    if Payment.objects.filter(order__buyer=user, state=PaymentState.PENDING).exists():
        yield _AT_ORDERS(
            _("A payment page of yours is open."),
            gettext_lazy("Pay, or let it be: it closes by itself within the hour."),
        )
    looked_at = Q(state=OrderState.QUARANTINED) | Q(payments__state=PaymentState.UNMATCHED)
    if Order.objects.filter(looked_at, buyer=user).exists():
        yield _AT_ORDERS(
            _("Somebody looks at a payment of yours that was not as quoted."),
            gettext_lazy("Wait for what they decide; you get a mail."),
        )
    if Refund.objects.filter(payment__order__buyer=user, state__in=_ON_ITS_WAY).exists():
        yield _AT_ORDERS(
            _("Money is on its way back to you, or somebody decides about it."),
            gettext_lazy("Wait until it has arrived; you get a mail."),
        )
    if Dispute.objects.filter(payment__order__buyer=user, decided_at=None).exists():
        yield _AT_ORDERS(
            _("Your bank has questioned a payment."),
            gettext_lazy("Wait for your bank, or take the question back there."),
        )
    if Preorder.objects.filter(_ordered_ahead(user), released_at=None, canceled_at=None).exists():
        yield _AT_ORDERS(
            _("A book that you ordered ahead is not out yet."),
            gettext_lazy("Cancel the order and get your money back, or wait for the book."),
        )


def given_up(user: User, at: datetime) -> Iterable[str]:
    """How many books, gifts that nobody has opened, and what was bought without the account."""
    if books := Entitlement.objects.filter(user=user, ended_at=None).count():
        yield _("Books you can read now and not then: %(n)d. Download them first.") % {"n": books}
    given = Gift.objects.filter(line__order__buyer=user, line__order__state=OrderState.PAID)
    if unopened := given.filter(redeemed_at=None, canceled_at=None).count():
        yield _("Gifts of yours that nobody has opened yet: %(n)d. Their links go on working.") % {"n": unopened}
    if waiting := len(guest_selectors.waiting_for(user)):
        yield _(
            "Purchases without an account under your address: %(n)d. They stay as they are; put them into your library "
            "first if they are to go, too."
        ) % {"n": waiting}


def prepare(deletion: Deletion, at: datetime) -> None:
    """Withdraw what was not paid; payment pages are closed by a worker. The person is locked."""
    checkout.withdraw_open_orders(deletion.user)


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what is the reader's alone, and take their words and addresses out of what stays. Safe to repeat."""
    user = deletion.user
    _delete_lists(user)
    _delete_shelves(user)
    _delete_announcements(user, at)
    _take_votes_back(user, at)
    if not deletion.keeps_words:
        _delete_words(user)
    _blank_moderation(user, keeps_words=deletion.keeps_words)
    _forget_reading(user)
    _forget_addresses(user)
    _end_offers(user, at)
    Standing.objects.filter(user=user).delete()


def forget(at: datetime) -> None:
    """Each night: what was still needed when its person left, and is not any more."""
    _closed_gifts().filter(line__order__buyer__deletion__done_at__isnull=False).update(recipient="", message="")
    _reasons().filter(payment__order__buyer__deletion__done_at__isnull=False).update(reason="")
    _blank(_decided_reports().filter(user__deletion__done_at__isnull=False))
    gone = ReviewCase.objects.filter(writer__deletion__done_at__isnull=False)
    _blank_appeals(gone)
    _blank_words(gone.filter(writer__deletion__keeps_words=False))


def _ordered_ahead(user: User) -> Q:
    return Q(line__order__buyer=user, line__order__state=OrderState.PAID)


def _delete_lists(user: User) -> None:
    Cart.objects.filter(user=user).delete()
    Wish.objects.filter(user=user).delete()
    Follow.objects.filter(Q(user=user) | Q(author=user)).delete()
    FollowNotice.objects.filter(user=user).delete()
    ReaderMail.objects.filter(user=user).delete()
    LinkRequest.objects.filter(email__iexact=user.email).delete()


def _delete_shelves(user: User) -> None:
    mine = Shelf.objects.filter(owner=user)
    works = set(ShelfBook.objects.filter(shelf__in=mine, removed_at=None).values_list("work", flat=True))
    was_chosen = Shelf.objects.chosen().filter(owner=user).exists()
    list(mine.select_for_update().order_by("pk").values_list("pk"))  # before its case, as whoever decides about it
    ReviewCase.objects.filter(shelf__in=mine, state=CaseState.OPEN).update(state=CaseState.CLOSED)
    mine.delete()
    listings.note_shelves(works)
    if was_chosen:
        raise_version()  # the front page showed it


def _delete_announcements(user: User, at: datetime) -> None:
    """Of books that never came out, and that nobody has ordered ahead or reported: without them publishing, below, can
    delete the drafts."""
    came_out = Edition.objects.filter(work=OuterRef("work"), published_at__isnull=False)
    ordered = OrderLine.objects.filter(edition__work=OuterRef("work"))
    reported = ReviewCase.objects.filter(work=OuterRef("work"))
    off_sale = Listing.objects.filter(work__owner=user, is_on_sale=False)
    found = off_sale.filter(~Exists(came_out), ~Exists(ordered), ~Exists(reported))
    _take_off_shelves(ShelfBook.objects.filter(work__in=found.values("work")), at)
    found.delete()


def forget_work(work: Work) -> None:
    """Of a draft that was announced, taken back and is deleted now. What was reported stays: its listing keeps it."""
    if not ReviewCase.objects.filter(work=work).exists():
        _take_off_shelves(ShelfBook.objects.filter(work=work), clock.now())
        Listing.objects.filter(work=work).delete()


def _take_off_shelves(rows: QuerySet[ShelfBook], at: datetime) -> None:
    for row in rows.filter(removed_at=None).order_by("pk").select_related("shelf__owner", "work"):
        shelves.remove_book(actor=row.shelf.owner, shelf=row.shelf, work=row.work, at=at)


def _take_votes_back(user: User, at: datetime) -> None:
    people = {user.pk, *standing_selectors.voted_for(user.pk)}
    standings.lock(people)
    voted = ordering.locked_votes_of(user.pk)
    HelpfulVote.objects.filter(user=user).delete()
    ordering.rescore_all(voted)
    standings.recount(people, at=at)


def _delete_words(user: User) -> None:
    """Reviews, those too that a moderator took off, and replies."""
    for review in Review.objects.filter(user=user).select_related("work").order_by("pk"):
        reviews.delete_review(review)
    for reply in ReviewReply.objects.filter(author=user).select_related("review").order_by("pk"):
        flags.locked(reply.review)
        ReviewCase.objects.filter(reply=reply, state=CaseState.OPEN).update(state=CaseState.CLOSED)
        reply.delete()
        listings.touch_reviews(reply.review.work_id)


def _blank_moderation(user: User, *, keeps_words: bool) -> None:
    """What was decided stays, so that others who were part of it can appeal; what the person wrote goes."""
    ReviewFlag.objects.filter(user=user).exclude(note="").update(note="")
    _blank(_decided_reports().filter(user=user))
    mine = ReviewCase.objects.filter(writer=user)
    _blank_appeals(mine)
    if not keeps_words:
        _blank_words(mine)


def _blank_appeals(cases: QuerySet[ReviewCase]) -> None:
    """One that waits is still to be read by whoever decides about it."""
    cases.exclude(appeal="").exclude(state=CaseState.APPEALED).update(appeal="")


def _blank_words(cases: QuerySet[ReviewCase]) -> None:
    cases.exclude(words="").update(words="")


def _forget_reading(user: User) -> None:
    ReadingPosition.objects.filter(user=user).delete()
    Entitlement.objects.filter(user=user).exclude(furthest_bps=0).update(furthest_bps=0)
    AccessRecord.objects.filter(entitlement__user=user, address__isnull=False).update(address=None)


def _forget_addresses(user: User) -> None:
    """Of gifts that are closed, both given and received; of answers to banks that have decided; and what the person
    wrote when they gave a book back."""
    _closed_gifts().filter(Q(line__order__buyer=user) | Q(redeemed_by=user)).update(recipient="", message="")
    answers = EvidencePack.objects.filter(dispute__payment__order__buyer=user).exclude(state=EvidenceState.PENDING)
    answers.filter(dispute__decided_at__isnull=False).update(fields={}, receipt=b"", documentation=b"")
    _reasons().filter(payment__order__buyer=user).update(reason="")
    Withdrawal.objects.filter(order__buyer=user).update(name="", email="")


def _closed_gifts() -> QuerySet[Gift]:
    return Gift.objects.filter(Q(redeemed_at__isnull=False) | Q(canceled_at__isnull=False)).exclude(
        recipient="", message=""
    )


def _reasons() -> QuerySet[Refund]:
    """Of refunds that readers asked for, in their words; nobody has to decide by them any more."""
    asked = Refund.objects.filter(origin=RefundOrigin.READER).exclude(reason="")
    return asked.exclude(state=RefundState.PROPOSED)


def _decided_reports() -> QuerySet[Report]:
    """By which nobody has to decide any more."""
    return Report.objects.exclude(case__state__in=[CaseState.OPEN, CaseState.APPEALED]).exclude(words="")


def _blank(reports: QuerySet[Report]) -> None:
    reports.update(words="", right_holder="", original="")


def _end_offers(user: User, at: datetime) -> None:
    Coupon.objects.filter(owner=user, stopped_at=None).update(stopped_at=at)
    for bundle in Bundle.objects.filter(owner=user, state=BundleState.ON_SALE).order_by("pk"):
        bundles.end(bundle)
