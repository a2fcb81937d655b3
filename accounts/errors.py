"""Errors shown to people about their accounts, data and roles."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CopyUnderWay(DomainError):
    code = "copy.under_way"
    message = _("We are already preparing a copy of your data. We will email you when it is ready to download.")


class TooManyCopies(DomainError):
    code = "copy.too_many"
    message = _(
        "You have asked for {most} copies in one day. Try again tomorrow. You can still download the earlier ones."
    )
    status = 429


class DeletionBlocked(DomainError):
    code = "deletion.blocked"
    message = _("Your account cannot be deleted yet: {reasons}")


class AccountClosed(DomainError):
    code = "account.closed"
    message = _("This account has been deleted and can no longer be used to buy anything. Nothing was charged.")
    status = 403


class OwnRole(DomainError):
    code = "role.own"
    message = _("You cannot assign a role to yourself. Ask another operator.")
    status = 403


class AddressNotConfirmed(DomainError):
    code = "role.address_not_confirmed"
    message = _("This account has no confirmed email address. The person must confirm it first.")


class RoleHeld(DomainError):
    code = "role.held"
    message = _("{name} already has this role, has been proposed for it, or has no active account.")


class GrantIsOver(DomainError):
    code = "role.over"
    message = _("Someone else has already decided about this role. Nothing was changed.")


class ClaimLost(Exception):
    """Another worker has taken over this copy."""
