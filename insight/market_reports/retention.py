"""Personal data that market reports hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import LAW_YEARS, Area, Erasure, Rule, TableRule
from insight.market_reports.models import ReportSubscription

RULES = (
    Rule(
        area=Area.EARNINGS,
        holds=_("Your subscription to market reports: since when, for which price, and until when it is paid."),
        purpose=_("To show you the reports and to charge for them."),
        kept=_("As long as the law requires: ten years."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it. It refers to the random identifier."),
        file="market_reports",
        tables=(
            TableRule(
                ReportSubscription,
                of=("user",),
                copied=("currency", "monthly_minor", "months", "started_at", "paid_until", "cancelled_at", "ended_at"),
            ),
        ),
    ),
)
