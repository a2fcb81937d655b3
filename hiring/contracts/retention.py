"""Personal data that contracts hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import LAW_YEARS, Area, Erasure, Rule, TableRule
from hiring.contracts.models import (
    Amendment,
    Case,
    CaseFile,
    CaseStatement,
    Contract,
    ContractEvent,
    Delivery,
    DeliveryFile,
    Division,
    FundClaim,
    Notice,
    RevisionRequest,
    Settlement,
)

_SIDES = ("milestone__contract__client", "milestone__contract__provider")

RULES = (
    Rule(
        area=Area.EARNINGS,
        holds=_(
            "Contracts in which you hired somebody or were hired: what was agreed and paid, what was delivered and "
            "accepted, cases and their decisions, and when each step was taken."
        ),
        purpose=_("So that both sides can rely on what they agreed, and for accounting and tax."),
        kept=_("Ten years after the contract ended, as accounting records. Words are deleted then."),
        erasure=Erasure.LAW,
        left=_("The contract without your name: the other side, amounts, days and what was written in it."),
        years=LAW_YEARS,
        file="contracts",
        tables=(
            TableRule(
                Contract,
                of=("client", "provider"),
                copied=("public_id", "kind", "title", "terms", "terms_version", "opened_at", "ended_at"),
            ),
            TableRule(
                Amendment,
                of=("contract__client", "contract__provider"),
                by=("proposed_by",),
                copied=("public_id", "contract__public_id", "reason", "terms", "state", "proposed_at", "answered_at"),
            ),
            TableRule(
                Settlement,
                of=_SIDES,
                by=("actor",),
                copied=("milestone__public_id", "number", "reason", "released_minor", "returned_minor", "settled_at"),
            ),
            TableRule(
                Division,
                of=_SIDES,
                by=("proposed_by",),
                copied=("public_id", "milestone__public_id", "whole_minor", "provider_minor", "reason", "proposed_at"),
            ),
            TableRule(
                Delivery,
                of=_SIDES,
                by=("delivered_by",),
                copied=("public_id", "milestone__public_id", "number", "note", "ai_use", "delivered_at"),
            ),
            TableRule(
                DeliveryFile,
                of=("delivery__milestone__contract__client", "delivery__milestone__contract__provider"),
                names=("file_name",),
                copied=("public_id", "delivery__public_id", "file_name", "sha256", "size_bytes"),
            ),
            TableRule(
                RevisionRequest,
                of=("delivery__milestone__contract__client", "delivery__milestone__contract__provider"),
                by=("asked_by",),
                copied=("delivery__public_id", "wishes", "asked_at"),
            ),
            TableRule(
                Case,
                of=_SIDES,
                by=("opened_by", "decided_by", "appealed_by", "appeal_decided_by"),
                copied=(
                    *("public_id", "milestone__public_id", "opened_at", "amount_minor", "reason"),
                    *("decided_at", "provider_minor", "decision", "appealed_at", "appeal"),
                    *("appeal_decided_at", "appeal_provider_minor", "appeal_decision", "withdrawn_at", "closed_at"),
                    *("share_ruling", "appeal_share_ruling"),
                ),
            ),
            TableRule(
                CaseStatement,
                of=("case__milestone__contract__client", "case__milestone__contract__provider"),
                by=("author",),
                copied=("case__public_id", "body", "made_at"),
            ),
            TableRule(
                CaseFile,
                of=("statement__case__milestone__contract__client", "statement__case__milestone__contract__provider"),
                names=("file_name",),
                copied=("public_id", "statement__case__public_id", "file_name", "sha256", "size_bytes"),
            ),
            TableRule(
                FundClaim,
                of=("milestone__contract__provider",),
                by=("proposed_by", "decided_by"),
                copied=("public_id", "milestone__public_id", "state", "paid_minor", "proposed_at", "decided_at"),
            ),
            TableRule(
                ContractEvent,
                of=("contract__client", "contract__provider"),
                by=("actor",),
                copied=("contract__public_id", "milestone__public_id", "role", "act", "state_after", "at"),
            ),
        ),
    ),
    Rule(
        area=Area.EARNINGS,
        holds=_("Which mails about contracts we sent you."),
        purpose=_("So that each is sent once."),
        kept=_("A year."),
        erasure=Erasure.DELETED,
        tables=(TableRule(Notice, of=("user",), not_copied=_("You have the mails themselves.")),),
    ),
)
