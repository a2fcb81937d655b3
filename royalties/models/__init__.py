"""What is owed, to whom, and why."""

from royalties.models.dispute import DisputedSale, DisputeHold, DisputeState, SaleDispute
from royalties.models.keeping import (
    ManualEntry,
    ManualKind,
    ManualState,
    ProtectionTerms,
    Reserve,
    ReserveRule,
)
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
from royalties.models.provider import ProviderKind, ProviderReference
from royalties.models.reconciliation import (
    OPEN_ITEM_STATES,
    ItemState,
    ProviderMovement,
    ReconciliationItem,
    ReconciliationRun,
)
from royalties.models.sale import SaleRecord, SaleRefund, SaleRefundShare, SaleShare, SaleState
from royalties.models.statement import MovementKind, Statement, StatementLine, StatementMovement
from royalties.models.terms import ProcessorFeeSchedule, RoyaltyTerms, TermsFamily

__all__ = [
    "OPEN_ITEM_STATES",
    "AccountBalance",
    "ChainLink",
    "ClosedPeriod",
    "DisputeHold",
    "DisputeState",
    "DisputedSale",
    "EntryKind",
    "ItemState",
    "JournalEntry",
    "LedgerAccount",
    "ManualEntry",
    "ManualKind",
    "ManualState",
    "MovementKind",
    "Payout",
    "PayoutAccount",
    "PayoutRun",
    "PayoutRunState",
    "PayoutState",
    "Posting",
    "ProcessorFeeSchedule",
    "ProtectionTerms",
    "ProviderKind",
    "ProviderMovement",
    "ProviderReference",
    "ReconciliationItem",
    "ReconciliationRun",
    "Reserve",
    "ReserveRule",
    "RoyaltyTerms",
    "SaleDispute",
    "SaleRecord",
    "SaleRefund",
    "SaleRefundShare",
    "SaleShare",
    "SaleState",
    "Seal",
    "Statement",
    "StatementLine",
    "StatementMovement",
    "TermsFamily",
]
