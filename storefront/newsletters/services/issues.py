"""Writing issues of a newsletter, and sending each once to everybody who subscribed before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import restrictions
from accounts.models import User
from accounts.restrictions import Activity
from common import jobs
from common.templatetags.money import day
from publishing.models import Work
from storefront.catalogue.selectors import authors as author_selectors
from storefront.newsletters import permissions, selectors
from storefront.newsletters.errors import (
    AlreadySent,
    ForeignBook,
    NobodySubscribed,
    NoBooksOnSale,
    TooManyDrafts,
    TooSoon,
    UnderReview,
)
from storefront.newsletters.models import Delivery, Issue, IssueState, Newsletter, Subscription

MAX_DRAFTS = 20
_BATCH = 500
_HEAD_START = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssueInput:
    """What an issue says, and the book that it shows at its end."""

    subject: str
    text: str
    work: Work | None = None


@transaction.atomic
def save_newsletter(*, actor: User, about: str, is_open: bool, at: datetime) -> Newsletter:
    """Open or close the newsletter, and say what it is about. Raises NotAllowed, NoBooksOnSale."""
    permissions.require_author(actor)
    if is_open and author_selectors.author_with_books(actor.public_id) is None:
        raise NoBooksOnSale
    values = {"about": about, "is_open": is_open}
    return Newsletter.objects.update_or_create(
        author=actor, defaults=values, create_defaults={**values, "opened_at": at}
    )[0]


@transaction.atomic
def save_issue(*, actor: User, issue: Issue | None, told: IssueInput, at: datetime) -> Issue:
    """Save a draft, a new one if `issue` is None.

    Raises NotAllowed, NotFound, NoBooksOnSale without a newsletter, AlreadySent, ForeignBook, TooManyDrafts.
    """
    permissions.require_author(actor)
    newsletter = Newsletter.objects.select_for_update().filter(author=actor).first()
    if newsletter is None:
        raise NoBooksOnSale
    if told.work is not None and not any(told.work == one for one in selectors.books_of(actor)):
        raise ForeignBook
    if issue is None:
        if newsletter.issues.filter(state=IssueState.DRAFT).count() >= MAX_DRAFTS:
            raise TooManyDrafts(limit=MAX_DRAFTS)
        issue = Issue(newsletter=newsletter)
    else:
        issue = _draft(actor, issue)
    issue.subject, issue.text, issue.work, issue.changed_at = told.subject, told.text, told.work, at
    issue.save()
    return issue


@transaction.atomic
def delete_issue(*, actor: User, issue: Issue) -> None:
    """Delete a draft. Raises NotFound, AlreadySent."""
    _draft(actor, issue).delete()


@transaction.atomic
def send_issue(*, actor: User, issue: Issue, at: datetime) -> Issue:
    """Send a draft to everybody who has subscribed by now. Sent again, it stays sent once.

    Raises NotFound, AlreadySent, NoBooksOnSale, NobodySubscribed, TooSoon, UnderReview, ContentSuspended,
    AuthorAccountEnded.
    """
    Newsletter.objects.select_for_update().get(pk=issue.newsletter_id)  # two tabs: one issue a week
    issue = _draft(actor, issue)
    restrictions.require(actor, Activity.CONTENT, at)
    if author_selectors.author_with_books(actor.public_id) is None:
        raise NoBooksOnSale
    stopped_until = selectors.stopped_until(actor.pk, at=at)
    if stopped_until is not None:
        raise UnderReview(day=day(stopped_until))
    if not selectors.wanted_by(actor.pk):
        raise NobodySubscribed
    next_at = selectors.next_issue_at(actor.pk, at=at)
    if next_at is not None:
        raise TooSoon(day=day(next_at))
    issue.state, issue.sent_at = IssueState.SENDING, at
    issue.save(update_fields=["state", "sent_at"])
    jobs.enqueue("newsletters.start", issue_id=issue.pk)
    return issue


@transaction.atomic
def start(*, issue_id: int, at: datetime) -> int:
    """Create the deliveries of an issue that is being sent, and enqueue their emails. Safe to repeat.

    Return how many readers get it.
    """
    issue = Issue.objects.select_for_update().filter(pk=issue_id, state=IssueState.SENDING).first()
    if issue is None:
        return 0
    wanted = Subscription.objects.filter(
        newsletter=issue.newsletter_id, reader__is_active=True, subscribed_at__lte=issue.sent_at
    )
    readers = list(wanted.order_by("pk").values_list("reader", flat=True))
    Delivery.objects.bulk_create(
        [Delivery(issue=issue, reader_id=reader, made_at=at) for reader in readers],
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    issue.state, issue.recipients = IssueState.SENT, issue.deliveries.count()
    issue.save(update_fields=["state", "recipients"])
    for delivery_id in issue.deliveries.filter(mailed_at=None).order_by("pk").values_list("pk", flat=True):
        jobs.enqueue("newsletters.mail_issue", delivery_id=delivery_id)
    return issue.recipients


def retry_stuck(*, at: datetime) -> None:
    """Enqueue again what a lost message left behind."""
    before = at - _HEAD_START
    for issue_id in Issue.objects.filter(state=IssueState.SENDING, sent_at__lte=before).values_list("pk", flat=True):
        jobs.enqueue("newsletters.start", issue_id=issue_id)
    # A random batch: with the oldest first, rows that always fail would hold up all others.
    waiting = Delivery.objects.filter(mailed_at=None, made_at__lte=before, issue__state=IssueState.SENT).order_by("?")
    for delivery_id in waiting.values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("newsletters.mail_issue", delivery_id=delivery_id)


def stop(*, issue: Issue) -> None:
    """Stop an issue by a moderator's decision: whoever has not got it yet never does."""
    Issue.objects.filter(pk=issue.pk).exclude(state=IssueState.DRAFT).update(state=IssueState.STOPPED)


def restore(*, issue: Issue) -> None:
    """Take the stop back after an appeal; it goes to those who have not got it."""
    if Issue.objects.filter(pk=issue.pk, state=IssueState.STOPPED).update(state=IssueState.SENDING):
        jobs.enqueue("newsletters.start", issue_id=issue.pk)


def _draft(actor: User, issue: Issue) -> Issue:
    """Return the author's own draft with its row locked. Raises NotFound, AlreadySent."""
    permissions.require_own(actor, issue)
    found = Issue.objects.select_for_update().get(pk=issue.pk)
    if not found.is_draft:
        raise AlreadySent
    return found
