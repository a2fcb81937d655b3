"""What share of a book each claim holds: words that two claims dispute count once, for the hold that began first.

Positions of words can be compared within one text only. Claims that were filed on different editions are taken to
dispute the same words as far as they can: so never more is held than is disputed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from publishing.models import Work
from storefront.claims.models import Claim, Hold, HoldState

_WHOLE = 10_000

type Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Disputed:
    """What one claim disputes: its passages by first and last word with the number of words that are the same."""

    text: int | None  # the edition in which the places are
    passages: tuple[tuple[Interval, int], ...]
    body_words: int


def held_shares(work: Work) -> dict[int, int]:
    """Return the share of each hold on the book in force, by its key, in basis points."""
    rows = list(
        Hold.objects.filter(claim__work=work, state=HoldState.HELD).select_related("claim").order_by("begun_at", "pk")
    )
    shares = divided([_disputed(row) for row in rows])
    return {row.pk: share for row, share in zip(rows, shares, strict=True)}


def won_part(claim: Claim) -> int:
    """Return the part of what a claim holds that is right, in basis points of the book, rounded up."""
    return -(-claim.hold.share_bps * claim.won_words // max(1, claim.claimed_words))


def divided(claims: Sequence[Disputed]) -> list[int]:
    """Return what each claim holds, the oldest first; together never more than the whole book."""
    shares: list[int] = []
    for number, claim in enumerate(claims):
        before = [other for other in claims[:number] if other.text == claim.text and claim.text is not None]
        words = sum(_left(interval, count, before) for interval, count in claim.passages)
        elsewhere = sum(
            share
            for other, share in zip(claims[:number], shares, strict=True)
            if other.text != claim.text or claim.text is None
        )
        own = -(-words * _WHOLE // max(1, claim.body_words))
        shares.append(max(0, min(own - elsewhere, _WHOLE - sum(shares))))
    return shares


def _left(interval: Interval, words: int, before: Sequence[Disputed]) -> int:
    """Return how many of a passage's words no earlier claim disputes, at least."""
    start, end = interval
    taken = bytearray(end - start)
    for other in before:
        for (first, last), _count in other.passages:
            low, high = max(first, start), min(last, end)
            if low < high:
                taken[low - start : high - start] = b"\1" * (high - low)
    return max(0, words - sum(taken))


def _disputed(hold: Hold) -> Disputed:
    claim = hold.claim
    places = tuple(((one.here.start, one.here.end), one.words) for one in claim.passages)
    return Disputed(claim.edition_id, places, claim.body_words)
