"""The ways to requests from the menu and the account page, for whoever asked or was asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.account_links import AccountLink
from accounts.models import User
from accounts.permissions import Visitor
from hiring.requests.models import Invitation, ServiceRequest
from hiring.requests.selectors import requests
from storefront.pages.menu_hooks import MenuLink


def menu_link(visitor: Visitor) -> MenuLink | None:
    """Return the link for the visitor's menu, with the number of those that wait for their answer."""
    if not isinstance(visitor, User) or not _takes_part(visitor):
        return None
    return MenuLink(_("Requests and proposals"), reverse("requests:mine"), requests.count_waiting(visitor))


def links_of(user: User) -> Iterable[AccountLink]:
    """Return the link to the person's requests; none for those who have none."""
    if waiting := requests.count_waiting(user):
        detail = ngettext("%(count)d waits for your answer", "%(count)d wait for your answer", waiting)
        yield AccountLink(_("Requests and proposals"), detail % {"count": waiting}, reverse("requests:mine"))
    elif _takes_part(user):
        yield AccountLink(
            _("Requests and proposals"), _("work you asked for or were asked for"), reverse("requests:mine")
        )


def _takes_part(user: User) -> bool:
    return ServiceRequest.objects.filter(client=user).exists() or Invitation.objects.of(user).exists()
