"""Reviews, and people whose word counts, without going through a purchase."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from common import clock
from publishing.models import Edition
from storefront.checkout.models import Entitlement, Order, OrderLine, OrderState
from storefront.community.models import Review, Standing
from tests.factories.accounts import make_reader
from tests.factories.publishing import make_published_edition


def make_entitlement(user: User, edition: Edition, *, paid_minor: int = 499, **overrides: Any) -> Entitlement:
    """The right to read, of a book that was paid for."""
    now = clock.now()
    order = Order.objects.create(
        buyer=user,
        state=OrderState.PAID,
        currency="USD",
        total_minor=paid_minor,
        tax_country="US",
        created_at=now,
        paid_at=now,
        receipt_sent_at=now,
    )
    line = OrderLine.objects.create(
        order=order,
        edition=edition,
        title=edition.work.title,
        list_minor=paid_minor,
        paid_minor=paid_minor,
        tax_minor=0,
        tax_rate_bps=0,
        processor_fee_minor=0,
        platform_fee_minor=0,
        royalty_minor=paid_minor,
        terms_id=1,
    )
    values = {"user": user, "work": edition.work, "edition": edition, "line": line, "granted_at": now, **overrides}
    return Entitlement.objects.create(**values)


def make_review(*, edition: Edition | None = None, user: User | None = None, **overrides: Any) -> Review:
    """A review of somebody who kept the book."""
    edition, user = edition or make_published_edition(), user or make_reader()
    make_entitlement(user, edition)
    values = {"stars": 4, "title": "Quiet", "body": "It keeps its light.", "created_at": clock.now()}
    values |= {"changed_at": clock.now(), **overrides}
    return Review.objects.create(work=edition.work, user=user, **values)


def make_verified(**overrides: Any) -> User:
    """A reader who has kept a book that was paid for: their vote counts."""
    user = make_reader(**overrides)
    make_entitlement(user, make_published_edition(announce=False))
    return user


def make_standing(points: int, *, user: User | None = None, is_curator: bool = False) -> User:
    """A verified reader with so many points, as the last recount left them."""
    user = user or make_verified()
    Standing.objects.update_or_create(user=user, defaults={"points": points, "is_curator": is_curator})
    return user
