"""Cases that apps above open, close and bring to an appeal, about things that have a process of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import services as account_services
from accounts.models import User
from storefront.community.errors import CaseDecided, ReasonMissing
from storefront.community.models import CaseState, Reported, ReviewCase


@transaction.atomic
def open_case(*, reported: Reported, thing_id: str, title: str, owner: User, at: datetime) -> ReviewCase:
    """Return the open case about a thing, or open one."""
    started = {"writer": owner, "thing_title": title[:300], "opened_at": at}
    return ReviewCase.objects.get_or_create(
        reported=reported, thing_id=thing_id, state=CaseState.OPEN, defaults=started
    )[0]


@transaction.atomic
def close_case(*, case: ReviewCase) -> None:
    """Close a case in which nothing is left to decide."""
    found = ReviewCase.objects.select_for_update().get(pk=case.pk)
    found.state = CaseState.CLOSED
    found.save(update_fields=["state"])


@transaction.atomic
def appeal_case(*, actor: User | None, case: ReviewCase, text: str, at: datetime) -> ReviewCase:
    """Bring a decided case before a second person. Whoever calls has checked that the actor may appeal; None is
    somebody without an account. Raises CaseDecided, ReasonMissing."""
    found = ReviewCase.objects.select_for_update().get(pk=case.pk)
    if found.state not in {CaseState.DECIDED, CaseState.APPEALED}:
        raise CaseDecided
    if not text.strip():
        raise ReasonMissing
    found.appeal = f"{found.appeal}\n\n{text.strip()}".strip()[:3000]
    found.state, found.appealed_at = CaseState.APPEALED, found.appealed_at or at
    found.save(update_fields=["state", "appeal", "appealed_at"])
    account_services.record_audit(actor=actor, verb="review_case.appealed", subject=found, facts={})
    return found


def forget_words(cases: QuerySet[ReviewCase]) -> None:
    """Remove what the people concerned wrote; the decisions stay."""
    cases.exclude(words="", appeal="").update(words="", appeal="")
