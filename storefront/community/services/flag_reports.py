"""Flags are notices (Digital Services Act, Article 16): each is answered like a report.

Whoever flags a review or a reply has a receipt at once, learns what was decided, and can complain if it led to nothing.
The weight of the flag is another matter (`review_flags`).
"""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from common import jobs
from storefront.community.models import FlagRule, Report, ReviewCase


def write(*, actor: User, case: ReviewCase, rule: FlagRule, note: str, at: datetime) -> None:
    """Add the report of a flag to its case, once. The caller has locked the review."""
    told = {"rule": rule, "words": note.strip(), "created_at": at, "confirmed_at": at}
    made, is_new = Report.objects.get_or_create(case=case, user=actor, defaults=told)
    if is_new:
        jobs.enqueue("community.mail_receipt", report_id=made.pk)


def take_back(*, actor: User, **about: object) -> None:
    """Delete the report of a flag that is withdrawn before anybody has decided."""
    Report.objects.filter(user=actor, case__decided_at=None, complaint_on=None, **about).delete()
