"""What people are told about their own data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CopyUnderWay(DomainError):
    code = "copy.under_way"
    message = _("A copy of your data is being made already. You get a mail when it can be downloaded.")


class TooManyCopies(DomainError):
    code = "copy.too_many"
    message = _(
        "You have asked for {most} copies within a day. Ask again tomorrow; those made before can be downloaded."
    )
    status = 429


class DeletionBlocked(DomainError):
    code = "deletion.blocked"
    message = _("Your account cannot be deleted yet: {reasons}")


class AccountClosed(DomainError):
    code = "account.closed"
    message = _("This account was deleted. Nothing can be bought with it any more, and nothing was charged.")
    status = 403


class OwnRole(DomainError):
    code = "role.own"
    message = _("You cannot assign a role to yourself. Ask another operator.")
    status = 403


class AddressNotConfirmed(DomainError):
    code = "role.address_not_confirmed"
    message = _("This account has no confirmed e-mail address. The person has to confirm it first.")


class RoleHeld(DomainError):
    code = "role.held"
    message = _("{name} already has this role, has been proposed for it, or has no active account.")


class GrantIsOver(DomainError):
    code = "role.over"
    message = _("Somebody else has already decided about this role. Nothing was changed.")


class ClaimLost(Exception):
    """Another worker makes this copy by now."""
