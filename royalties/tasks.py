"""Background jobs of this app: doors to its services, safe to run twice."""

from __future__ import annotations

from celery import shared_task

from accounts.services import audit
from common import clock
from common.alone import one_at_a_time
from royalties.models import Payout, PayoutAccount, PersonHold, TaxCertificate
from royalties.services import (
    chainer,
    checks,
    clearing,
    exchange,
    finance_mails,
    payout_accounts,
    payouts,
    plans,
    protection,
    reconciliation,
    reserves,
    reversals,
    roots,
    tax_forms,
    withholding,
)


@shared_task(name="royalties.clear_due", time_limit=300)
def clear_due() -> None:
    """Each minute: earnings whose return window ended become payable, debts are paid from them."""
    at = clock.database_now()
    clearing.clear_due(at=at)
    reserves.release_due(at=at)
    withholding.settle_late_forms(at=at)
    withholding.give_back_waiting(at=at)
    clearing.recover_debts(at=at)


@shared_task(name="royalties.feed_protection", time_limit=300)
@one_at_a_time("royalties.feed_protection")
def feed_protection() -> None:
    """Each night: part of the platform's fees goes into the protection fund, and risk is measured anew."""
    at = clock.database_now()
    protection.feed(at=at)
    reserves.assess(at=at)


@shared_task(name="royalties.chain", time_limit=300)
def chain() -> None:
    """Every few seconds: new entries join the hash chain."""
    chainer.chain_committed()


@shared_task(name="royalties.publish_roots", time_limit=1800)
@one_at_a_time("royalties.publish_roots")
def publish_roots() -> None:
    """After each UTC midnight: the root of the day that ended, for everybody to keep."""
    roots.publish_days()


@shared_task(name="royalties.check_ledger", time_limit=6 * 3600)
def check_ledger() -> None:
    """Each night: every rule over the whole ledger. A month does not close over what it finds."""
    audit.chain_committed()
    checks.check_whole_once(at=clock.database_now())


@shared_task(name="royalties.reconcile", time_limit=3600)
@one_at_a_time("royalties.reconcile")
def reconcile() -> None:
    """Each night: our books against the provider's movements."""
    reconciliation.reconcile(at=clock.database_now())


@shared_task(name="royalties.send_payout", time_limit=120)
def send_payout(payout_id: int) -> None:
    payouts.send_payout(payout_id=payout_id)


@shared_task(name="royalties.sweep_payouts", time_limit=60)
def sweep_payouts() -> None:
    """Ask again for payouts whose message or answer was lost."""
    payouts.sweep()


@shared_task(name="royalties.tell_account_changed", time_limit=60)
def tell_account_changed(account_id: int) -> None:
    payout_accounts.tell_changed(account=PayoutAccount.objects.select_related("user").get(pk=account_id))


@shared_task(name="royalties.propose_payouts", time_limit=300)
@one_at_a_time("royalties.propose_payouts")
def propose_payouts() -> None:
    """Each hour: the runs that the schedules ask for, once per period; a person approves them."""
    at = clock.database_now()
    exchange.learn_rates(at=at)
    payouts.propose_due(at=at)


@shared_task(name="royalties.tell_account_trouble", time_limit=60)
def tell_account_trouble(account_id: int) -> None:
    payout_accounts.tell_trouble(account=PayoutAccount.objects.select_related("user").get(pk=account_id))


@shared_task(name="royalties.tell_person_held", time_limit=60)
def tell_person_held(hold_id: int) -> None:
    payout_accounts.tell_held(hold=PersonHold.objects.select_related("user").get(pk=hold_id))


@shared_task(name="royalties.tell_payout_failed", time_limit=60)
def tell_payout_failed(payout_id: int) -> None:
    finance_mails.tell_payout_failed(payout=Payout.objects.select_related("user", "run").get(pk=payout_id))


@shared_task(name="royalties.send_reversal", time_limit=120)
def send_reversal(reversal_id: int) -> None:
    reversals.send_reversal(reversal_id=reversal_id)


@shared_task(name="royalties.sweep_reversals", time_limit=60)
def sweep_reversals() -> None:
    """Ask again for reversals whose message or answer was lost."""
    reversals.sweep()


@shared_task(name="royalties.claw_back_debts", time_limit=300)
def claw_back_debts() -> None:
    """Each day: debts that waited long enough for later earnings are taken back from transfers."""
    reversals.claw_back_old_debts(at=clock.database_now())


@shared_task(name="royalties.charge_plans", time_limit=300)
def charge_plans() -> None:
    """Each hour: the monthly fees that are due, each once."""
    plans.charge_due(at=clock.database_now())


@shared_task(name="royalties.remind_tax_forms", time_limit=300)
def remind_tax_forms() -> None:
    """Each day: whoever's tax form expires soon is told."""
    tax_forms.remind_due(at=clock.database_now())


@shared_task(name="royalties.tell_tax_form_expires", time_limit=60)
def tell_tax_form_expires(certificate_id: int) -> None:
    tax_forms.tell_expiring(certificate=TaxCertificate.objects.select_related("user").get(pk=certificate_id))


@shared_task(name="royalties.tell_tax_form_decided", time_limit=60)
def tell_tax_form_decided(certificate_id: int) -> None:
    tax_forms.tell_decided(certificate=TaxCertificate.objects.select_related("user").get(pk=certificate_id))
