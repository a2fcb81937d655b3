"""The failures of this app: stable codes, facts, and a sentence that says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class LedgerError(DomainError):
    """The ledger refused an entry. Nothing was written."""

    code = "ledger_refused"
    message = _("The books refused this entry, so nothing was changed. Tell the operator: {detail}.")


class EntryNotBalanced(LedgerError):
    code = "entry_not_balanced"
    message = _("The entry {external_id} does not balance, so nothing was changed.")


class EntryDiffers(LedgerError):
    """The same event was recorded before with other amounts."""

    code = "entry_differs"
    message = _("The event {external_id} is in the books already with other amounts. Nothing was changed.")


class PriceTooLow(DomainError):
    code = "price_too_low"
    message = _("At this price the card fee leaves you nothing. The lowest price is {minimum}; or make the book free.")


class NoTermsInForce(DomainError):
    code = "no_terms_in_force"
    message = _("There are no royalty terms for {currency} at this date, so nothing can be sold in it.")


class SaleRefused(DomainError):
    """A sale whose facts contradict each other."""

    code = "sale_refused"
    message = _("The sale {reference} cannot be recorded: {reason}.")


class SaleUnknown(DomainError):
    code = "sale_unknown"
    message = _("There is no sale {reference}.")
    status = 404


class ReturnTooLarge(DomainError):
    code = "return_too_large"
    message = _("Only {left} of the sale {reference} is left to give back. Nothing was changed.")


class DisputeUnknown(DomainError):
    code = "dispute_unknown"
    message = _("There is no dispute {dispute} in the books.")
    status = 404


class ReserveRefused(DomainError):
    code = "reserve_refused"
    message = _(
        "A reserve needs a reason, a rate up to 50 %, up to 180 days for each amount, and an end within a year."
    )


class ManualEntryRefused(DomainError):
    code = "manual_entry_refused"
    message = _("A correction needs an amount other than zero and a reason. A write-off is a positive amount.")


class ManualEntryDecided(DomainError):
    code = "manual_entry_decided"
    message = _("This correction is {state} already.")


class ItemAgrees(DomainError):
    code = "item_agrees"
    message = _("Both sides of {item} agree by now, so there is nothing to explain or to correct.")


class ItemChanged(DomainError):
    code = "item_changed"
    message = _("{item} differs by another amount by now. Decline this and look at the item again. Nothing was booked.")


class ExplanationRefused(DomainError):
    code = "explanation_refused"
    message = _("An explanation needs a reason. An item can be set aside for {days} days at most, counted from today.")


class ItemExplainedMeanwhile(DomainError):
    """Two people explained the same item at once; the second has not read what the first wrote."""

    code = "item_explained_meanwhile"
    message = _("{person} explained this item while you wrote. Read that first, then add yours if it is still needed.")


class ItemHasProposal(DomainError):
    code = "item_has_proposal"
    message = _("Something is proposed for this item already. Decide on that first.")


class HandMatchRefused(DomainError):
    code = "hand_match_refused"
    message = _("The entry {entry} cannot be matched with this item: {reason}. Nothing was changed.")


class HandMatchDecided(DomainError):
    code = "hand_match_decided"
    message = _("This match is {state} already.")


class SetAsideDecided(DomainError):
    code = "set_aside_decided"
    message = _("Setting this item aside is {state} already.")


class ProposalIsYours(NotAllowed):
    code = "proposal_is_yours"
    message = _("You proposed this. Another person has to approve it.")


class PeriodNotOver(DomainError):
    code = "period_not_over"
    message = _("{period} is not over yet. It can be closed from {first_day} on.")


class PeriodOutOfOrder(DomainError):
    code = "period_out_of_order"
    message = _("Close {expected} first: months are closed in order.")


class PeriodClosed(DomainError):
    code = "period_closed"
    message = _("{period} is closed already, so there is nothing to prepare.")


class CloseNotPrepared(DomainError):
    code = "close_not_prepared"
    message = _("Nobody has prepared the close of {period}. One person prepares it, another one closes it.")


class CloserIsPreparer(NotAllowed):
    code = "closer_is_preparer"
    message = _("You prepared this close. Another person has to close the month.")


class CloseOutdated(DomainError):
    """Something about the month is not what the first person looked at."""

    code = "close_outdated"
    message = _(
        "Something has changed since {person} prepared {period}: an entry was booked into it, or an open item changed. "
        "Look at it and prepare it again."
    )


class NotCompared(DomainError):
    code = "not_compared"
    message = _(
        "Our books and the provider’s have not been compared since {period} ended, so it stays open. Choose “Compare "
        "now” under Reconciliation, or wait for the comparison of the night, from {first_day} on."
    )


class ItemsHoldMonth(DomainError):
    code = "items_hold_month"
    message = _(
        "{count} items of {period} do not agree with the provider, so it stays open. Put each right under "
        "Reconciliation, or have two people set it aside."
    )


class BooksNotInOrder(DomainError):
    code = "books_not_in_order"
    message = _(
        "{count} of the ledger's rules do not hold, so {period} stays open. Run verify_ledger to see which rows."
    )


class StatementNotProvedYet(DomainError):
    code = "statement_not_proved_yet"
    message = _("The file of {period} can be proved once its last day is published. Try again tomorrow.")


class StatementFileDiffers(DomainError):
    code = "statement_file_differs"
    message = _("The file of {period} is not the one handed out before. Ask us to run verify_ledger, and keep yours.")


class PayoutAccountMissing(DomainError):
    code = "payout_account_missing"
    message = _("Set up where your payouts go first.")


class PayoutAccountUnavailable(DomainError):
    code = "payout_account_unavailable"
    message = _("The payment provider did not accept this: {detail}. Check the details and try again.")


class NothingToPayOut(DomainError):
    code = "nothing_to_pay_out"
    message = _("Nobody has {currency} that can be paid out now, so no run was proposed.")


class PayoutRunNotApprovable(DomainError):
    code = "payout_run_not_approvable"
    message = _("This payout run is {state} and cannot be approved.")


class PayoutRunChanged(DomainError):
    code = "payout_run_changed"
    message = _("What would go has changed since you opened this page, so nothing was approved. Look at it again.")


class NothingGoes(DomainError):
    code = "nothing_goes"
    message = _("Nothing of this run can go now: all of it is held. Release something, or withdraw the run.")


class ApproverIsProposer(NotAllowed):
    code = "approver_is_proposer"
    message = _("You proposed this payout run. Another person has to approve it.")


class PayoutNotHoldable(DomainError):
    code = "payout_not_holdable"
    message = _("This payout is {state} and cannot be held any more.")


class PayoutNotReleasable(DomainError):
    code = "payout_not_releasable"
    message = _("This payout is {state}, not held, so there is nothing to release.")


class PayoutNotPossible(DomainError):
    code = "payout_not_possible"
    message = _("You cannot be paid now: {reason}. What you earned stays yours.")


class HoldEndsBeforeItBegins(DomainError):
    code = "hold_ends_before_it_begins"
    message = _("The hold would be over already. Choose a later day, or none.")


class HoldIsOver(DomainError):
    code = "hold_is_over"
    message = _("This hold is over, so there is nothing to lift.")


class BankNotSetUp(DomainError):
    code = "bank_not_set_up"
    message = _("No bank account to pay from is set (BANK_IBAN), so no file was made. Ask the operator.")


class ReleaserIsMaker(NotAllowed):
    code = "releaser_is_maker"
    message = _("You approved the run that this file was made from. Another person has to release it.")


class BankFileNotOpen(DomainError):
    code = "bank_file_not_open"
    message = _("This file is {state}, so it can be neither released nor withdrawn.")


class BankFileOutdated(DomainError):
    code = "bank_file_outdated"
    message = _(
        "{count} of its payouts may not go any more: held, canceled, or the account changed. Nothing was sent. "
        "Withdraw the file and make a new one."
    )


class BankStatementRefused(DomainError):
    code = "bank_statement_refused"
    message = _("The statement was not read, because {reason}. Nothing was changed.")


class BankRowSettled(DomainError):
    code = "bank_row_settled"
    message = _("This row is settled already, or money that went out was to be booked as money that came in.")


class RateRefused(DomainError):
    code = "rate_refused"
    message = _("This rate makes no sense: {reason}.")


class RateDecided(DomainError):
    code = "rate_decided"
    message = _("This rate is {state} already.")


class RateApproverIsProposer(NotAllowed):
    code = "rate_approver_is_proposer"
    message = _("You entered this rate. Another person has to approve it.")


class NothingToBringBack(DomainError):
    code = "nothing_to_bring_back"
    message = _("Nothing of this payout can be brought back from the provider: {reason}.")


class PlanUnknown(DomainError):
    code = "plan_unknown"
    message = _("There is no such plan any more. Choose one of those shown.")


class TaxFormRefused(DomainError):
    code = "tax_form_refused"
    message = _("This tax form cannot be taken: {reason}.")


class TaxFormWaiting(DomainError):
    code = "tax_form_waiting"
    message = _("A form of yours waits for its check already. Wait for the answer, then hand in another.")


class TaxFormDecided(DomainError):
    code = "tax_form_decided"
    message = _("This form was decided on before: it is {state}. Nothing was changed.")


class RemittanceRefused(DomainError):
    code = "remittance_refused"
    message = _("Name an amount that lies there for the tax office, and the deposit’s reference. Nothing was changed.")


class RemittanceDecided(DomainError):
    code = "remittance_decided"
    message = _("This payment was decided on before: it is {state}. Nothing was changed.")


class WithholdingRuleRefused(DomainError):
    code = "withholding_rule_refused"
    message = _("A rule needs 0 to 30 %, a source, and a day that has none yet. Nothing was changed.")
