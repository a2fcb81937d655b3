"""Doors for workers: closing pages, sending refunds and mails, and the sweeper behind them."""

from __future__ import annotations

from celery import shared_task

from common import clock, jobs
from common.alone import one_at_a_time
from storefront.search.services import index as search_index
from storefront.services import (
    checkout,
    community_sweeping,
    dispute_mails,
    disputes,
    evidence,
    guest_mails,
    library_sweeping,
    mails,
    office_mails,
    ordering,
    preorders,
    ranking,
    reader_mails,
    recommendations,
    refunds,
    review_mails,
    shelves,
    social,
    standings,
    sweeping,
    vote_counting,
    watching,
)


@shared_task(name="storefront.close_page", soft_time_limit=60, time_limit=90)
def close_page(payment_id: int) -> None:
    """Close the payment page of an order that was replaced."""
    checkout.close_page(payment_id=payment_id)


@shared_task(name="storefront.send_refund", soft_time_limit=60, time_limit=90)
def send_refund(refund_id: int) -> None:
    """Ask the provider for one refund."""
    refunds.send_refund(refund_id=refund_id)


@shared_task(name="storefront.send_evidence", soft_time_limit=90, time_limit=120)
def send_evidence(pack_id: int) -> None:
    """Send one answer to a dispute."""
    evidence.send_pack(pack_id=pack_id)


@shared_task(name="storefront.sync_dispute", soft_time_limit=60, time_limit=90)
def sync_dispute(dispute_id: str) -> None:
    """Ask the provider how one dispute stands."""
    disputes.sync_dispute(dispute_id=dispute_id)


@shared_task(name="storefront.mail_receipt", soft_time_limit=30, time_limit=45)
def mail_receipt(order_id: int) -> None:
    """Send one receipt."""
    mails.mail_receipt(order_id=order_id)


@shared_task(name="storefront.mail_quarantine", soft_time_limit=30, time_limit=45)
def mail_quarantine(order_id: int) -> None:
    """Tell one buyer that a person looks at what they paid."""
    mails.mail_quarantine(order_id=order_id)


@shared_task(name="storefront.mail_goodwill", soft_time_limit=30, time_limit=45)
def mail_goodwill(day_id: int) -> None:
    """Tell finance that the day's goodwill is used up."""
    office_mails.mail_goodwill(day_id=day_id)


@shared_task(name="storefront.mail_refund", soft_time_limit=30, time_limit=45)
def mail_refund(refund_id: int) -> None:
    """Send the note about one refund."""
    mails.mail_refund(refund_id=refund_id)


@shared_task(name="storefront.mail_dispute", soft_time_limit=30, time_limit=45)
def mail_dispute(dispute_id: int) -> None:
    """Tell one buyer what a lost dispute took."""
    dispute_mails.mail_dispute(dispute_id=dispute_id)


@shared_task(name="storefront.mail_gift_ended", soft_time_limit=30, time_limit=45)
def mail_gift_ended(gift_id: int) -> None:
    """Tell whoever opened one gift that it ended."""
    dispute_mails.mail_gift_ended(gift_id=gift_id)


@shared_task(name="storefront.settle_payment", soft_time_limit=60, time_limit=90)
def settle_payment(payment_id: int) -> None:
    """Ask the provider what became of one payment."""
    sweeping.settle_payment(payment_id=payment_id)


