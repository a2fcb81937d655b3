"""Faults on demand, as a network or a busy provider would cause them."""

from __future__ import annotations

from django.db.models import F

from payments.models import FaultKind, SandboxFault


def arm(kind: FaultKind, path: str, *, times: int = 1) -> None:
    """Let the next `times` requests whose path starts with `path` suffer this fault."""
    SandboxFault.objects.create(kind=kind, path=path, remaining=times)


def take(path: str) -> FaultKind | None:
    """Return the fault that this request suffers, and use it up."""
    for fault in SandboxFault.objects.filter(remaining__gt=0).order_by("pk"):
        if path.startswith(fault.path) and SandboxFault.objects.filter(pk=fault.pk, remaining__gt=0).update(
            remaining=F("remaining") - 1
        ):
            return FaultKind(fault.kind)
    return None
