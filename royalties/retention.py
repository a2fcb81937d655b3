"""The personal data that this app holds (accounts/retention_schedule.py).

Everything in the hash chain holds only opaque ids.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import LAW_YEARS, Area, Erasure, Rule, TableRule
from royalties.models import (
    BankDetails,
    BankFile,
    BankRow,
    BankStatement,
    ClaimedShare,
    ClaimHold,
    ClaimTaking,
    ClosedPeriod,
    ClosePreparation,
    DisputeHold,
    ExchangeRate,
    HandMatch,
    HoldNotice,
    ItemExplanation,
    JournalEntry,
    LedgerAccount,
    ManualEntry,
    MilestoneRecord,
    MilestoneSettlement,
    MilestoneTaking,
    PayableConversion,
    PayeeDetails,
    Payout,
    PayoutAccount,
    PayoutRun,
    PersonHold,
    PlanMembership,
    Posting,
    Remittance,
    Reserve,
    ReserveRule,
    Reversal,
    SaleRefundShare,
    SaleShare,
    SetAside,
    Statement,
    StatementContractLine,
    StatementLine,
    StatementMovement,
    TaxCertificate,
    TowardsSum,
    Withholding,
    WithholdingReturn,
)

_MILESTONE = (
    "released_minor",
    "fee_minor",
    "returned_minor",
    "kept_minor",
    "paid_at",
    "payer_country",
    "payee_country",
    "service",
)
_AS_STATED = ("payer_is_business", "payee_is_business")
_PAY = ("period", "currency", "gross_minor", "fee_minor", "fee_vat_minor")
_SHARE = ("work__public_id", "work__title", "period", "currency", "country", "amount_minor")
_STATEMENT = (
    "public_id",
    "period",
    "currency",
    "opening_minor",
    "royalties_minor",
    "returns_minor",
    "paid_out_minor",
    "other_minor",
    "closing_minor",
    "sha256",
)
_CERTIFICATE = (
    "public_id",
    "form",
    "name",
    "country",
    "claims_treaty",
    "has_taxpayer_number",
    "signature",
    "signed_on",
    "handed_in_at",
    "expires_on",
    "state",
    "reason",
)
_WITHHELD = ("country", "currency", "rate_bps", "basis_minor", "amount_minor", "returned_minor", "withheld_at")
_PAYOUT = (
    "public_id",
    "rail",
    "currency",
    "amount_minor",
    "fee_minor",
    "state",
    "reason",
    "proposed_at",
    "finished_at",
)
_ACCOUNT = ("public_id", "rail", "country", "masked_bank", "schedule", "minimum_units", "currency", "changed_at")

RULES = (
    Rule(
        area=Area.EARNINGS,
        holds=_(
            "The ledger: what each sale earned you and where the money went. Accounts are named only by identifiers."
        ),
        purpose=_("So that you are paid what you are owed, and anyone can check it."),
        kept=_("Permanently: nothing in the ledger is ever changed."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it. It refers to the random identifier."),
        file="earnings",
        tables=(
            TableRule(LedgerAccount, of=("owner",), names=("name",), copied=("name", "kind", "currency")),
            TableRule(
                Posting,
                of=("account__owner",),
                copied=("entry__external_id", "account__name", "currency", "amount_minor"),
            ),
            TableRule(
                JournalEntry,
                of=("postings__account__owner",),
                copied=("external_id", "kind", "reference", "occurred_at", "booked_at"),
            ),
            TableRule(SaleShare, of=("user",), copied=("sale__reference", *_SHARE, "share_bps", "returned_minor")),
            TableRule(TowardsSum, of=("share__user",), copied=("share__sale__reference", "reference", "amount_minor")),
            TableRule(SaleRefundShare, of=("user",), copied=("refund__external_id", *_SHARE)),
            TableRule(DisputeHold, of=("user",), copied=("kind", "amount_minor")),
            TableRule(
                ClaimedShare,
                of=("winner",),
                copied=("claim", "work__public_id", "share_bps", "held_from", "ended_at", "outcome"),
            ),
            TableRule(
                ClaimHold,
                of=("share__user", "payee"),
                copied=(
                    "claimed__claim",
                    "share__sale__reference",
                    "share_bps",
                    "kept_minor",
                    "left_minor",
                    "returned_minor",
                    "released_minor",
                    "paid_minor",
                    "taken_minor",
                    "decided_at",
                ),
            ),
            TableRule(
                ClaimTaking,
                of=("hold__share__user", "hold__payee"),
                copied=("hold__claimed__claim", "refund__external_id", "amount_minor"),
            ),
            TableRule(
                MilestoneRecord,
                of=("payer", "payee"),
                names=("payer_vat_number",),
                copied=(
                    "reference",
                    "contract_reference",
                    "title",
                    "currency",
                    "funded_minor",
                    *_MILESTONE,
                    *_AS_STATED,
                ),
            ),
            TableRule(
                MilestoneSettlement, of=("user",), copied=("milestone__reference", "number", *_PAY, "settled_at")
            ),
            TableRule(MilestoneTaking, of=("user",), copied=("settlement__milestone__reference", *_PAY, "taken_at")),
            TableRule(
                PayableConversion,
                of=("user",),
                copied=("given_minor", "given_currency", "received_minor", "received_currency", "converted_at"),
            ),
        ),
    ),
    Rule(
        area=Area.EARNINGS,
        holds=_("Your monthly statements, your plan, reserves and holds."),
        purpose=_("So that you can see what you earned, month by month."),
        kept=_("As long as the law requires: ten years."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it. It refers to the random identifier."),
        file="statements",
        tables=(
            TableRule(Statement, of=("user",), copied=_STATEMENT),
            TableRule(
                StatementLine,
                of=("statement__user",),
                copied=("statement__public_id", "position", "title", "country", "sold", "returned", "royalty_minor"),
            ),
            TableRule(
                StatementContractLine,
                of=("statement__user",),
                copied=("statement__public_id", "reference", "title", "gross_minor", "fee_minor", "pay_minor"),
            ),
            TableRule(
                StatementMovement,
                of=("statement__user",),
                copied=("statement__public_id", "kind", "amount_minor", "entries"),
            ),
            TableRule(
                PlanMembership,
                of=("user",),
                copied=("plan__code", "currency", "chosen_at", "starts_at", "ends_at"),
            ),
            TableRule(
                ReserveRule,
                of=("user",),
                by=("imposed_by",),
                copied=("rate_bps", "days", "reason", "begins_at", "ends_at", "lifted_at"),
            ),
            TableRule(
                Reserve,
                of=("user",),
                copied=("currency", "kept_minor", "left_minor", "release_at", "released_at"),
            ),
            TableRule(
                PersonHold,
                of=("user",),
                by=("imposed_by", "lifted_by"),
                copied=("reason", "begins_at", "ends_at", "lifted_at"),
            ),
            TableRule(
                HoldNotice,
                of=("user",),
                by=("placed_by", "decided_by"),
                copied=(
                    *("public_id", "kind", "rule", "facts", "placed_at", "until", "ended_at", "told_at"),
                    *("complaint", "complained_at", "outcome", "answer", "decided_at"),
                ),
            ),
        ),
    ),
    Rule(
        area=Area.EARNINGS,
        holds=_("Where we pay your earnings. Bank details are encrypted, and masked even when we show them to you."),
        purpose=_("So that you can be paid."),
        kept=_("Until you change them."),
        erasure=Erasure.DELETED,
        left=_("The payment provider’s ID for your account, so that past payouts can be explained."),
        file="payouts",
        tables=(
            TableRule(PayoutAccount, of=("user",), copied=_ACCOUNT),
            TableRule(
                BankDetails,
                of=("account__user",),
                not_copied=_("Your full bank details: the copy shows them masked, as every page does."),
            ),
        ),
    ),
    Rule(
        area=Area.EARNINGS,
        holds=_(
            "If you are paid for services: your name, date of birth or business registration, address and tax number, "
            "encrypted."
        ),
        purpose=_("The law requires us to know them before we pay, and to report them to tax offices (DAC7)."),
        kept=_("Ten years after the last payment for a service. Then they are deleted."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it, encrypted. Each time somebody reads it is recorded."),
        file="tax",
        tables=(
            TableRule(
                PayeeDetails,
                of=("user",),
                names=("token",),
                copied=("asked_at", "stated_at", "is_business", "country"),
                not_copied=_("The encrypted details themselves. Ask us, and a person sends you what you stated."),
            ),
        ),
    ),
    Rule(
        area=Area.EARNINGS,
        holds=_("What we paid you and what was returned, the files we gave our bank, and its statements."),
        purpose=_("The law requires accounting records with supporting documents."),
        kept=_("As long as the law requires: ten years. Then names and numbers are removed."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it. The bank files and statements keep the name and account number that were paid."),
        file="payouts",
        tables=(
            TableRule(Payout, of=("user",), copied=_PAYOUT),
            TableRule(
                Reversal,
                of=("payout__user",),
                by=("asked_by",),
                copied=("public_id", "payout__public_id", "purpose", "amount_minor", "state", "created_at"),
            ),
            TableRule(BankFile, by=("made_by", "released_by"), names=("name", "token")),
            TableRule(BankStatement, by=("uploaded_by",), names=("name",)),
            TableRule(
                BankRow,
                of=("payout__user",),
                by=("settled_by",),
                names=("text", "note"),
                copied=("payout__public_id", "currency", "amount_minor", "booked_on", "outcome"),
            ),
        ),
    ),
    Rule(
        area=Area.EARNINGS,
        holds=_("The tax forms you signed, and the tax withheld under them."),
        purpose=_("Tax authorities need to see why less tax, or none, was withheld."),
        kept=_("As long as the law requires: ten years. Then the name and signature are removed."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_(
            "Forms that were accepted or rejected, with name and signature. A form that is still waiting is deleted."
        ),
        file="tax",
        tables=(
            TableRule(
                TaxCertificate,
                of=("user",),
                by=("decided_by",),
                names=("name", "signature"),
                copied=_CERTIFICATE,
            ),
            TableRule(Withholding, of=("user",), copied=_WITHHELD),
            TableRule(
                WithholdingReturn,
                of=("withholding__user",),
                copied=("basis_minor", "amount_minor", "decided_at", "period"),
            ),
        ),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_("Who on our team proposed, approved or explained something in the ledger."),
        purpose=_("So that we can show which two people approved each payment."),
        kept=_("As long as the law requires: ten years."),
        erasure=Erasure.LAW,
        years=LAW_YEARS,
        left=_("All of it. It refers to the random identifier."),
        tables=(
            TableRule(ClosedPeriod, by=("closed_by", "prepared_by")),
            TableRule(ClosePreparation, by=("prepared_by",)),
            TableRule(PayoutRun, by=("proposed_by", "approved_by")),
            TableRule(ExchangeRate, by=("proposed_by", "decided_by")),
            TableRule(ManualEntry, by=("user", "proposed_by", "decided_by")),
            TableRule(ItemExplanation, by=("explained_by",)),
            TableRule(HandMatch, by=("proposed_by", "decided_by")),
            TableRule(SetAside, by=("proposed_by", "decided_by")),
            TableRule(Remittance, by=("proposed_by", "decided_by")),
        ),
    ),
)
