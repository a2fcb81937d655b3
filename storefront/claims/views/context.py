"""What the pages of a claim show, whoever looks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from publishing.passages.models import Passage
from storefront.claims import selectors
from storefront.claims.models import Claim, Side
from storefront.claims.process import State
from storefront.claims.selectors import steps


@dataclass(frozen=True, slots=True)
class Row:
    """A passage with its number, and whether it is ticked or was found to be right."""

    number: int
    passage: Passage
    is_chosen: bool


def rows_of(passages: Collection[Passage], chosen: Collection[int]) -> list[Row]:
    return [Row(number, passage, number in chosen) for number, passage in enumerate(passages)]


def claim_context(claim: Claim, side: Side | None) -> dict[str, Any]:
    """Return what all see of a claim: its two sides, and moderators, who are on none."""
    counts = claim.state != State.UNCONFIRMED
    return {
        "claim": claim,
        "work": claim.work,
        "hold": claim.hold if counts else None,
        "held": [(minor, currency) for currency, minor in selectors.held(claim).items()] if counts else [],
        "won": [(minor, currency) for currency, minor in selectors.won(claim).items()] if claim.is_won else [],
        "statement": steps.statement(claim, side) if counts else (),
        "rows": rows_of(claim.passages, claim.won),
        "appeals": list(claim.appeals.all()),
    }
