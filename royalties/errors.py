"""The errors of this app: a stable code, facts, and a sentence that says what to do next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotAllowed


class LedgerError(DomainError):
    """The ledger rejected an entry. Nothing was written."""

    code = "ledger_refused"
    message = _("The ledger rejected this entry, so nothing was changed. Tell the operator: {detail}.")


class EntryNotBalanced(LedgerError):
    code = "entry_not_balanced"
    message = _("The entry {external_id} does not balance, so nothing was changed.")


class EntryDiffers(LedgerError):
    """The same event was recorded before with different amounts."""

    code = "entry_differs"
    message = _("The event {external_id} is already in the ledger with different amounts. Nothing was changed.")


class PriceTooLow(DomainError):
    code = "price_too_low"
    message = _("At this price, the card fee leaves you nothing. Charge at least {minimum}, or make the book free.")


class NoTermsInForce(DomainError):
    code = "no_terms_in_force"
    message = _("There are no royalty terms for {currency} on this date, so nothing can be sold in this currency.")


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
    message = _("Only {left} of sale {reference} can still be refunded. Nothing was changed.")


class DisputeUnknown(DomainError):
    code = "dispute_unknown"
    message = _("There is no dispute {dispute} in the ledger.")
    status = 404


class MilestoneUnknown(DomainError):
    code = "milestone_unknown"
    message = _("There is no payment for milestone {reference} in the ledger.")
    status = 404


class MilestoneRefused(DomainError):
    """Facts of a milestone that contradict each other."""

    code = "milestone_refused"
    message = _("Milestone {reference} cannot be recorded: {reason}.")


class MilestoneTooLittle(DomainError):
    code = "milestone_too_little"
    message = _("Only {left} of milestone {reference} is left for this. Nothing was changed.")


class MilestoneFrozen(DomainError):
    code = "milestone_frozen"
    message = _(
        "The payment for milestone {reference} is disputed with the bank. Nothing moves until the bank decides."
    )


class ClaimRefused(DomainError):
    code = "claim_refused"
    message = _("The earnings held for claim {claim} were left alone: {reason}.")


class ReserveRefused(DomainError):
    code = "reserve_refused"
    message = _("A reserve needs a reason, a rate up to 50%, up to 180 days for each amount, and an end within a year.")


class ManualEntryRefused(DomainError):
    code = "manual_entry_refused"
    message = _("A correction needs an amount other than zero and a reason. A write-off is a positive amount.")


class ManualEntryDecided(DomainError):
    code = "manual_entry_decided"
    message = _("This correction is already {state}.")


class ItemAgrees(DomainError):
    code = "item_agrees"
    message = _("Both sides of {item} now agree, so there is nothing to explain or correct.")


class ItemChanged(DomainError):
    code = "item_changed"
    message = _(
        "{item} now differs by another amount. Decline this proposal and check the item again. Nothing was posted."
    )


class ExplanationRefused(DomainError):
    code = "explanation_refused"
    message = _("Give a reason for your explanation. You can set an item aside for at most {days} days from today.")


class ItemExplainedMeanwhile(DomainError):
    """Two people explained the same item at once, and the second has not read the first explanation."""

    code = "item_explained_meanwhile"
    message = _(
        "{person} explained this item while you were writing. Read that explanation first, then add yours if it is "
        "still needed."
    )


class ItemHasProposal(DomainError):
    code = "item_has_proposal"
    message = _("There is already a proposal for this item. Decide on it first.")


class HandMatchRefused(DomainError):
    code = "hand_match_refused"
    message = _("Entry {entry} cannot be matched with this item: {reason}. Nothing was changed.")


class HandMatchDecided(DomainError):
    code = "hand_match_decided"
    message = _("This match is already {state}.")


class SetAsideDecided(DomainError):
    code = "set_aside_decided"
    message = _("The request to set this item aside is already {state}.")


class ProposalIsYours(NotAllowed):
    code = "proposal_is_yours"
    message = _("You proposed this. Another person has to approve it.")


class PeriodNotOver(DomainError):
    code = "period_not_over"
    message = _("{period} is not over yet. You can close it from {first_day}.")


class PeriodOutOfOrder(DomainError):
    code = "period_out_of_order"
    message = _("Close {expected} first: months are closed in order.")


class PeriodClosed(DomainError):
    code = "period_closed"
    message = _("{period} is already closed, so there is nothing to prepare.")


class CloseNotPrepared(DomainError):
    code = "close_not_prepared"
    message = _("Nobody has prepared the close of {period}. One person prepares it, another closes it.")


class CloserIsPreparer(NotAllowed):
    code = "closer_is_preparer"
    message = _("You prepared this close. Another person has to close the month.")


class CloseOutdated(DomainError):
    """The month has changed since the first person checked it."""

    code = "close_outdated"
    message = _(
        "{period} has changed since {person} prepared it: an entry was posted, or an open item changed. Check it and "
        "prepare it again."
    )


class NotCompared(DomainError):
    code = "not_compared"
    message = _(
        "Our ledger has not been compared with the provider’s records since {period} ended, so the month stays open. "
        "Choose “Compare now” under Reconciliation, or wait for the nightly comparison from {first_day}."
    )


class ItemsHoldMonth(DomainError):
    code = "items_hold_month"
    message = _(
        "{count} items of {period} do not agree with the provider, so the month stays open. Resolve each one under "
        "Reconciliation, or have two people set it aside."
    )


class BooksNotInOrder(DomainError):
    code = "books_not_in_order"
    message = _("{count} ledger rules are violated, so {period} stays open. Run verify_ledger to see the rows.")


class StatementNotProvedYet(DomainError):
    code = "statement_not_proved_yet"
    message = _("The proof file for {period} will be ready once the month’s last day is published. Try again tomorrow.")


class StatementFileDiffers(DomainError):
    code = "statement_file_differs"
    message = _(
        "The proof file for {period} differs from the one issued before. Keep your copy, and ask us to run "
        "verify_ledger."
    )


class PayoutAccountMissing(DomainError):
    code = "payout_account_missing"
    message = _("Set up your payout account first.")


class PayoutAccountUnavailable(DomainError):
    code = "payout_account_unavailable"
    message = _("The payment provider did not accept this: {detail}. Check the details and try again.")


class NothingToPayOut(DomainError):
    code = "nothing_to_pay_out"
    message = _("There is nothing to pay out in {currency} right now, so no run was proposed.")


class PayoutRunNotApprovable(DomainError):
    code = "payout_run_not_approvable"
    message = _("This payout run is {state} and cannot be approved.")


class PayoutRunChanged(DomainError):
    code = "payout_run_changed"
    message = _(
        "The payouts in this run have changed since you opened the page, so nothing was approved. Check the run again."
    )


class NothingGoes(DomainError):
    code = "nothing_goes"
    message = _(
        "None of the payouts in this run can be sent now, because all of them are held. Release one, or withdraw the "
        "run."
    )


class ApproverIsProposer(NotAllowed):
    code = "approver_is_proposer"
    message = _("You proposed this. Another person has to approve it.")


class PayoutNotHoldable(DomainError):
    code = "payout_not_holdable"
    message = _("This payout is {state} and can no longer be held.")


class PayoutNotReleasable(DomainError):
    code = "payout_not_releasable"
    message = _("This payout is {state}, not held, so there is nothing to release.")


class PayoutNotPossible(DomainError):
    code = "payout_not_possible"
    message = _("You cannot be paid now: {reason}. What you earned stays yours.")


class HoldEndsBeforeItBegins(DomainError):
    code = "hold_ends_before_it_begins"
    message = _("This hold would already be over. Choose a later day, or leave the date empty.")


class HoldReasonMissing(DomainError):
    code = "hold_reason_missing"
    message = _("Choose the rule and say what happened. The person is told both.")


class ComplaintRefused(DomainError):
    code = "hold_complaint_refused"
    message = _("You can complain about a hold once, within six months of being told of it.")


class ComplaintDecided(DomainError):
    code = "hold_complaint_decided"
    message = _("This complaint has been decided already. Reload the page to see the current state.")


class ComplaintWordsMissing(DomainError):
    code = "hold_complaint_words_missing"
    message = _("Say why. Whoever reads it knows only what you write here.")


class HoldNotOurs(DomainError):
    code = "hold_not_ours"
    message = _(
        "The bank has taken this money back, so we cannot pay it before the bank has decided. Answer the "
        "complaint, and send the bank what it brings up."
    )


class HoldIsOver(DomainError):
    code = "hold_is_over"
    message = _("This hold has already ended, so there is nothing to lift.")


class BankNotSetUp(DomainError):
    code = "bank_not_set_up"
    message = _("No bank account to pay from is set up (BANK_IBAN), so no file was created. Ask the operator.")


class ReleaserIsMaker(NotAllowed):
    code = "releaser_is_maker"
    message = _("You created this file. Another person has to release it.")


class BankFileNotOpen(DomainError):
    code = "bank_file_not_open"
    message = _("This file is {state}, so it can be neither released nor withdrawn.")


class BankFileOutdated(DomainError):
    code = "bank_file_outdated"
    message = _(
        "{count} of its payouts can no longer be sent: they were held or cancelled, or the account changed. Nothing "
        "was sent. Withdraw the file and create a new one."
    )


class BankStatementRefused(DomainError):
    code = "bank_statement_refused"
    message = _("The statement was not imported because {reason}. Nothing was changed.")


class BankRowSettled(DomainError):
    code = "bank_row_settled"
    message = _("This line is already resolved, or it is outgoing money that cannot be posted as incoming.")


class RateRefused(DomainError):
    code = "rate_refused"
    message = _("This rate is not valid: {reason}.")


class RateDecided(DomainError):
    code = "rate_decided"
    message = _("This rate is already {state}.")


class RateApproverIsProposer(NotAllowed):
    code = "rate_approver_is_proposer"
    message = _("You entered this rate. Another person has to approve it.")


class NothingToBringBack(DomainError):
    code = "nothing_to_bring_back"
    message = _("This payout cannot be recalled from the provider: {reason}.")


class PlanUnknown(DomainError):
    code = "plan_unknown"
    message = _("This plan is no longer available. Choose one of the plans shown.")


class TaxFormRefused(DomainError):
    code = "tax_form_refused"
    message = _("This tax form cannot be accepted: {reason}.")


class TaxFormWaiting(DomainError):
    code = "tax_form_waiting"
    message = _("We are already checking a form of yours. Wait for our answer before you submit another.")


class TaxFormDecided(DomainError):
    code = "tax_form_decided"
    message = _("This form is already {state}. Nothing was changed.")


class RemittanceRefused(DomainError):
    code = "remittance_refused"
    message = _(
        "Enter an amount that has been withheld for the tax authority, and the reference of the deposit. Nothing was "
        "changed."
    )


class RemittanceDecided(DomainError):
    code = "remittance_decided"
    message = _("This payment is already {state}. Nothing was changed.")


class WithholdingRuleRefused(DomainError):
    code = "withholding_rule_refused"
    message = _("A rule needs a rate from 0 to 30%, a source, and a date that has no rule yet. Nothing was changed.")


class PayeeCannotAnswer(DomainError):
    code = "payee_cannot_answer"
    message = _("This account is closed, so nobody can answer. “Owed without details” says what to do.")


class PayeeHasAnswered(DomainError):
    code = "payee_has_answered"
    message = _("This person has already given the details. Nothing waits for them.")
