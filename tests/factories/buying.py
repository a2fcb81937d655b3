"""Books on sale and readers who buy them, through the services and the simulated provider."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Any

from accounts.models import User
from common import clock
from payments.models import SandboxObject
from payments.stripe.sandbox import payment_page
from payments.stripe.sandbox.cards import CARDS
from publishing.models import Contributor, Edition, EditionState, Manuscript, Price, SplitAgreement, SplitShare, Work
from storefront.checkout.cart.selectors import carts as cart_selectors
from storefront.checkout.cart.services import carts, quotes
from storefront.checkout.models import Order
from storefront.checkout.orders.services import checkout, settlement
from tests.factories.accounts import make_author, make_reader
from tests.factories.conversion import make_done_job

_numbers = count(1)


def make_book(
    *, title: str = "The Lighthouse", prices: dict[str, int] | None = None, owner: User | None = None
) -> Edition:
    """A published edition with its files, its owner alone in the split, at 4.99 USD."""
    owner, number, now = owner or make_author(), next(_numbers), clock.now()
    work = Work.objects.create(owner=owner, slug=f"book-{number}", title=title, language="en", created_at=now)
    author = Contributor.objects.create(work=work, user=owner, name=owner.display_name)
    agreement = SplitAgreement.objects.create(work=work, effective_at=now, proposed_by=owner, created_at=now)
    SplitShare.objects.create(agreement=agreement, contributor=author, share_bps=10_000, consented_at=now)
    for currency, price_minor in (prices or {"USD": 499}).items():
        Price.objects.create(work=work, currency=currency, list_price_minor=price_minor, changed_at=now)
    return add_edition(work)


def add_edition(work: Work) -> Edition:
    """The next edition of the work, published; the one before is superseded."""
    now = clock.now()
    work.editions.filter(state=EditionState.PUBLISHED).update(state=EditionState.SUPERSEDED)
    number = work.editions.count() + 1
    content = f"# {work.title} {number}\n".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    manuscript = Manuscript.objects.create(
        work=work,
        file="m",
        name="m.md",
        sha256=sha256,
        size_bytes=len(content),
        uploaded_by=work.owner,
        uploaded_at=now,
    )
    return Edition.objects.create(
        work=work,
        number=number,
        manuscript=manuscript,
        job=make_done_job(requested_by=work.owner, source=content),
        state=EditionState.PUBLISHED,
        identifier=f"urn:uuid:{work.pk}-{number}",
        created_at=now,
        published_at=now,
    )


def fill_cart(reader: User, *editions: Edition, currency: str = "USD") -> None:
    for edition in editions:
        carts.add_edition(actor=reader, cart_id="", edition_id=edition.public_id, currency=currency, at=clock.now())


def place_order(reader: User, *editions: Edition, country: str = "US", currency: str = "USD") -> Order:
    """An order of these editions, waiting for payment (or complete when free)."""
    fill_cart(reader, *editions, currency=currency)
    cart = cart_selectors.cart_of(user=reader, cart_id="")
    quote = quotes.quote_cart(actor=reader, cart=cart, country=country, at=clock.now())
    return checkout.place_order(actor=reader, country=country, digest=quote.digest, has_consented=True, at=clock.now())


def open_page(order: Order) -> str:
    """The provider's session of the order's payment page."""
    return checkout.payment_page(order=order).rstrip("/").rpartition("/")[2]


def pay_session(session_id: str, *, card: str = "us", country: str = "US") -> None:
    """The reader pays on the provider's page; nobody has told the shop yet."""
    payment_page.pay(session_id=session_id, card=CARDS[card], country=country)


def buy(reader: User | None = None, *editions: Edition, **kwargs: Any) -> Order:
    """A paid order."""
    reader = reader or make_reader()
    order = place_order(reader, *(editions or (make_book(),)), **kwargs)
    if order.total_minor:
        session_id = open_page(order)
        pay_session(session_id)
        settlement.settle_session(session_id=session_id)
    order.refresh_from_db()
    return order


def stored_session(session_id: str) -> SandboxObject:
    return SandboxObject.objects.get(object_id=session_id)
