"""Errors of sending books. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class AddressNotAllowed(DomainError):
    code = "sending.address"
    message = _(
        "We send books to Kindle (@kindle.com) and PocketBook (@pbsync.com) addresses, and to the address of your "
        "account ({own}). Enter one of these."
    )


class AddressKnown(DomainError):
    code = "sending.known"
    message = _("You have added this address already. It is in the list.")


class TooManyDevices(DomainError):
    code = "sending.too_many_devices"
    message = _("You have {limit} devices. Remove one that you no longer use first.")


class WrongCode(DomainError):
    code = "sending.wrong_code"
    message = _("This is not the code in the document that we sent last. Check it, or have a new one sent.")


class CodeSpent(DomainError):
    code = "sending.code_spent"
    message = _("This code was entered wrongly too often. Have a new one sent.")


class NotConfirmed(DomainError):
    code = "sending.not_confirmed"
    message = _("Confirm this device first: enter the code that we sent to it.")


class NoFile(DomainError):
    code = "sending.no_file"
    message = _("This book has no EPUB yet that could be sent. Try again when its files are ready.")


class CodeUnknown(DomainError):
    code = "sending.code_unknown"
    message = _("No e-reader shows this code now. Open the page on your e-reader again, and enter its new code.")
