"""Errors of advance copies. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NoFiles(DomainError):
    """The files are being made or failed."""

    code = "advance_copy.no_files"
    message = _("There is nothing to read yet. Wait until the files of this book are made.")


class NeedsTitle(DomainError):
    code = "advance_copy.needs_title"
    message = _("Readers need a title to know what they get. Fill in the details first.")


class WrongDay(DomainError):
    code = "advance_copy.wrong_day"
    message = _("Choose a last day from tomorrow on, and within {days} days from now.")


class NoOffer(DomainError):
    code = "advance_copy.no_offer"
    message = _("Say first what readers get and until when.")


class OfferClosed(DomainError):
    code = "advance_copy.closed"
    message = _("No more copies of this book are given. Give copies again first.")


class UnderReview(DomainError):
    code = "advance_copy.under_review"
    message = _(
        "A moderator has stopped the advance copies of this book. You can give copies again when your appeal is "
        "accepted."
    )


class TooManyCopies(DomainError):
    code = "advance_copy.too_many"
    message = _(
        "{limit} copies are the most at a time, and that would be more. Withdraw one first, or raise the number."
    )


class TooManyMails(DomainError):
    code = "advance_copy.too_many_mails"
    message = _("You can send {limit} invitations a day. Send the others tomorrow.")


class ResentTooSoon(DomainError):
    code = "advance_copy.resent_too_soon"
    message = _("The invitation was sent less than {days} days ago. Give the reader a little time.")


class SentOften(DomainError):
    code = "advance_copy.sent_often"
    message = _("The invitation has been sent {count} times. If there is no answer, leave it at that.")


class NotWaiting(DomainError):
    """The invitation or request was answered or withdrawn meanwhile."""

    code = "advance_copy.not_waiting"
    message = _("This has been answered in the meantime. The list shows how things stand.")


class NotLasting(DomainError):
    code = "advance_copy.not_lasting"
    message = _("This copy has been withdrawn or was never accepted. Invite the reader again.")


class InvitationClosed(DomainError):
    """The link was used, replaced by a newer one, withdrawn or is too old."""

    code = "advance_copy.invitation_closed"
    message = _(
        "This invitation is no longer open: it was answered, withdrawn or sent again, or no more copies are given. Ask "
        "the author to invite you again."
    )


class OwnBook(DomainError):
    code = "advance_copy.own_book"
    message = _("You worked on this book yourself. Log in with the account that the copy is meant for.")


class HasBook(DomainError):
    code = "advance_copy.has_book"
    message = _("You have this book already. You find it in your library.")


class AlreadyAsked(DomainError):
    code = "advance_copy.already_asked"
    message = _("You have asked for this copy already. The author’s answer comes by email.")


class TooManyRequests(DomainError):
    code = "advance_copy.too_many_requests"
    message = _("You have asked for {limit} copies and wait for the answers. Ask for others after that.")
