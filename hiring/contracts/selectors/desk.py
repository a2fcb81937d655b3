"""The way from a contract to the text that somebody was hired to work on."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from hiring.contracts.models import Contract, DeskAccess
from hiring.contracts.process import Actor


@dataclass(frozen=True, slots=True)
class DeskLink:
    """Where a side finds the text, while the contract gives access to it. `href` is "" for moderators."""

    href: str
    is_provider: bool


def desk_of(contract: Contract, side: Actor | None) -> DeskLink | None:
    """Return the way to the text; None where the contract gives no access, or gives it no more."""
    access = DeskAccess.objects.filter(contract=contract, ended_at=None, collaborator__ended_at=None)
    if side is None or contract.work is None or not access.exclude(collaborator=None).exists():
        return None
    pages = {Actor.PROVIDER: "collaboration:work", Actor.CLIENT: "collaboration:people"}
    return DeskLink(reverse(pages[side], args=[contract.work.public_id]), is_provider=side == Actor.PROVIDER)
