"""What is owed, to whom, and why."""

from royalties.models.ledger import (
    AccountBalance,
    ChainLink,
    ClosedPeriod,
    EntryKind,
    JournalEntry,
    LedgerAccount,
    Posting,
    Seal,
)
from royalties.models.payout import Payout, PayoutAccount, PayoutRun, PayoutRunState, PayoutState
from royalties.models.sale import SaleRecord, SaleRefund, SaleShare, SaleState
from royalties.models.statement import Statement, StatementLine
from royalties.models.terms import ProcessorFeeSchedule, RoyaltyTerms, TermsFamily

__all__ = [
    "AccountBalance",
    "ChainLink",
    "ClosedPeriod",
    "EntryKind",
    "JournalEntry",
    "LedgerAccount",
    "Payout",
    "PayoutAccount",
    "PayoutRun",
    "PayoutRunState",
    "PayoutState",
    "Posting",
    "ProcessorFeeSchedule",
    "RoyaltyTerms",
    "SaleRecord",
    "SaleRefund",
    "SaleShare",
    "SaleState",
    "Seal",
    "Statement",
    "StatementLine",
    "TermsFamily",
]
