"""Errors of offers. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class StaffOffersNothing(NotAllowed):
    code = "offer.staff"
    message = _(
        "Staff of this shop decide cases between members, so they neither offer services nor hire here. Use an account "
        "without a staff role."
    )


class AddressUnconfirmed(DomainError):
    code = "offer.address_unconfirmed"
    message = _("Confirm your email address first. You find the link under “Email addresses” on your account page.")


class OfferNotReady(DomainError):
    """What is missing before an offer can be public, in the words of `selectors.missing`."""

    code = "offer.not_ready"
    message = _("The offer is not ready to be public. Still missing: {missing}")


class OfferTakenDown(DomainError):
    code = "offer.taken_down"
    message = _(
        "A moderator has taken this offer down, so it cannot be changed or made public. You can appeal against the "
        "decision on its page."
    )


class TooManyOffers(DomainError):
    code = "offer.too_many"
    message = _("You can have {limit} offers at a time. Delete or change one of the others.")


class TooManySamples(DomainError):
    code = "offer.too_many_samples"
    message = _("An offer can show {limit} samples. Remove one first.")


class NotCredited(DomainError):
    code = "offer.not_credited"
    message = _("You can only show books on sale here that credit you. Choose one of the list.")


class SampleKnown(DomainError):
    code = "offer.sample_known"
    message = _("The offer already shows this book.")


class OfferInUse(DomainError):
    code = "offer.in_use"
    message = _(
        "This service has been requested or hired, so it stays with those papers. Pause it to take it out of lists."
    )


class PictureTooSmall(DomainError):
    code = "offer.picture_too_small"
    message = _(
        "This picture is {width} pixels wide. Clients look at samples closely: choose one that is at least {least} "
        "pixels wide."
    )


class PictureStrip(DomainError):
    code = "offer.picture_strip"
    message = _(
        "This picture is {width} × {height} pixels, too long a strip to be shown well. Choose one that is at most "
        "twice as wide as it is tall, or three times as tall as it is wide."
    )
