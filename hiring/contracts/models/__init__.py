"""Models of contracts: what was agreed, milestones with their deliveries, cases, and the log of each contract."""

from hiring.contracts.models.case import Case, CaseFile, CaseStatement
from hiring.contracts.models.contract import Amendment, AmendmentState, Contract, DeskAccess
from hiring.contracts.models.delivery import Delivery, DeliveryFile, DeskState, RevisionRequest
from hiring.contracts.models.event import ContractEvent, EventFacts, Notice
from hiring.contracts.models.fund import FundClaim, FundClaimState
from hiring.contracts.models.milestone import Division, Milestone, Settlement

__all__ = [
    "Amendment",
    "AmendmentState",
    "Case",
    "CaseFile",
    "CaseStatement",
    "Contract",
    "ContractEvent",
    "Delivery",
    "DeliveryFile",
    "DeskAccess",
    "DeskState",
    "Division",
    "EventFacts",
    "FundClaim",
    "FundClaimState",
    "Milestone",
    "Notice",
    "RevisionRequest",
    "Settlement",
]
