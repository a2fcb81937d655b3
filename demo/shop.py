"""A simulated shop: everything that happens in it is done through the services, and what workers would do later is done
at once, so that the past can be made in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from stripe import WebhookSignature

from accounts.models import User
from common import clock, jobs
from common.money import Money
from common.periods import Month
from demo.people import LOGINS
from demo.stories import Stories
from payments import sandbox_events
from payments import services as payment_services
from payments.errors import SimulationRefused
from payments.models import SandboxEvent
from payments.stripe.configuration import secrets_of
from payments.stripe.sandbox import accounts as sandbox_accounts
from payments.stripe.sandbox import payment_page
from payments.stripe.sandbox.cards import CARDS
from publishing.models import Edition
from royalties.errors import NothingToPayOut
from royalties.services import clearing, close_preparation, month_close, payout_accounts, payouts, reconciliation
from storefront.checkout.cart.selectors.carts import GiftWish
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.disputes.services import disputes
from storefront.checkout.models import Cart, Dispute, FraudWarning, Gift, Order, OrderLine, PaymentState
from storefront.checkout.orders.services import checkout
from storefront.checkout.refunds import services as refunds

_CURRENCIES = {"GB": "GBP", "DE": "EUR", "AT": "EUR", "FR": "EUR", "IT": "EUR", "ES": "EUR", "NL": "EUR", "IE": "EUR"}

_CARDS = {"US": "us", "GB": "gb"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One reader's purchase: some books on one day, with a coupon code, or a chosen price where the price is open."""

    at: datetime
    buyer: User
    editions: tuple[Edition, ...]
    is_regretted: bool = False
    code: str = ""
    chosen_minor: int | None = None


