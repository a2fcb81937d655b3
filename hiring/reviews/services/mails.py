"""Two mails to each side: the contract may be reviewed, and the reviews are shown."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from accounts.services import mail_choices
from common import emails, jobs
from hiring.reviews import permissions, selectors
from hiring.reviews.models import BLIND_FOR, Reviewer

REVIEW_ASKED = "contract_review_asked"
_BATCH = 500


def enqueue_due(*, at: datetime) -> None:
    """Enqueue the mails that are due."""
    for reviewer_id in selectors.to_ask().values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("hiring_reviews.mail_asked", reviewer_id=reviewer_id)
    for reviewer_id in selectors.to_tell(at).values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("hiring_reviews.mail_shown", reviewer_id=reviewer_id)


@transaction.atomic
def mail_asked(*, reviewer_id: int, at: datetime) -> bool:
    """Ask one side for a review; return whether a mail was queued now. Nobody is asked when it is too late."""
    reviewer = _locked(reviewer_id)
    if reviewer is None or reviewer.asked_at is not None:
        return False
    reviewer.asked_at = at
    reviewer.save(update_fields=["asked_at"])
    if not permissions.may_review(reviewer.user, reviewer.contract, at):
        return False
    if not mail_choices.is_wanted(reviewer.user, REVIEW_ASKED):
        return False
    ended_at = reviewer.contract.ended_at
    with regions.active(reviewer.user.region):
        subject = _("How was it? “%(title)s” has ended") % {"title": reviewer.contract.title}
        link = mail_choices.stop_link(user=reviewer.user, code=REVIEW_ASKED)
        until = ended_at and ended_at + BLIND_FOR
        context = {"contract": reviewer.contract, "until": until, "stop_link": link}
        headers = emails.one_click(link)
        emails.enqueue("contract_review_asked", subject, reviewer.user.mail_to, context, headers=headers)
    return True


@transaction.atomic
def mail_shown(*, reviewer_id: int, at: datetime) -> bool:
    """Tell one side that reviews of the contract are shown; return whether a mail was queued now."""
    reviewer = _locked(reviewer_id)
    if reviewer is None or not selectors.to_tell(at).filter(pk=reviewer_id).exists():
        return False
    reviewer.told_at = at
    reviewer.save(update_fields=["told_at"])
    if not reviewer.user.is_active:
        return False
    with regions.active(reviewer.user.region):
        subject = _("Reviews of “%(title)s” are shown") % {"title": reviewer.contract.title}
        emails.enqueue("contract_reviews_shown", subject, reviewer.user.mail_to, {"contract": reviewer.contract})
    return True


def _locked(reviewer_id: int) -> Reviewer | None:
    """Return the row, locked: of two workers the second finds nothing to do."""
    rows = Reviewer.objects.select_for_update(of=("self",))
    rows = rows.select_related("user", "contract__client", "contract__provider")
    return rows.filter(pk=reviewer_id).first()
