"""Errors of claims. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class OwnBook(NotAllowed):
    code = "claim.own_book"
    message = _("You made this book yourself, or helped to. You can change it without a claim.")


class NotForSale(DomainError):
    code = "claim.not_on_sale"
    message = _("This book is not on sale, so there is no money to claim. You can claim once it is on sale again.")


class NothingToCompare(DomainError):
    """The text of the book was not compared yet, or is gone."""

    code = "claim.no_text"
    message = _("The text of this book has not been read yet. Try again in a few minutes.")


class NoPassages(DomainError):
    code = "claim.no_passages"
    message = _("Choose at least one passage.")


class PassageNotFound(DomainError):
    code = "claim.passage_not_found"
    message = _(
        "These words do not stand in the book: “{words}”. Copy them from the book itself, 40 words in a row at least."
    )


class PassageFree(DomainError):
    """Words that anybody may publish cannot be claimed."""

    code = "claim.passage_free"
    message = _(
        "Nobody can claim “{words}”: these words also stand in “{title}” ({source}), which anybody may publish. Leave "
        "them out."
    )


class OriginalFree(DomainError):
    code = "claim.original_free"
    message = _("“{title}” is under a licence that lets anybody publish it ({licence}), so nobody can claim its words.")


class AlreadyClaimed(DomainError):
    code = "claim.already_claimed"
    message = _("Your claim on this book is still open. Once it has ended, you can make another.")


class ClaimsSuspended(DomainError):
    code = "claim.suspended"
    message = _(
        "Three of your claims were dismissed within a year, so we take no claims from you until {until}. You can "
        "appeal on the page that we have emailed to you."
    )


class ClaimantMissing(DomainError):
    code = "claim.claimant_missing"
    message = _("Give your name and your email address.")


class WrongStep(DomainError):
    """The table of the process has no row for it, or its time is over."""

    code = "claim.wrong_step"
    message = _("This is not possible now: the claim has gone on since, or the time for it is over. Reload the page.")


class NotYourClaim(NotAllowed):
    code = "claim.not_yours"
    message = _(
        "Someone who is not involved has to decide this, and an appeal needs someone who did not make the first "
        "decision."
    )


class WordsMissing(DomainError):
    code = "claim.words_missing"
    message = _("Say why. The other side can only respond to what you write.")


class AppealStillOpen(DomainError):
    code = "claim.appeal_open"
    message = _("The other side can still appeal until {until}. Decide after that, about both at once.")


class OtherAddress(DomainError):
    code = "claim.other_address"
    message = _("This claim was made from another address. Log in with the account that has that address.")
