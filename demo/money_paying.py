"""The last chapter of the money story: the refund window ends, the month is closed, the authors are paid."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from common import clock
from demo.money_journal import Step
from demo.money_setup import CURRENCY, Stage
from payments import sandbox_events
from royalties.errors import NothingToPayOut
from royalties.models import PayoutAccount
from royalties.services import clearing, protection_fund, reconciliation


def close(stage: Stage) -> Iterator[Step]:
    """Clear earnings, feed the fund and close the month."""
    at = stage.day(24)
    with clock.frozen(at):
        clearing.clear_due(at=at)
    yield stage.step(at, "The refund windows end: earnings become payable, except those in dispute.")
    with clock.frozen(at):
        protection_fund.contribute(at=at)
    yield stage.step(at, "At night 5 % of the platform's own fees go into the protection fund.")
    at = stage.day_after(0)
    with clock.frozen(at):
        stage.shop.close_month(stage.month, at)
    yield stage.step(at, f"{stage.month} is closed: every rule checked, statements made, entries chained.")


def pay(stage: Stage) -> Iterator[Step]:
    """Pay one author; the other's payout fails and is paid again."""
    at = stage.day_after(2)
    ben = stage.authors["ben"]
    with clock.frozen(at), suppress(NothingToPayOut):  # the outcome's checks report who was not paid
        stage.shop.approve_payouts(CURRENCY, at)
        sandbox_events.close_account(account_id=PayoutAccount.objects.get(user=ben).provider_account_id)
        stage.shop.work_off()
    yield stage.step(
        at,
        "Fiona proposes a payout run and Felix approves it. Before it is sent, Ben closes his account at the provider, "
        "which pays Anna and refuses him: his money is payable again at once, and he is told.",
    )
    with clock.frozen(stage.day_after(4)):
        stage.shop.onboard(ben)
    yield stage.step(stage.day_after(4), "Ben opens another account.")
    at = stage.day_after(5)
    with clock.frozen(at), suppress(NothingToPayOut):
        stage.shop.pay_out(CURRENCY, at)
    yield stage.step(at, "The next run pays him, under a new key.")
    at = stage.day_after(6)
    with clock.frozen(at):
        sandbox_events.bill_payouts(currency=CURRENCY)
        reconciliation.reconcile(at=at)
    yield stage.step(
        at,
        "The provider charges for paying the two authors. At night our books are compared with its own, movement by "
        "movement, which is how we learn of the charge. We pay it, not the authors.",
    )
