"""What readers do around books, one of everything: reviews and what becomes of them, shelves, links of guests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.restrictions import Activity
from accounts.services import mail_choices
from common import clock
from publishing.models import Edition, Series
from publishing.passages.models import Match
from storefront.advance_copies.services import invitations, links
from storefront.catalogue.services import ranking
from storefront.checkout.guests.services import links as guest_links
from storefront.checkout.models import OrderLine
from storefront.claims.models import ConductNotice, NoticeKind
from storefront.claims.services import links as claim_links
from storefront.community.models import CaseOutcome, FlagRule, Report, ReportRule, Visibility
from storefront.community.services import (
    moderation,
    replies,
    report_emails,
    reports,
    review_flags,
    reviews,
    shelves,
    vote_counting,
)
from storefront.devices.models import BookMatch, Scope, SyncedPlace
from storefront.devices.services import app_passwords
from storefront.in_progress.services import showings
from storefront.library.services import edition_mails, reader_emails
from storefront.library.services.reader_emails import MailKind
from storefront.newsletters.services import issues, subscriptions
from storefront.sending.services import pick_ups
from storefront.shelf.services import collections, wish_links
from storefront.suspensions.models import EndingGround, Suspension
from tests.factories.accounts import make_moderator, make_reader
from tests.factories.advance_copies import invite, make_draft, make_offer, make_request
from tests.factories.claims import file_found, original_of
from tests.factories.conversion import make_artifact, web_zip
from tests.factories.guests import buy_as_guest
from tests.factories.own_books import make_own_book
from tests.factories.publishing import make_contributor, make_edition, make_work
from tests.factories.sending import make_confirmed_device
from tests.factories.suspensions import make_dismissed, make_ending, make_suspension


def values_of(*, book: Edition, buyer: User, say: Callable[[str], str]) -> dict[str, Any]:
    """The buyer's copy is watermarked; their review has been flagged and decided on; they keep a shelf; books are
    ranked."""
    at = clock.now()
    OrderLine.objects.filter(order__buyer=buyer).update(is_watermarked=True)
    review = reviews.write_review(actor=buyer, work=book.work, stars=4, title=say("Bright"), body=say("It is."), at=at)
    replies.write_reply(actor=book.work.owner, review=review, body=say("Thank you."), at=at)
    review_flags.flag_review(
        actor=make_reader(), review=review, rule=FlagRule.SPOILER, note=say("It tells the end."), at=at
    )
    case = review.cases.get()
    # One of which its writer hears: of flags that led to nothing they never do.
    given = {
        "outcome": CaseOutcome.SPOILER,
        "rule": FlagRule.SPOILER,
        "reason": say("The end."),
        "seen": review.version,
    }
    moderation.decide(actor=make_moderator(), case=case, at=at, **given)
    about = {"title": say("Lights"), "description": say("All that shine."), "visibility": Visibility.PUBLIC}
    shelf = shelves.make_shelf(actor=buyer, at=at, **about)
    shelves.add_book(actor=buyer, shelf=shelf, work=book.work, reason=say("It glows."), at=at)
    series = Series.objects.create(owner=book.work.owner, title=say("Lights"), slug="lights")
    type(book.work.listing).objects.filter(pk=book.work.listing.pk).update(series=series)
    ranking.plan_fresh(at=at)
    vote_counting.rank(at=at)
    order = buy_as_guest(book)
    issues.save_newsletter(actor=book.work.owner, about=say("Four letters a year."), is_open=True, at=at)
    subscription = subscriptions.subscribe(actor=buyer, author_id=book.work.owner.public_id, at=at)
    told = issues.IssueInput(subject=say("What I am writing"), text=say("Dear readers"))
    issue = issues.save_issue(actor=book.work.owner, issue=None, told=told, at=at)
    sender = {"name": "Quentin", "email": "quentin@example.org"}
    device = make_confirmed_device(buyer)
    collection = collections.create(actor=buyer, name=say("Winter"), at=at)
    screen, secret = pick_ups.open_screen(is_kobo=False, at=at)
    pick_ups.give(actor=buyer, code=screen.code, work_id=book.work.public_id, at=at)
    said = reports.ReportInput(ReportRule.HATE, say("Page one."), place=say("Page 1"), **sender)
    reported = reports.report_shelf(actor=None, shelf=shelf, told=said, at=at)
    made = app_passwords.make(actor=buyer, name="kobo", scopes=Scope.values, address=None, at=at)
    file = SyncedPlace.objects.create(
        user=buyer, document="d" * 32, progress="17", percentage=0.5, at=at, work=book.work, match=BookMatch.OFFERED
    )
    own = make_own_book(buyer, say("Moths")).work.public_id
    return {
        **{f"own-book{act}:work_id": own for act in ("", "-retry", "-remove", "-cover")},
        "opds-own-cover:work_id": own,
        "password_id": made.password.public_id,
        "place_id": file.public_id,
        "document": file.document,
        "opds:version": "v2",
        "opds:suffix": "epub",
        "report:token": report_emails.report_link(reported).rstrip("/").rpartition("/")[2],
        "review_id": review.public_id,
        "case_id": case.public_id,
        "shelf_id": shelf.public_id,
        "shelf:slug": shelf.slug,
        "shelf-add:slug": book.work.slug,
        "series:slug": series.slug,
        "series_id": series.public_id,
        "feed-series:slug": series.slug,
        "feed:kind": "atom",
        "sitemap:kind": "books",
        "sitemap:number": 0,
        "feed-subject:code": "FB",
        "feed-language:tag": "en",
        "feed-author:public_id": book.work.owner.public_id,
        "follow:public_id": book.work.owner.public_id,
        "unfollow:public_id": book.work.owner.public_id,
        "issue_id": issue.public_id,
        "subscribe:public_id": book.work.owner.public_id,
        "unsubscribe:public_id": book.work.owner.public_id,
        "stop-link:token": subscriptions.stop_link(reader=buyer, newsletter=subscription.newsletter)
        .rstrip("/")
        .rpartition("/")[2],
        "mail-stop:token": mail_choices.stop_link(user=buyer, code="review_reply").rstrip("/").rpartition("/")[2],
        "device_id": device.public_id,
        "collection_id": collection.public_id,
        "shared-wishes:secret": wish_links.open_link(actor=buyer, at=at).secret,
        "screen:secret": secret,
        "screen-file:secret": secret,
        "screen-file:name": "book.epub",
        "ranking-place:shelf": "bestselling",
        "guest-order:token": guest_links.link_of(order).rstrip("/").rpartition("/")[2],
        "edition-mail-stop:token": edition_mails.unsubscribe_link(user=buyer, edition=book)
        .rstrip("/")
        .rpartition("/")[2],
        "unsubscribe:token": reader_emails.unsubscribe_link(user=buyer, kind=MailKind.PRICES)
        .rstrip("/")
        .rpartition("/")[2],
    }


def in_progress(*, author: User, coauthor: User, say: Callable[[str], str]) -> dict[str, Any]:
    """A draft of the author and a co-author, of which everybody may read the first chapter."""
    draft = make_edition(work=make_work(owner=author, title=say("The Swarm")))
    make_contributor(draft.work, user=coauthor, name=say("Ben"))
    draft.job.artifacts.filter(kind="web").delete()
    words = '<h1>The Hive</h1><p>Rain. <img src="../assets/dot.png" alt="A bee"/></p>'
    make_artifact(draft.job, kind="web", content=web_zip(c1=words))
    told = showings.ShowingInput(latest=None, chapters=["c1"], note=say("A first draft."))
    showing = showings.show(actor=author, work=draft.work, told=told, at=clock.now())
    return {
        **{f"{page}:work_id": draft.work.public_id for page in ("showing", "newest", "stop")},
        "shown:showing_id": showing.public_id,
        "shown:chapter_id": "c1",
        "shown-picture:name": "dot.png",
    }


def advance_copies(*, author: User, coauthor: User, buyer: User, say: Callable[[str], str]) -> dict[str, Any]:
    """A draft of the author and a co-author: the buyer has a copy, somebody is invited, and somebody asks."""
    draft = make_draft(author, title=say("The Ark"), slug="the-ark")
    make_contributor(draft.work, user=coauthor, name=say("Ben"))
    offer = make_offer(draft.work, takes_requests=True, note=say("Proofs to come."))
    first, waiting = invite(draft.work, "first@example.org", "waiting@example.org")
    copy = invitations.accept(actor=buyer, token=links.token_of(first), at=clock.now())
    asked = make_request(draft.work, words=say("I like arks."))
    of_copies = {"copy": copy, "extend": copy, "withdraw": copy, "again": waiting, "grant": asked, "refuse": asked}
    of_work = ("desk", "invite", "newest", "close", "reopen", *of_copies)
    return {
        **{f"{page}:work_id": draft.work.public_id for page in of_work},
        **{f"{page}:copy_id": one.public_id for page, one in of_copies.items()},
        "reminder:copy_id": copy.public_id,
        "invitation:token": links.token_of(waiting),
        "reminders:token": links.reminder_link(copy).rstrip("/").rpartition("/")[2],
        "never:token": links.refusal_link(waiting).rstrip("/").rpartition("/")[2],
        "over:slug": draft.work.slug,
        "request:offer_id": offer.public_id,
    }


def suspensions(*, buyer: User, other: User, say: Callable[[str], str]) -> dict[str, Any]:
    """The buyer was once suspended from reporting; the end of another author's account was told, not done."""
    made = make_suspension(buyer, Activity.NOTICES)
    over = clock.now().date() - timedelta(days=10)
    Suspension.objects.filter(pk=made.pk).update(first_day=over - timedelta(days=30), last_day=over)
    ending = make_ending(other, EndingGround.RULES)
    dismissed = make_dismissed(buyer)
    Report.objects.filter(pk=dismissed.pk).update(words=say("It is bad."))
    return {
        **{f"{page}:suspension_id": made.public_id for page in ("suspension", "decide-suspension")},
        **{f"{page}:ending_id": ending.public_id for page in ("ending", "decide-ending")},
        **{f"{page}:user_id": buyer.public_id for page in ("person", "warn", "suspend", "propose-end")},
        "call-unfounded:about_id": dismissed.public_id,
    }


def claims(*, match: Match, say: Callable[[str], str]) -> dict[str, Any]:
    """Words of a book of the author stood in somebody else's book before, and its owner claims them."""
    at = clock.now()
    claim = file_found(match, words=say("They are mine."), name=say("Ann First"))
    notice = ConductNotice.objects.create(
        kind=NoticeKind.SUSPENSION, user=original_of(match).owner, made_at=at, ends_at=at + timedelta(days=90)
    )
    notice.claims.add(claim)
    work = claim.work.public_id
    return {
        "file-copied:slug": claim.work.slug,
        "file-found:slug": claim.work.slug,
        "file-found:match_id": match.public_id,
        "claim:token": claim_links.claim_link(claim).rstrip("/").rpartition("/")[2],
        "conduct:token": claim_links.notice_link(notice).rstrip("/").rpartition("/")[2],
        "work-claims:work_id": work,
        "work-claim:work_id": work,
        "claim_id": claim.public_id,
        "notice_id": notice.public_id,
    }
