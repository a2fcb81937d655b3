"""Emails that are due: written with the step they tell of, sent by a task of their own."""

from __future__ import annotations

from datetime import datetime

from common import jobs
from storefront.claims.models import Claim, Mail, News, Side

BOTH = (Side.CLAIMANT, Side.AUTHOR)


def tell(claim: Claim, news: News, *sides: Side, at: datetime) -> None:
    """Have sides of a claim told of a step, once each."""
    for side in sides:
        mail, is_new = Mail.objects.get_or_create(claim=claim, news=news, side=side, defaults={"made_at": at})
        if is_new:
            jobs.enqueue("claims.mail_step", mail_id=mail.pk)
