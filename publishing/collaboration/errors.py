"""Errors of collaboration. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class AlreadyInvited(DomainError):
    code = "collaboration.already_invited"
    message = _("{email} has already been invited and has not answered yet. You can send the invitation again below.")


class OwnAddress(DomainError):
    code = "collaboration.own_address"
    message = _("This is your own address. As the owner you can already do everything.")


class TooManyCollaborators(DomainError):
    code = "collaboration.too_many"
    message = _("A book can have {limit} collaborators and open invitations at a time. End one first.")


class InvitationClosed(DomainError):
    """The link was used, replaced by a newer one, withdrawn or is too old."""

    code = "collaboration.invitation_closed"
    message = _(
        "This invitation is no longer open: it was answered, withdrawn, sent again or is older than {days} days. Ask "
        "the person who invited you to send a new one."
    )


class OwnWork(DomainError):
    code = "collaboration.own_work"
    message = _("This invitation is to a book of your own. Log in with the account that it is meant for.")


class AlreadyCollaborator(DomainError):
    code = "collaboration.already_collaborator"
    message = _("You are already working on this book. Ask its owner if you need another role.")


class CollaborationOver(DomainError):
    code = "collaboration.over"
    message = _("This collaboration has ended. Invite the person again if you want to go on together.")


class ResentTooSoon(DomainError):
    code = "collaboration.resent_too_soon"
    message = _("The invitation was sent less than a day ago. Wait a little before you send it again.")


class OnlyCoAuthorsPublish(DomainError):
    code = "collaboration.only_co_authors_publish"
    message = _("Only a co-author can be allowed to publish. Choose that role, or untick the box.")
