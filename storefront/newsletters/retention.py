"""The personal data that newsletters hold (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.newsletters.models import Delivery, Issue, Newsletter, Subscription

RULES = (
    Rule(
        area=Area.COMMUNITY,
        holds=_("The newsletters of authors that you get, and which issues you were sent. Authors see only how many."),
        purpose=_("So that you get the newsletters you asked for, each issue once."),
        kept=_("Until you unsubscribe; which issues you were sent, as long as you have your account."),
        erasure=Erasure.DELETED,
        file="newsletters",
        tables=(
            TableRule(
                Subscription,
                of=("reader",),
                by=("newsletter__author",),
                copied=("newsletter__author__display_name", "subscribed_at"),
            ),
            TableRule(
                Delivery,
                of=("reader",),
                by=("issue__newsletter__author",),
                copied=("issue__subject", "made_at", "mailed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.PUBLISHING,
        holds=_("Your own newsletter with its issues."),
        purpose=_("So that readers who subscribed get what you write."),
        kept=_("As long as you have your account. Emails that were sent stay with those who got them."),
        erasure=Erasure.DELETED,
        file="own_newsletter",
        tables=(
            TableRule(Newsletter, of=("author",), copied=("about", "is_open", "opened_at")),
            TableRule(
                Issue,
                of=("newsletter__author",),
                copied=("subject", "text", "work__title", "state", "changed_at", "sent_at", "recipients"),
            ),
        ),
    ),
)
