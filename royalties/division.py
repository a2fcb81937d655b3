"""Dividing a royalty among its shares, some of which end at a sum. Plain numbers; no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from common.money import Money, allocate


@dataclass(frozen=True, slots=True)
class Share:
    """One person's share. `owner` is the user's public id; `contributor_id` is None for a work without agreement.

    `limits` are the parts of it that end at a sum.
    """

    user_id: int
    owner: str
    contributor_id: int | None
    share_bps: int
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A part of a share that ends once it has brought a sum: `left` is missing of it, and `then` gets what is above."""

    reference: str
    share_bps: int
    left: Money
    then: Share


@dataclass(slots=True)
class Part:
    """What a share gets of one royalty; `towards` are the amounts that count towards a sum, by reference."""

    share: Share
    amount_minor: int
    towards: dict[str, int] = field(default_factory=dict)


def divide(royalty: Money, shares: Sequence[Share], brought: dict[str, int]) -> list[Part]:
    """Divide a royalty; the parts add up to it. No limited part gets more than what its sum lacks.

    `brought` is what earlier sales of the same order brought, by reference, and is counted on here. Only royalties in
    the currency of a sum count towards it.
    """
    amounts = allocate(royalty.amount_minor, [share.share_bps for share in shares])
    parts = [Part(share, amount) for share, amount in zip(shares, amounts, strict=True)]
    for part in list(parts):
        for limit, amount in _limited(part):
            if limit.left.currency != royalty.currency:
                continue
            most = max(limit.left.amount_minor - brought.get(limit.reference, 0), 0)
            kept = min(amount, most)
            if kept:
                part.towards[limit.reference] = kept
                brought[limit.reference] = brought.get(limit.reference, 0) + kept
            _move(parts, part, limit.then, amount - kept)
    return parts


def _limited(part: Part) -> Iterable[tuple[Limit, int]]:
    """Return the limited parts of a share with their amounts; what is left of the amount has no limit."""
    limits = part.share.limits
    rest = part.share.share_bps - sum(limit.share_bps for limit in limits)
    amounts = allocate(part.amount_minor, [*(limit.share_bps for limit in limits), rest]) if limits else []
    return list(zip(limits, amounts, strict=False))


def _move(parts: list[Part], part: Part, then: Share, amount: int) -> None:
    if not amount:
        return
    part.amount_minor -= amount
    to = next((one for one in parts if one.share.user_id == then.user_id), None)
    if to is None:
        parts.append(Part(then, amount))
    else:
        to.amount_minor += amount
