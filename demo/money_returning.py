"""The second chapter of the money story: refunds to readers, and payments that their banks take back."""

from __future__ import annotations

from collections.abc import Iterator

from common import clock
from common.money import Money
from demo.money_journal import Step
from demo.money_setup import ALMANAC, CURRENCY, Stage
from demo.shop import finance_people
from storefront.checkout.models import Dispute
from storefront.checkout.refunds import services as refunds

PARTIAL_MINOR = 2000


def give_back(stage: Stage) -> Iterator[Step]:
    """Make one full refund inside the window and one partial refund by finance."""
    at = stage.day(9)
    order = stage.orders["Sam"]
    with clock.frozen(at):
        stage.shop.give_back(order.lines.get(edition=stage.editions[ALMANAC]), order.buyer, at)
    yield stage.step(at, f"Sam returns “{ALMANAC}”. The card fee stays our expense.")
    at = stage.day(10)
    with clock.frozen(at):
        refunds.propose_refund(
            actor=finance_people()[0],
            line=stage.orders["Vera"].lines.get(),
            amount=Money(PARTIAL_MINOR, CURRENCY),
            reason="Two of its maps are missing",
            at=at,
        )
        stage.shop.work_off()
    yield stage.step(
        at,
        "Two maps are missing in Vera's copy: Fiona of finance refunds 20.00 of the 1,000.00. Vera keeps the book.",
    )


def dispute(stage: Stage) -> Iterator[Step]:
    """Let two banks take payments back; both disputes are answered, and one is decided at once."""
    at = stage.day(11)
    with clock.frozen(at):
        of_will = stage.shop.dispute(stage.orders["Will"], "fraudulent")
    yield stage.step(
        at,
        "Will's bank takes his payment back, and 15.00 as its fee, which the author never pays. What Anna earned from "
        "it is held in dispute.",
    )
    at = stage.day(12)
    with clock.frozen(at):
        of_xenia = stage.shop.dispute(stage.orders["Xenia"], "unrecognized")
    yield stage.step(at, "Xenia does not recognise 100.00 on her statement; her bank takes that payment back too.")
    at = stage.day(13)
    with clock.frozen(at):
        for one in (of_will, of_xenia):
            stage.shop.answer(one, "The buyer paid, was emailed a receipt and has the book.", at)
    yield stage.step(at, "Fiona answers both banks with receipts, the download log and the refund policy.")
    at = stage.day(18)
    with clock.frozen(at):
        stage.shop.decide(of_xenia, "won")
    yield stage.step(at, "Xenia's bank decides for us: payment and earnings are back where they were, the fee is not.")


def lose(stage: Stage) -> Iterator[Step]:
    """Let the other bank decide against us, a month later."""
    at = stage.day_after(1)
    lost = Dispute.objects.get(payment__order=stage.orders["Will"])
    with clock.frozen(at):
        stage.shop.decide(lost, "lost")
    yield stage.step(
        at,
        "Will's bank decides against us, although he downloaded the book. Because the download is proven, the "
        "protection fund covers what Anna would lose.",
    )
