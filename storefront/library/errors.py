"""What can stand in the way of reading and wishing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from storefront.checkout.errors import AlreadyOwned


class NoNeedToWish(AlreadyOwned):
    code = "no_need_to_wish"
    message = _("You own “{title}”: it is in your library, so it is not on your wish list.")


class LinkExpired(DomainError):
    code = "link_expired"
    message = _("This download link was good for five minutes. Your library makes a new one.")
    status = 410


class PlaceOvertaken(DomainError):
    code = "place_overtaken"
    message = _("You have read on in another tab or on another device.")
