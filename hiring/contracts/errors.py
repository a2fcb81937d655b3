"""Errors of contracts. Each message says what is true now and what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed
from common.templatetags.money import percent


class NotInThisState(DomainError):
    """The process has no such step for this side in this state."""

    code = "contracts.not_in_this_state"
    message = _("This is not possible now: the milestone is “{state}”. Reload the page to see what you can do.")


class TimeIsOver(DomainError):
    code = "contracts.time_is_over"
    message = _("The time for this ended on {until}. Reload the page to see what happened.")


class TooEarly(DomainError):
    code = "contracts.too_early"
    message = _("This is possible from {opens} on.")


class OwnContract(DomainError):
    code = "contracts.own_contract"
    message = _("You cannot hire yourself.")


class CoAuthorAsProvider(DomainError):
    code = "contracts.co_author"
    message = _("{name} is an author of this work. Agree on a split of its royalty instead of a contract.")


class StaffAsSide(DomainError):
    code = "contracts.staff"
    message = _("People who work for this shop cannot hire or be hired here.")


class ForeignWork(NotAllowed):
    code = "contracts.foreign_work"
    message = _("Only the owner of a work can hire somebody for it.")


class NoMilestones(DomainError):
    code = "contracts.no_milestones"
    message = _("A contract needs at least one milestone, and at most {limit}.")


class DifferentCurrencies(DomainError):
    code = "contracts.currencies"
    message = _("All milestones of a contract are in one currency.")


class AmountTooSmall(DomainError):
    code = "contracts.amount_too_small"
    message = _("A milestone costs at least {least}.")


class AmountNotPossible(DomainError):
    code = "contracts.amount"
    message = _("Enter an amount from {least} to {most}.")


class BankDecides(DomainError):
    code = "contracts.bank_decides"
    message = _(
        "A bank is deciding about this payment, and nothing of it moves until then. What it was for is decided there: "
        "send the bank what you would say in a case."
    )


class RulingNeeded(DomainError):
    code = "contracts.ruling_needed"
    message = _("Choose what becomes of the milestone: no money is held for it that could be divided.")


class NothingToDivide(DomainError):
    code = "contracts.nothing_to_divide"
    message = _(
        "No money is held for this milestone, so there is nothing that a case could divide. Ask for a revision. If "
        "that does not help, propose to end it: once the other side agrees, it ends, and no share begins for it."
    )


class DueTooLate(DomainError):
    code = "contracts.due_too_late"
    message = _("A milestone is due within two years.")


class AlreadyPaid(DomainError):
    code = "contracts.already_paid"
    message = _("“{title}” has been paid, so only its due day can change. Add another milestone instead.")


class AmendmentOpen(DomainError):
    code = "contracts.amendment_open"
    message = _("A change is already proposed. Answer or withdraw it first.")


class AmendmentAnswered(DomainError):
    code = "contracts.amendment_answered"
    message = _("This change was answered or withdrawn meanwhile.")


class AmendmentOutdated(DomainError):
    code = "contracts.amendment_outdated"
    message = _("The contract has changed since this was proposed. Propose it again on what it says now.")


class NothingChanged(DomainError):
    code = "contracts.nothing_changed"
    message = _("This is what the contract says already.")


class ContractEnded(DomainError):
    code = "contracts.ended"
    message = _("This contract has ended.")


class NothingDelivered(DomainError):
    """A delivery without files and without anything new at the desk would start the clock for nothing."""

    code = "contracts.nothing_delivered"
    message = _("Add at least one file, or suggest something in the text first. Nothing was delivered.")


class TooManyFiles(DomainError):
    code = "contracts.too_many_files"
    message = _("A delivery has at most {limit} files. Put more into a zip file.")


class UploadsUsedUp(DomainError):
    code = "contracts.uploads_used_up"
    message = _("You have uploaded {limit_mb} MB within a day. Continue tomorrow.")


class NoRoundsLeft(DomainError):
    code = "contracts.no_rounds_left"
    message = _(
        "The agreed {rounds} revisions are used up. Accept the delivery, agree on another revision by a change of the "
        "contract, or open a case."
    )


class OwnProposal(DomainError):
    code = "contracts.own_proposal"
    message = _("You proposed this yourself. The other side can accept it.")


class NoSuchProposal(DomainError):
    code = "contracts.no_such_proposal"
    message = _("This proposal was replaced or does not fit any more. Reload the page.")


class OwnCase(DomainError):
    code = "contracts.own_case"
    message = _("You opened this case. The other side answers it first.")


class AnswerFirst(DomainError):
    code = "contracts.answer_first"
    message = _("Answer the case first. After that you can add to what you said.")


class NotYourCase(DomainError):
    code = "contracts.not_your_case"
    message = _("Only the side that opened a case can withdraw it. You can answer it, or agree on the money.")


class WithdrawnBefore(DomainError):
    """Opening and withdrawing again and again would stop the clocks for ever."""

    code = "contracts.withdrawn_before"
    message = _(
        "A case about this milestone was withdrawn before, so this one is decided. You can still agree on the money."
    )


class NothingWritten(DomainError):
    code = "contracts.nothing_written"
    message = _("Write something, or add a file.")


class CaseTooLong(DomainError):
    code = "contracts.case_too_long"
    message = _("You have written {limit} times in this case. The moderator reads all of it.")


class ProviderPresent(DomainError):
    code = "contracts.provider_present"
    message = _("The provider’s account is open. You can take the money back from {late} days after the due day on.")


class FundDoesNotPay(DomainError):
    code = "contracts.fund_does_not_pay"
    message = _("The protection fund does not pay here: {reasons}")


class FundClaimDecided(DomainError):
    code = "contracts.fund_claim_decided"
    message = _("A payment for this dispute is already proposed or decided.")


class FundIsEmpty(DomainError):
    code = "contracts.fund_is_empty"
    message = _("There is nothing in the protection fund, or nothing was lost. Nothing was paid.")


class InvolvedInCase(NotAllowed):
    code = "contracts.involved"
    message = _("You are involved in this case, so somebody else decides it.")


class SecondPersonNeeded(NotAllowed):
    code = "contracts.second_person"
    message = _("You made the first decision. The appeal is decided by a second person.")


class ProviderAbsent(DomainError):
    code = "contracts.provider_absent"
    message = _(
        "The account of {name} is closed now, so nothing is paid for it. Call the milestone off, or wait: the account "
        "may be opened again."
    )


class ShareNeedsCredit(DomainError):
    code = "contracts.share_needs_credit"
    message = _("A share of the royalties belongs to a book here and to a name in it. Say how the provider is named.")


class ShareTooLarge(DomainError):
    code = "contracts.share_too_large"
    message = _("The client can give at most {free} of the royalties of this book, and this would be {wanted}.")

    def __init__(self, *, free: int, wanted: int) -> None:
        super().__init__(free=percent(free), wanted=percent(wanted))


class NoCover(DomainError):
    code = "contracts.no_cover"
    message = _("Only what was delivered for a book’s cover or its pictures can become its cover.")


class RightsNotPassed(DomainError):
    code = "contracts.rights_not_passed"
    message = _("The rights to this pass to you when its payment is released. Accept the delivery first.")


class NoTranslation(DomainError):
    code = "contracts.no_translation"
    message = _("Only a delivered translation of one of your books can become a book of its own.")
