"""Two months in which nearly everything happens to one author: books that files and exports are tried on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from accounts.models import User
from common.money import Money
from common.periods import Month
from publishing.models import Edition
from royalties.models import EntryKind, JournalEntry, ManualKind
from royalties.services import clearing, corrections, disputes, payouts, reserves, returns, sales
from royalties.services.disputes import DisputeFacts
from tests.royalties import closing, factories
from tests.royalties.factories import NOON, WINDOW

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
CLEARED = NOON + WINDOW
LATER = NOON + timedelta(days=20)
CLOSE_NOVEMBER, CLOSE_DECEMBER = datetime(2026, 12, 2, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)


def two_months() -> User:
    """Sales alone and shared, a conversion, returns, disputes, a reserve, a payout; both months closed.

    Returns the author it is about. A sale of December is booked and chained before November is closed.
    """
    ann, ben = factories.user("Ann", is_author=True), factories.user("Ben", is_author=True)
    fay, felix = factories.user("Fay", is_finance=True), factories.user("Felix", is_finance=True)
    alone, shared = factories.edition(ann, "Alone, “by herself”"), factories.edition(ann, "Shared")
    factories.split(shared.work, (ann, 6000), (ben, 4000))
    reserves.impose(actor=fay, user=ann, rate_bps=1000, days=40, reason="New.", until=CLOSE_DECEMBER, at=NOON)
    first = _sell(alone, shared)
    returns.record_refund(reference=first, external_id="rfd_1", at=NOON)
    _dispute(alone, shared)
    clearing.clear_due(at=CLEARED)
    late = factories.recorded_sale(of=shared, sold_at=CLEARED, country="US")
    returns.record_refund(reference=late.reference, external_id="rfd_2", at=CLEARED)
    _pay(fay, felix, ann)
    factories.recorded_sale(of=alone, sold_at=datetime(2026, 12, 1, 8, tzinfo=UTC))
    closing.close(period=NOVEMBER, at=CLOSE_NOVEMBER)
    factories.recorded_sale(of=shared, sold_at=datetime(2026, 12, 3, tzinfo=UTC))
    reserves.release_due(at=datetime(2026, 12, 31, tzinfo=UTC))
    correct(ann)
    closing.close(period=DECEMBER, at=CLOSE_DECEMBER)
    assert set(JournalEntry.objects.values_list("kind", flat=True)) >= EVERYTHING
    return ann


EVERYTHING = {
    EntryKind.SALE,
    EntryKind.REFUND,
    EntryKind.CONVERSION,
    EntryKind.CLEARING,
    EntryKind.DISPUTE_OPENED,
    EntryKind.DISPUTE_LOST,
    EntryKind.DISPUTE_WON,
    EntryKind.RESERVE_KEPT,
    EntryKind.RESERVE_RELEASED,
    EntryKind.TRANSFER_ASKED,
    EntryKind.TRANSFER_CONFIRMED,
}


def _sell(alone: Edition, shared: Edition) -> str:
    first = factories.recorded_sale(of=alone)
    for paid in (499, 499, 999):
        factories.recorded_sale(of=alone, paid=paid, tax=33)
        factories.recorded_sale(of=shared, paid=paid, country="US")
    factories.recorded_sale(of=alone, currency="EUR", paid=1000)
    yen = factories.recorded_sale(of=alone, currency="JPY", paid=1000, country="JP")
    sales.record_conversion(
        reference=yen.reference, external_id="txn_1", booked=Money(1000, "JPY"), settled=Money(670, "USD"), at=NOON
    )
    return first.reference


def _dispute(alone: Edition, shared: Edition) -> None:
    """One order of two works, lost; another one, won."""
    lines = [factories.sale(of=book, paid=799) for book in (alone, shared)]
    sales.record_sales(sales=[replace(line, order_reference="ord_lost") for line in lines])
    won = factories.recorded_sale(of=alone, paid=1299)
    for number, order, amount in (("dp_1", "ord_lost", 1598), ("dp_2", won.order_reference, 1299)):
        facts = DisputeFacts(number, order, Money(amount, "USD"), Money(1500, "USD"), NOON)
        disputes.open_dispute(facts=facts)
    disputes.lose_dispute(external_id="dp_1", at=NOON + timedelta(days=1))
    disputes.win_dispute(external_id="dp_2", at=NOON + timedelta(days=1))


def correct(ann: User) -> None:
    """Two people of finance credit the author with something."""
    fay, felix = factories.user("Flo", is_finance=True), factories.user("Finn", is_finance=True)
    proposed = corrections.propose(
        actor=fay,
        kind=ManualKind.ADJUSTMENT,
        user=ann,
        amount=Money(250, "USD"),
        reason="Our mistake.",
        at=CLOSE_DECEMBER,
    )
    corrections.approve(actor=felix, manual=proposed, at=CLOSE_DECEMBER)


def _pay(fay: User, felix: User, ann: User) -> None:
    factories.payout_account(ann)
    run = payouts.propose_run(actor=fay, currency="USD", at=LATER)
    payouts.approve_run(actor=felix, run=run, at=LATER)
    payouts.send_payout(payout_id=run.payouts.get().pk)
