"""Deletes or anonymizes a reader's texts, votes and shelves with their account, and what refers to a deleted draft."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Deletion, User
from common import clock
from publishing.models import Edition, Work
from storefront.catalogue.models import Listing
from storefront.catalogue.services import listings
from storefront.catalogue.services.versions import bump_version
from storefront.checkout.models import OrderLine
from storefront.community import standing_rules
from storefront.community.models import (
    CaseState,
    Collapse,
    HelpfulVote,
    Remedy,
    Report,
    Review,
    ReviewCase,
    ReviewFlag,
    ReviewReply,
    Shelf,
    ShelfBook,
    Standing,
)
from storefront.community.selectors import cases as case_selectors
from storefront.community.selectors import standings as standing_selectors
from storefront.community.services import review_flags, review_sorting, reviews, shelves, standings


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete what belongs to the reader alone, and remove their texts from what stays. Safe to repeat."""
    user = deletion.user
    _delete_shelves(user)
    _delete_announcements(user, at)
    _take_votes_back(user, at)
    if not deletion.keeps_words:
        _delete_words(user)
    _blank_moderation(user, keeps_words=deletion.keeps_words)
    Standing.objects.filter(user=user).delete()


def forget(at: datetime) -> None:
    """Remove, each night, texts that were still needed when their writer's account was deleted and no longer are."""
    _blank(_decided_reports().filter(user__deletion__done_at__isnull=False))
    _forget_unconfirmed(at)
    over = Q(told_at__lte=at - standing_rules.APPEAL_PERIOD) | Q(email="")  # nobody can complain any more
    _blank(_decided_reports().filter(over, user=None))
    gone = ReviewCase.objects.filter(writer__deletion__done_at__isnull=False)
    _blank_appeals(gone)
    _blank_words(gone.filter(writer__deletion__keeps_words=False))


def _forget_unconfirmed(at: datetime) -> None:
    """Delete reports that nobody confirmed, and cases that are left with none."""
    found = case_selectors.unconfirmed_reports(at)
    cases = list(found.values_list("case", flat=True))
    found.delete()
    ReviewCase.objects.filter(pk__in=cases, state=CaseState.OPEN, reports=None).delete()


def forget_work(work: Work) -> None:
    """Delete the listing and shelf rows of a deleted draft that had been announced. A reported book keeps them."""
    if not ReviewCase.objects.filter(work=work).exists():
        _take_off_shelves(ShelfBook.objects.filter(work=work), clock.now())
        Listing.objects.filter(work=work).delete()


def _delete_shelves(user: User) -> None:
    mine = Shelf.objects.filter(owner=user)
    was_chosen = Shelf.objects.chosen().filter(owner=user).exists()
    list(mine.select_for_update().order_by("pk").values_list("pk"))  # before its case, as decisions lock them
    ReviewCase.objects.filter(shelf__in=mine, state=CaseState.OPEN).update(state=CaseState.CLOSED)
    mine.delete()
    if was_chosen:
        bump_version()  # the front page and its books' pages showed it


def _delete_announcements(user: User, at: datetime) -> None:
    """Delete listings of books that never came out and that nobody has pre-ordered or reported. Without them, the
    publishing app can delete the drafts."""
    came_out = Edition.objects.filter(work=OuterRef("work"), published_at__isnull=False)
    ordered = OrderLine.objects.filter(edition__work=OuterRef("work"))
    reported = ReviewCase.objects.filter(work=OuterRef("work"))
    off_sale = Listing.objects.filter(work__owner=user, is_on_sale=False)
    found = off_sale.filter(~Exists(came_out), ~Exists(ordered), ~Exists(reported))
    _take_off_shelves(ShelfBook.objects.filter(work__in=found.values("work")), at)
    found.delete()


def _take_off_shelves(rows: QuerySet[ShelfBook], at: datetime) -> None:
    for row in rows.filter(removed_at=None).order_by("pk").select_related("shelf__owner", "work"):
        shelves.remove_book(actor=row.shelf.owner, shelf=row.shelf, work=row.work, at=at)


def _take_votes_back(user: User, at: datetime) -> None:
    people = {user.pk, *standing_selectors.writers_voted_for(user.pk)}
    standings.lock(people)
    voted = review_sorting.locked_votes_of(user.pk)
    HelpfulVote.objects.filter(user=user).delete()
    review_sorting.rescore_all(voted)
    standings.recount(people, at=at)


def _delete_words(user: User) -> None:
    """Delete the person's reviews, including those a moderator removed, and replies."""
    for review in Review.objects.filter(user=user).select_related("work").order_by("pk"):
        reviews.delete_review(review)
    for reply in ReviewReply.objects.filter(author=user).select_related("review").order_by("pk"):
        review_flags.lock_review(reply.review)
        ReviewCase.objects.filter(reply=reply, state=CaseState.OPEN).update(state=CaseState.CLOSED)
        reply.delete()
        listings.bump_reviews_version(reply.review.work_id)


def _blank_moderation(user: User, *, keeps_words: bool) -> None:
    """Keep the decisions, so that others who are involved can appeal, but blank what the person wrote."""
    ReviewFlag.objects.filter(user=user).exclude(note="").update(note="")
    _blank(_decided_reports().filter(user=user))
    mine = ReviewCase.objects.filter(writer=user)
    _blank_appeals(mine)
    Collapse.objects.filter(case__writer=user).exclude(objection="").update(objection="")
    Remedy.objects.filter(case__writer=user).exclude(text="").update(text="")
    if not keeps_words:
        _blank_words(mine)


def _blank_appeals(cases: QuerySet[ReviewCase]) -> None:
    """Blank appeals, except those that are waiting and still have to be read for the decision."""
    cases.exclude(appeal="").exclude(state=CaseState.APPEALED).update(appeal="")


def _blank_words(cases: QuerySet[ReviewCase]) -> None:
    cases.exclude(words="").update(words="")


def _decided_reports() -> QuerySet[Report]:
    """Return the reports that no longer need a decision and still have text."""
    return Report.objects.exclude(case__state__in=[CaseState.OPEN, CaseState.APPEALED]).exclude(words="")


def _blank(reports: QuerySet[Report]) -> None:
    reports.update(words="", place="", name="", email="", right_holder="", original="")
