"""Errors of requests and proposals. Each message tells the person what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class OwnOffer(NotAllowed):
    code = "request.own_offer"
    message = _("This is your own service. You cannot hire yourself.")


class CoAuthor(DomainError):
    code = "request.co_author"
    message = _(
        "{name} is already credited on this book. Share the work through its contributors instead of hiring them."
    )


class Unreachable(DomainError):
    """One of the two has blocked the other; neither learns who."""

    code = "request.unreachable"
    message = _("This person does not take requests from you. Ask somebody else.")


class OfferGone(DomainError):
    code = "request.offer_gone"
    message = _("This service is not offered any more. Ask somebody else.")


class NoFreePlace(DomainError):
    code = "request.no_free_place"
    message = _("There is no free place left with this provider. Wait until they have one, or ask somebody else.")


class OtherService(DomainError):
    code = "request.other_service"
    message = _("This is another kind of service than you asked for. Make a request of its own for it.")


class TooManyAsked(DomainError):
    code = "request.too_many_asked"
    message = _("You have asked {limit} people yourself. Wait for their answers, or change your request.")


class TooManyRequests(DomainError):
    code = "request.too_many"
    message = _("You can have {limit} open requests at a time. Withdraw one first.")


class ForeignWork(DomainError):
    code = "request.foreign_work"
    message = _("You can only ask for work on books of your own. Choose one of the list, or none.")


class RequestClosed(DomainError):
    code = "request.closed"
    message = _("This request is closed, so nothing can be proposed or agreed to any more.")


class ProposalClosed(DomainError):
    """It was answered, withdrawn or is too old, perhaps in the same moment."""

    code = "proposal.closed"
    message = _("This proposal is no longer open: it was answered, withdrawn or is older than {days} days.")


class NotYourTurn(DomainError):
    code = "proposal.not_your_turn"
    message = _("This proposal is your own. The other side accepts it, declines it or answers with another one.")


class NothingProposed(DomainError):
    code = "proposal.nothing"
    message = _("A proposal needs at least one milestone, or a share of the royalties.")


class TooManyMilestones(DomainError):
    code = "proposal.too_many_milestones"
    message = _("A proposal can have {limit} milestones.")


class MilestoneTooSmall(DomainError):
    code = "proposal.milestone_too_small"
    message = _("The smallest milestone is {smallest}: for less, the card’s fee would be too large a part.")


class MilestoneInPast(DomainError):
    code = "proposal.milestone_in_past"
    message = _("Each milestone needs a date from tomorrow on.")


class CurrencyNotTaken(DomainError):
    code = "proposal.currency"
    message = _("Services are paid in {currencies}. Choose one of these currencies.")


class ShareWithoutWork(DomainError):
    code = "proposal.share_without_work"
    message = _("A share of the royalties needs a book of this shop. Ask the client to add the book to the request.")


class ShareNeedsEnd(DomainError):
    code = "proposal.share_needs_end"
    message = _("Say when the share ends: on a day, or once it has paid a sum.")


class ShareEndsInPast(DomainError):
    code = "proposal.share_ends_in_past"
    message = _("The last day of the share has to be a day to come.")


class EarningsNotShown(DomainError):
    """A provider cannot agree on a share of something unknown."""

    code = "proposal.earnings_not_shown"
    message = _(
        "The client has not shown what this book earned lately. Ask them to show it to you: before that, no share of "
        "it can be proposed."
    )


class NothingToShow(DomainError):
    code = "proposal.nothing_to_show"
    message = _("This request is not about a book of this shop, so there are no earnings to show.")