class Shop:
    """The shop in the past.

    `messages` are those of `jobs.gathered()`, which must be active; the caller sets the clock.
    """

    def __init__(self, messages: list[jobs.Message], *, has_converters: bool = False) -> None:
        self.messages, self.has_converters = messages, has_converters

    def live(self, visits: Sequence[Visit], stories: Stories, opened: datetime, now: datetime) -> None:
        """Simulate day by day: sales in their order, what else happens, then the nightly tasks."""
        coming = deque(visits)
        day, month = opened, Month.of(opened)
        while day < now:
            day = min(day + timedelta(days=1), now)
            while coming and coming[0].at < day:
                self.serve(coming.popleft(), now)
            stories.play_until(day)
            with clock.frozen(day):
                clearing.clear_due(at=day)
                if Month.of(day) != month:
                    self.turn_month(month, day)
                    month = Month.of(day)

    def serve(self, visit: Visit, now: datetime) -> None:
        """Let one reader fill a cart and pay; some return a book two days later."""
        with clock.frozen(visit.at):
            order = self.sell(visit)
        regret = visit.at + timedelta(days=2)
        line = order.lines.filter(paid_minor__gt=0).order_by("pk").first()  # a free book has nothing to refund
        if visit.is_regretted and regret < now and line is not None:
            with clock.frozen(regret):
                self.give_back(line, visit.buyer, regret)

    def sell(self, visit: Visit) -> Order:
        """Buy the visit's books in one cart, with a card from the buyer's country or a neighbouring one."""
        buyer, at, currency = visit.buyer, visit.at, _currency_of(visit.buyer)
        chosen = Money(visit.chosen_minor, currency) if visit.chosen_minor is not None else None
        for edition in visit.editions:
            cart = carts.add_edition(
                actor=buyer, cart_id="", edition_id=edition.public_id, currency=currency, at=at, chosen=chosen
            )
        if visit.code:
            carts.enter_code(actor=buyer, cart=cart, code=visit.code, at=at)
            cart.refresh_from_db()
        return self._check_out(buyer, cart, at)

    def sell_gift(self, visit: Visit, recipient: str) -> Gift:
        """Buy one book for someone else, whose link is emailed at once."""
        wish = GiftWish(recipient=recipient, message="For the train.", deliver_on=None)
        cart = carts.add_gift(
            actor=visit.buyer,
            cart_id="",
            edition_id=visit.editions[0].public_id,
            currency=_currency_of(visit.buyer),
            wish=wish,
            at=visit.at,
        )
        order = self._check_out(visit.buyer, cart, visit.at)
        return Gift.objects.get(line__order=order)

    def give_back(self, line: OrderLine, buyer: User, at: datetime) -> None:
        """Let a reader return one book for a refund."""
        refunds.request_refund(actor=buyer, line=line, reason="not for me", at=at)
        self.work_off()

    def turn_month(self, month: Month, at: datetime) -> None:
        """Do the work of a month's first day: close the month before, pay what is payable, and be billed for that."""
        self.close_month(month, at)
        for currency in settings.CURRENCIES:
            with suppress(NothingToPayOut, SimulationRefused):
                self.pay_out(currency, at)
                sandbox_events.bill_payouts(currency=currency)

    def close_month(self, month: Month, at: datetime) -> None:
        """Reconcile with the provider; one finance person prepares the close, the other one closes."""
        first, second = finance_people()
        reconciliation.reconcile(at=at)
        close_preparation.prepare_close(actor=first, period=month, at=at)
        month_close.close_period(actor=second, period=month, at=at)

    def pay_out(self, currency: str, at: datetime) -> None:
        """Let finance decide on a payout run, and send it. Raises NothingToPayOut."""
        self.approve_payouts(currency, at)
        self.work_off()

    def approve_payouts(self, currency: str, at: datetime) -> None:
        """Let one finance person propose and the other approve a payout run. Raises NothingToPayOut."""
        first, second = finance_people()
        run = payouts.propose_run(actor=first, currency=currency, at=at)
        payouts.approve_run(actor=second, run=run, at=at)

    def onboard(self, user: User) -> None:
        """Give the author a payout account, as the provider's page would."""
        back = settings.SITE_URL + reverse("earnings")
        url = payout_accounts.start_onboarding(
            actor=user, country=user.country, return_url=back, refresh_url=back, at=clock.now()
        )
        sandbox_accounts.finish_onboarding(link_id=url.rstrip("/").rsplit("/", 1)[-1])
        self.work_off()

    def dispute(self, order: Order, reason: str) -> Dispute:
        """Let the buyer's bank take the order's payment back."""
        dispute_id = sandbox_events.open_dispute(charge_id=_charge_of(order), reason=reason)
        self.work_off()
        return Dispute.objects.get(provider_dispute_id=dispute_id)

    def answer(self, dispute: Dispute, explanation: str, at: datetime) -> None:
        """Let finance send its evidence to the bank."""
        first, _ = finance_people()
        disputes.answer_dispute(actor=first, dispute=dispute, explanation=explanation, at=at)
        self.work_off()

    def decide(self, dispute: Dispute, outcome: str) -> None:
        """Let the bank decide a dispute."""
        sandbox_events.decide_dispute(dispute_id=dispute.provider_dispute_id, outcome=outcome)
        self.work_off()

    def warn_of_fraud(self, order: Order) -> FraudWarning:
        """Let a card network report the order's payment as suspicious."""
        warning_id = sandbox_events.warn_of_fraud(charge_id=_charge_of(order))
        self.work_off()
        return FraudWarning.objects.get(provider_warning_id=warning_id)

    def work_off(self) -> None:
        """Do the workers' jobs. Webhooks are received here rather than by the web server, whose clock has moved on.

        Conversions are left to the converters where there are any: they find them within a minute.
        """
        while self.messages:
            name, ids = self.messages.pop(0)
            if name == "payments.deliver":
                _receive(str(ids["event_id"]))
            elif name != "conversion.run" or not self.has_converters:
                jobs.run_now(name, **ids)

    def _check_out(self, buyer: User, cart: Cart, at: datetime) -> Order:
        quote = quotes.quote_cart(actor=buyer, cart=cart, country=buyer.country, at=at)
        order = checkout.place_order(actor=buyer, country=buyer.country, digest=quote.digest, has_consented=True, at=at)
        if checkout.payment_page(order=order):
            card = CARDS[_CARDS.get(buyer.country, "de")]
            payment_page.pay(session_id=order.payments.get().session_id, card=card, country=buyer.country)
        self.work_off()
        return order


def finance_people() -> tuple[User, User]:
    """Return the two members of finance, always in the same order."""
    first, second = (User.objects.get(email=login.email) for login in LOGINS if "is_finance" in login.flags)
    return first, second


def _currency_of(buyer: User) -> str:
    return _CURRENCIES.get(buyer.country, "USD")


def _charge_of(order: Order) -> str:
    payment = order.payments.get(state=PaymentState.SUCCEEDED)
    return payment_services.gateway().fetch_payment(payment_id=payment.provider_payment_id).charge_id


def _receive(event_id: str) -> None:
    event = SandboxEvent.objects.get(event_id=event_id)
    signature = WebhookSignature.generate_signature_header(event.body, secrets_of(event.endpoint)[0])
    payment_services.receive_event(endpoint=event.endpoint, body=event.body.encode(), signature=signature)
    SandboxEvent.objects.filter(pk=event.pk).update(delivered_at=clock.real_now())
