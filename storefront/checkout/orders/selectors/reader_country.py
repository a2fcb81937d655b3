"""The country where people live, as far as the shop knows; emails about books use it (docs/decisions/0057)."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import User
from publishing.territories import Territory
from storefront.checkout.models import Order


def home_of(user: User) -> str:
    """Return the country in the person's profile, or else that of their last paid order; "" if neither is known."""
    return user.country or _paid_orders().filter(buyer=user).values_list("tax_country", flat=True).first() or ""


def living_where_sold(people: QuerySet[User], territory: Territory) -> QuerySet[User]:
    """Return the people who can buy in the territory, or whose country is not known."""
    if territory.is_world:
        return people
    last = _paid_orders().filter(buyer=OuterRef("pk")).values("tax_country")[:1]
    with_home = people.annotate(home=Coalesce(NullIf(F("country"), Value("")), Subquery(last), Value("")))
    homes = with_home.order_by().values_list("home", flat=True).distinct()
    return with_home.exclude(home__in=[one for one in homes if not territory.is_sold_in(one)])


def _paid_orders() -> QuerySet[Order]:
    return Order.objects.exclude(paid_at=None).order_by("-paid_at", "-pk")
