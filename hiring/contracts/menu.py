"""Contracts in the visitor's menu."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Visitor
from hiring.contracts.models import Contract
from hiring.contracts.selectors import pages
from storefront.pages.menu_hooks import MenuLink


def contracts_link(visitor: Visitor) -> MenuLink | None:
    """Return the link for people who have a contract, with the number of those that wait for them."""
    if not isinstance(visitor, User) or not Contract.objects.of(visitor).exists():
        return None
    return MenuLink(_("Contracts"), reverse("contracts:contracts"), pages.waiting_for(visitor))
