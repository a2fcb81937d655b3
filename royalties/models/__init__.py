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
from royalties.models.sale import SaleRecord, SaleRefund, SaleShare, SaleState
from royalties.models.terms import ProcessorFeeSchedule, RoyaltyTerms, TermsFamily

__all__ = [
    "AccountBalance",
    "ChainLink",
    "ClosedPeriod",
    "EntryKind",
    "JournalEntry",
    "LedgerAccount",
    "Posting",
    "ProcessorFeeSchedule",
    "RoyaltyTerms",
    "SaleRecord",
    "SaleRefund",
    "SaleShare",
    "SaleState",
    "Seal",
    "TermsFamily",
]
