"""I16: whatever happens to a milestone, what was paid is held, released, our fee or returned; on both databases.

Stories settle in parts, take back, clear, send returns that fail and are sent again, and let banks decide before and
after the release. After each event the rules hold, and one cent more than is held cannot be released.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from common.money import apply_bps
from royalties import calc, entries
from royalties.dto import FeeRates, MilestonePosition
from royalties.errors import EntryDiffers, LedgerError, MilestoneFrozen, MilestoneRefused, MilestoneTooLittle
from royalties.models import MilestoneRecord
from royalties.selectors import milestones as selectors
from royalties.services import clearing, invariants, ledger, milestones
from tests.properties.profiles import many, some
from tests.royalties.books import balance
from tests.royalties.factories import NOON
from tests.royalties.milestones import DAY, accept, dispute, paid, usd

_REFUSALS = (EntryDiffers, MilestoneFrozen, MilestoneRefused, MilestoneTooLittle)


@dataclass
class Story:
    """A milestone and what the test remembers of it."""

    milestone: MilestoneRecord
    numbers: list[int] = field(default_factory=list)
    sent: list[tuple[str, int]] = field(default_factory=list)
    disputes: list[str] = field(default_factory=list)
    events: int = 0

    @property
    def reference(self) -> str:
        return self.milestone.reference

    def position(self) -> MilestonePosition:
        found = selectors.position(self.reference)
        assert found is not None
        return found


def settle(story: Story, share: int, other: int) -> None:
    held = story.position().held.amount_minor
    released = held * share // 100
    returned = (held - released) * other // 100
    done = accept(story.milestone, released, returned=returned, by_silence=bool(other % 2))
    if released:
        story.numbers.append(done.number)


def take_back(story: Story, share: int, other: int) -> None:
    if story.numbers:
        number = story.numbers[other % len(story.numbers)]
        gross = story.milestone.settlements.get(number=number).gross_minor
        amount, key = usd(gross * share // 100), f"cse_{story.events}"
        milestones.take_back(reference=story.reference, number=number, amount=amount, at=NOON, key=key)


def clear(story: Story, share: int, other: int) -> None:
    clearing.clear_due(at=NOON + (other % 8) * DAY)


def send(story: Story, share: int, other: int) -> None:
    amount = story.position().unsent.amount_minor * share // 100
    if amount:
        refund = f"re_{story.reference}_{story.events}"
        milestones.confirm_return(reference=story.reference, refund_reference=refund, amount=usd(amount), at=NOON)
        story.sent.append((refund, amount))


def keep_fee(story: Story, share: int, other: int) -> None:
    amount = story.position().unsent.amount_minor * share // 1_000
    if amount:
        milestones.keep_card_fee(reference=story.reference, amount=usd(amount), at=NOON)


def come_back(story: Story, share: int, other: int) -> None:
    if story.sent:
        refund, amount = story.sent.pop()
        milestones.return_failed(reference=story.reference, refund_reference=refund, amount=usd(amount), at=NOON)
        owed = story.position().unsent.amount_minor
        if other % 2 and owed:
            milestones.return_resent(
                reference=story.reference, refund_reference=refund, amount=usd(min(amount, owed)), at=NOON
            )


def bank_opens(story: Story, share: int, other: int) -> None:
    amount = max(story.milestone.funded_minor * share // 100, 1)
    story.disputes.append(dispute(story.milestone, amount, f"du_{story.reference}_{story.events}", fee=0))


def bank_wins(story: Story, share: int, other: int) -> None:
    if story.disputes:
        milestones.dispute_won(external_id=story.disputes[other % len(story.disputes)], at=NOON)


def bank_loses(story: Story, share: int, other: int) -> None:
    if story.disputes:
        milestones.dispute_lost(external_id=story.disputes[other % len(story.disputes)], at=NOON)


def fund_covers(story: Story, share: int, other: int) -> None:
    if story.disputes:
        dispute_id = story.disputes[other % len(story.disputes)]
        milestones.cover(external_id=dispute_id, at=NOON, with_held=bool(share % 2))


_STEPS: tuple[Callable[[Story, int, int], None], ...] = (
    settle,
    settle,
    settle,
    take_back,
    clear,
    send,
    keep_fee,
    come_back,
    bank_opens,
    bank_wins,
    bank_loses,
    fund_covers,
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[int, FeeRates, list[tuple[int, int, int]]]:
    amount = draw(st.integers(2_000, 200_000))
    vat = draw(st.sampled_from([0, 1900]))
    full = draw(st.integers(0, 150_000))
    rates = FeeRates(800, draw(st.sampled_from([400, 800])), full, vat, "DE" if vat else "")
    step = st.tuples(st.integers(0, len(_STEPS) - 1), st.integers(1, 100), st.integers(0, 100))
    return amount, rates, draw(st.lists(step, min_size=3, max_size=12))


def check(amount: int, rates: FeeRates, steps: list[tuple[int, int, int]]) -> None:
    feed = entries.fund_fed(external_id="before", currency="USD", occurred_at=NOON, amount=3_000)
    ledger.post_one(feed)
    story = Story(paid(amount, rates=rates))
    for which, share, other in steps:
        story.events += 1
        try:
            with transaction.atomic():
                _STEPS[which](story, share, other)
        except _REFUSALS:
            pass
        story.milestone.refresh_from_db()
        holds(story, rates)


def holds(story: Story, rates: FeeRates) -> None:
    found = story.position()
    parts = (found.held, found.released, found.fee, found.returned)
    assert sum(part.amount_minor for part in parts) == found.funded.amount_minor
    assert all(
        part.amount_minor >= 0 for part in (*parts, found.unsent, found.fee_kept, found.in_clearing, found.disputed)
    )
    assert found.held.amount_minor == balance(f"milestone_held:{story.reference}")
    gross = found.released.amount_minor + found.fee.amount_minor
    assert found.fee.amount_minor == calc.contract_fee(gross, rates)
    assert invariants.check_invariants() == []
    with pytest.raises(LedgerError), transaction.atomic():
        ledger.post_one(one_cent_more(story, found))


def one_cent_more(story: Story, found: MilestonePosition) -> entries.Draft:
    """A release that no service would make."""
    return entries.milestone_settled(
        milestone=story.reference,
        number=1_000 + story.events,
        owner=story.milestone.payee.public_id,
        currency="USD",
        occurred_at=NOON,
        released=found.held.amount_minor + 1,
        fee=entries.FeePart(0),
        returned=0,
    )


@pytest.mark.django_db
@pytest.mark.both
class TestI16:
    @some(15)
    @given(stories())
    def test_holds_after_every_event(self, story):
        with transaction.atomic():
            check(*story)
            transaction.set_rollback(True)

    @many(2_000)
    @given(stories())
    def test_holds_after_every_event_at_length(self, story):
        with transaction.atomic():
            check(*story)
            transaction.set_rollback(True)


class TestCumulatedFee:
    @some(500)
    @given(st.integers(1, 1_000_000), st.lists(st.integers(1, 100_000), min_size=1, max_size=40))
    def test_is_that_of_the_whole(self, bps_seed, parts):
        """Any series of releases costs what one release of the sum costs, at one rate or at two."""
        rates = FeeRates(bps=bps_seed % 2_000, lasting_bps=0, full_minor=10**9)
        taken = released = 0
        for part in parts:
            released += part
            taken += calc.contract_fee(released, rates) - taken
        assert taken == apply_bps(sum(parts), rates.bps)
