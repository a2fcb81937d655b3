"""What a script is answered while the shop is not open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class ShopReadOnly(DomainError):
    code = "shop_read_only"
    message = _("The shop can be read but not changed for the moment. Try again in a few minutes.")
    status = 503


class ShopClosed(DomainError):
    code = "shop_closed"
    message = _("The shop is closed for maintenance. Try again in a few minutes.")
    status = 503
