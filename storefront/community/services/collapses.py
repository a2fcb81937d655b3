"""What follows when a machine collapses a review: the writer is told why, and may answer before a person decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import regions
from accounts import services as account_services
from accounts.models import User
from common import clock, jobs
from common.emails import send
from storefront.community import permissions
from storefront.community.errors import ObjectionNotPossible, ReasonMissing
from storefront.community.models import CaseState, Collapse, Fold, Review, ReviewCase
from storefront.community.selectors import collapses as selectors


def follow(review: Review, *, by_flags: bool, at: datetime) -> None:
    """Note that a locked review was collapsed by its flags, or no longer is."""
    made = Collapse.objects.filter(case__review=review, ended_at=None).first()
    if made is not None and (not by_flags or made.fold != review.fold):
        made.ended_at = at
        made.save(update_fields=["ended_at"])
        made = None
    case = ReviewCase.objects.filter(review=review, state=CaseState.OPEN).first() if by_flags else None
    if made is None and case is not None:
        made = Collapse.objects.create(case=case, fold=Fold(review.fold), rule=review.fold_rule, made_at=at)
        jobs.enqueue("community.mail_collapse", collapse_id=made.pk)


def end(review: Review, *, at: datetime) -> None:
    """Note that a review is about to be withdrawn."""
    Collapse.objects.filter(case__review=review, ended_at=None).update(ended_at=at)


@transaction.atomic
def answer(*, actor: User, case: ReviewCase, text: str, at: datetime) -> Collapse:
    """Say why a collapsed review breaks no rule, as its writer, before a moderator decides.

    Raises ObjectionNotPossible, ReasonMissing.
    """
    found = ReviewCase.objects.select_for_update().get(pk=case.pk)
    made = selectors.answerable(found)
    if made is None or not permissions.may_see_case(actor, found):
        raise ObjectionNotPossible
    if not text.strip():
        raise ReasonMissing
    made.objection, made.objected_at = text.strip(), at
    made.save(update_fields=["objection", "objected_at"])
    account_services.record_audit(actor=actor, verb="review_case.answered", subject=found, facts={})
    return made


@transaction.atomic
def mail_collapse(*, collapse_id: int) -> bool:
    """Email the writer that a machine collapsed the review, and why; return whether an email was sent now."""
    rows = Collapse.objects.select_for_update(of=("self",)).select_related("case__writer", "case__work")
    made = rows.get(pk=collapse_id)
    if not selectors.collapses_to_mail().filter(pk=collapse_id).exists():
        return False
    made.told_at = clock.now()
    if made.ended_at is None:
        with regions.active(made.case.writer.region):
            subject = _("Your review of “%(title)s” is collapsed") % {"title": made.case.name}
            letter = {
                "subject": subject,
                "opening": _(
                    "Readers flagged your review, so a machine has collapsed it: readers see it when they open it. A "
                    "moderator will look at it."
                ),
                "rows": selectors.statement_of(made),
                "closing": _("If you think it breaks no rule, tell the moderator why on the page below."),
            }
            address = reverse("community:review-case", args=[made.case.public_id])
            send("due_process", subject, made.case.writer.mail_to, {"letter": letter, "address": address})
    made.save(update_fields=["told_at"])
    return True
