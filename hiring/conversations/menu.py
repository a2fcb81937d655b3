"""The inbox in the visitor's menu."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Visitor
from hiring.conversations import selectors
from storefront.pages.menu_hooks import MenuLink


def inbox_link(visitor: Visitor) -> MenuLink | None:
    """Return the link for people who take part in a conversation, with the number of those with something new."""
    count = selectors.count_unread(visitor)
    if not count and not selectors.has_any(visitor):
        return None
    return MenuLink(_("Inbox"), reverse("conversations:inbox"), count, is_direct=True)
