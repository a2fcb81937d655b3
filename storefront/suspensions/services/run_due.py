"""What is due: endings whose notice is over, and emails whose message was lost."""

from __future__ import annotations

from datetime import datetime, timedelta

from common import jobs
from storefront.suspensions import selectors
from storefront.suspensions.models import AccountEnding
from storefront.suspensions.services import ending

_HEAD_START = timedelta(minutes=1)
_BATCH = 100


def run_due(*, at: datetime) -> None:
    """End the accounts that are due, and enqueue unsent emails again."""
    for ending_id in AccountEnding.objects.due(at).order_by("due_at").values_list("pk", flat=True)[:_BATCH]:
        ending.take_effect(ending_id=ending_id, at=at)
    before = at - _HEAD_START
    for pk in (
        selectors.warnings_to_mail().filter(made_at__lte=before).order_by("?").values_list("pk", flat=True)[:_BATCH]
    ):
        jobs.enqueue("suspensions.mail_warning", warning_id=pk)
    untold = selectors.suspensions_to_mail().filter(decided_at__lte=before)
    for pk in untold.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("suspensions.mail_suspension", suspension_id=pk)
    confirmed = selectors.endings_to_mail().filter(confirmed_at__lte=before)
    for pk in confirmed.order_by("?").values_list("pk", flat=True)[:_BATCH]:
        jobs.enqueue("suspensions.mail_ending", ending_id=pk)
