"""The provider's events, and the state of the simulated provider."""

from payments.models.event import EventState, ProviderEvent
from payments.models.sandbox import (
    FaultKind,
    SandboxAccountBalance,
    SandboxBalance,
    SandboxBalanceTransaction,
    SandboxEvent,
    SandboxFault,
    SandboxObject,
    SandboxRate,
    SandboxRequest,
)

__all__ = [
    "EventState",
    "FaultKind",
    "ProviderEvent",
    "SandboxAccountBalance",
    "SandboxBalance",
    "SandboxBalanceTransaction",
    "SandboxEvent",
    "SandboxFault",
    "SandboxObject",
    "SandboxRate",
    "SandboxRequest",
]
