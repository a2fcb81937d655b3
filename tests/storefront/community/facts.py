"""Copies and reviews as they stand in the database, without checkout: rankings read nothing else of a sale."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from accounts.models import User
from common import clock
from publishing.models import Edition
from royalties.models import PayoutAccount
from storefront.checkout.models import Entitlement, Order, OrderLine, OrderState
from storefront.community.models import Review
from tests.factories.accounts import make_author
from tests.factories.publishing import make_published_edition

_numbers = count(1)


def verified_author(**overrides: object) -> User:
    user = make_author(**overrides)
    PayoutAccount.objects.create(
        user=user,
        country="US",
        provider_account_id=f"acct_{next(_numbers)}",
        is_ready=True,
        changed_at=clock.now(),
        usable_from=clock.now(),
    )
    return user


def book_of(author: User, slug: str, published_at: datetime) -> Edition:
    return make_published_edition(owner=author, slug=slug, title=slug.title(), published_at=published_at)


def under_pen_name(edition: Edition, name: str) -> Edition:
    """The edition of a work whose owner signs it so and keeps the name off their page."""
    edition.work.contributors.filter(user=edition.work.owner).update(name=name, is_on_page=False)
    return edition


def sell(
    edition: Edition, buyer: User, at: datetime, *, paid_minor: int = 499, reader: User | None = None
) -> Entitlement:
    """A paid copy; `reader` is whom it was given to."""
    order = Order.objects.create(
        buyer=buyer, state=OrderState.PAID, currency="USD", total_minor=paid_minor, tax_country="US", created_at=at
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
    return Entitlement.objects.create(
        user=reader or buyer, work=edition.work, edition=edition, line=line, granted_at=at
    )


def review(edition: Edition, user: User, stars: int, at: datetime) -> Review:
    return Review.objects.create(work=edition.work, user=user, stars=stars, created_at=at, changed_at=at)
