"""One random life of the shop, from a seed: what people, the provider and the night do until everything is at rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from common.errors import DomainError
from common.periods import Month
from payments.errors import CardDeclined, SessionClosed
from payments.gateway import GatewayRefused, GatewayUnknown
from payments.models import EventState, ProviderEvent, SandboxEvent, SandboxObject
from payments.stripe.sandbox import accounts as sandbox_accounts
from payments.stripe.sandbox import disputes as sandbox_disputes
from payments.stripe.sandbox import payment_page
from payments.stripe.sandbox import refunds as sandbox_refunds
from payments.stripe.sandbox.cards import CARDS
from payments.stripe.sandbox.resources import SandboxError
from tests.properties.money.template import WORKS, Cast
from tests.properties.money.world import Crash, World

_QUIET_ROUNDS = 30


class Schedule:
    """Runs itself with `live`. `is_calm` leaves faults and deaths out."""

    def __init__(self, cast: Cast, seed: int, *, is_calm: bool = False) -> None:
        self.rng = Random(seed)
        self.world = World(cast, self.rng, has_faults=not is_calm)
        self.cast = cast
        self._actions: list[tuple[int, Callable[[], None]]] = [
            (30, self._buy),
            (8, self._open_again),
            (14, self._regret),
            (6, self._give_back_elsewhere),
            (14, self._wait),
            (8, self._pay_out),
            (3, self._close_month),
            (3, self._reconcile),
            (5, self._complain),
            (5, self._judge),
            (2, self._freeze_account),
        ]

    def live(self) -> None:
        """Live through it and come to rest; `tests.properties.money.checks` looks at what is left."""
        weights = [weight for weight, _ in self._actions]
        for _ in range(self.rng.randint(3, 10)):
            [(_, action)] = self.rng.choices(self._actions, weights)
            self.world.note(action.__name__[1:].replace("_", " "))
            self.world.trouble()
            self._try(action)
            self.world.now += timedelta(seconds=self.rng.randint(1, 900))
            self.world.work(share=self.rng.choice([0.3, 0.7, 1.0]))
            if self.rng.random() < 0.2:
                self.world.sweep()
        self._come_to_rest()

    def _try(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Crash:
            pass
        except (DomainError, GatewayUnknown, GatewayRefused, CardDeclined, SessionClosed, SandboxError) as error:
            self.world.note(f"  {type(error).__name__}")

    # ------------------------------------------------------------ readers

    def _buy(self) -> None:
        from accounts.models import User
        from storefront.checkout.cart.selectors import carts as cart_selectors
        from storefront.checkout.cart.services import carts, quotes
        from storefront.checkout.orders.services import checkout

        reader = User.objects.get(pk=self.rng.choice(self.cast.readers))
        currency = self.rng.choice(["USD", "USD", "EUR"])
        for work in self.rng.sample(range(len(WORKS)), self.rng.randint(1, 3)):
            edition = self.cast.editions[work]
            cart = carts.add_edition(actor=reader, cart_id="", edition_id=edition, currency=currency, at=self.world.now)
        cart = cart_selectors.cart_of(user=reader, cart_id="") or cart
        country = self.rng.choice(["US", "DE", "FR"])
        quote = quotes.quote_cart(actor=reader, cart=cart, country=country, at=self.world.now)
        order = checkout.place_order(
            actor=reader, country=country, digest=quote.digest, has_consented=True, at=self.world.now
        )
        self.world.note(f"  {order.public_id} {quote.total} {country}")
        if checkout.payment_page(order=order):
            self._pay(order.payments.order_by("-pk")[0].session_id, country)

    def _pay(self, session_id: str, country: str) -> None:
        if self.rng.random() < 0.12:
            return  # goes away without paying
        card = self.rng.choices(["us", "de", "secure", "declined", "debit", "debit_fails"], [8, 4, 1, 1, 2, 1])[0]
        payment_page.pay(session_id=session_id, card=CARDS[card], country=country)
        self.world.note(f"  paid with {card}")

    def _open_again(self) -> None:
        """A page left open, or an order's own page clicked again: it may be paid now."""
        from storefront.checkout.models import Order
        from storefront.checkout.orders.services import checkout

        pages = SandboxObject.objects.filter(kind="checkout.session", group="open").order_by("pk")
        orders = Order.objects.filter(state="open").order_by("pk")
        if orders and self.rng.random() < 0.5:
            order = self.rng.choice(list(orders))
            if checkout.payment_page(order=order):
                checkout.refresh_order(order=order)
        if pages:
            self._pay(self.rng.choice(list(pages)).object_id, self.rng.choice(["US", "DE"]))

    def _regret(self) -> None:
        from storefront.checkout.models import OrderLine
        from storefront.checkout.refunds import services as refunds

        lines = OrderLine.objects.filter(order__state="paid").select_related("order__buyer").order_by("pk")
        if lines:
            line = self.rng.choice(list(lines))
            refunds.request_refund(actor=line.order.buyer, line=line, reason="regret", at=self.world.now)
            self.world.note(f"  {line.public_id} {line.paid_minor}")

    # ------------------------------------------------------------ the office

    def _give_back_elsewhere(self) -> None:
        """Somebody gives part of a payment back on the provider's own pages."""
        from django.db import transaction

        charges = [
            row.data
            for row in SandboxObject.objects.filter(kind="charge").order_by("pk")
            if row.data["amount_refunded"] < row.data["amount"]
        ]
        if charges:
            charge = self.rng.choice(charges)
            left = charge["amount"] - charge["amount_refunded"]
            amount = left if self.rng.random() < 0.3 else self.rng.randint(1, left)
            with transaction.atomic():
                sandbox_refunds.create_refund({"payment_intent": charge["payment_intent"], "amount": amount})
            self.world.note(f"  {amount} of {charge['id']}")

    def _complain(self) -> None:
        """A reader's bank asks about a payment, or takes it back at once."""
        charges = SandboxObject.objects.filter(kind="charge").order_by("pk")
        if charges:
            charge = self.rng.choice(list(charges))
            dispute = sandbox_disputes.open_dispute(charge.object_id, is_inquiry=self.rng.random() < 0.3)
            self.world.note(f"  {dispute['id']} {dispute['status']} {dispute['amount']} of {charge.object_id}")

    def _judge(self) -> None:
        """The bank decides one of its cases."""
        waiting = [
            row
            for row in SandboxObject.objects.filter(kind="dispute").order_by("pk")
            if row.data["status"] in {"needs_response", "under_review", "warning_needs_response"}
        ]
        if waiting:
            row = self.rng.choice(waiting)
            is_inquiry = row.data["status"].startswith("warning")
            outcome = self.rng.choice(["warning_closed", "escalated"] if is_inquiry else ["won", "lost"])
            sandbox_disputes.decide_dispute(row.object_id, outcome)
            self.world.note(f"  {row.object_id} {outcome}")

    def _pay_out(self) -> None:
        from royalties.models import HoldRule
        from royalties.services import payouts

        fiona, felix = self._finance()
        currency = self.rng.choice(["USD", "USD", "EUR"])
        run = payouts.propose_run(actor=fiona, currency=currency, at=self.world.now)
        if self.rng.random() < 0.15:
            payouts.cancel_run(actor=felix, run=run, at=self.world.now)
            return
        held = run.payouts.order_by("pk").first()
        if held is not None and self.rng.random() < 0.2:
            payouts.hold(actor=fiona, payout=held, rule=HoldRule.IDENTITY, reason="looks odd", at=self.world.now)
        payouts.approve_run(actor=felix, run=run, at=self.world.now)
        if held is not None and self.rng.random() < 0.7:
            held.refresh_from_db()
            if held.state == "held":
                payouts.release(actor=fiona, payout=held, at=self.world.now)

    def _close_month(self) -> None:
        from royalties.errors import ItemsHoldMonth
        from royalties.services import month_close

        month = month_close.next_to_close()
        if month is not None:
            try:
                self._close(month)
            except ItemsHoldMonth as waits:
                self.world.note(f"  {waits}")
            else:
                self.world.note(f"  closed {month}")

    def _close(self, month: Month) -> None:
        """Compare; one person prepares, another closes."""
        from royalties.services import close_preparation, month_close, reconciliation

        first, second = self._finance()
        reconciliation.reconcile(at=self.world.now)
        close_preparation.prepare_close(actor=first, period=month, at=self.world.now)
        month_close.close_period(actor=second, period=month, at=self.world.now)

    def _reconcile(self) -> None:
        from royalties.services import reconciliation

        reconciliation.reconcile(at=self.world.now)

    def _freeze_account(self) -> None:
        """The provider stops, or allows again, transfers to an author; the shop hears of it some time later."""
        account = self.rng.choice(self.cast.author_accounts)
        sandbox_accounts.set_capability(account_id=account, status=self.rng.choice(["restricted", "active"]))

    def _finance(self) -> tuple:
        from accounts.models import User

        return tuple(User.objects.get(pk=pk) for pk in self.cast.finance)

    # ------------------------------------------------------------ time

    def _wait(self) -> None:
        hours = self.rng.choice([1, 6, 20, 25, 24 * 3, 24 * 9, 24 * 16])
        self.world.now += timedelta(hours=hours)
        self.world.note(f"  {hours} h")
        self.world.sweep()

    def _come_to_rest(self) -> None:
        """Nothing goes wrong any more; everything that waits is done; every return window ends."""
        self.world.note("comes to rest")
        self.world.calm()
        while SandboxObject.objects.filter(
            kind="dispute", data__status__in=["needs_response", "under_review"]
        ).exists():
            self._judge()
        self._work_everything_off()
        self.world.now += timedelta(days=20)
        self._work_everything_off()
        self._try(self._reconcile)
        self._close_all()

    def _work_everything_off(self) -> None:
        for _ in range(_QUIET_ROUNDS):
            self.world.now += timedelta(minutes=65)  # longer than any page, lease or pause between two attempts lasts
            self.world.sweep()
            while self.world.messages:
                self.world.work()
            if not self._is_anything_waiting():
                return

    def _is_anything_waiting(self) -> bool:
        from royalties.models import Payout
        from storefront.checkout.models import Payment, Refund

        return bool(
            self.world.messages
            or SandboxEvent.objects.filter(delivered_at=None).exists()
            or ProviderEvent.objects.exclude(state=EventState.PROCESSED).exists()
            or Payment.objects.filter(state="pending").exists()
            or Refund.objects.filter(state="pending").exists()
            or Payout.objects.filter(state="sent").exists()
        )

    def _close_all(self) -> None:
        from royalties.services import month_close

        while (month := month_close.next_to_close()) is not None and month.end <= self.world.now:
            self._close(month)
            if month == Month.of(self.world.now):
                break
