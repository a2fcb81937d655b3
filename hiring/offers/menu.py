"""A provider's services in the visitor's menu."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Visitor
from hiring.offers.models import Offer
from storefront.pages.menu_hooks import MenuLink


def services_link(visitor: Visitor) -> MenuLink | None:
    """Return the link for people who offer a service, public or not."""
    if not isinstance(visitor, User) or not Offer.objects.filter(provider=visitor).exists():
        return None
    return MenuLink(_("Your services"), reverse("offers:mine"))