@shared_task(name="storefront.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Ask again for everything a lost message left behind."""
    sweeping.sweep()


@shared_task(name="storefront.mail_gift", soft_time_limit=30, time_limit=45)
def mail_gift(gift_id: int) -> None:
    """Send the link of one gift."""
    mails.mail_gift(gift_id=gift_id)


@shared_task(name="storefront.supply_preorder", soft_time_limit=60, time_limit=90)
def supply_preorder(preorder_id: int) -> None:
    """Supply one pre-order whose work came out, or give it back when the work was called off."""
    preorders.supply(preorder_id=preorder_id, at=clock.database_now())


@shared_task(name="storefront.mail_release", soft_time_limit=30, time_limit=45)
def mail_release(preorder_id: int) -> None:
    """Tell one reader that the work is out."""
    mails.mail_release(preorder_id=preorder_id)


@shared_task(name="storefront.mail_called_off", soft_time_limit=30, time_limit=45)
def mail_called_off(preorder_id: int) -> None:
    """Tell one reader that the work will not come out."""
    mails.mail_called_off(preorder_id=preorder_id)


@shared_task(name="storefront.mail_moved", soft_time_limit=30, time_limit=45)
def mail_moved(preorder_id: int) -> None:
    """Tell one reader that the work comes out on another day."""
    mails.mail_moved(preorder_id=preorder_id)


@shared_task(name="storefront.mail_delayed", soft_time_limit=30, time_limit=45)
def mail_delayed(preorder_id: int) -> None:
    """Tell one reader that the work did not come out on its day."""
    mails.mail_delayed(preorder_id=preorder_id)


@shared_task(name="storefront.follow_sales", soft_time_limit=240, time_limit=300)
@one_at_a_time("storefront.follow_sales")
def follow_sales() -> None:
    """Order search results by what was sold by now."""
    search_index.follow_sales()


@shared_task(name="storefront.count_search_words", soft_time_limit=840, time_limit=900)
@one_at_a_time("storefront.count_search_words")
def count_search_words() -> None:
    """Count the words that slips are corrected to."""
    search_index.count_words()


@shared_task(name="storefront.draw_social", soft_time_limit=30, time_limit=45)
def draw_social(listing_id: int) -> None:
    """Draw the picture of links to one book."""
    social.draw(listing_id=listing_id)


@shared_task(name="storefront.sweep_social", soft_time_limit=30, time_limit=45)
def sweep_social() -> None:
    """Ask again for pictures that a lost message left undrawn."""
    social.sweep()


@shared_task(name="storefront.recommend", soft_time_limit=1800, time_limit=1900)
@one_at_a_time("storefront.recommend")
def recommend() -> None:
    """Count anew which books stand beside a book."""
    recommendations.recommend(at=clock.now())


@shared_task(name="storefront.mail_case", soft_time_limit=30, time_limit=45)
def mail_case(case_id: int) -> None:
    """Tell one reviewer what a moderator decided, or what became of the appeal."""
    review_mails.mail_case(case_id=case_id)


@shared_task(name="storefront.mail_report", soft_time_limit=30, time_limit=45)
def mail_report(report_id: int) -> None:
    """Tell one person what became of what they reported."""
    review_mails.mail_report(report_id=report_id)


@shared_task(name="storefront.mail_reply", soft_time_limit=30, time_limit=45)
def mail_reply(reply_id: int) -> None:
    """Tell one reviewer that the author has replied."""
    review_mails.mail_reply(reply_id=reply_id)


@shared_task(name="storefront.note_entitlements", soft_time_limit=60, time_limit=90)
def note_entitlements(user_id: int) -> None:
    """A person's books have come or gone: see what that means for their reviews and votes."""
    standings.note_entitlements(user_id=user_id, at=clock.now())


@shared_task(name="storefront.recount_around", soft_time_limit=60, time_limit=90)
def recount_around(user_id: int) -> None:
    """Reckon the standing of a person and of those they voted for."""
    standings.recount_around(user_id=user_id, at=clock.now())


@shared_task(name="storefront.nightly_trust", soft_time_limit=600, time_limit=660)
@one_at_a_time("storefront.nightly_trust")
def nightly_trust() -> None:
    """Forget what was taken off shelves, find reviews of books that came or went, reckon everybody's standing anew.

    What goes book by book, and review by review, has its own time.
    """
    shelves.forget_removed(at=clock.now())
    standings.note_all_entitlements(at=clock.now())
    standings.recount_everybody(at=clock.now())
    jobs.enqueue("storefront.recount_stars")
    jobs.enqueue("storefront.rescore_everything")


@shared_task(name="storefront.recount_stars", soft_time_limit=1800, time_limit=1900)
@one_at_a_time("storefront.recount_stars")
def recount_stars() -> None:
    """Count anew the stars of books with reviews that are marked wrongly."""
    standings.recount_stars()


@shared_task(name="storefront.rescore_everything", soft_time_limit=1800, time_limit=1900)
@one_at_a_time("storefront.rescore_everything")
def rescore_everything() -> None:
    """Reckon the scores of reviews that are wrong."""
    ordering.rescore_everything()


@shared_task(name="storefront.mail_links", soft_time_limit=30, time_limit=45)
def mail_links(request_id: int) -> None:
    """Answer one wish to have the links of orders sent."""
    guest_mails.mail_links(request_id=request_id)


@shared_task(name="storefront.mail_claimed", soft_time_limit=30, time_limit=45)
def mail_claimed(guest_id: int) -> None:
    """Tell one address that its orders are in an account now."""
    guest_mails.mail_claimed(guest_id=guest_id)


@shared_task(name="storefront.look_at_work", soft_time_limit=300, time_limit=330)
def look_at_work(work_id: int) -> None:
    """Find what readers are to be told of one work that changed."""
    watching.look_at_work(work_id=work_id, at=clock.now())


@shared_task(name="storefront.mail_wish_alert", soft_time_limit=30, time_limit=45)
def mail_wish_alert(alert_id: int) -> None:
    """Tell one reader of one cheaper book, or of one that is out."""
    reader_mails.mail_wish_alert(alert_id=alert_id)


@shared_task(name="storefront.mail_new_book", soft_time_limit=30, time_limit=45)
def mail_new_book(notice_id: int) -> None:
    """Tell one follower of one new book."""
    reader_mails.mail_new_book(notice_id=notice_id)


@shared_task(name="storefront.mail_weekly", soft_time_limit=30, time_limit=45)
def mail_weekly(user_id: int) -> None:
    """Tell one follower of the week's new books."""
    reader_mails.mail_weekly(user_id=user_id)


@shared_task(name="storefront.rank", soft_time_limit=480, time_limit=540)
@one_at_a_time("storefront.rank")
def rank() -> None:
    """Rank the books anew, and plan the turns of the fresh shelf."""
    ranking.plan_fresh(at=clock.now())
    vote_counting.rank(at=clock.now())


@shared_task(name="storefront.sweep_library", soft_time_limit=60, time_limit=90)
def sweep_library() -> None:
    """Ask again for what a lost message left untold."""
    library_sweeping.sweep()


@shared_task(name="storefront.sweep_community", soft_time_limit=60, time_limit=90)
def sweep_community() -> None:
    """Ask again for what a lost message left untold."""
    community_sweeping.sweep()
