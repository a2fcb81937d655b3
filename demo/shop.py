"""A shop without processes: each thing that happens in it, done through the services, and what its workers would do
later done at once, so that a past can be told in order."""

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
from common.periods import Month
from demo.people import LOGINS
from payments import services as payment_services
from payments.models import SandboxEvent
from payments.stripe.configuration import secrets_of
from payments.stripe.sandbox import accounts as sandbox_accounts
from payments.stripe.sandbox import paying
from payments.stripe.sandbox.cards import CARDS
from publishing.models import Edition
from royalties.errors import NothingToPayOut
from royalties.services import clearing, payout_accounts, payouts, periods
from storefront.models import Order, OrderLine
from storefront.services import carts, checkout, quotes, refunds

_CURRENCIES = {"GB": "GBP", "DE": "EUR", "AT": "EUR", "FR": "EUR", "IT": "EUR", "ES": "EUR", "NL": "EUR", "IE": "EUR"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One reader's purchase: some books on one day."""

    at: datetime
    buyer: User
    editions: tuple[Edition, ...]
    is_regretted: bool = False


class Shop:
    """The shop in the past. `messages` are those of `jobs.gathered()`, within which it lives; whoever calls freezes
    the clock at the moment of what happens."""

    def __init__(self, messages: list[jobs.Message]) -> None:
        self.messages = messages

    def live(self, visits: Sequence[Visit], opened: datetime, now: datetime) -> None:
        """Day by day: sales in their order, then what the shop does at night."""
        coming = deque(visits)
        day, month = opened, Month.of(opened)
        while day < now:
            day = min(day + timedelta(days=1), now)
            while coming and coming[0].at < day:
                self.serve(coming.popleft(), now)
            with clock.frozen(day):
                clearing.clear_due(at=day)
                if Month.of(day) != month:
                    self.turn_month(month, day)
                    month = Month.of(day)

    def serve(self, visit: Visit, now: datetime) -> None:
        """One reader fills a cart and pays; some regret it two days later."""
        with clock.frozen(visit.at):
            order = self.sell(visit)
        regret = visit.at + timedelta(days=2)
        line = order.lines.filter(paid_minor__gt=0).order_by("pk").first()  # a free book has nothing to give back
        if visit.is_regretted and regret < now and line is not None:
            with clock.frozen(regret):
                self.give_back(line, visit.buyer, regret)

    def sell(self, visit: Visit) -> Order:
        """The visit's books in one cart, paid with a card of the buyer's side of the ocean."""
        buyer, at = visit.buyer, visit.at
        currency = _CURRENCIES.get(buyer.country, "USD")
        for edition in visit.editions:
            cart = carts.add_edition(actor=buyer, cart_id="", edition_id=edition.public_id, currency=currency, at=at)
        quote = quotes.quote_cart(actor=buyer, cart=cart, country=buyer.country, at=at)
        order = checkout.place_order(actor=buyer, country=buyer.country, digest=quote.digest, has_consented=True, at=at)
        if checkout.payment_page(order=order):
            card = CARDS["us" if buyer.country == "US" else "de"]
            paying.pay(session_id=order.payments.get().session_id, card=card, country=buyer.country)
        self.work_off()
        return order

    def give_back(self, line: OrderLine, buyer: User, at: datetime) -> None:
        """A reader returns one book and gets the money back."""
        refunds.request_refund(actor=buyer, line=line, reason="not for me", at=at)
        self.work_off()

    def turn_month(self, month: Month, at: datetime) -> None:
        """The first day of a month: close the month before, pay what is payable."""
        self.close_month(month, at)
        for currency in settings.CURRENCIES:
            with suppress(NothingToPayOut):
                self.pay_out(currency, at)

    def close_month(self, month: Month, at: datetime) -> None:
        first, _ = _finance_people()
        periods.close_period(actor=first, period=month, at=at)

    def pay_out(self, currency: str, at: datetime) -> None:
        """One finance person proposes, the other approves, the provider is asked. Raises NothingToPayOut."""
        first, second = _finance_people()
        run = payouts.propose_run(actor=first, currency=currency, at=at)
        payouts.approve_run(actor=second, run=run, at=at)
        self.work_off()

    def onboard(self, user: User) -> None:
        """Give the author a payout account, as the provider's page would."""
        back = settings.SITE_URL + reverse("earnings")
        url = payout_accounts.start_onboarding(
            actor=user, country=user.country, return_url=back, refresh_url=back, at=clock.now()
        )
        sandbox_accounts.finish_onboarding(link_id=url.rstrip("/").rsplit("/", 1)[-1])
        self.work_off()

    def work_off(self) -> None:
        """Do what was asked of workers. Webhooks are received here rather than by the web server, whose clock has
        moved on."""
        while self.messages:
            name, ids = self.messages.pop(0)
            if name == "payments.deliver":
                _receive(str(ids["event_id"]))
            else:
                jobs.run_here(name, **ids)


def _finance_people() -> tuple[User, User]:
    first, second = (User.objects.get(email=login.email) for login in LOGINS if "is_finance" in login.flags)
    return first, second


def _receive(event_id: str) -> None:
    event = SandboxEvent.objects.get(event_id=event_id)
    signature = WebhookSignature.generate_signature_header(event.body, secrets_of(event.endpoint)[0])
    payment_services.receive_event(endpoint=event.endpoint, body=event.body.encode(), signature=signature)
    SandboxEvent.objects.filter(pk=event.pk).update(delivered_at=clock.real_now())
