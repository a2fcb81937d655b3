"""Three months of a small shop's life, told through the same services that serve its visitors.

Readers fill carts, pay on the sandbox's page, give some books back and review what they bought; webhooks are signed and
received; money clears; two finance people pay the authors; months are closed. Only the clock is told which day it is,
and what a worker would do later is done here at once, so that everything carries the date on which it happened.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from stripe import WebhookSignature

from accounts.models import User
from common import clock, jobs
from common.periods import Month
from demo.books import SHOP_OPENED, author, reader
from demo.content.loader import Catalogue
from demo.people import LOGINS, person
from payments import services as payment_services
from payments.models import SandboxEvent
from payments.stripe.configuration import secrets_of
from payments.stripe.sandbox import accounts as sandbox_accounts
from payments.stripe.sandbox import paying
from payments.stripe.sandbox.cards import CARDS
from publishing.models import Edition, Work
from royalties.errors import NothingToPayOut
from royalties.services import clearing, payout_accounts, payouts, periods
from storefront.models import Order, OrderLine, OrderState
from storefront.services import carts, checkout, quotes, refunds, reviews

_SEED = 20260824
_ORDERS = 170
_REFUNDED_IN_A_HUNDRED = 4
_CURRENCIES = {"GB": "GBP", "DE": "EUR", "AT": "EUR", "FR": "EUR", "IT": "EUR", "ES": "EUR", "NL": "EUR", "IE": "EUR"}
_COUNTRIES = ("US", "US", "US", "GB", "GB", "DE", "DE", "DE", "AT", "FR", "NL", "IE", "CA")
_NAMES = (
    "Amara Bell, Ben Okafor, Carla Nunes, Dieter Voss, Elif Aydin, Frank Moor, Greta Lind, Hana Sato, Ivo Marek, "
    "Jana Kern, Kofi Mensah, Lena Brandt, Milo Hart, Nadia Rahal, Owen Price, Pia Lange, Quinn Avery, Rosa Vidal, "
    "Sami Niemi, Tara Doyle, Uwe Falk, Vera Stein, Will Cho, Xenia Popov, Yusuf Demir, Zoe Martin, Arne Holm, "
    "Bea Fuchs, Cyril Roy, Dora Weiss, Emil Ruiz, Freya Lund, Gil Amsel, Hugo Petit, Inga Thorn, Joel Katz, "
    "Klara Maas, Luis Ortega, Mara Silva, Nils Berg"
)

type Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Visit:
    """One reader's purchase: some books on one day."""

    at: datetime
    buyer: User
    editions: tuple[Edition, ...]
    is_regretted: bool


def seed_history(catalogue: Catalogue, tell: Tell) -> None:
    """Live through the past months. Does nothing in a shop that has sold before."""
    if Order.objects.exists():
        return
    now = clock.now()
    opened = now - SHOP_OPENED
    readers = {persona.key: reader(persona) for persona in catalogue.readers}
    visits = _plan_visits(catalogue, readers, opened, now)
    with jobs.gathered() as messages:
        shop = _Shop(messages)
        for persona in catalogue.authors:
            with clock.frozen(opened):
                shop.onboard(author(persona))
        shop.live(visits, opened, now)
        _write_reviews(catalogue, readers, now)
    orders = Order.objects.filter(state=OrderState.PAID)
    books = OrderLine.objects.filter(order__in=orders)
    tell(f"three months of sales: {orders.count()} orders, {books.count()} books")


