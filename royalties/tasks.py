"""Background jobs of this app: each calls one of its services and is safe to run twice."""

from __future__ import annotations

from celery import shared_task

from accounts.services import audit
from common import clock
from common.locks import single_instance
from royalties.services import (
    claims,
    clearing,
    daily_roots,
    emails,
    exchange_rates,
    hold_emails,
    ledger_chain,
    ledger_checks,
    payouts,
    plans,
    protection_fund,
    reconciliation,
    reserves,
    reversals,
    tax_forms,
    withholding,
)


@shared_task(name="royalties.clear_due", time_limit=300)
def clear_due() -> None:
    """Make earnings payable whose refund window ended, and pay debts from them. Runs each minute."""
    at = clock.database_now()
    clearing.clear_due(at=at)
    claims.settle_due(at=at)
    reserves.release_due(at=at)
    withholding.settle_late_forms(at=at)
    withholding.give_back_waiting(at=at)
    clearing.recover_debts(at=at)


@shared_task(name="royalties.feed_protection", time_limit=300)
@single_instance("royalties.feed_protection")
def feed_protection() -> None:
    """Move part of the platform's fees into the protection fund, and assess reserves. Runs each night."""
    at = clock.database_now()
    protection_fund.contribute(at=at)
    reserves.assess(at=at)


@shared_task(name="royalties.ledger_chain", time_limit=300)
def chain() -> None:
    """Add new entries to the hash chain. Runs every few seconds."""
    ledger_chain.chain_committed()


@shared_task(name="royalties.publish_roots", time_limit=1800)
@single_instance("royalties.publish_roots")
def publish_roots() -> None:
    """Publish the root of the day that ended. Runs after each UTC midnight."""
    daily_roots.publish_days()


@shared_task(name="royalties.check_ledger", time_limit=6 * 3600)
def check_ledger() -> None:
    """Check every rule over the whole ledger; its findings keep months from closing. Runs each night."""
    audit.chain_committed()
    ledger_checks.check_whole_once(at=clock.database_now())


@shared_task(name="royalties.reconcile", time_limit=3600)
@single_instance("royalties.reconcile")
def reconcile() -> None:
    """Compare our books with the provider's movements. Runs each night."""
    reconciliation.reconcile(at=clock.database_now())


@shared_task(name="royalties.send_payout", time_limit=120)
def send_payout(payout_id: int) -> None:
    payouts.send_payout(payout_id=payout_id)


@shared_task(name="royalties.retry_stuck_payouts", time_limit=60)
def retry_stuck_payouts() -> None:
    """Retry payouts whose message or answer was lost."""
    payouts.retry_stuck()


@shared_task(name="royalties.tell_account_changed", time_limit=60)
def tell_account_changed(account_id: int) -> None:
    emails.tell_account_changed(account_id=account_id)


@shared_task(name="royalties.propose_payouts", time_limit=300)
@single_instance("royalties.propose_payouts")
def propose_payouts() -> None:
    """Propose the runs that the schedules ask for, once per period; a person approves them. Runs each hour."""
    at = clock.database_now()
    exchange_rates.record_provider_rates(at=at)
    payouts.propose_due(at=at)


@shared_task(name="royalties.tell_account_trouble", time_limit=60)
def tell_account_trouble(account_id: int) -> None:
    emails.tell_account_trouble(account_id=account_id)


@shared_task(name="royalties.tell_hold", time_limit=60)
def tell_hold(hold_notice_id: int) -> None:
    hold_emails.tell_hold(hold_notice_id=hold_notice_id)


@shared_task(name="royalties.tell_details_needed", time_limit=60)
def tell_details_needed(details_id: int) -> None:
    emails.tell_details_needed(details_id=details_id)


@shared_task(name="royalties.tell_payout_failed", time_limit=60)
def tell_payout_failed(payout_id: int) -> None:
    emails.tell_payout_failed(payout_id=payout_id)


@shared_task(name="royalties.send_reversal", time_limit=120)
def send_reversal(reversal_id: int) -> None:
    reversals.send_reversal(reversal_id=reversal_id)


@shared_task(name="royalties.retry_stuck_reversals", time_limit=60)
def retry_stuck_reversals() -> None:
    """Retry reversals whose message or answer was lost."""
    reversals.retry_stuck()


@shared_task(name="royalties.claw_back_debts", time_limit=300)
def claw_back_debts() -> None:
    """Take back from transfers the debts that have waited long enough for later earnings. Runs each day."""
    reversals.claw_back_old_debts(at=clock.database_now())


@shared_task(name="royalties.charge_plans", time_limit=300)
def charge_plans() -> None:
    """Charge the monthly fees that are due, each once. Runs each hour."""
    plans.charge_due(at=clock.database_now())


@shared_task(name="royalties.remind_tax_forms", time_limit=300)
def remind_tax_forms() -> None:
    """Remind people whose tax form expires soon. Runs each day."""
    tax_forms.remind_due(at=clock.database_now())


@shared_task(name="royalties.tell_tax_form_expires", time_limit=60)
def tell_tax_form_expires(certificate_id: int) -> None:
    emails.tell_tax_form_expires(certificate_id=certificate_id)


@shared_task(name="royalties.tell_tax_form_decided", time_limit=60)
def tell_tax_form_decided(certificate_id: int) -> None:
    emails.tell_tax_form_decided(certificate_id=certificate_id)


@shared_task(name="royalties.retry_emails", time_limit=60)
def retry_emails() -> None:
    """Enqueue the emails whose message was lost."""
    emails.retry_unsent(at=clock.database_now())
