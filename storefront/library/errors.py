"""Errors of the library and wish lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from storefront.checkout.errors import AlreadyOwned


class AlreadyOwnedWish(AlreadyOwned):
    code = "no_need_to_wish"
    message = _("You already own “{title}”. It is in your library, so it is not on your wish list.")


class LinkExpired(DomainError):
    code = "link_expired"
    message = _("This download link has expired: it only works for five minutes. Get a new one from your library.")
    status = 410


class NoMarkedFile(DomainError):
    code = "no_marked_file"
    message = _("This file is not an EPUB, so it has no marks that we can read. Convert it to EPUB first.")
