"""The personal data that suspensions hold (see accounts/retention_schedule.py)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from storefront.suspensions.models import AccountEnding, EndedBundle, EndedSale, PriorWarning, Suspension, Unfounded

_APPEAL = ("appeal", "appealed_at", "appeal_outcome", "appeal_reason", "appeal_decided_at", "lifted_at", "lift_reason")

RULES = (
    Rule(
        area=Area.COMMUNITY,
        holds=_(
            "Warnings, suspensions and the end of your account as an author, with reasons, your appeals, and which of "
            "your reports and appeals were called manifestly unfounded."
        ),
        purpose=_("So that decisions can be explained and appealed, and the published numbers can be counted."),
        kept=_("As long as you have your account."),
        erasure=Erasure.PSEUDONYM,
        left=_("That there was a decision, without anything you wrote."),
        file="suspensions",
        tables=(
            TableRule(
                PriorWarning,
                of=("person",),
                by=("made_by",),
                copied=("public_id", "activity", "reason", "made_at", "told_at"),
            ),
            TableRule(
                Suspension,
                of=("person",),
                by=("decided_by", "appeal_decided_by", "lifted_by"),
                copied=(
                    *("public_id", "activity", "rule", "evidence", "reason", "first_day", "last_day", "decided_at"),
                    *_APPEAL,
                ),
            ),
            TableRule(
                AccountEnding,
                of=("person",),
                by=("proposed_by", "confirmed_by", "appeal_decided_by", "lifted_by"),
                copied=(
                    *("public_id", "ground", "rule", "evidence", "reason", "confirmed_at", "due_at", "done_at"),
                    *_APPEAL,
                ),
                copied_if=Q(confirmed_at__isnull=False),
                not_copied=_("What one moderator has proposed and nobody has confirmed."),
            ),
            TableRule(EndedSale, of=("ending__person",), copied=("ending__public_id", "work__title", "release_date")),
            TableRule(EndedBundle, of=("ending__person",), copied=("ending__public_id", "bundle__public_id")),
            TableRule(
                Unfounded,
                of=("person",),
                by=("made_by",),
                copied=("public_id", "activity", "reason", "made_at"),
            ),
        ),
    ),
)
