"""What the provider told us, and the state of the provider's simulation."""

from payments.models.event import EventState, ProviderEvent
from payments.models.sandbox import (
    FaultKind,
    SandboxBalance,
    SandboxBalanceTransaction,
    SandboxEvent,
    SandboxFault,
    SandboxObject,
    SandboxRequest,
)

__all__ = [
    "EventState",
    "FaultKind",
    "ProviderEvent",
    "SandboxBalance",
    "SandboxBalanceTransaction",
    "SandboxEvent",
    "SandboxFault",
    "SandboxObject",
    "SandboxRequest",
]
