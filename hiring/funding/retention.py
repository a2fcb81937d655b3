"""The personal data that this app holds (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import LAW_YEARS, Area, Erasure, Rule, TableRule
from hiring.funding.models import BankDispute, MilestoneEvidence, MilestonePayment, MilestoneRefund

RULES = (
    Rule(
        area=Area.EARNINGS,
        holds=_("What you paid for milestones of contracts, without card details, and what was refunded or disputed."),
        purpose=_("So that the money reaches whom it is for, and because the law requires accounts with documents."),
        kept=_("As long as the law requires: ten years."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it. It refers to the random identifier."),
        file="milestones",
        tables=(
            TableRule(
                MilestonePayment,
                of=("payer",),
                names=("card_digest",),
                copied=("public_id", "reference", "title", "amount_minor", "currency", "state", "paid_at"),
            ),
            TableRule(
                MilestoneRefund,
                of=("payment__payer",),
                copied=("public_id", "payment__reference", "amount_minor", "state", "requested_at", "finished_at"),
            ),
            TableRule(
                BankDispute,
                of=("payment__payer",),
                copied=("payment__reference", "status", "amount_minor", "opened_at", "decided_at"),
            ),
            TableRule(
                MilestoneEvidence,
                of=("dispute__payment__payer",),
                by=("created_by",),
                names=("fields", "receipt", "documentation"),
                copied=("dispute__payment__reference", "number", "state", "fields", "created_at"),
            ),
        ),
    ),
)
