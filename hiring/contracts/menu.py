"""Contracts in the visitor's menu, and on their account page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.account_links import AccountLink
from accounts.models import User
from accounts.permissions import Visitor
from hiring.contracts import permissions
from hiring.contracts.models import Contract
from hiring.contracts.selectors import cases, rows
from storefront.pages.menu_hooks import MenuLink


def contracts_link(visitor: Visitor) -> MenuLink | None:
    """Return the link for people who have a contract, with the number of those that wait for them."""
    if not isinstance(visitor, User) or not Contract.objects.of(visitor).exists():
        return None
    return MenuLink(_("Contracts"), reverse("contracts:contracts"), rows.waiting_for(visitor))


def cases_link(visitor: Visitor) -> MenuLink | None:
    """Return the link for those who decide cases, with the number of those that wait for a decision."""
    if not permissions.may_moderate(visitor):
        return None
    return MenuLink(_("Cases about contracts"), reverse("contracts:cases"), cases.count_cases_to_decide())


def account_links(user: User) -> Iterable[AccountLink]:
    """Return the link on the account page; none for people without contracts."""
    if not Contract.objects.of(user).exists():
        return
    count = Contract.objects.of(user).open().count()
    detail = ngettext("%(count)d open contract", "%(count)d open contracts", count) % {"count": count}
    yield AccountLink(_("Contracts"), detail, reverse("contracts:contracts"))