def _plan_visits(catalogue: Catalogue, readers: dict[str, User], opened: datetime, now: datetime) -> list[Visit]:
    """Who buys what and when; nobody buys a work twice, and a book sells from the day it came out."""
    chance = random.Random(_SEED)  # noqa: S311 # plausible, not secret
    editions = list(Edition.objects.on_sale().select_related("work").order_by("published_at"))
    by_title = {edition.work.title: edition for edition in editions}
    titles = {book.slug: book.title for book in catalogue.books}
    visits = [
        Visit(_between(chance, edition, now), readers[review.reader], (edition,), is_regretted=False)
        for review in catalogue.reviews
        if (edition := by_title.get(titles[review.book])) is not None
    ]
    owned = {(visit.buyer.pk, visit.editions[0].pk) for visit in visits}
    favour = {edition.pk: chance.uniform(0.4, 2.0) for edition in editions}
    buyers = [*readers.values(), *_further_readers()]
    # The root makes later days likelier: the shop grows.
    for moment in sorted(opened + (now - opened) * chance.random() ** 0.7 for _ in range(_ORDERS)):
        buyer = chance.choice(buyers)
        wanted = [e for e in editions if _listed_at(e) < moment and (buyer.pk, e.pk) not in owned]
        if not wanted:
            continue
        picks = chance.choices(wanted, [favour[e.pk] for e in wanted], k=chance.choice([1, 1, 1, 2, 3]))
        chosen = tuple({edition.pk: edition for edition in picks}.values())
        owned |= {(buyer.pk, edition.pk) for edition in chosen}
        visits.append(Visit(moment, buyer, chosen, chance.randrange(100) < _REFUNDED_IN_A_HUNDRED))
    return sorted(visits, key=lambda visit: visit.at)


def _listed_at(edition: Edition) -> datetime:
    if edition.published_at is None:
        raise ValueError(f"{edition} is not on sale")
    return edition.published_at


def _between(chance: random.Random, edition: Edition, now: datetime) -> datetime:
    """A moment from the edition's first hour on sale to four days ago."""
    first = _listed_at(edition) + timedelta(hours=1)
    return first + (now - timedelta(days=4) - first) * chance.random()


def _further_readers() -> list[User]:
    chance = random.Random(_SEED + 1)  # noqa: S311 # plausible, not secret
    names = _NAMES.split(", ")
    return [person(f"{name.lower().replace(' ', '.')}@example.org", name, chance.choice(_COUNTRIES)) for name in names]


class _Shop:
    """The shop in the past: what its workers would do is done here, in order."""

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
        if visit.is_regretted and regret < now:
            with clock.frozen(regret):
                line = order.lines.order_by("pk")[0]
                refunds.request_refund(actor=visit.buyer, line=line, reason="not for me", at=regret)
                self.work_off()

    def sell(self, visit: Visit) -> Order:
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

    def turn_month(self, month: Month, at: datetime) -> None:
        """The first day of a month: close the month before, pay what is payable."""
        first, second = (User.objects.get(email=login.email) for login in LOGINS if "is_finance" in login.flags)
        periods.close_period(actor=first, period=month, at=at)
        for currency in settings.CURRENCIES:
            with suppress(NothingToPayOut):
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


def _receive(event_id: str) -> None:
    event = SandboxEvent.objects.get(event_id=event_id)
    signature = WebhookSignature.generate_signature_header(event.body, secrets_of(event.endpoint)[0])
    payment_services.receive_event(endpoint=event.endpoint, body=event.body.encode(), signature=signature)
    SandboxEvent.objects.filter(pk=event.pk).update(delivered_at=clock.real_now())


def _write_reviews(catalogue: Catalogue, readers: dict[str, User], now: datetime) -> None:
    """The readers' reviews of what they bought, a day or more after."""
    works = {work.title: work for work in Work.objects.exclude(listing=None)}
    titles = {book.slug: book.title for book in catalogue.books}
    chance = random.Random(_SEED + 2)  # noqa: S311 # plausible, not secret
    for review in catalogue.reviews:
        work, user = works[titles[review.book]], readers[review.reader]
        granted_at = user.entitlements.get(work=work, ended_at=None).granted_at
        at = granted_at + timedelta(days=1) + (now - granted_at - timedelta(days=1)) * chance.random()
        with clock.frozen(at):
            reviews.write_review(actor=user, work=work, stars=review.stars, title=review.title, body=review.body, at=at)
